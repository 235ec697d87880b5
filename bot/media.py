"""Keeps photos, voices and videos by the hash of their content, in a folder."""

import asyncio
import hashlib
import logging
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.darkroom import Darkroom
from bot.kinds import limit_of, mime_of
from bot.pictures import PictureRefused, TooManyPixels
from bot.recordings import RecordingRefused, RecordingUnclear, cleared
from bot.wechat import AsyncWeChat
from bot.wechat_errors import (
    Kind,
    WeChatRefused,
    WeChatStopped,
    WeChatTooLarge,
    WeChatUnanswered,
    WeChatUnreachable,
)
from models.clock import Clock, MachineClock
from models.deliveries.sender import MediaLater, MediaLost, Stored, Unkept

# Where WeChat itself keeps pictures and videos; an address elsewhere is never opened.
HOST_SUFFIXES = (".qpic.cn", ".tc.qq.com")
HOSTS = ("mp.weixin.qq.com",)
PICTURES_AT_ONCE = 1  # unpacked, one may take some 500 MB
_DARKROOM = Darkroom()  # of the process: its worker is shared by all folders
TOO_LARGE, NO_KIND = "too large", "not a photo, voice or video"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LASTING = (Kind.MEDIA_DEAD, Kind.WRONG_DATA)

log = logging.getLogger(__name__)


class MediaFolder:
    """The MediaStore of the house: ``folder``/ab/cdef…, each content once, nothing with metadata."""

    def __init__(self, folder: Path, wechat: AsyncWeChat, clock: Clock | None = None) -> None:
        self._folder = folder
        self._wechat = wechat
        self._clock = clock or MachineClock()
        self._pictures = asyncio.Semaphore(PICTURES_AT_ONCE)

    async def fetch(self, media_id: str, *, url: str = "") -> Stored:
        """Download what a person sent and keep it; ``url`` (PicUrl) is the second source.

        Raises MediaLost when it will never come, MediaLater when another try is worth while.
        """
        try:
            content = await self._downloaded(media_id)
        except (MediaLost, MediaLater) as first:
            if not url:
                raise
            return await self._instead(url, first)
        return await self._kept_or_later(content)

    async def keep(self, content: bytes, *, photo: bool = False) -> Stored:
        """Keep a file from a chat or a form; raises MediaLost for a kind or size that we do not keep.

        ``photo``: a photo was asked for, and nothing else is kept.
        """
        mime = mime_of(content)
        if not mime:
            raise MediaLost(NO_KIND, Unkept.KIND)
        if photo and not mime.startswith("image/"):
            raise MediaLost(f"a photo was asked for, this is {mime}", Unkept.NO_PHOTO)
        if len(content) > limit_of(content):
            raise MediaLost(TOO_LARGE, Unkept.LARGE)
        async with self._pictures:
            return await asyncio.to_thread(self._kept, content)

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under that hash; raises FileNotFoundError."""
        return self._path(digest).read_bytes()

    async def small(self, digest: str) -> bytes:
        """Return the picture at most 800 pixels wide and high; raises FileNotFoundError, MediaLost."""
        async with self._pictures:
            return await asyncio.to_thread(self._small, digest)

    async def _kept_or_later(self, content: bytes) -> Stored:
        """Keep it; while our own disk is full or may only be read the platform keeps it for us."""
        try:
            return await self.keep(content)
        except OSError as error:
            raise MediaLater(f"it could not be written: {error.strerror}") from error

    async def _downloaded(self, media_id: str) -> bytes:
        sniffed = _Sniffed()
        try:
            answer = await self._wechat.open_media(media_id, sniffed)
        except WeChatRefused as refusal:
            lasting = refusal.kind in _LASTING
            raise (MediaLost if lasting else MediaLater)(f"code {refusal.code}") from refusal
        except WeChatTooLarge as error:
            raise sniffed.lost() from error
        except (WeChatUnreachable, WeChatUnanswered, WeChatStopped) as error:
            raise MediaLater(str(error)) from error
        if isinstance(answer, bytes):
            return answer
        return await self._from_address(str(answer.get("video_url", "")))

    async def _instead(self, url: str, first: MediaLost | MediaLater) -> Stored:
        try:
            return await self._kept_or_later(await self._from_address(url))
        except MediaLost:
            if isinstance(first, MediaLater):
                raise first from None  # the platform may give tomorrow what this address never will
            raise

    async def _from_address(self, url: str) -> bytes:
        if not self._is_permitted(url):
            raise MediaLost("an address that is not WeChat's")
        sniffed = _Sniffed()
        try:
            return await self._wechat.download(_encrypted(url), sniffed)
        except WeChatTooLarge as error:
            raise sniffed.lost() from error
        except WeChatUnanswered as error:
            lasting = 400 <= error.status < 500
            raise (MediaLost if lasting else MediaLater)(str(error)) from error
        except WeChatUnreachable as error:
            raise MediaLater(str(error)) from error

    def _is_permitted(self, url: str) -> bool:
        """Tell whether the address is WeChat's own: a push must not make us open doors inside our network."""
        try:
            asked, base = urlsplit(url), urlsplit(self._wechat.base)
            host, port = asked.hostname or "", asked.port
        except ValueError:
            return False
        if asked.scheme not in ("http", "https") or asked.username is not None:
            return False
        if (asked.scheme, asked.netloc) == (base.scheme, base.netloc):
            return True
        return port in (None, 80, 443) and (host in HOSTS or host.endswith(HOST_SUFFIXES))

    def _kept(self, content: bytes) -> Stored:
        content = safe(content)
        digest = hashlib.sha256(content).hexdigest()
        write_once(self._path(digest), content, at=self._clock.now())
        return Stored(digest, mime_of(content), len(content))

    def _small(self, digest: str) -> bytes:
        path = self._path(digest, "small")
        if path.is_file():
            return path.read_bytes()
        try:
            content = _DARKROOM.reduced(self.read(digest))
        except PictureRefused as error:
            raise MediaLost(str(error), Unkept.BROKEN) from error
        try:
            write_once(path, content, at=self._clock.now())
        except OSError:  # it can be made again
            log.warning("a small picture was not kept", exc_info=True, extra={"action": "small_unkept"})
        return content

    def _path(self, digest: str, *under: str) -> Path:
        return digest_path(self._folder, digest, *under)


class _Sniffed:
    """The limit of a download, which remembers whether the first bytes were of a kind that we keep."""

    def __init__(self) -> None:
        self._most = 0

    def __call__(self, start: bytes) -> int:
        self._most = limit_of(start)
        return self._most

    def lost(self) -> MediaLost:
        """Return what a download means that was broken off at its limit."""
        return MediaLost(TOO_LARGE, Unkept.LARGE) if self._most else MediaLost(NO_KIND, Unkept.KIND)


def digest_path(folder: Path, digest: str, *under: str) -> Path:
    """Return where the file of that hash lies in a media folder; raises FileNotFoundError for what is no hash."""
    if not _DIGEST.fullmatch(digest):
        raise FileNotFoundError("not a content hash")
    return folder.joinpath(*under, digest[:2], digest[2:])


def safe(content: bytes) -> bytes:
    """Return the file with picture and sound alone; raises MediaLost for one of which that cannot be made."""
    mime = mime_of(content)
    try:
        return _DARKROOM.cleaned(content) if mime.startswith("image/") else cleared(content, mime)
    except TooManyPixels as error:
        raise MediaLost(str(error), Unkept.PIXELS) from error
    except RecordingUnclear as error:
        raise MediaLost(str(error), Unkept.UNCLEAR) from error
    except (PictureRefused, RecordingRefused) as error:
        raise MediaLost(str(error), Unkept.BROKEN) from error


def _encrypted(url: str) -> str:
    """Return the address with https where we know that WeChat's picture host speaks it (PicUrl says http)."""
    on_pictures = (urlsplit(url).hostname or "").endswith(".qpic.cn")
    return url.replace("http://", "https://", 1) if on_pictures else url


def write_once(path: Path, content: bytes, *, at: datetime) -> None:
    """Write so that after a power cut the file is whole or not there at all.

    ``at`` is noted as the moment in which it was kept, also where it lies there already: what was just kept again
    is not taken away for its age.
    """
    if path.is_file():
        _note_kept(path, at)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _note_kept(Path(name), at)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _note_kept(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))
