"""What the house asks of whoever holds the files: which are there, take one away, look one through again."""

from datetime import datetime
from typing import Protocol

from models.deliveries.sender import Stored


class Shelf(Protocol):
    """The files of photos, videos and voices by content hash."""

    async def list_digests(self, after: str, limit: int) -> list[tuple[str, datetime]]:
        """Return hashes behind ``after`` in their order, each with the moment in which it was last kept."""

    async def has(self, digest: str) -> bool:
        """Tell whether the file is there."""

    async def remove(self, digest: str, *, before: datetime) -> bool:
        """Take the file and its small copy away; False when it was kept again after that moment. Gone is gone too."""

    async def clean(self, digest: str) -> Stored | None:
        """Clear the file of what today's rules take off; None when there is nothing to take off.

        Otherwise the cleared file lies beside it under a hash of its own. Raises MediaLost, FileNotFoundError.
        """
