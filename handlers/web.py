"""What pages and API need at the time of a request; bot/app.py fills these keys."""

from typing import Protocol

from aiohttp import web

from models.clock import Clock
from models.deliveries.sender import Stored
from models.town import Town


class Pictures(Protocol):
    """Kept evidence by its content hash (bot/media.py)."""

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under that hash; raises FileNotFoundError."""

    async def keep(self, content: bytes, *, photo: bool = False) -> Stored:
        """Keep a file from a form, if ``photo`` only a photo; raises MediaLost for what we do not keep."""

    async def small(self, digest: str) -> bytes:
        """Return the picture at most 800 pixels wide and high; raises FileNotFoundError, MediaLost."""


TOWN: web.AppKey[Town] = web.AppKey("town", Town)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
STORE: web.AppKey[Pictures] = web.AppKey("store")
