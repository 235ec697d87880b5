"""Makes the key that signs sessions and links, once, and keeps it in the data folder."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

FILE = "secret.key"
LEAST = 32  # characters


def keep_secret_key(folder: Path) -> bytes:
    """Return the key of that data folder, made there (mode 0600) if there is none.

    Of several processes that start at once all get the same key: the file appears whole, under its name, once.
    Raises ValueError for a file that holds no key, and OSError where the folder cannot be written.
    """
    path = folder / FILE
    if not path.exists():
        _make(path)
    key = path.read_bytes().strip()
    if len(key) < LEAST:
        raise ValueError(f"{FILE} holds no key")
    return key


def _make(path: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{FILE}-", dir=path.parent)  # mode 0600 from the start
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken, a rename would not: the first one in wins.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
