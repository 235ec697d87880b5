"""Set-up gives the same on any later day, whatever the index offers by then, and says in two lines what is wrong."""

import os
import re
import shutil
import subprocess

import pytest
from checkout import ROOT, text_of
from package_index import BROKEN, Index, locked, source, wheel

COPIED = ("Makefile", "deploy/setup.sh", "bot/__init__.py", "bot/demo_options.py")
PAGES = ("package.json", "package-lock.json", ".npmrc", "requirements-node.lock")
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)

BUILDER = wheel("setuptools", "80.0", module="")
ASKING = wheel(
    "asking", "1.0", requires=["measured[extra]>=1.0", "jieba"]
)  # as pytest-cov asks for coverage[toml]
MEASURED = wheel("measured", "1.0", extras=["extra"])
FROM_SOURCE = source("jieba", "1.0")
TESTER = wheel("tester", "1.0")
PARTS = (BUILDER, ASKING, MEASURED, FROM_SOURCE, TESTER)
LATER = (  # published after the locks were written
    wheel("asking", "1.1", requires=["measured[extra]>=9.0"]),
    wheel("measured", "2.0", extras=["extra"]),
    wheel("setuptools", "99.0", module=BROKEN),
    source("jieba", "2.0"),
    wheel("tester", "2.0"),
)
NPM = '#!/bin/sh\nmkdir -p node_modules\necho "npm $*" >>npm-was-run\n'


class Checkout:
    """A checkout with parts of the test's own in its locks, and an index that it sets itself up from."""

    def __init__(self, folder, index):
        self.folder, self.index = folder, index
        for name in COPIED:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        for name in PAGES:
            (folder / name).write_text("")
        self.lock("requirements-build.lock", BUILDER)
        self.lock("requirements.lock", ASKING, MEASURED, FROM_SOURCE)
        self.lock("requirements-dev.lock", ASKING, MEASURED, FROM_SOURCE, TESTER)
        self.program("npm", NPM)
        for file, content in (*PARTS, *LATER):
            index.add(file, content)

    def lock(self, name, *parts):
        (self.folder / name).write_text("".join(locked(*part) for part in parts))

    def program(self, name, text):
        path = self.folder / "programs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def make(self, *words, **more):
        kept = {name: os.environ[name] for name in ("HOME", "TMPDIR", "LANG") if name in os.environ}
        search = f"{self.folder / 'programs'}:{os.environ['PATH']}"
        index = {
            "PIP_INDEX_URL": self.index.url,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "1",
            "PIP_NO_CACHE_DIR": "1",
        }
        return subprocess.run(
            ["make", "--no-print-directory", *words],
            cwd=self.folder,
            env={**kept, "PATH": search, **index, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self):
        told = subprocess.run(
            [
                self.folder / ".venv/bin/python",
                "-m",
                "pip",
                "list",
                "--format=freeze",
                "--disable-pip-version-check",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return {line for line in told.stdout.split() if not line.startswith("pip==")}


@pytest.fixture
def index():
    made = Index()
    yield made
    made.close()


@pytest.fixture
def checkout(tmp_path, index):
    return Checkout(tmp_path, index)


def test_newer_parts_on_the_index_change_nothing(checkout):
    assert checkout.make("setup").returncode == 0
    assert checkout.installed() == {"setuptools==80.0", "asking==1.0", "measured==1.0", "jieba==1.0"}
    built = (checkout.folder / ".venv/lib").rglob("jieba.py")
    assert ["the locked setuptools" in path.read_text() for path in built] == [True], "not with the newest"


def test_a_second_time_nothing_is_said_nor_asked_for(checkout):
    checkout.make("setup")
    asked = list(checkout.index.asked)
    again = checkout.make("setup")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert checkout.index.asked == asked
    assert (checkout.folder / "npm-was-run").read_text().count("npm") == 1


def test_test_and_lint_parts_come_with_test_and_lint_alone(checkout):
    checkout.make("setup")
    assert "tester==1.0" not in checkout.installed()
    checkout.make(".venv/.dev-parts")
    assert "tester==1.0" in checkout.installed()
    asked = len(checkout.index.asked)
    assert checkout.make(".venv/.dev-parts").stdout.startswith("make:")  # up to date
    assert len(checkout.index.asked) == asked


@pytest.mark.parametrize("words", ["--help", "-h"])
def test_help_for_the_demo_comes_before_anything_is_installed(checkout, words):
    told = checkout.make("demo", f"ARGS={words}")
    assert told.returncode == 0
    assert "--port" in told.stdout
    assert not (checkout.folder / ".venv").exists()


def test_a_changed_lock_is_followed(checkout):
    checkout.make("setup")
    checkout.lock("requirements.lock", ASKING, LATER[1], FROM_SOURCE)
    assert checkout.make("setup").returncode == 0
    assert "measured==2.0" in checkout.installed()


def test_a_virtual_environment_that_was_left_half_made_is_made_anew(checkout):
    (checkout.folder / ".venv/bin").mkdir(parents=True)
    (checkout.folder / ".venv/bin/python").symlink_to("/nowhere/python3")
    assert checkout.make("setup").returncode == 0
    assert "asking==1.0" in checkout.installed()


def break_index(checkout):
    checkout.index.close()


def break_wheel(checkout):
    checkout.index.add(MEASURED[0], LATER[1][1])


def break_lock(checkout):
    checkout.lock("requirements.lock", ASKING, FROM_SOURCE)


def lose_part(checkout):
    del checkout.index.files[MEASURED[0]]


def break_npm(checkout):
    checkout.program("npm", "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n")


def fill_disk(checkout):
    checkout.program("npm", "#!/bin/sh\necho 'npm error ENOSPC: no space left on device' >&2\nexit 1\n")


def refuse_venv(checkout):
    (checkout.folder / ".venv").write_text("a file where the folder should be")
    checkout.program("python3", '#!/bin/sh\ncase "$2" in venv) exit 1;; esac\nexit 0\n')


def only_old_python(checkout):
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        checkout.program(name, "#!/bin/sh\nexit 1\n")


@pytest.mark.parametrize(
    ("trouble", "english", "chinese"),
    [
        (break_index, "check network or proxy", "请检查网络或代理"),
        (break_wheel, "is not what is locked", "和锁定的不一致"),
        (break_lock, "make clean", "make clean"),
        (lose_part, "lacks a locked part", "缺少本机要用的包"),
        (break_npm, "check network or proxy", "请检查网络或代理"),
        (fill_disk, "free 1 GB", "请腾出 1 GB"),
        (refuse_venv, "install venv", "请安装 venv"),
        (only_old_python, "Python 3.11 to 3.14 is needed", "需要 Python 3.11 到 3.14"),
    ],
)
def test_a_failure_says_in_two_lines_what_to_do(checkout, trouble, english, chinese):
    trouble(checkout)
    told = checkout.make("setup")
    assert told.returncode
    first, second, *rest = told.stderr.splitlines()
    assert english in first
    assert chinese in second
    assert all(line.startswith("make: ***") for line in rest), rest


def test_after_a_failure_the_same_command_goes_on(checkout):
    content = checkout.index.files.pop(MEASURED[0])
    assert checkout.make("setup").returncode
    checkout.index.add(MEASURED[0], content)
    assert checkout.make("setup").returncode == 0
    assert "measured==1.0" in checkout.installed()


def pins(name):
    return dict(PIN.findall(text_of(name)))


def test_what_runs_is_what_is_tested():
    running, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert running
    assert running.items() <= tested.items()


def test_running_needs_no_test_part():
    assert not {"pytest", "mypy", "ruff", "selenium", "coverage"} & pins("requirements.lock").keys()


@pytest.mark.parametrize("name", ["", "-dev", "-build", "-node"])
def test_every_locked_part_has_its_hash(name):
    lock = text_of(f"requirements{name}.lock")
    blocks = re.split(r"\n(?=[a-z])", lock.strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
