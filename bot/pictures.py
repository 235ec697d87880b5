"""Makes pictures safe: no metadata, no bombs, the right way up, in a kind that WeChat and browsers show."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pi_heif
from PIL import Image, JpegImagePlugin

from bot.bare import bare_heif, bare_jpeg, bare_png, orientation_of
from bot.kinds import AVIF, BMP, GIF, HEIC, JPEG, PNG, WEBP, mime_of

log = logging.getLogger(__name__)

# Unpacked, a pixel takes 4 bytes. What has more than FULL is kept reduced; a JPEG is unpacked reduced from the
# start, the others as a whole.
FULL_PIXELS = 25_000_000
MOST_PIXELS = 50_000_000  # the whole picture of a good phone has 48 million
MOST_WEBP_PIXELS = 32_000_000  # its reader holds four copies
MOST_JPEG_PIXELS = 250_000_000
SMALL_SIDE = 800
POINTS, MOST_ALIKE = 64, 0.98  # looked at in a picture that broke off; the filling is of one colour
_FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP", BMP: "BMP", AVIF: "AVIF"}
_LOSSLESS = frozenset({PNG, GIF})
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Image.MAX_IMAGE_PIXELS = None  # our own limits are smaller, and depend on the kind


class PictureRefused(Exception):  # noqa: N818 - names the fact
    """Not a picture that we keep: broken, or of another kind than it says."""


class TooManyPixels(PictureRefused):
    """A picture that would take more memory than one may."""


def cleaned(content: bytes) -> bytes:
    """Return the picture as JPEG or PNG, upright, without EXIF, GPS, comments or profiles.

    A JPEG keeps its quality; of a moving picture the first frame stays; a JPEG or PNG that broke off keeps what is
    there. Raises PictureRefused.
    """
    with _blamed(content) as mime:
        picture, turn = _opened(content, mime)
        options: dict[str, Any] = {}
        if isinstance(picture, JpegImagePlugin.JpegImageFile) and picture.mode in ("L", "RGB"):
            options = {
                "qtables": picture.quantization,
                "subsampling": JpegImagePlugin.get_sampling(picture),
            }
        return _written(_turned(_fitted(picture), turn), mime in _LOSSLESS, options)


def reduced(content: bytes, side: int = SMALL_SIDE) -> bytes:
    """Return the picture at most ``side`` pixels wide and high, as JPEG or PNG; raises PictureRefused."""
    with _blamed(content) as mime:
        picture, turn = _opened(content, mime, draft=side)
        picture = _eight_bits(picture)
        picture.thumbnail((side, side))
        return _written(_turned(picture, turn), mime in _LOSSLESS, {"quality": 82})


@contextmanager
def _blamed(content: bytes) -> Iterator[str]:
    """Give the kind of the picture; whatever a file makes its reader stumble over means that it is refused."""
    mime = mime_of(content)
    if mime not in _FORMATS and mime != HEIC:
        raise PictureRefused(f"no picture: {mime or 'unknown'}")
    try:
        yield mime
    except PictureRefused:
        raise
    except Exception as error:  # of a stranger's file, in five readers: whatever it is, the file is to blame
        log.info("a picture broke its reader", exc_info=True, extra={"action": "picture_broken"})
        raise PictureRefused(type(error).__name__) from error


def _opened(content: bytes, mime: str, draft: int = 0) -> tuple[Image.Image, int]:
    """Return the picture, unpacked, and which way is up."""
    if mime == HEIC:
        return _opened_heic(content), 1  # its reader has turned it
    if mime == JPEG:
        return _loaded_jpeg(*bare_jpeg(content), draft)
    if mime == PNG:
        return _loaded_png(content)
    if mime == WEBP:
        _check_pixels(*_webp_size(content), MOST_WEBP_PIXELS)
    picture = Image.open(
        io.BytesIO(bare_heif(content) if mime == AVIF else content), formats=[_FORMATS[mime]]
    )
    _check_pixels(*picture.size)
    picture.load()
    return picture, orientation_of(picture.info.get("exif") or b"")


def _opened_heic(content: bytes) -> Image.Image:
    file = pi_heif.open_heif(bare_heif(content))
    _check_pixels(*file.size)
    picture: Image.Image = file.to_pillow()
    return picture


def _loaded_jpeg(content: bytes, turn: int, draft: int) -> tuple[Image.Image, int]:
    try:
        return _jpeg(content, draft), turn
    except OSError:  # its last bytes are missing: with an end put to it, it shows what is there
        picture = _jpeg(content + b"\xff\xd9", draft)
        _check_shows(picture)
        return picture, turn


def _jpeg(content: bytes, draft: int) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=["JPEG"])
    width, height = picture.size
    progressive = bool(
        picture.info.get("progressive")
    )  # its reader holds it whole, however small it is wanted
    _check_pixels(width, height, MOST_PIXELS if progressive else MOST_JPEG_PIXELS)
    if draft:
        picture.draft(None, (draft, draft))
    else:
        scale = next(scale for scale in (1, 2, 4, 8) if width * height <= FULL_PIXELS * scale**2)
        picture.draft(None, (width // scale or 1, height // scale or 1))
    picture.load()
    return picture


def _loaded_png(content: bytes) -> tuple[Image.Image, int]:
    bare, turn = bare_png(content)
    picture = Image.open(io.BytesIO(bare), formats=["PNG"])
    _check_pixels(*picture.size)
    try:
        picture.load()
    except (OSError, SyntaxError):
        bare, turn = bare_png(content, mend=True)
        picture = Image.open(io.BytesIO(bare), formats=["PNG"])
        picture.load()
        _check_shows(picture)
    return picture, turn


def _check_pixels(width: int, height: int, most: int = MOST_PIXELS) -> None:
    if width * height > most:
        raise TooManyPixels(f"{width} x {height} pixels")


def _check_shows(picture: Image.Image) -> None:
    """Raise PictureRefused for a picture that broke off before there was anything to see."""
    points = picture.convert("RGB").resize((POINTS, POINTS), Image.Resampling.NEAREST)
    alike = max(count for count, _ in points.getcolors(POINTS**2) or [(0, 0)])
    if alike > MOST_ALIKE * POINTS**2:
        raise PictureRefused("it broke off")


def _webp_size(content: bytes) -> tuple[int, int]:
    """Return width and height: its reader takes the memory before it tells."""
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(
        content[28:30], "little"
    ) & 0x3FFF


def _fitted(picture: Image.Image) -> Image.Image:
    """Return the picture with at most ``FULL_PIXELS`` and eight bits a channel."""
    picture = _eight_bits(picture)
    if picture.width * picture.height <= FULL_PIXELS:
        return picture
    scale = next(scale for scale in (2, 3, 4) if picture.width * picture.height <= FULL_PIXELS * scale**2)
    if picture.mode in ("P", "1"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.reduce(scale)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return greys of sixteen bits as greys of eight: WeChat shows no others, and most viewers only some."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.point(lambda value: value / 256).convert("L")


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


def _written(picture: Image.Image, lossless: bool, options: dict[str, Any]) -> bytes:
    lossless = lossless or picture.has_transparency_data
    # Pillow writes comments, XMP and profiles out of ``info``: keep only what the pixels need.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    out = io.BytesIO()
    if lossless:
        picture.save(out, "PNG", optimize=False)
        return out.getvalue()
    picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    try:
        picture.save(out, "JPEG", **(options or {"quality": 90}))
    except (ValueError, TypeError, OSError):  # tables that a reader takes and the writer does not
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=90)
    return out.getvalue()
