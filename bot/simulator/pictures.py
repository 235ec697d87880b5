"""Simple street pictures, drawn on demand: a broken manhole, a stall, rubbish; with a place in their EXIF."""

import hashlib
from collections.abc import Callable
from io import BytesIO

from PIL import ExifTags, Image, ImageDraw

SIZE = (960, 720)
HORIZON = 300
SUBJECTS = ("manhole", "stall", "garbage", "bikes", "lamp")
WORDS = {
    "井盖": "manhole",
    "摊": "stall",
    "占道": "stall",
    "垃圾": "garbage",
    "单车": "bikes",
    "车": "bikes",
    "灯": "lamp",
}
Pen = ImageDraw.ImageDraw


def sample_picture(seed: str) -> bytes:
    """A JPEG of about 960 x 720; the same seed gives the same picture, a subject's word in it chooses the subject."""
    numbers = hashlib.sha256(seed.encode()).digest()
    picture = Image.new("RGB", SIZE, (176 + numbers[0] % 40, 206, 228))
    pen = ImageDraw.Draw(picture)
    _street(pen, numbers)
    PAINTERS[_subject(seed, numbers)](pen, numbers)
    held = BytesIO()
    picture.save(held, "JPEG", quality=82, exif=_exif(numbers))
    return held.getvalue()


def _subject(seed: str, numbers: bytes) -> str:
    named = [name for name in SUBJECTS if name in seed] + [
        name for word, name in WORDS.items() if word in seed
    ]
    return named[0] if named else SUBJECTS[numbers[1] % len(SUBJECTS)]


def _exif(numbers: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Simulator"
    exif[ExifTags.Base.Model] = "Phone 1"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (31.0, float(numbers[2] % 60), 12.5)
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (120.0, float(numbers[3] % 60), 30.25)
    return exif


def _street(pen: Pen, numbers: bytes) -> None:
    for place in range(6):
        left, grey = place * 160, 150 + numbers[4 + place] % 70
        top = HORIZON - 90 - numbers[10 + place] % 140
        pen.rectangle((left, top, left + 156, HORIZON), fill=(grey, grey - 12, grey - 28))
        for row in range(top + 16, HORIZON - 30, 40):
            for window in range(left + 14, left + 140, 44):
                pen.rectangle((window, row, window + 24, row + 22), fill=(96, 120, 142))
    pen.rectangle((0, HORIZON, SIZE[0], HORIZON + 70), fill=(198, 190, 178))
    pen.rectangle((0, HORIZON + 70, SIZE[0], SIZE[1]), fill=(92, 94, 98))
    for left in range(20, SIZE[0], 180):
        pen.rectangle((left, 520, left + 90, 532), fill=(235, 235, 230))


def _manhole(pen: Pen, numbers: bytes) -> None:
    left, top = 300 + numbers[20] % 200, 540
    pen.ellipse((left, top, left + 240, top + 110), fill=(20, 20, 22), outline=(140, 140, 142), width=8)
    pen.pieslice((left + 10, top + 6, left + 230, top + 104), 150, 310, fill=(120, 106, 92))
    pen.line((left + 60, top + 20, left + 120, top + 60, left + 90, top + 96), fill=(10, 10, 10), width=5)


def _stall(pen: Pen, numbers: bytes) -> None:
    left, top = 260 + numbers[20] % 260, 380
    colour = (190, 60 + numbers[21] % 90, 50)
    pen.polygon([(left - 40, top), (left + 140, top - 110), (left + 320, top)], fill=colour)
    pen.line((left + 140, top - 100, left + 140, top + 190), fill=(80, 70, 60), width=10)
    pen.rectangle((left, top + 90, left + 280, top + 190), fill=(160, 120, 80))
    for fruit in range(6):
        x = left + 16 + fruit * 44
        pen.ellipse((x, top + 62, x + 36, top + 98), fill=(220, 130 + numbers[22 + fruit] % 90, 40))


def _garbage(pen: Pen, numbers: bytes) -> None:
    for bag in range(5):
        left, size = 240 + bag * 90 + numbers[20 + bag] % 30, 90 + numbers[25 + bag] % 50
        top, shade = 540 - size // 2, 30 + 14 * bag
        pen.ellipse((left, top, left + size, top + size), fill=(shade, shade + 10, shade + 4))
        pen.polygon(
            [
                (left + size // 2 - 14, top - 16),
                (left + size // 2 + 14, top - 16),
                (left + size // 2, top + 10),
            ]
        )


def _bikes(pen: Pen, numbers: bytes) -> None:
    for bike in range(5):
        x, y = 120 + bike * 140 + numbers[20 + bike] % 40, 400 + numbers[25 + bike] % 60
        colour = [(240, 190, 30), (40, 120, 220), (60, 180, 90)][numbers[15 + bike] % 3]
        for wheel in (x, x + 90):
            pen.ellipse((wheel, y, wheel + 70, y + 70), outline=(30, 30, 30), width=6)
        pen.line((x + 35, y + 35, x + 60, y - 10, x + 110, y - 10, x + 125, y + 35), fill=colour, width=8)


def _lamp(pen: Pen, numbers: bytes) -> None:
    x = 420 + numbers[20] % 160
    pen.line((x, 120, x + 30, 600), fill=(70, 74, 80), width=16)
    pen.line((x, 124, x - 110, 170), fill=(70, 74, 80), width=10)
    pen.ellipse((x - 150, 160, x - 90, 200), fill=(60, 60, 58), outline=(30, 30, 30), width=4)


PAINTERS: dict[str, Callable[[Pen, bytes], None]] = {
    "manhole": _manhole,
    "stall": _stall,
    "garbage": _garbage,
    "bikes": _bikes,
    "lamp": _lamp,
}
