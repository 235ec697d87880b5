"""What people send is downloaded at once, checked, cleaned and kept by its content."""

# ruff: noqa: F401, F811 - fixtures are imported by name and then named again as arguments

import hashlib
import io

import pytest
from heic_samples import HEIC_FILES
from picture_samples import GPS, photo, tagged
from PIL import Image
from platform_stub import CUT, File, refusal
from recording_samples import AMR, ID3, MP3, MP4, OWNER, XYZ, video
from wechat_fixtures import clock, database, open_client, platform, sleeps, wechat

from bot.media import MediaFolder
from bot.pictures import MOST_PIXELS
from bot.recordings import cleared
from models.deliveries.sender import MediaLater, MediaLost, Unkept

GET = "media/get"
PIC = "mmbiz/p"


@pytest.fixture
async def media(wechat, tmp_path, platform):
    await wechat.clear_quota()
    platform.calls.clear()
    return MediaFolder(tmp_path / "media", wechat)


def files(media):
    return [path for path in media._folder.rglob("*") if path.is_file()]


async def test_a_photo_is_kept_under_the_hash_of_what_is_kept(media, platform):
    platform.script[GET].append(File(photo(), "image/jpeg"))
    stored = await media.fetch("M1")
    content = media.read(stored.digest)
    assert hashlib.sha256(content).hexdigest() == stored.digest
    assert (stored.mime, stored.size) == ("image/jpeg", len(content))
    (path,) = files(media)
    assert path.parent.name + path.name == stored.digest
    assert platform.sent(GET)[0]["media_id"] == "M1"


async def test_where_and_with_what_a_photo_was_taken_is_removed(media, platform):
    sent = tagged()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    platform.script[GET].append(File(sent, "image/jpeg"))
    content = media.read((await media.fetch("M1")).digest)
    kept = Image.open(io.BytesIO(content))
    assert not kept.getexif()
    assert kept.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    for trace in (b"Exif", b"PHONE-MAKER", b"COMMENT-OF-THE-OWNER", b"ICC_PROFILE"):
        assert trace in sent
        assert trace not in content


@pytest.mark.parametrize(("content", "mime"), [(MP4, "video/mp4"), (AMR, "audio/amr"), (MP3, "audio/mpeg")])
async def test_voices_and_videos_of_nothing_but_themselves_are_kept_as_they_are(
    media, platform, content, mime
):
    content = cleared(content, mime)
    platform.script[GET].append(File(content, "application/octet-stream"))
    stored = await media.fetch("M1")
    assert (stored.mime, media.read(stored.digest)) == (mime, content)


async def test_what_a_video_or_a_song_tells_besides_is_not_kept(media, platform):
    for sent in (video(in_moov=(XYZ,)), ID3 + MP3):
        platform.script[GET].append(File(sent, "application/octet-stream"))
        content = media.read((await media.fetch("M1")).digest)
        assert OWNER in sent
        assert OWNER not in content


@pytest.mark.parametrize("sent", [*HEIC_FILES.values(), photo("AVIF"), photo("WEBP", mode="RGBA")])
async def test_pictures_of_new_phones_are_kept_as_wechat_shows_them(media, sent):
    stored = await media.keep(sent)
    assert stored.mime in {"image/jpeg", "image/png"}
    assert (await media.small(stored.digest))[:2] in {b"\xff\xd8", b"\x89P"}


async def test_the_same_content_is_kept_once(media, platform):
    platform.script[GET].extend([File(photo(), "image/jpeg"), File(photo(), "image/jpeg")])
    assert await media.fetch("M1") == await media.fetch("M2")
    assert len(files(media)) == 1


async def test_a_dead_media_id_is_lost(media, platform):
    platform.script[GET].append(refusal(40007, "invalid media_id"))
    with pytest.raises(MediaLost, match="40007"):
        await media.fetch("M1")
    assert files(media) == []


@pytest.mark.parametrize("fault", [refusal(45009), CUT, 502])
async def test_a_platform_in_trouble_means_later(media, platform, fault):
    platform.script[GET].extend([fault, fault])  # a GET that is cut may be asked again at once
    with pytest.raises(MediaLater):
        await media.fetch("M1")


async def test_an_error_told_as_plain_text_is_an_error_too(media, platform):
    error = b'{"errcode":40007,"errmsg":"invalid media_id hint: [x]"}'
    platform.script[GET].append(File(error, "text/plain"))
    with pytest.raises(MediaLost, match="40007"):
        await media.fetch("M1")


async def test_a_picture_is_not_read_as_an_error_because_of_its_bytes(media, platform):
    platform.script[GET].append(File(b'{"errcode":40001}' + b" " * 100, "image/jpeg"))
    with pytest.raises(MediaLost, match="not a photo"):
        await media.fetch("M1")


async def test_a_bad_token_is_renewed_for_a_download_too(media, platform):
    platform.token = "REPLACED-BY-THE-PLATFORM"
    platform.script[GET].append(File(photo(), "image/jpeg"))
    assert (await media.fetch("M1")).mime == "image/jpeg"


@pytest.mark.parametrize("fault", [refusal(40007), refusal(45009), CUT, 502])
async def test_the_second_source_is_asked_when_the_first_fails(media, platform, fault):
    platform.open_paths = {PIC}
    platform.script[GET].append(fault)
    platform.script[PIC].append(File(photo(), "image/jpeg"))
    assert (await media.fetch("M1", url=f"{platform.base}/{PIC}")).mime == "image/jpeg"
    assert platform.sent(PIC) == [{}]  # our token was not shown there


async def test_the_platforms_later_is_not_overruled_by_a_second_source_that_never_will(media, platform):
    platform.open_paths = {PIC}
    platform.script[GET].append(refusal(45009))
    platform.script[PIC].append(File(b"<html>gone</html>", "text/html"))
    with pytest.raises(MediaLater, match="45009"):
        await media.fetch("M1", url=f"{platform.base}/{PIC}")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "file:///etc/passwd",
        "http://mmbiz.qpic.cn.evil.example/x",
        "http://evilqpic.cn/x",
        "http://mmbiz.qpic.cn:8080/x",
        "http://user@mmbiz.qpic.cn/x",
        "http://[::1/x",
        "//mmbiz.qpic.cn/x",
    ],
)
async def test_no_address_but_wechats_own_is_opened(media, platform, wechat, monkeypatch, url):
    async def must_not(*_):
        raise AssertionError("opened")

    monkeypatch.setattr(wechat, "download", must_not)
    for source in (refusal(40007), {"video_url": url}):
        platform.script[GET].append(source)
        with pytest.raises(MediaLost, match="not WeChat's"):
            await media.fetch("M1", url=url)


@pytest.mark.parametrize("sent", ["http://mmbiz.qpic.cn/a/0", "https://mmbiz.qpic.cn/a/0"])
async def test_wechats_picture_host_is_asked_over_tls(media, platform, wechat, monkeypatch, sent):
    asked = []

    async def download(url, limit):
        asked.append(url)
        return photo()

    monkeypatch.setattr(wechat, "download", download)
    platform.script[GET].append(refusal(40007))
    assert (await media.fetch("M1", url=sent)).mime == "image/jpeg"
    assert asked == ["https://mmbiz.qpic.cn/a/0"]


async def test_a_video_is_fetched_from_the_address_that_its_json_names(media, platform):
    platform.open_paths = {"video/1"}
    platform.script[GET].append({"video_url": f"{platform.base}/video/1"})
    platform.script["video/1"].append(File(MP4, "video/mp4"))
    stored = await media.fetch("M1")
    assert (stored.mime, stored.size) == ("video/mp4", len(MP4))
    assert platform.sent("video/1") == [{}]  # our token was not shown there


@pytest.mark.parametrize("status", [404, 410])
async def test_a_picture_gone_from_the_second_source_is_lost(media, platform, status):
    platform.open_paths = {PIC}
    platform.script[GET].append(CUT)
    platform.script[PIC].append(status)
    with pytest.raises(MediaLost):
        await media.fetch("M1", url=f"{platform.base}/{PIC}")


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (photo() + b"\0" * (10 * 1024 * 1024), "image/jpeg"),
        (AMR + b"\0" * (2 * 1024 * 1024), "audio/amr"),
        (MP4 + b"\0" * (10 * 1024 * 1024), "video/mp4"),
    ],
)
async def test_what_is_too_large_is_refused(media, platform, content, mime):
    platform.script[GET].append(File(content, mime))
    for keep in (media.fetch("M1"), media.keep(content)):
        with pytest.raises(MediaLost, match="too large") as lost:
            await keep
        assert lost.value.why is Unkept.LARGE
    assert files(media) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0" + b"\0" * 100,
        b"<svg onload='alert(1)'>" + b" " * 100,
        b"%PDF-1.7" + b"0" * 100,
        b"\xff\xfe" * 50,
    ],
)
async def test_other_kinds_of_files_are_refused_whatever_they_are_called(media, platform, content):
    platform.script[GET].append(File(content, "image/jpeg"))
    for keep in (media.fetch("M1"), media.keep(content)):
        with pytest.raises(MediaLost) as lost:
            await keep
        assert lost.value.why is Unkept.KIND
    assert files(media) == []


@pytest.mark.parametrize(
    "content",
    [
        MP4[:-9],
        ID3,
        b"#!AMR\n",
        HEIC_FILES["TURNED"][:400],
        photo()[:300],
        b"\xff\xd8\xff" + b"\0" * 100,
        photo("PNG")[:60],
        b"GIF89a" + b"\0" * 50,
    ],
)
async def test_a_broken_picture_is_refused(media, content):
    with pytest.raises(MediaLost) as lost:
        await media.keep(content)
    assert lost.value.why is Unkept.BROKEN


async def test_a_picture_of_too_many_pixels_says_so(media):
    large = io.BytesIO()
    Image.new("1", (MOST_PIXELS // 5000 + 1, 5000)).save(large, "PNG")
    with pytest.raises(MediaLost) as lost:
        await media.keep(large.getvalue())
    assert lost.value.why is Unkept.PIXELS


async def test_a_small_picture_for_lists_is_made_once(media):
    stored = await media.keep(photo(size=(1600, 1200)))
    content = await media.small(stored.digest)
    assert Image.open(io.BytesIO(content)).size == (800, 600)
    assert await media.small(stored.digest) == content
    assert len(files(media)) == 2


async def test_a_small_picture_of_a_voice_does_not_exist(media):
    with pytest.raises(MediaLost):
        await media.small((await media.keep(AMR)).digest)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "a" * 63, "0" * 64])
async def test_nothing_is_read_from_outside_the_folder(media, digest):
    with pytest.raises(FileNotFoundError):
        media.read(digest)
    with pytest.raises(FileNotFoundError):
        await media.small(digest)


async def test_a_write_that_fails_leaves_nothing_behind(media, monkeypatch):
    def full(*_):
        raise OSError(28, "no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        await media.keep(AMR)
    assert files(media) == []
