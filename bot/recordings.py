"""Takes off videos and voices all that is neither picture nor sound: places, owners, devices, times."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import repeat

from bot.boxes import Box, BoxesBroken, find, number, walk
from bot.frames import FramesUnknown, Span, clear_frames, runs_of
from bot.kinds import AMR, M4A, MOV, MP3, MP4, is_frame

# What may stay, box in box; every other one is blanked where it stands, so that nothing else moves.
_KEPT = {
    b"": b"ftyp styp moov moof mdat sidx ssix mfra",
    b"moov": b"mvhd trak mvex",
    b"trak": b"tkhd edts mdia tref tapt",
    b"mdia": b"mdhd hdlr minf",
    b"minf": b"vmhd smhd hmhd nmhd gmhd dinf stbl hdlr",
    b"stbl": b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh stps sdtp sbgp sgpd subs",
    b"moof": b"mfhd traf",
    b"traf": b"tfhd tfdt trun sdtp sbgp sgpd subs",
}
_MAY_STAY = {parent: frozenset(names.split()) for parent, names in _KEPT.items()}
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})  # they tell when it was recorded
_SHOWN = frozenset({b"vide", b"soun"})  # tracks; others hold places by the second, subtitles, codes of time
MOST_TRACKS = 32
_NAME_AT = 24  # in a ``hdlr``, behind which some devices write their name

_AMR_HEADS = {
    b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5),
    b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5),
}
_NO_DATA = 15  # an AMR frame of nothing but its head
_LOST_SPEECH = 14
_RATES = (  # kbit/s of layer III: MPEG 1, then 2 and 2.5
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
)
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


class RecordingRefused(Exception):  # noqa: N818 - names the fact
    """Not a video or voice that we keep: broken, or made in a way that we cannot clear of what it tells besides."""


class RecordingUnclear(RecordingRefused):
    """A video of a kind in whose frames we cannot find what is no picture."""


def cleared(content: bytes, mime: str) -> bytes:
    """Return the recording of that kind with picture and sound alone; raises RecordingRefused."""
    try:
        return _CLEARERS[mime](content)
    except FramesUnknown as error:
        raise RecordingUnclear(f"frames of the kind {error}") from error
    except (BoxesBroken, IndexError, KeyError, ValueError) as error:
        raise RecordingRefused(f"{type(error).__name__}: {error}") from error


def _cleared_video(content: bytes) -> bytes:
    """Blank, in boxes and in the data, whatever no track of picture or sound needs."""
    out = bytearray(content)
    _blank_boxes(out, Box(b"", 0, 0, len(out)))
    moov = find(out, (b"moov",))
    if moov is None:
        raise RecordingRefused("no table of what it holds")
    tracks = [box for box in walk(out, moov.body, moov.end) if box.name == b"trak"]
    if len(tracks) > MOST_TRACKS:
        raise RecordingRefused(f"{len(tracks)} tracks")
    shown = [track for track in tracks if _handler(out, track) in _SHOWN]
    if not shown:
        raise RecordingRefused("neither picture nor sound")
    if find(out, (b"moof",)):
        if len(shown) < len(tracks):
            raise RecordingRefused("in pieces, with more than picture and sound")
    else:
        _blank_data(out, _kept_spans(out, tracks, shown))
    _clear_pictures(out, shown)
    for track in tracks:
        if track not in shown:
            _blank(out, track)
    return bytes(out)


def _clear_pictures(out: bytearray, shown: list[Box]) -> None:
    """Blank in the frames of picture what is none."""
    runs = list(runs_of(out))
    for track in shown:
        if _handler(out, track) == b"vide":
            number_of = _track_number(out, track)
            clear_frames(
                out, track, [*_chunks(out, track)[1], *(run for one, run in runs if one == number_of)]
            )


def _track_number(out: bytearray, track: Box) -> int:
    head = find(out, (b"tkhd",), track.body, track.end)
    if head is None:
        raise RecordingRefused("a track without a number")
    return number(out, head.body + (20 if out[head.body] == 1 else 12), 4)


def _blank_boxes(out: bytearray, parent: Box) -> None:
    end = parent.body
    for box in walk(out, parent.body, parent.end):
        end = box.end
        if box.name not in _MAY_STAY[parent.name]:
            _blank(out, box)
        elif box.name in _MAY_STAY:
            _blank_boxes(out, box)
        elif box.name in _TIMED:
            _wipe(out, box.body + 4, box.body + (20 if out[box.body] == 1 else 12))
        elif box.name == b"hdlr":
            _wipe(out, box.body + _NAME_AT, box.end)
    _wipe(out, end, parent.end)


def _blank(out: bytearray, box: Box) -> None:
    out[box.start + 4 : box.start + 8] = b"free"
    _wipe(out, box.body, box.end)


def _wipe(out: bytearray, start: int, end: int) -> None:
    if end > start:
        out[start:end] = bytes(end - start)


def _handler(out: bytearray, track: Box) -> bytes:
    box = find(out, (b"mdia", b"hdlr"), track.body, track.end)
    return bytes(out[box.body + 8 : box.body + 12]) if box else b""


def _blank_data(out: bytearray, spans: list[Span]) -> None:
    """Blank what lies in the data and belongs to none of the spans; these are sorted and lie apart."""
    first = 0
    for box in walk(out):
        if box.name != b"mdat":
            continue
        at = box.body
        while first < len(spans) and spans[first][0] < box.end:
            start, end = spans[first]
            _wipe(out, at, min(start, box.end))
            at = max(at, end)
            if end > box.end:
                break  # the next box may hold its end
            first += 1
        _wipe(out, at, box.end)


def _kept_spans(out: bytearray, tracks: list[Box], shown: list[Box]) -> list[Span]:
    """Return where the chunks of the tracks that are shown lie, from and to, sorted.

    Where all samples are of one size, some devices write 1 for what is larger: these reach up to the next chunk.
    """
    chunks = [(track in shown, *_chunks(out, track)) for track in tracks]
    starts = [*sorted({start for _, _, spans in chunks for start, _ in spans}), len(out)]
    kept: list[Span] = []
    for is_shown, vague, spans in chunks:
        if is_shown:
            kept += [
                (start, starts[bisect_right(starts, start)] if vague and start < len(out) else end)
                for start, end in spans
            ]
    return _joined(sorted(kept))


def _joined(spans: list[Span]) -> list[Span]:
    """Return sorted spans as such that lie apart."""
    apart: list[Span] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _chunks(out: bytearray, track: Box) -> tuple[bool, list[Span]]:
    """Return whether all samples are of one size, and where the track's chunks lie."""
    tables = find(out, (b"mdia", b"minf", b"stbl"), track.body, track.end)
    if tables is None:
        raise RecordingRefused("a track without tables")
    found = {box.name: box for box in walk(out, tables.body, tables.end)}
    places, wide = (found[b"stco"], 4) if b"stco" in found else (found[b"co64"], 8)
    same, sizes = _sample_sizes(out, found)
    counts, first, spans = _chunk_counts(out, found[b"stsc"]), 0, []
    for place in range(number(out, places.body + 4, 4)):
        start, samples = number(out, places.body + 8 + place * wide, wide), next(counts, 0)
        length = same * samples if same else sum(sizes[first : first + samples])
        first += samples
        spans.append((start, min(start + length, len(out))))
    return bool(same), spans


def _sample_sizes(out: bytearray, found: dict[bytes, Box]) -> tuple[int, list[int]]:
    """Return the size of every sample where they have one, else all sizes."""
    if b"stz2" in found:
        raise RecordingRefused("packed sizes")
    at = found[b"stsz"].body
    same, count = number(out, at + 4, 4), number(out, at + 8, 4)
    return same, [] if same else [number(out, at + 12 + 4 * place, 4) for place in range(count)]


def _chunk_counts(out: bytearray, box: Box) -> Iterator[int]:
    """Give how many samples each chunk holds, one after the other."""
    runs = number(out, box.body + 4, 4)
    for run in range(runs):
        at = box.body + 8 + 12 * run
        first, samples = number(out, at, 4), number(out, at + 4, 4)
        following = number(out, at + 12, 4) if run + 1 < runs else first + len(out)
        yield from repeat(samples, max(0, following - first))


def _cleared_mp3(content: bytes) -> bytes:
    """Keep the frames of sound; ID3, APE and Lyrics3 tags lie before, between and behind them."""
    frames: list[bytes] = []
    at, joined, last = _behind_tags(content), True, -1
    while at + 4 <= len(content):
        length = _frame_length(content, at)
        following = at + length
        alike = last < 0 or _alike(content, at, last)
        # A picture in a tag may look like a frame for three bytes, hardly for two frames in a row.
        if length and alike and (joined or following >= len(content) or _alike(content, following, at)):
            if following <= len(content):
                frames.append(content[at:following])
            at, joined, last = following, True, at
        else:
            at, joined = at + 1, False
    if not frames:
        raise RecordingRefused("no sound in it")
    return b"".join(frames)


def _alike(content: bytes, at: int, other: int) -> bool:
    """Tell whether two frames may be of one sound: version, layer and rate of samples."""
    if not _frame_length(content, at):
        return False
    return (
        content[at + 1] >> 1 == content[other + 1] >> 1 and (content[at + 2] ^ content[other + 2]) & 12 == 0
    )


def _behind_tags(content: bytes) -> int:
    at = 0
    while content[at : at + 3] == b"ID3" and at + 10 <= len(content):
        size = sum((content[at + 6 + place] & 0x7F) << 7 * (3 - place) for place in range(4))
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    return at


def _frame_length(content: bytes, at: int) -> int:
    """Return the length of the frame that begins there in bytes, 0 when none does."""
    if not is_frame(content, at):
        return 0
    version, packed = content[at + 1] >> 3 & 3, content[at + 2]
    rate, hertz = _RATES[version != 3][packed >> 4], packed >> 2 & 3
    if not rate or hertz == 3:
        return 0
    return (144 if version == 3 else 72) * rate * 1000 // _HERTZ[version][hertz] + (packed >> 1 & 1)


def _cleared_amr(content: bytes) -> bytes:
    """Keep the whole frames of speech that follow each other from the head on."""
    head = next(head for head in _AMR_HEADS if content.startswith(head))
    lengths, at = _AMR_HEADS[head], len(head)
    while at < len(content) and not content[at] & 0x83:
        kind = content[at] >> 3 & 15
        if kind >= len(lengths) and kind not in (_LOST_SPEECH, _NO_DATA):
            break
        following = at + 1 + (lengths[kind] if kind < len(lengths) else 0)
        if following > len(content):
            break
        at = following
    if at == len(head):
        raise RecordingRefused("no speech in it")
    return content[:at]


_CLEARERS: dict[str, Callable[[bytes], bytes]] = {
    MP4: _cleared_video,
    MOV: _cleared_video,
    M4A: _cleared_video,
    MP3: _cleared_mp3,
    AMR: _cleared_amr,
}
