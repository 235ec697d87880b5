"""The access token of each WeChat account, shared by all our processes so that only one of them renews it."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model


class AccessToken(Model):
    """One account's token, which until ``refresh_claimed_until`` one process alone may renew."""

    account = fields.CharField(max_length=64, primary_key=True)
    token = fields.TextField(default="")
    expires_at = fields.DatetimeField(null=True)
    refresh_claimed_until = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        """Where the rows lie."""

        table = "access_token"


async def find_token(account: str) -> AccessToken | None:
    """Return what is kept for the account, expired or not, or None."""
    return await AccessToken.get_or_none(account=account)


async def claim_refresh(account: str, now: datetime, seconds: float, *, stale: str = "") -> bool:
    """Return True for exactly one caller, who must then store a token or give the claim up.

    The claim is won only while the stored token still is ``stale``: whoever comes late, with a token that
    another process has replaced, loses. A claim lapses after ``seconds``, so a dead process blocks nobody.
    """
    row = AccessToken(account=account, token="", updated_at=now)
    await AccessToken.bulk_create([row], ignore_conflicts=True)
    free = Q(refresh_claimed_until__isnull=True) | Q(refresh_claimed_until__lte=now)
    claimed = AccessToken.filter(free, account=account, token=stale)
    return await claimed.update(refresh_claimed_until=now + timedelta(seconds=seconds)) == 1


async def store_token(account: str, token: str, *, expires_at: datetime, now: datetime) -> None:
    """Keep a new token, good until ``expires_at``; the claim is free again."""
    await AccessToken.update_or_create(
        account=account,
        defaults={
            "token": token,
            "expires_at": expires_at,
            "refresh_claimed_until": None,
            "updated_at": now,
        },
    )


async def give_up_refresh(account: str) -> None:
    """Free the claim after a renewal that failed, so that the next one need not wait for it to lapse."""
    await AccessToken.filter(account=account).update(refresh_claimed_until=None)
