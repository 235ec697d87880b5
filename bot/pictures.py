"""Knows files by their content, and makes pictures safe: no metadata, no bombs, the right way up."""

import io
import struct
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

MEGABYTE = 1024 * 1024
LIMITS = {"image": 10 * MEGABYTE, "audio": 2 * MEGABYTE, "video": 10 * MEGABYTE}  # WeChat's own
MOST_PIXELS = 50_000_000  # 150 MB once unpacked
SMALL_SIDE = 800
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")  # a JPEG of several pictures then calls itself MPO
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
)


class PictureRefused(Exception):  # noqa: N818 - names the fact
    """Not a picture that we keep: broken, too many pixels, or of another kind than it says."""


def mime_of(content: bytes) -> str:
    """Return the MIME type that the first bytes show, or an empty string for a kind that we do not keep."""
    for start, mime in _STARTS:
        if content.startswith(start):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    # An MPEG audio frame of layer III: eleven set bits, a version that exists, and the layer.
    frame = (
        len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2 and content[1] & 0x18 != 0x08
    )
    return "audio/mpeg" if frame else ""


def limit_of(start: bytes) -> int:
    """Return how many bytes a file that begins like this may have; 0 for a kind that we do not keep."""
    return LIMITS.get(mime_of(start).partition("/")[0], 0)


def cleaned(content: bytes) -> bytes:
    """Return the picture as JPEG or PNG, upright, without EXIF, GPS, comments or profiles.

    A JPEG keeps its quality; of a moving picture the first frame stays. Raises PictureRefused.
    """
    picture = _opened(content)
    options: dict[str, Any] = {}
    if picture.format in ("JPEG", "MPO") and picture.mode in ("L", "RGB"):
        options = {
            "qtables": picture.quantization,  # type: ignore[attr-defined]
            "subsampling": JpegImagePlugin.get_sampling(picture),
        }
    return _written(picture, picture.format in ("PNG", "GIF"), options)


def reduced(content: bytes, side: int = SMALL_SIDE) -> bytes:
    """Return the picture at most ``side`` pixels wide and high, as JPEG or PNG; raises PictureRefused."""
    picture = _opened(content, draft=side)
    lossless = picture.format in ("PNG", "GIF")
    picture.thumbnail((side, side))
    return _written(picture, lossless, {"quality": 82})


def _opened(content: bytes, draft: int = 0) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise PictureRefused(f"{picture.width} x {picture.height} pixels")
        if draft:
            picture.draft(None, (draft, draft))
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused("too many pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise PictureRefused(type(error).__name__) from error
    return picture


def _written(picture: Image.Image, lossless: bool, options: dict[str, Any]) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    lossless = lossless or upright.has_transparency_data
    # Pillow writes comments, XMP and profiles out of ``info``: keep only what the pixels need.
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    out = io.BytesIO()
    if lossless:
        upright.save(out, "PNG", optimize=False)
    else:
        upright = upright if upright.mode in ("L", "RGB") else upright.convert("RGB")
        upright.save(out, "JPEG", **(options or {"quality": 90}))
    return out.getvalue()
