"""Web sign-in: the codes and tokens that a page gets for a person who opened it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.clock import SimClock
from bot.simulator.refusals import ApiError

CODE_LIFE = timedelta(minutes=5)
TOKEN_LIFE = timedelta(hours=2)


@dataclass
class Grant:
    """What one code or web token stands for."""

    openid: str
    scope: str
    until: datetime
    used: bool = False


@dataclass
class WebGrants:
    """All codes and web tokens given out."""

    clock: SimClock
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)

    def new_code(self, openid: str, scope: str) -> str:
        """A code, good once and for five minutes."""
        code = secrets.token_urlsafe(24)[:32]
        self.codes[code] = Grant(openid, scope, self.clock.now() + CODE_LIFE)
        return code

    def use_code(self, code: str) -> Grant:
        """What the code stands for, used up now; ApiError 40029 (unknown or over) or 40163 (used)."""
        grant = self.codes.get(code)
        if grant is None:
            raise ApiError(40029)
        if grant.used:
            raise ApiError(40163)
        if self.clock.now() >= grant.until:
            raise ApiError(40029)
        grant.used = True
        return grant

    def new_token(self, grant: Grant) -> str:
        """A web token for two hours."""
        token = "SNS_" + secrets.token_urlsafe(48)
        self.tokens[token] = Grant(grant.openid, grant.scope, self.clock.now() + TOKEN_LIFE)
        return token

    def find_token(self, token: str, openid: str) -> Grant:
        """What the web token stands for; ApiError 40001, 42001 or 40003."""
        grant = self.tokens.get(token)
        if grant is None:
            raise ApiError(40001)
        if self.clock.now() >= grant.until:
            raise ApiError(42001)
        if grant.openid != openid:
            raise ApiError(40003)
        return grant
