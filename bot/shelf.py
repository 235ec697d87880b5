"""The files of the media folder, seen from behind: which are there, take one away, look one through again."""

import asyncio
import hashlib
from datetime import UTC, datetime
from heapq import nsmallest
from pathlib import Path

from bot.bare import is_bare
from bot.kinds import mime_of
from bot.media import digest_path, safe, write_once
from models.clock import Clock
from models.deliveries.sender import Stored

_REST = "[0-9a-f]" * 62  # of a hash, behind the two signs that name its folder
SMALL = "small"  # the folder of reduced copies, which nobody keeps for their own sake


class MediaShelf:
    """The Shelf of the house, over the folder that MediaFolder fills."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = asyncio.Semaphore(1)

    async def list_digests(self, after: str, limit: int) -> list[tuple[str, datetime]]:
        """Return hashes behind ``after`` in their order, each with the moment in which it was last kept."""
        return await asyncio.to_thread(self._list, after, limit)

    async def has(self, digest: str) -> bool:
        """Tell whether the file is there."""
        return await asyncio.to_thread(digest_path(self._folder, digest).is_file)

    async def remove(self, digest: str, *, before: datetime) -> bool:
        """Take the file and its small copy away; False when it was kept again after that moment. Gone is gone too."""
        return await asyncio.to_thread(self._remove, digest, before)

    async def clean(self, digest: str) -> Stored | None:
        """Clear the file of what today's rules take off; None when there is nothing to take off.

        Raises MediaLost where that cannot be done, FileNotFoundError.
        """
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._clean, digest)

    def _list(self, after: str, limit: int) -> list[tuple[str, datetime]]:
        found: list[tuple[str, datetime]] = []
        for folder in sorted(one for one in self._folder.glob("[0-9a-f][0-9a-f]") if one.name >= after[:2]):
            names = ((folder.name + file.name, file) for file in folder.glob(_REST))
            wanted = nsmallest(limit - len(found), ((name, file) for name, file in names if name > after))
            found += [(name, _kept_at(file)) for name, file in wanted if file.is_file()]
            if len(found) >= limit:
                break
        return found

    def _remove(self, digest: str, before: datetime) -> bool:
        path = digest_path(self._folder, digest)
        if path.is_file() and _kept_at(path) > before:
            return False
        digest_path(self._folder, digest, SMALL).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return True

    def _clean(self, digest: str) -> Stored | None:
        content = digest_path(self._folder, digest).read_bytes()
        mime = mime_of(content)
        if mime.startswith("image/") and is_bare(content, mime):
            return None
        cleaned = safe(content)
        name = hashlib.sha256(cleaned).hexdigest()
        if name == digest:
            return None
        write_once(digest_path(self._folder, name), cleaned, at=self._clock.now())
        return Stored(name, mime_of(cleaned), len(cleaned))


def _kept_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
