"""Puts kept photos on WeChat's side, and remembers for as long as they live there."""

import asyncio
from datetime import datetime, timedelta

from bot.kinds import mime_of
from bot.pictures import PictureRefused, reduced
from bot.wechat import AsyncWeChat
from models.clock import Clock
from models.deliveries.sender import MediaStore

PHOTO_BYTES = 2_000_000  # WeChat's pages name both 2 MB and 10 MB: keep to the smaller
LIFE = timedelta(days=2, hours=12)  # WeChat keeps an upload for 3 days
_NAMES = {"image/jpeg": "photo.jpg", "image/png": "photo.png"}


class Uploads:
    """Media ids of photos by content hash; uploading is harmless to repeat."""

    def __init__(self, wechat: AsyncWeChat, media: MediaStore, clock: Clock) -> None:
        self._wechat = wechat
        self._media = media
        self._clock = clock
        self._kept: dict[str, tuple[str, datetime]] = {}

    async def media_id(self, digest: str) -> str:
        """Return a media id that lives; raises what the call raises, FileNotFoundError, PictureRefused."""
        kept = self._kept.get(digest)
        if kept and self._clock.now() - kept[1] < LIFE:
            return kept[0]
        content, mime = await asyncio.to_thread(self._ready, digest)
        made = await self._wechat.upload_media("image", content, name=_NAMES[mime], mime=mime)
        self._forget_old()
        self._kept[digest] = (made, self._clock.now())
        return made

    def forget(self, digest: str) -> None:
        """Let the photo be uploaded again: WeChat says that its media id is dead."""
        self._kept.pop(digest, None)

    def _ready(self, digest: str) -> tuple[bytes, str]:
        content = self._media.read(digest)
        if len(content) > PHOTO_BYTES:
            content = reduced(content)
        mime = mime_of(content)
        if mime not in _NAMES:
            raise PictureRefused(f"not a photo that WeChat shows: {mime or 'unknown'}")
        return content, mime

    def _forget_old(self) -> None:
        limit = self._clock.now() - LIFE
        self._kept = {digest: kept for digest, kept in self._kept.items() if kept[1] > limit}
