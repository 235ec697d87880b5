"""Walks through the boxes of which MP4, QuickTime, HEIC and AVIF files are made."""

from collections.abc import Iterator
from dataclasses import dataclass

Bytes = bytes | bytearray
HEAD = 8  # bytes of a usual one: size and name


class BoxesBroken(Exception):  # noqa: N818 - names the fact
    """A box that is larger than what it lies in, or has no room for its own head."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its name, where it begins, where its content begins, where it ends."""

    name: bytes
    start: int
    body: int
    end: int


def walk(content: Bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Give the boxes that lie side by side there; raises BoxesBroken. Up to seven bytes behind the last are left."""
    end = len(content) if end is None else end
    while end - start >= HEAD:
        size, name, body = number(content, start, 4), bytes(content[start + 4 : start + 8]), start + 8
        if size == 1:
            size, body = number(content, start + 8, 8), start + 16
        elif size == 0:  # up to the end of the file
            size = end - start
        if size < body - start or start + size > end:
            raise BoxesBroken(f"{name!r} at {start}")
        yield Box(name, start, body, start + size)
        start += size


def find(content: Bytes, path: tuple[bytes, ...], start: int = 0, end: int | None = None) -> Box | None:
    """Return the first box at that path of names, one inside the other; raises BoxesBroken."""
    for box in walk(content, start, end):
        if box.name == path[0]:
            return find(content, path[1:], box.body, box.end) if path[1:] else box
    return None


def number(content: Bytes, at: int, length: int) -> int:
    """Return the number written there; raises BoxesBroken beyond the end."""
    if at + length > len(content):
        raise BoxesBroken(f"no number at {at}")
    return int.from_bytes(content[at : at + length], "big")
