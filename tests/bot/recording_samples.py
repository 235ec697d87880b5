"""Videos and voices for tests, built box by box: with places and owners wherever devices hide them."""

import struct

PLACE = b"+31.5560+120.1450/"
OWNER = b"OWNER-OF-THE-PHONE"
PICTURE, SOUND, TRAIL = (
    b"\x00\x00\x00\x0b\x65PIXELS-ONE" * 3,
    b"SOUND-TWO-" * 4,
    b"GPS," + PLACE + b"," + OWNER,
)


def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name, *parts, version=0):
    return box(name, bytes([version, 0, 0, 0]), *parts)


def track(handler, samples, places, *, inside=(), same=0, wide=False, entry=b"avc1", head=b""):
    """One track whose chunks hold one sample each."""
    size = struct.pack(">II", same, len(samples))
    size += b"" if same else b"".join(struct.pack(">I", len(sample)) for sample in samples)
    offsets = b"".join(struct.pack(">Q" if wide else ">I", place) for place in places)
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(entry, bytes(78), head)),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", size),
        full(b"co64" if wide else b"stco", struct.pack(">I", len(places)), offsets),
    )
    head = full(b"hdlr", bytes(4), handler, bytes(12), b"Handler of " + OWNER + b"\0")
    media = box(b"mdia", full(b"mdhd", b"\xd5\xd5\xd5\xd5" * 2, bytes(12)), head, box(b"minf", table))
    return box(b"trak", full(b"tkhd", b"\xd5\xd5\xd5\xd5" * 2, bytes(72)), media, *inside)


def video(
    brand=b"mp42", *, others=(b"isom",), inside=(), in_moov=(), outside=(), extra_track=True, wide=False
):
    """A video with a track of pictures, one of sound, and one that tells the place by the second."""
    start = box(b"ftyp", brand, bytes(4), *others)
    data = PICTURE + SOUND + TRAIL
    first = len(start) + 8
    second, third = first + len(PICTURE), first + len(PICTURE) + len(SOUND)
    tracks = [
        track(b"vide", [PICTURE], [first], inside=inside, wide=wide),
        track(b"soun", [SOUND], [second], wide=wide),
    ]
    tracks += [track(b"meta", [TRAIL], [third])] if extra_track else []
    moov = box(b"moov", full(b"mvhd", b"\xd5\xd5\xd5\xd5" * 2, bytes(88)), *tracks, *in_moov)
    return start + box(b"mdat", data) + moov + b"".join(outside)


def quicktime_place():
    """What an iPhone writes: the names of its keys, then their values."""
    name = b"com.apple.quicktime.location.ISO6709"
    keys = full(b"keys", struct.pack(">I", 1), box(b"mdta", name))
    values = box(b"ilst", box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), PLACE)))
    return box(b"meta", full(b"hdlr", bytes(4), b"mdta", bytes(14)), keys, values)


SEI_PLACE = b"+31.5560+120.1450"
TOLD = bytes(range(16)) + SEI_PLACE + OWNER  # what a camera writes: whose message it is, then what it likes


def unit(kind, body, *, is_h265=False, length=4):
    head = bytes([kind << 1, 1]) if is_h265 else bytes([kind])
    return (len(head) + len(body)).to_bytes(length, "big") + head + body


def message(kind, body):
    return bytes([kind]) + b"\xff" * (len(body) // 255) + bytes([len(body) % 255]) + body


def sei_frames(*, is_h265=False, length=4, told=TOLD, kind=5):
    """Three frames, each with a message that tells the place before and behind its picture."""
    sei, picture = (39, 1) if is_h265 else (6, 0x65)
    before = unit(sei, message(kind, told) + b"\x80", is_h265=is_h265, length=length)
    shown = unit(picture, b"PIXELS-ONE", is_h265=is_h265, length=length)
    return (before + shown + before) * 3


def sei_video(*, frames=None, entry=b"avc1", head=b"", brand=b"mp42"):
    """A video whose frames tell the place."""
    frames = sei_frames() if frames is None else frames
    start = box(b"ftyp", brand, bytes(4))
    pictures = track(b"vide", [frames], [len(start) + 8], entry=entry, head=head)
    return start + box(b"mdat", frames) + box(b"moov", pictures)


XMP = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), b"<x:xmpmeta>" + PLACE + OWNER)
XYZ = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE))
LOCI = box(b"udta", full(b"loci", b"\x15\xc7", OWNER, b"\0", b"\0", PLACE))

FRAME = b"\xff\xfb\x90\x64" + b"s" * 413  # 128 kbit/s at 44,100 Hz: 417 bytes
ID3 = b"ID3\x03\0\0\0\0\0\x2a" + OWNER + PLACE + bytes(6)
ID3_V1 = b"TAG" + OWNER.ljust(30, b"\0") + PLACE.ljust(95, b"\0")
APE = b"APETAGEX" + OWNER + b"\xff\xfb\x90" + PLACE + b"APETAGEX" + bytes(24)
LYRICS = b"LYRICSBEGIN" + OWNER + b"000018LYRICS200"
MP3 = FRAME * 3
AMR = b"#!AMR\n" + (b"\x3c" + b"s" * 31) * 5
AMR_WB = b"#!AMR-WB\n" + (b"\x1c" + b"s" * 36) * 5
MP4 = video(extra_track=False)
