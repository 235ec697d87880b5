"""Unpacks strangers' pictures in a process of its own, with little memory and time: one that kills it kills no more."""

import atexit
import os
import resource
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from bot import pictures
from bot.pictures import PictureRefused, TooManyPixels

MEMORY = 700 * 1024 * 1024  # bytes of addresses: what is within the limits of pixels takes at most 550 MB
SECONDS = 60.0  # of one picture
NICENESS = 10  # the chat goes first
CLEANED, REDUCED = b"c", b"r"
_FINE, _REFUSED, _TOO_LARGE = b"f", b"r", b"l"
_HEAD = struct.Struct(">cI")  # what is asked or answered, and the length of what follows


class Darkroom:
    """One worker, started with the first picture and again after each that killed it; used from threads."""

    def __init__(self, *, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self._memory, self._seconds = memory, seconds
        self._worker: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        atexit.register(self.close)

    def cleaned(self, content: bytes) -> bytes:
        """Return what ``pictures.cleaned`` does; raises PictureRefused, also for what takes too much memory or time."""
        return self._ask(CLEANED, content)

    def reduced(self, content: bytes) -> bytes:
        """Return what ``pictures.reduced`` does; raises PictureRefused, also for what takes too much memory or time."""
        return self._ask(REDUCED, content)

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what it was still to be given, nobody reads any more
                        pipe.close()

    def _ask(self, what: bytes, content: bytes) -> bytes:
        with self._lock:
            try:
                kind, told = self._exchange(what, content)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                raise TooManyPixels("it took too much memory or time") from error
        if kind == _FINE:
            return told
        raise (TooManyPixels if kind == _TOO_LARGE else PictureRefused)(told.decode())

    def _exchange(self, what: bytes, content: bytes) -> tuple[bytes, bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self.close()
            self._worker = self._start()
        worker = self._worker
        clock = threading.Timer(self._seconds, worker.kill)  # ends whatever we wait for
        clock.start()
        try:
            if worker.stdin is None or worker.stdout is None:
                raise EOFError
            _write(worker.stdin, what, content)
            return _read(worker.stdout)
        finally:
            clock.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        order = [sys.executable, "-m", "bot.darkroom", str(self._memory)]
        root = Path(__file__).resolve().parent.parent
        return subprocess.Popen(  # noqa: S603 - our own module
            order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, start_new_session=True
        )


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Unpack one picture after the other until nobody asks any more."""
    while True:
        try:
            what, content = _read(asked)
        except EOFError:
            return
        try:
            work = pictures.cleaned if what == CLEANED else pictures.reduced
            _write(answers, _FINE, work(content))
        except (TooManyPixels, MemoryError) as error:
            _write(answers, _TOO_LARGE, (str(error) or "too much memory").encode())
        except PictureRefused as error:
            lacking = isinstance(error.__cause__, MemoryError)
            _write(answers, _TOO_LARGE if lacking else _REFUSED, str(error).encode())


def _write(pipe: IO[bytes], kind: bytes, content: bytes) -> None:
    pipe.write(_HEAD.pack(kind, len(content)))
    pipe.write(content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    kind, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    return kind, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _limit(memory: int) -> None:
    """Take little of the machine, and be the first to go when it has no memory left."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:  # not Linux, or not allowed: the limits above hold all the same
        return


if __name__ == "__main__":
    _limit(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
