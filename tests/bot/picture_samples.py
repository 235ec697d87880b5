"""Pictures for tests, made on the spot: plain ones, and ones that tell where and by whom they were taken."""

import io
import struct

from PIL import Image, ImageCms

ORIENTATION = 0x0112
GPS = 0x8825


def photo(kind="JPEG", size=(60, 40), mode="RGB", **options):
    out = io.BytesIO()
    picture = Image.new(mode, size, {"P": 3, "RGBA": (255, 0, 0, 90)}.get(mode, "red"))
    picture.paste(Image.new(mode, (10, 10), "blue" if mode != "P" else 9), (0, 0))
    picture.save(out, kind, **options)
    return out.getvalue()


def lively(size=(600, 400), kind="JPEG", **options):
    """A picture with something everywhere: blue at the left, red at the right, and a grain."""
    picture = Image.linear_gradient("L").resize(size).rotate(90)
    picture = Image.merge("RGB", (picture, Image.effect_noise(size, 60), picture.point(lambda v: 255 - v)))
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def owned(turn=6):
    """EXIF with a maker, a place and a turn."""
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    exif[0x010F] = "PHONE-MAKER"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 33.0, 21.0), 3: "E", 4: (120.0, 8.0, 42.0)})
    return exif


def tagged():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return photo(exif=owned(), comment=b"COMMENT-OF-THE-OWNER", icc_profile=profile, quality=70)


def exif_of(*entries, order="<"):
    """EXIF as no camera should write it: (tag, type, count, value) as they are given."""
    rows = b"".join(struct.pack(order + "HHLL", *entry) for entry in entries)
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HL", 42, 8)
    return b"Exif\0\0" + head + struct.pack(order + "H", len(entries)) + rows + bytes(4)


def with_segment(jpeg, body, marker=0xE1):
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def with_chunk(png, name, body):
    """A PNG with one more chunk before its pixels."""
    from bot.bare import _chunk

    at = png.index(b"IDAT") - 4
    return png[:at] + _chunk(name, body) + png[at:]
