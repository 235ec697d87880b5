"""Pictures, voices and videos: kept three days under a media_id, or for good under an address."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.clock import SimClock
from bot.simulator.refusals import ApiError

LIFE = timedelta(days=3)
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "thumb": "image/jpeg"}
ENDINGS = {"image": "jpg", "voice": "amr", "video": "mp4", "thumb": "jpg"}
MAGIC = {b"\x89PNG": "image/png", b"GIF8": "image/gif", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg"}


@dataclass(frozen=True)
class MediaItem:
    """One stored file."""

    media_id: str
    kind: str
    content: bytes
    content_type: str
    at: datetime
    permanent: bool = False

    @property
    def filename(self) -> str:
        """The name it is downloaded under."""
        return f"{self.media_id}.{ENDINGS[self.kind]}"


@dataclass
class MediaShelf:
    """All stored files."""

    clock: SimClock
    items: dict[str, MediaItem] = field(default_factory=dict)

    def put(self, kind: str, content: bytes, *, permanent: bool = False) -> MediaItem:
        """Store a file; ApiError 40004, 44001 or 45001 if WeChat would not take it."""
        if kind not in LIMITS:
            raise ApiError(40004)
        if not content:
            raise ApiError(44001)
        if len(content) > LIMITS[kind]:
            raise ApiError(45001)
        item = MediaItem(
            secrets.token_urlsafe(48),
            kind,
            content,
            _content_type(kind, content),
            self.clock.now(),
            permanent,
        )
        self.items[item.media_id] = item
        return item

    def take(self, media_id: object, *kinds: str) -> MediaItem:
        """The file, if it is of one of `kinds` and less than three days old; else ApiError 40007."""
        item = self.items.get(media_id) if isinstance(media_id, str) else None
        if item is None or (kinds and item.kind not in kinds):
            raise ApiError(40007)
        if not item.permanent and self.clock.now() >= item.at + LIFE:
            raise ApiError(40007)
        return item


def _content_type(kind: str, content: bytes) -> str:
    return next((name for magic, name in MAGIC.items() if content.startswith(magic)), TYPES[kind])
