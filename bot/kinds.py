"""Tells what a file is by its first bytes, never by what it is called, and how large each kind may be."""

MEGABYTE = 1024 * 1024
LIMITS = {"image": 10 * MEGABYTE, "audio": 2 * MEGABYTE, "video": 10 * MEGABYTE}  # WeChat's own
JPEG, PNG, GIF, WEBP, BMP = "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"
HEIC, AVIF = "image/heic", "image/avif"
MP4, MOV, M4A = "video/mp4", "video/quicktime", "audio/mp4"
AMR, MP3 = "audio/amr", "audio/mpeg"

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"#!AMR\n", AMR),
    (b"#!AMR-WB\n", AMR),
    (b"ID3", MP3),
)
# What the brands in an ``ftyp`` box stand for; one box serves photos, videos and songs alike.
_BRANDS = {
    AVIF: "avif avis",
    HEIC: "heic heix heim heis hevc hevx hevm hevs",
    M4A: "M4A_ M4B_ M4P_",
    MOV: "qt__",
    MP4: "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 mp71 avc1 mmp4 MSNV M4V_ M4VH M4VP f4v_ F4V_ dash "
    "XAVC 3gp1 3gp2 3gp3 3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3gr6 3gs6 3ge6 3gg6 3g2a 3g2b 3g2c kddi NDSC NDSM NDAS",
}
_KIND_OF = {
    name.replace("_", " ").encode(): mime for mime, names in _BRANDS.items() for name in names.split()
}
_STILLS = (b"mif1", b"msf1", b"miaf")  # some still picture: the other brands say of which kind
_BMP_HEADS = (12, 40, 52, 56, 108, 124)  # lengths of the header that follows; two letters alone say little


def mime_of(content: bytes) -> str:
    """Return the MIME type that the first 64 bytes show, or an empty string for a kind that we do not keep."""
    for start, mime in _STARTS:
        if content.startswith(start):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return _kind_of_boxes(content)
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BMP_HEADS:
        return BMP
    return MP3 if is_frame(content) else ""


def limit_of(start: bytes) -> int:
    """Return how many bytes a file that begins like this may have; 0 for a kind that we do not keep."""
    return LIMITS.get(mime_of(start).partition("/")[0], 0)


def is_frame(content: bytes, at: int = 0) -> bool:
    """Tell whether an MPEG audio frame of layer III begins there: eleven set bits, a known version, the layer."""
    if len(content) < at + 3 or content[at] != 0xFF:
        return False
    return content[at + 1] & 0xE6 == 0xE2 and content[at + 1] & 0x18 != 0x08


def _kind_of_boxes(content: bytes) -> str:
    """Return what the brands say: the chief one if we know it, else the first of the others that we know."""
    end = min(int.from_bytes(content[:4], "big"), len(content), 64)
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, end - 3, 4))]
    known = [_KIND_OF[brand] for brand in brands if brand in _KIND_OF]
    if brands[0] in _STILLS:
        return next((mime for mime in known if mime in {AVIF, HEIC}), HEIC)
    return known[0] if known else ""
