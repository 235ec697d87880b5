"""Access tokens: the stable one, the plain one, and whether a presented one still holds."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.clock import SimClock, beijing_day
from bot.simulator.refusals import ApiError

LIFE = timedelta(hours=2)
OVERLAP = timedelta(minutes=5)
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)


@dataclass
class Token:
    """One token and its end."""

    value: str
    until: datetime


@dataclass
class TokenDesk:
    """Issues tokens; the stable one and the plain one know nothing of each other."""

    clock: SimClock
    alive: dict[str, Token] = field(default_factory=dict)
    forced: list[datetime] = field(default_factory=list)
    _stable: Token | None = None
    _plain: Token | None = None

    def stable(self, *, force: bool = False) -> Token:
        """The stable token: the same one until 5 minutes before its end, when old and new both hold."""
        now = self.clock.now()
        if force:
            self._count_forced(now)
            self.kill(self._stable)
        current = self._stable
        if current is None or current.value not in self.alive or now >= current.until - OVERLAP:
            self._stable = current = self._issue(now)
        return current

    def plain(self) -> Token:
        """A new plain token at each call; the one before holds for 5 minutes more."""
        now = self.clock.now()
        if self._plain is not None:
            self._plain.until = min(self._plain.until, now + OVERLAP)
        self._plain = self._issue(now)
        return self._plain

    def check(self, value: str) -> None:
        """Nothing, if the token holds; else ApiError 41001, 40001 or 42001."""
        if not value:
            raise ApiError(41001)
        token = self.alive.get(value)
        if token is None:
            raise ApiError(40001)
        if self.clock.now() >= token.until:
            raise ApiError(42001)

    def kill(self, token: Token | str | None) -> None:
        """The token holds no more; the next stable call gives a new one."""
        if token is not None:
            self.alive.pop(token if isinstance(token, str) else token.value, None)

    def _issue(self, now: datetime) -> Token:
        for old in [one for one in self.alive.values() if now >= one.until + LIFE]:
            del self.alive[old.value]
        token = Token("SIM_" + secrets.token_urlsafe(96), now + LIFE)
        self.alive[token.value] = token
        return token

    def _count_forced(self, now: datetime) -> None:
        today = [at for at in self.forced if beijing_day(at) == beijing_day(now)]
        if today and now - today[-1] < FORCED_APART:
            raise ApiError(45011)
        if len(today) >= FORCED_A_DAY:
            raise ApiError(45009)
        self.forced = [*today, now]
