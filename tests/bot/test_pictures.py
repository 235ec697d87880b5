"""Pictures are made safe: upright, without a trace of place or owner, and no bombs."""

import io
import zlib

import pytest
from picture_samples import photo, tagged
from PIL import Image, PngImagePlugin

from bot import pictures
from bot.pictures import PictureRefused, cleaned, mime_of, reduced


def test_a_photo_is_turned_upright_and_keeps_its_quality():
    sent = tagged()
    before, after = Image.open(io.BytesIO(sent)), Image.open(io.BytesIO(cleaned(sent)))
    assert (before.size, after.size) == ((60, 40), (40, 60))
    assert after.quantization == before.quantization
    red, _, blue = after.getpixel((35, 4))  # the blue corner has come to the upper right
    assert blue > red


def test_texts_inside_a_png_are_removed_and_its_transparency_stays():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "OWNER-NAME")
    sent = photo("PNG", mode="RGBA", pnginfo=texts)
    content = cleaned(sent)
    assert b"OWNER-NAME" in sent
    assert b"OWNER-NAME" not in content
    assert Image.open(io.BytesIO(content)).mode == "RGBA"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (photo("GIF", mode="P"), "image/png"),
        (photo("WEBP"), "image/jpeg"),
        (photo("WEBP", mode="RGBA"), "image/png"),
        (photo("JPEG", mode="L"), "image/jpeg"),
        (photo("JPEG", mode="CMYK"), "image/jpeg"),
    ],
)
def test_every_picture_becomes_one_that_wechat_and_browsers_show(sent, kept):
    assert mime_of(cleaned(sent)) == kept


def test_a_picture_that_would_unpack_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(PictureRefused, match="60 x 40"):
        cleaned(photo())


def test_a_real_bomb_is_refused_before_it_is_unpacked():
    small = photo("PNG", size=(1, 1), mode="L")
    header = small[:16] + (30000).to_bytes(4, "big") * 2 + small[24:29]
    crc = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(PictureRefused, match="pixels"):
        cleaned(header + crc + small[33:])


def test_reducing_does_not_enlarge():
    assert Image.open(io.BytesIO(reduced(photo()))).size == (60, 40)
