"""Pictures for tests, made on the spot: plain ones, and one that tells where and by whom it was taken."""

import io

from PIL import Image, ImageCms

ORIENTATION = 0x0112
GPS = 0x8825


def photo(kind="JPEG", size=(60, 40), mode="RGB", **options):
    out = io.BytesIO()
    picture = Image.new(mode, size, {"P": 3, "RGBA": (255, 0, 0, 90)}.get(mode, "red"))
    picture.paste(Image.new(mode, (10, 10), "blue" if mode != "P" else 9), (0, 0))
    picture.save(out, kind, **options)
    return out.getvalue()


def tagged():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "PHONE-MAKER"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 33.0, 21.0), 3: "E", 4: (120.0, 8.0, 42.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return photo(exif=exif, comment=b"COMMENT-OF-THE-OWNER", icc_profile=profile, quality=70)
