"""Takes off a picture file what is written beside its pixels, before anything reads it, and keeps which way is up."""

import struct
import zlib

from bot.boxes import BoxesBroken, find, walk

_STANDALONE = {0x01, *range(0xD0, 0xD9)}  # markers of a JPEG without a length
MOST_MENDED = 128 * 1024 * 1024  # unpacked bytes of a PNG that broke off
_PNG_HEAD = 8
_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a PNG, by its colour type


def orientation_of(exif: bytes) -> int:
    """Return which way is up, 1 to 8 as EXIF counts; 1 where it does not say so properly. Raises nothing."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "L", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, first)
        for at in range(first + 2, first + 2 + 12 * min(count, 512), 12):
            tag, kind, _ = struct.unpack_from(order + "HHL", exif, at)
            if tag == 0x0112 and kind in (3, 4):
                (turn,) = struct.unpack_from(order + {3: "H", 4: "L"}[kind], exif, at + 8)
                return int(turn) if 1 <= turn <= 8 else 1
    except struct.error:
        pass
    return 1


def bare_jpeg(content: bytes) -> tuple[bytes, int]:
    """Return the JPEG without EXIF, GPS, XMP, profiles, comments and further pictures, and which way is up.

    What JFIF and Adobe say of the colours stays. A file that is no whole JPEG comes back as far as it can be read.
    """
    kept, at, turn = bytearray(b"\xff\xd8"), 2, 1
    while at + 4 <= len(content):
        if content[at] != 0xFF or content[at + 1] in (0x00, 0xFF):  # junk and filling between the segments
            at = content.find(b"\xff", at + 1)
            if at < 0:
                break
            continue
        marker = content[at + 1]
        if marker == 0xDA:
            return bytes(kept + content[at:]), turn
        size = 0 if marker in _STANDALONE else int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + 2 + size]
        if marker == 0xE1 and body.startswith(b"Exif\0\0") and turn == 1:
            turn = orientation_of(body)
        if _is_of_pixels(marker, body):
            kept += content[at : at + 2 + size]
        at += 2 + size
    return bytes(kept), turn


def _is_of_pixels(marker: int, body: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return (marker == 0xE0 and body.startswith(b"JFIF")) or (marker == 0xEE and body.startswith(b"Adobe"))
    return marker not in {0xFE, 0xD8, 0xD9}


def bare_png(content: bytes, *, mend: bool = False) -> tuple[bytes, int]:
    """Return the PNG with nothing but its pixels, and which way is up.

    ``mend`` fills up what is missing at the end of one that broke off, as viewers do, and forgets wrong check sums.
    """
    kept, pixels, turn, at = [content[:_PNG_HEAD]], bytearray(), 1, _PNG_HEAD
    while at + 8 <= len(content):
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        if name == b"eXIf":
            turn = orientation_of(body)
        elif name == b"IDAT" and mend:
            pixels += body
        elif name in _PIXEL_CHUNKS and not (mend and name == b"IEND"):
            kept.append(_chunk(name, body) if mend else content[at : at + 12 + size])
        at += 12 + size
    if mend and len(kept) > 1:
        kept += [_chunk(b"IDAT", _filled(bytes(pixels), _png_length(kept[1][8:21]))), _chunk(b"IEND", b"")]
    return b"".join(kept), turn


def _png_length(head: bytes) -> int:
    """Return how many bytes the unpacked lines take at most, interlaced or not."""
    width, height, bits, colour = struct.unpack(">LLBB", head[:10])
    line = (width * bits * _CHANNELS.get(colour, 4) + 7) // 8 + 1
    return int(line * height + 8 * (width + height))


def _filled(packed: bytes, length: int) -> bytes:
    if length > MOST_MENDED:
        raise ValueError("too large to be mended")
    lines = zlib.decompressobj().decompress(packed, length)
    return zlib.compress(lines + bytes(length - len(lines)), 1)


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def is_bare(content: bytes, mime: str) -> bool:
    """Tell whether a kept picture is nothing but its pixels: of what we keep, a JPEG or a PNG."""
    if mime == "image/jpeg":
        return content.endswith(b"\xff\xd9") and bare_jpeg(content) == (content, 1)
    return mime == "image/png" and content.endswith(b"IEND\xaeB`\x82") and bare_png(content) == (content, 1)


def bare_heif(content: bytes) -> bytes:
    """Return the HEIC or AVIF with its EXIF hidden: which way is up, the picture itself says, and only once."""
    try:
        meta = find(content, (b"meta",))
        if meta is None:
            return content
        for box in walk(content, meta.body + 4, meta.end):
            if box.name == b"iinf":
                listed = content[box.body : box.end].replace(b"Exif", b"free")
                return content[: box.body] + listed + content[box.end :]
    except BoxesBroken:
        pass
    return content
