"""Pictures are made safe: upright, without a trace of place or owner, and no bombs."""

import io
import struct
import zlib

import pytest
from heic_samples import HEIC_FILES
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_samples import exif_of, lively, owned, photo, tagged, with_chunk, with_segment
from PIL import Image, PngImagePlugin

from bot import pictures
from bot.bare import orientation_of
from bot.kinds import AVIF, BMP, GIF, HEIC, JPEG, PNG, WEBP, mime_of
from bot.pictures import PictureRefused, TooManyPixels, cleaned, reduced

TEXTS = PngImagePlugin.PngInfo()
TEXTS.add_text("Author", "PHONE-MAKER")
MANY = {"save_all": True, "append_images": [Image.new("RGB", (60, 40), "green")]}
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>PHONE-MAKER</x:xmpmeta>"
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x40PHONE-MAKER"


def deep():
    picture, out = Image.new("I;16", (60, 40), 60000), io.BytesIO()
    for place in range(100):
        picture.putpixel((place % 10, place // 10), 300)
    picture.save(out, "PNG")
    return out.getvalue()


# name -> (what is sent, kind that it is, kind that is kept, mode, size)
FILES = {
    "a photo": (photo(), JPEG, JPEG, "RGB", (60, 40)),
    "a photo with a place": (tagged(), JPEG, JPEG, "RGB", (40, 60)),
    "a progressive one": (photo(progressive=True), JPEG, JPEG, "RGB", (60, 40)),
    "a grey one": (photo(mode="L"), JPEG, JPEG, "L", (60, 40)),
    "one for printing": (photo(mode="CMYK"), JPEG, JPEG, "RGB", (60, 40)),
    "full colours": (photo(subsampling=0), JPEG, JPEG, "RGB", (60, 40)),
    "two in one": (photo("MPO", **MANY), JPEG, JPEG, "RGB", (60, 40)),
    "xmp": (with_segment(photo(), XMP), JPEG, JPEG, "RGB", (60, 40)),
    "iptc": (with_segment(photo(), IPTC, 0xED), JPEG, JPEG, "RGB", (60, 40)),
    "a list of pictures that is none": (
        with_segment(photo(), b"MPF\0II*\0", 0xE2),
        JPEG,
        JPEG,
        "RGB",
        (60, 40),
    ),
    "half a profile": (with_segment(photo(), b"ICC_PROFILE\0\x02", 0xE2), JPEG, JPEG, "RGB", (60, 40)),
    "a film behind it": (photo() + b"MotionPhoto_Data" + bytes(500), JPEG, JPEG, "RGB", (60, 40)),
    "a screenshot": (photo("PNG"), PNG, PNG, "RGB", (60, 40)),
    "a clear one": (photo("PNG", mode="RGBA"), PNG, PNG, "RGBA", (60, 40)),
    "a palette": (photo("PNG", mode="P"), PNG, PNG, "P", (60, 40)),
    "a clear colour of a palette": (photo("PNG", mode="P", transparency=3), PNG, PNG, "P", (60, 40)),
    "black and white": (photo("PNG", mode="1"), PNG, PNG, "1", (60, 40)),
    "grey and clear": (photo("PNG", mode="LA"), PNG, PNG, "LA", (60, 40)),
    "sixteen bits": (deep(), PNG, PNG, "L", (60, 40)),
    "texts": (photo("PNG", pnginfo=TEXTS), PNG, PNG, "RGB", (60, 40)),
    "a turned screenshot": (photo("PNG", exif=owned()), PNG, PNG, "RGB", (40, 60)),
    "a moving screenshot": (photo("PNG", **MANY), PNG, PNG, "RGB", (60, 40)),
    "a gif": (photo("GIF", mode="P"), GIF, PNG, "P", (60, 40)),
    "a moving gif": (photo("GIF", **MANY), GIF, PNG, "P", (60, 40)),
    "webp": (photo("WEBP"), WEBP, JPEG, "RGB", (60, 40)),
    "exact webp": (photo("WEBP", lossless=True), WEBP, JPEG, "RGB", (60, 40)),
    "clear webp": (photo("WEBP", mode="RGBA"), WEBP, PNG, "RGBA", (60, 40)),
    "moving webp": (photo("WEBP", **MANY), WEBP, JPEG, "RGB", (60, 40)),
    "turned webp": (photo("WEBP", exif=owned()), WEBP, JPEG, "RGB", (40, 60)),
    "avif": (photo("AVIF"), AVIF, JPEG, "RGB", (60, 40)),
    "turned avif": (photo("AVIF", exif=owned(), xmp=b"PHONE-MAKER"), AVIF, JPEG, "RGB", (40, 60)),
    "clear avif": (photo("AVIF", mode="RGBA"), AVIF, PNG, "RGBA", (60, 40)),
    "moving avif": (photo("AVIF", **MANY), AVIF, JPEG, "RGB", (60, 40)),
    "turned heic": (HEIC_FILES["TURNED"], HEIC, JPEG, "RGB", (48, 64)),
    "heic turned in its tags alone": (HEIC_FILES["TAGGED"], HEIC, JPEG, "RGB", (64, 48)),
    "clear heic": (HEIC_FILES["CLEAR"], HEIC, PNG, "RGBA", (64, 48)),
    "grey heic": (HEIC_FILES["GREY"], HEIC, JPEG, "L", (64, 48)),
    "heic of ten bits": (HEIC_FILES["DEEP"], HEIC, JPEG, "RGB", (64, 48)),
    "several in one heic": (HEIC_FILES["SEVERAL"], HEIC, JPEG, "RGB", (64, 48)),
    "bmp": (photo("BMP"), BMP, JPEG, "RGB", (60, 40)),
}


@pytest.mark.parametrize(("sent", "kind", "kept", "mode", "size"), FILES.values(), ids=FILES)
def test_every_picture_becomes_one_that_wechat_and_browsers_show(sent, kind, kept, mode, size):
    assert mime_of(sent) == kind
    content = cleaned(sent)
    assert mime_of(content) == kept
    picture = Image.open(io.BytesIO(content))
    assert (picture.mode, picture.size, getattr(picture, "n_frames", 1)) == (mode, size, 1)
    assert not picture.getexif()
    for trace in (b"PHONE-MAKER", b"COMMENT-OF-THE-OWNER", b"Exif", b"xmp", b"ICC", b"Photoshop"):
        assert trace not in content
    small = Image.open(io.BytesIO(reduced(content, 20)))
    assert max(small.size) == 20


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_turned_once_as_every_viewer_turns_it(kind, turn):
    kept = Image.open(io.BytesIO(cleaned(photo(kind, exif=owned(turn))))).convert("RGB")
    corner = {1: (4, 4), 2: (55, 4), 3: (55, 35), 4: (4, 35), 5: (4, 4), 6: (35, 4), 7: (35, 55), 8: (4, 55)}
    assert kept.size == ((60, 40) if turn < 5 else (40, 60))
    red, _, blue = kept.getpixel(corner[turn])
    assert blue > red, "the blue corner"


def test_a_photo_is_turned_upright_and_keeps_its_quality():
    sent = tagged()
    before, after = Image.open(io.BytesIO(sent)), Image.open(io.BytesIO(cleaned(sent)))
    assert (before.size, after.size) == ((60, 40), (40, 60))
    assert after.quantization == before.quantization


def test_greys_of_sixteen_bits_keep_their_shades():
    kept = Image.open(io.BytesIO(cleaned(deep())))
    assert (kept.getpixel((5, 5)), kept.getpixel((50, 30))) == (1, 234)


def sixteen(colour, channels, see_through):
    """A PNG of sixteen bits a channel, larger than a small picture may be; ``colour`` as its format names it."""
    width, height = 900, 30
    line = b"\0" + bytes(number % 251 for number in range(width * channels * 2))
    clear = [(b"tRNS", bytes(2 * channels))] if see_through else []
    head = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    chunks = [(b"IHDR", head), *clear, (b"IDAT", zlib.compress(line * height)), (b"IEND", b"")]
    told = (struct.pack(">I", len(data)) + name + data + crc(name + data) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def crc(data):
    return struct.pack(">I", zlib.crc32(data))


@pytest.mark.parametrize("see_through", [False, True])
@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_form_of_sixteen_bits_makes_its_small_picture(colour, channels, see_through):
    sent = sixteen(colour, channels, see_through and colour in (0, 2))
    for content in (sent, cleaned(sent)):
        small = Image.open(io.BytesIO(reduced(content)))
        assert (small.width, small.mode) == (800, {1: "L", 3: "RGB"}.get(channels, "RGBA"))


WRONG_TAGS = {
    "a word for the turn": exif_of((0x0112, 2, 4, 0x36)),
    "a fraction for the turn": exif_of((0x0112, 5, 1, 8)),
    "two turns": exif_of((0x0112, 3, 2, 0x00060006)),
    "no turn at all": exif_of((0x0112, 3, 0, 0)),
    "a turn that there is not": exif_of((0x0112, 3, 1, 99)),
    "a type that there is not": exif_of((0x0112, 200, 1, 6)),
    "a place that is nowhere": exif_of((0x8825, 4, 1, 0xFFFFFFF0)),
    "a place that is a word": exif_of((0x8825, 2, 4, 0x41414141)),
    "a list inside itself": exif_of((0x8769, 4, 1, 8), (0x8825, 4, 1, 8)),
    "a maker that is a number": exif_of((0x010F, 4, 1, 7)),
    "a size that is a word": exif_of((0x011A, 2, 4, 0x41414141), (0x0128, 2, 1, 0x41)),
    "a size divided by nothing": exif_of((0x011A, 5, 1, 0), (0x0128, 3, 1, 2)),
    "more values than bytes": exif_of((0x010F, 2, 0xFFFFFFFF, 8)),
    "more tags than bytes": exif_of()[:14] + b"\xff\xff",
    "nothing behind its name": b"Exif\0\0",
    "no order of bytes": b"Exif\0\0XX*\0\0\0\0\x08",
    "cut in its head": b"Exif\0\0II*",
    "a version that is a number": exif_of((0x9000, 4, 1, 0x30323330)),
    "a picture of nothing": exif_of((0x0201, 4, 1, 0), (0x0202, 4, 1, 0xFFFF)),
    "a comment of no kind": exif_of((0x9286, 13, 9, 0)),
    "big end first": exif_of((0x0112, 2, 1, 6), order=">"),
}


@pytest.mark.parametrize("exif", WRONG_TAGS.values(), ids=WRONG_TAGS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIC"])
def test_wrong_tags_break_nothing(kind, exif):
    if kind == "JPEG":
        sent = with_segment(photo(), exif)
    elif kind == "PNG":
        sent = with_chunk(photo("PNG"), b"eXIf", exif[6:])
    else:
        sent = spoilt(HEIC_FILES["TAGGED"] if kind == "HEIC" else photo(kind, exif=owned(1)), exif)
    kept = Image.open(io.BytesIO(cleaned(sent)))
    assert kept.size in ((60, 40), (40, 60), (64, 48))
    assert not kept.getexif()


def spoilt(sent, exif):
    """The file with these tags in the place of its own, as far as they fit."""
    at = max(sent.rfind(b"II*\0"), sent.rfind(b"MM\0*"))
    return sent[:at] + exif[6:] + sent[at + len(exif) - 6 :]


@pytest.mark.parametrize(
    ("exif", "turn"),
    [
        (exif_of((0x0112, 3, 1, 6)), 6),
        (exif_of((0x0112, 3, 1, 6))[6:], 6),
        (exif_of((0x0112, 4, 1, 8), order=">"), 8),
        (exif_of((0x0112, 3, 1, 3 << 16), order=">"), 3),
        (exif_of((0x010F, 2, 1, 0), (0x0112, 3, 1, 5)), 5),
        (exif_of((0x0112, 3, 1, 0)), 1),
        (b"", 1),
        (b"rubbish", 1),
    ],
)
def test_which_way_is_up_is_read_or_left(exif, turn):
    assert orientation_of(exif) == turn


@pytest.mark.parametrize("cut", [1, 2, 3, 10, 100, 1000, 5000])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"exif": owned(6)}, {"kind": "PNG"}])
def test_a_photo_short_of_its_last_bytes_shows_what_is_there(options, cut):
    sent = lively(**options)
    whole, kept = (Image.open(io.BytesIO(cleaned(part))) for part in (sent, sent[:-cut]))
    assert kept.size == whole.size
    first = (whole.width - 10, 0, whole.width, whole.height) if "exif" in options else (0, 0, whole.width, 10)
    seen, there = (picture.convert("RGB").crop(first).tobytes() for picture in (whole, kept))
    if "progressive" not in options:  # the beginning of which is the whole, coarsely
        assert seen == there


def test_half_a_photo_is_kept_and_a_mere_head_is_not():
    sent = lively()
    assert Image.open(io.BytesIO(cleaned(sent[: len(sent) // 2]))).size == (600, 400)
    head = sent.index(b"\xff\xda") + 14
    for part in (sent[:100], sent[: head - 8], sent[:head]):
        with pytest.raises(PictureRefused):
            cleaned(part)


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "AVIF", "BMP"])
def test_other_pictures_that_broke_off_early_are_refused(kind):
    sent = lively(kind=kind)
    with pytest.raises(PictureRefused):
        cleaned(sent[: len(sent) // 3])


@pytest.mark.parametrize("sent", HEIC_FILES.values(), ids=HEIC_FILES)
def test_heic_that_broke_off_is_refused(sent):
    with pytest.raises(PictureRefused):
        cleaned(sent[: len(sent) * 2 // 3])


def test_png_with_a_wrong_check_sum_in_a_text_is_kept():
    sent = photo("PNG", pnginfo=TEXTS)
    at = sent.index(b"PHONE-MAKER")
    assert mime_of(cleaned(sent[:at] + b"X" + sent[at + 1 :])) == PNG


def test_texts_inside_a_png_are_removed_and_its_transparency_stays():
    sent = photo("PNG", mode="RGBA", pnginfo=TEXTS)
    content = cleaned(sent)
    assert b"PHONE-MAKER" in sent
    assert b"PHONE-MAKER" not in content
    assert Image.open(io.BytesIO(content)).mode == "RGBA"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP"])
def test_a_picture_of_too_many_pixels_to_keep_is_kept_reduced(monkeypatch, kind):
    monkeypatch.setattr(pictures, "FULL_PIXELS", 1000)
    kept = Image.open(io.BytesIO(cleaned(photo(kind))))
    assert kept.size == (30, 20)
    red, _, blue = kept.convert("RGB").getpixel((2, 2))
    assert blue > red


def test_heic_of_too_many_pixels_to_keep_is_kept_reduced(monkeypatch):
    monkeypatch.setattr(pictures, "FULL_PIXELS", 1000)
    assert Image.open(io.BytesIO(cleaned(HEIC_FILES["TURNED"]))).size == (24, 32)


def test_a_photo_of_sixty_megapixels_is_kept_and_never_unpacked_whole(monkeypatch):
    unpacked = []
    load = pictures.JpegImagePlugin.JpegImageFile.load

    def noted(picture):
        unpacked.append(picture.size)
        return load(picture)

    monkeypatch.setattr(pictures.JpegImagePlugin.JpegImageFile, "load", noted)
    sent = io.BytesIO()
    Image.new("RGB", (10000, 6000), "red").save(sent, "JPEG", quality=30)
    kept = Image.open(io.BytesIO(cleaned(sent.getvalue())))
    assert kept.size == (5000, 3000)
    assert max(width * height for width, height in unpacked) == 15_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "HEIC"])
def test_a_picture_that_would_unpack_to_too_much_is_refused(monkeypatch, kind):
    check = pictures._check_pixels
    monkeypatch.setattr(pictures, "_check_pixels", lambda width, height, most=0: check(width, height, 1000))
    with pytest.raises(TooManyPixels, match=r"\d+ x \d+"):
        cleaned(HEIC_FILES["TURNED"] if kind == "HEIC" else photo(kind))


def test_a_real_bomb_is_refused_before_it_is_unpacked():
    small = photo("PNG", size=(1, 1), mode="L")
    header = small[:16] + (30000).to_bytes(4, "big") * 2 + small[24:29]
    crc = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(TooManyPixels, match="pixels"):
        cleaned(header + crc + small[33:])


def test_a_bomb_of_webp_is_refused_before_its_reader_sees_it(monkeypatch):
    def must_not(*_, **__):
        raise AssertionError("opened")

    monkeypatch.setattr(pictures.Image, "open", must_not)
    head = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + (16382).to_bytes(3, "little") * 2
    with pytest.raises(TooManyPixels, match="16383 x 16383"):
        cleaned(b"RIFF" + struct.pack("<I", len(head)) + head)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"BM" + bytes(12) + b"(" + bytes(60),
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40),
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + bytes(40),
    ],
)
def test_a_head_alone_is_no_picture(sent):
    with pytest.raises(PictureRefused):
        cleaned(sent)


def test_whatever_breaks_a_reader_is_the_files_own_fault(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("in the depths of a reader")

    monkeypatch.setattr(pictures.Image, "open", broken)
    with pytest.raises(PictureRefused, match="ZeroDivisionError"):
        cleaned(photo())


@settings(max_examples=300)
@given(st.data())
def test_spoilt_pictures_are_kept_or_refused(data):
    sent = bytearray(data.draw(st.sampled_from([sent for sent, *_ in FILES.values()])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(sent) - 1))
        sent[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        sent = sent or bytearray(b"x")
    try:
        content = cleaned(bytes(sent))
    except PictureRefused:
        return
    assert mime_of(content) in {JPEG, PNG}
    assert not Image.open(io.BytesIO(content)).getexif()


def test_reducing_does_not_enlarge():
    assert Image.open(io.BytesIO(reduced(photo()))).size == (60, 40)
