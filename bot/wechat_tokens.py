"""Keeps one account's access token good: one renewal at a time, in this process and among all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import BaseORMException

from bot.wechat_errors import WeChatUnreachable
from models import tokens
from models.clock import Clock

MARGIN = timedelta(
    seconds=120
)  # stable_token hands out a new one 5 minutes before the end; both are good then
CLAIM_SECONDS = 30.0
POLL_SECONDS = 0.25
POLLS = 80
FORCE_EVERY = timedelta(hours=3)  # WeChat allows 20 forced renewals a day

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A token as WeChat has just given it; seconds it is good for."""

    token: str
    seconds: float


Fetch = Callable[[bool], Awaitable[Fresh]]  # the argument: force a new token
Sleep = Callable[[float], Awaitable[None]]


class TokenKeeper:
    """The token of one account; ``fetch`` asks WeChat, the table tells the other processes."""

    def __init__(self, account: str, fetch: Fetch, *, clock: Clock, sleep: Sleep) -> None:
        self._account = account
        self._fetch = fetch
        self._clock = clock
        self._sleep = sleep
        self._token = ""
        self._expires_at: datetime | None = None
        self._forced_at: datetime | None = None
        self._flight: asyncio.Task[str] | None = None
        self._flight_stale = ""

    async def current(self) -> str:
        """Return a token that is good by the clock; raises what ``fetch`` raises, or WeChatUnreachable."""
        if self._is_good(self._token, self._expires_at):
            return self._token
        return await self._joined(stale="")

    async def renewed(self, stale: str) -> str:
        """Return another token than the ``stale`` one that WeChat has refused, if there is one to be had."""
        if self._token != stale and self._is_good(self._token, self._expires_at):
            return self._token
        return await self._joined(stale=stale)

    async def _joined(self, stale: str) -> str:
        # All callers share one task, so they share its failure too; a caller who gives up does not stop it.
        while self._flight is not None and not self._flight.done():
            same = self._flight_stale == stale
            token = await asyncio.shield(self._flight)
            if same or token != stale:
                return token
        self._flight_stale = stale
        self._flight = asyncio.create_task(self._renew(stale))
        self._flight.add_done_callback(_look_at)
        return await asyncio.shield(self._flight)

    async def _renew(self, stale: str) -> str:
        try:
            for _ in range(POLLS):
                row = await tokens.find_token(self._account)
                kept = row.token if row else ""
                if row and kept != stale and self._is_good(kept, row.expires_at):
                    return self._adopt(kept, row.expires_at)
                if await tokens.claim_refresh(self._account, self._clock.now(), CLAIM_SECONDS, stale=kept):
                    return await self._fetched(stale)
                await self._sleep(POLL_SECONDS)
        except BaseORMException as error:
            raise WeChatUnreachable(f"token table: {type(error).__name__}") from error
        raise WeChatUnreachable("another process holds the token's renewal for too long")

    async def _fetched(self, stale: str) -> str:
        try:
            fresh = await self._fetch(False)
            if fresh.token == stale and self._may_force():
                self._forced_at = self._clock.now()
                fresh = await self._fetch(True)
        except Exception:
            await tokens.give_up_refresh(self._account)
            raise
        now = self._clock.now()
        expires_at = now + timedelta(seconds=fresh.seconds)
        await tokens.store_token(self._account, fresh.token, expires_at=expires_at, now=now)
        log.info("wechat token renewed", extra={"action": "wechat_token"})
        return self._adopt(fresh.token, expires_at)

    def _adopt(self, token: str, expires_at: datetime | None) -> str:
        self._token, self._expires_at = token, expires_at
        return token

    def _is_good(self, token: str, expires_at: datetime | None) -> bool:
        return bool(token) and expires_at is not None and expires_at - MARGIN > self._clock.now()

    def _may_force(self) -> bool:
        return self._forced_at is None or self._clock.now() - self._forced_at >= FORCE_EVERY


def _look_at(flight: asyncio.Task[str]) -> None:
    # If every caller was cancelled nobody else looks at the failure, and asyncio would complain.
    if not flight.cancelled():
        flight.exception()
