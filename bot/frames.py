"""Takes off the frames of a video what is no picture: SEI and user data, in which cameras write places and owners."""

from collections.abc import Iterator

from bot.boxes import Box, BoxesBroken, Bytes, find, number, walk

_H264 = frozenset({b"avc1", b"avc2", b"avc3", b"avc4"})
_H265 = frozenset({b"hvc1", b"hev1", b"dvh1", b"dvhe"})
_MPEG4 = frozenset({b"mp4v"})
_PLAIN = frozenset({b"s263", b"h263", b"H263"})  # nowhere in it is room for words
_ENTRY = 78  # bytes of a picture's sample entry before its boxes
# Kinds of units that are picture, or are needed to read one; all others are blanked where they stand.
_SHOWN_H264 = frozenset({1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 19, 20, 21})
_SHOWN_H265 = frozenset({*range(32), 32, 33, 34, 35, 36, 37})
_SEI_H264, _SEI_H265 = frozenset({6}), frozenset({39, 40})
_RECOVERY, _RECOVERY_BYTES = 6, 8  # the one message that a player may need: from here on the picture is whole
_FILLER = 3  # the kind of message that by the standard holds nothing
_USER_DATA, _START = b"\0\0\1\xb2", b"\0\0\1"

Span = tuple[int, int]


class FramesUnknown(Exception):  # noqa: N818 - names the fact
    """Frames of a kind in which we cannot find what is no picture."""


def clear_frames(out: bytearray, track: Box, spans: list[Span]) -> None:
    """Blank, in the frames that lie there and in the track's own tables, what is no picture; nothing moves.

    Raises FramesUnknown for a kind that we do not know, BoxesBroken where units and their lengths do not fit.
    """
    for entry in _entries(out, track):
        if entry.name in _H264 | _H265:
            units = _units_of(out, entry)
            for start, end in spans:
                units.clear(out, start, end)
            if entry.name in _H265:
                _clear_head(out, entry)
        elif entry.name in _MPEG4:
            for start, end in (*spans, (entry.body, entry.end)):
                _clear_user_data(out, start, end)
        elif entry.name not in _PLAIN:
            raise FramesUnknown(repr(entry.name))


def _entries(out: Bytes, track: Box) -> list[Box]:
    stsd = find(out, (b"mdia", b"minf", b"stbl", b"stsd"), track.body, track.end)
    return list(walk(out, stsd.body + 8, stsd.end)) if stsd else []


class _Units:
    """How the units of one track are written: of which standard, with lengths of how many bytes."""

    def __init__(self, *, is_h265: bool, length: int) -> None:
        self._length = length
        self._head = 2 if is_h265 else 1
        self._shown = _SHOWN_H265 if is_h265 else _SHOWN_H264
        self._sei = _SEI_H265 if is_h265 else _SEI_H264

    def clear(self, out: bytearray, start: int, end: int) -> None:
        """Blank the units there that are no picture. Frames lie side by side: their borders are units' borders."""
        while start < end:
            size = number(out, start, self._length)
            start += self._length
            if start + size > end:
                raise BoxesBroken(f"a unit at {start}")
            self.clear_one(out, start, start + size)
            start += size

    def clear_one(self, out: bytearray, start: int, end: int) -> None:
        """Blank one unit, unless it is picture or tells where the picture is whole."""
        if end - start <= self._head:
            return
        kind = out[start] >> 1 & 63 if self._head == 2 else out[start] & 31
        body = start + self._head
        if kind in self._shown or (kind in self._sei and _is_recovery(out[body:end])):
            return
        out[body:end] = _nothing(end - body) if kind in self._sei else b"\xff" * (end - body - 1) + b"\x80"


def _units_of(out: Bytes, entry: Box) -> _Units:
    is_h265 = entry.name in _H265
    head = find(out, (b"hvcC" if is_h265 else b"avcC",), entry.body + _ENTRY, entry.end)
    at = 21 if is_h265 else 4
    told = head is not None and head.body + at < head.end
    length = (out[head.body + at] & 3) + 1 if head is not None and told else 4
    return _Units(is_h265=is_h265, length=length)


def _is_recovery(body: Bytes) -> bool:
    return len(body) >= 4 and body[0] == _RECOVERY and body[1] <= _RECOVERY_BYTES and len(body) == 3 + body[1]


def _nothing(length: int) -> bytes:
    """Return messages of filling that take so many bytes, with the bit that ends them; a single byte is that bit."""
    written = bytearray()
    left = length - 1
    while left >= 2:
        size = min(left - 2, 254)
        size -= left - 2 - size == 1  # one byte alone is no message
        written += bytes([_FILLER, size]) + b"\xff" * size
        left -= 2 + size
    return bytes(written) + b"\x80" * (length - len(written))


def _clear_head(out: bytearray, entry: Box) -> None:
    """Blank SEI units that stand in the head of an H.265 track, where encoders write how they were called."""
    head = find(out, (b"hvcC",), entry.body + _ENTRY, entry.end)
    if head is None:
        return
    units, at = _units_of(out, entry), head.body + 23
    for _ in range(number(out, head.body + 22, 1)):
        count, at = number(out, at + 1, 2), at + 3
        for _ in range(count):
            size = number(out, at, 2)
            if at + 2 + size > head.end:
                raise BoxesBroken(f"a unit of the head at {at}")
            units.clear_one(out, at + 2, at + 2 + size)
            at += 2 + size


def _clear_user_data(out: bytearray, start: int, end: int) -> None:
    at = out.find(_USER_DATA, start, end)
    while at >= 0:
        body = at + len(_USER_DATA)
        following = out.find(_START, body, end)
        stop = following if following >= 0 else end
        out[body:stop] = b"\xff" * (stop - body)
        at = out.find(_USER_DATA, stop, end)


def runs_of(out: Bytes) -> Iterator[tuple[int, Span]]:
    """Give what a video in pieces says of its data: track number, and from where to where a run of frames lies."""
    for moof in walk(out):
        if moof.name == b"moof":
            for traf in walk(out, moof.body, moof.end):
                if traf.name == b"traf":
                    yield from _runs(out, moof, traf)


def _runs(out: Bytes, moof: Box, traf: Box) -> Iterator[tuple[int, Span]]:
    head = find(out, (b"tfhd",), traf.body, traf.end)
    if head is None:
        return
    flags, track, at = number(out, head.body + 1, 3), number(out, head.body + 4, 4), head.body + 8
    base = number(out, at, 8) if flags & 1 else moof.start
    at += 8 * (flags & 1) + 4 * (flags >> 1 & 1) + 4 * (flags >> 3 & 1)
    usual = number(out, at, 4) if flags & 16 else 0
    behind = base
    for run in walk(out, traf.body, traf.end):
        if run.name == b"trun":
            start, behind = _run(out, run, base=base, behind=behind, usual=usual)
            yield track, (start, min(behind, len(out)))


def _run(out: Bytes, run: Box, *, base: int, behind: int, usual: int) -> Span:
    flags, count, at = number(out, run.body + 1, 3), number(out, run.body + 4, 4), run.body + 8
    if flags & 1:
        told = number(out, at, 4)
        behind = base + (told - 2**32 if told >> 31 else told)
        at += 4
    at += 4 * (flags >> 2 & 1)
    row = 4 * (flags >> 8 & 15).bit_count()
    if count * row > run.end - at or behind < 0:
        raise BoxesBroken("a run longer than its box")
    first = 4 * (flags >> 8 & 1)
    sizes = sum(number(out, at + row * n + first, 4) for n in range(count)) if flags & 512 else usual * count
    return behind, behind + sizes
