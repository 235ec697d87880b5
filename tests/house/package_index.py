"""A package index of the test's own on loopback, with parts made on the spot: what set-up meets on a later day."""

import base64
import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Stands in for setuptools: builds a wheel of whatever lies here. The real one is not in every Python.
BACKEND = """
import zipfile
from types import SimpleNamespace

def _build(directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{directory}/jieba-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("jieba.py", "BUILT_BY = 'the locked setuptools'")
        wheel.writestr("jieba-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: jieba\\nVersion: 1.0\\n")
        wheel.writestr("jieba-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("jieba-1.0.dist-info/RECORD", "")
    return "jieba-1.0-py3-none-any.whl"

__legacy__ = SimpleNamespace(build_wheel=_build, get_requires_for_build_wheel=lambda settings=None: [])
"""
BROKEN = "raise SystemExit('a newer setuptools that builds nothing any more')"


class Index:
    """Serves files under /simple/NAME/ and counts what it was asked for."""

    def __init__(self):
        self.files, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, file, content):
        self.files[file] = content

    def _handler(index):  # noqa: N805 - the handler's own self is inside
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                index.asked.append(self.path)
                content = index.answer(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header(
                    "Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream"
                )
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_args):
                """Say nothing."""

        return Handler

    def answer(self, path):
        if not path.endswith("/"):
            return self.files.get(path.rsplit("/", 1)[-1])
        name = path.rstrip("/").rsplit("/", 1)[-1]
        links = [f'<a href="{file}">{file}</a>' for file in self.files if file.split("-")[0] == name]
        return "".join(links).encode() if links else None


def wheel(name, version, *, requires=(), extras=(), module=""):
    """Return the file name and the bytes of a wheel."""
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    offers = "".join(f"Provides-Extra: {extra}\n" for extra in extras)
    members = {
        f"{name}/__init__.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}{offers}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if name == "setuptools" and module != BROKEN:
        members["setuptools/build_meta.py"] = BACKEND
    return f"{name}-{version}-py3-none-any.whl", _zipped(members, f"{info}/RECORD")


def source(name, version):
    """Return the file name and the bytes of a source archive that has to be built."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for file, text in (
            ("setup.py", "import setuptools"),
            ("PKG-INFO", f"Name: {name}\nVersion: {version}\n"),
        ):
            member = tarfile.TarInfo(f"{name}-{version}/{file}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return f"{name}-{version}.tar.gz", held.getvalue()


def locked(file, content):
    """Return the line of a lock file for a part."""
    name, version = file.removesuffix(".tar.gz").split("-")[:2]
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"


def _zipped(members, record):
    lines = []
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(text.encode())}")
        archive.writestr(record, "\n".join([*lines, f"{record},,"]))
    return held.getvalue()
