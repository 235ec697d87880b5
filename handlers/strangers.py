"""Lets strangers read by turns, so that however many ask, people in the chat are answered first."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

MOST_WAITING = 16
PATIENCE = 2.0  # seconds for which somebody waits for a turn
REST = (
    3.0  # after each turn the others' time: strangers get a quarter of it, less while pushes slow them down
)
RETRY_AFTER = 5  # seconds
KEPT_FOR = timedelta(seconds=10)
MOST_KEPT = 64  # answers; one of 200 cases has some 200 KB


class Busy(Exception):  # noqa: N818 - names the fact
    """More strangers ask than get a turn: 503, and again after ``RETRY_AFTER`` seconds."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Any
    version: Hashable
    at: datetime


class Turns:
    """One reading at a time, a rest of ``rest`` times its length after each, and at most ``waiting`` in the queue."""

    def __init__(
        self, *, waiting: int = MOST_WAITING, patience: float = PATIENCE, rest: float = REST
    ) -> None:
        self._most, self._patience, self._rest = waiting, patience, rest
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._answers: OrderedDict[Hashable, _Kept] = OrderedDict()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and have it; raises Busy at once when too many wait, or when it takes too long."""
        if self._waiting >= self._most:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._lock.acquire()
        except TimeoutError as error:
            raise Busy from error
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            loop.call_later((loop.time() - began) * self._rest, self._lock.release)

    def find(self, key: Hashable, *, version: Hashable, now: datetime) -> Any:
        """Return the answer kept under ``key``, None when there is none of that version, or it is too old."""
        kept = self._answers.get(key)
        fresh = kept is not None and kept.version == version and now - KEPT_FOR <= kept.at <= now
        return kept.answer if kept is not None and fresh else None

    def keep(self, key: Hashable, answer: Any, *, version: Hashable, now: datetime) -> None:
        """Keep an answer for ``KEPT_FOR``; the oldest one goes when there are too many."""
        self._answers.pop(key, None)
        self._answers[key] = _Kept(answer, version, now)
        if len(self._answers) > MOST_KEPT:
            self._answers.popitem(last=False)


TURNS: web.AppKey[Turns] = web.AppKey("turns", Turns)
