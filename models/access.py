"""Tokens with which programs act here: kept as hashes, with a role, revoked at any time."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from tortoise import fields
from tortoise.models import Model

from models.errors import Refusal

UNKNOWN = "没有这个令牌，或已停用。"


class Access(StrEnum):
    """What a token may do: read; take officers' steps; dispatch and decide; everything."""

    READER = "reader"
    OFFICER = "officer"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"


class ApiToken(Model):
    """令牌: a program's permission. The token itself is shown once and never kept."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=60)
    role = fields.CharEnumField(Access, max_length=12)
    unit = fields.CharField(max_length=40, default="")  # officers: their unit; "" is every unit
    digest = fields.CharField(max_length=64, unique=True)
    made_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_token"


async def make_token(role: Access, *, name: str = "", unit: str = "", now: datetime) -> tuple[str, ApiToken]:
    """Return a fresh token in clear with its row; only its hash is kept."""
    clear = f"gz_{token_urlsafe(32)}"
    row = await ApiToken.create(
        name=name or role.value, role=role, unit=unit, digest=_digest(clear), made_at=now
    )
    return clear, row


async def find_token(clear: str) -> ApiToken | None:
    """Return the token's row while it is good, else None."""
    if not clear or len(clear) > 200:
        return None
    return await ApiToken.get_or_none(digest=_digest(clear), revoked_at=None)


async def revoke_token(token_id: int, *, now: datetime) -> None:
    """Make a token worthless from now on; raises Refusal when there is none to revoke."""
    if not await ApiToken.filter(id=token_id, revoked_at=None).update(revoked_at=now):
        raise Refusal(UNKNOWN)


def _digest(clear: str) -> str:
    return sha256(clear.encode("utf-8", "surrogatepass")).hexdigest()  # a stranger's may hold any bytes
