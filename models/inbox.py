"""Every push that reached us, kept before it is acted on, so that it is acted on once and answered alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from models.clock import SKEW
from models.statements import run

ANSWER = (
    "UPDATE inbox SET answered_at = ?, reply = ?, failed = ?, late = late OR ?"
    " WHERE key = ? AND answered_at IS NULL RETURNING late"
)
# How long nobody else tries to answer. When it is over and two do, the second finds the answer there and undoes its
# own work: so the claim may be short, and the platform's next try, 5 seconds later, is answered after a crash.
CLAIM = timedelta(seconds=5)


class Letter(Model):
    """One push: 来信 as kept. ``reply`` is the answer's own form (see handlers/kit/reply.py)."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    openid = fields.CharField(max_length=64, db_index=True)
    kind = fields.CharField(max_length=60)
    content: dict[str, Any] = fields.JSONField[dict[str, Any]]()
    at = fields.DatetimeField(db_index=True)  # when we got it
    claimed_until = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    late = fields.BooleanField(
        default=False
    )  # the platform was told "success": the answer goes out as a Delivery
    failed = fields.BooleanField(default=False)  # we broke: the person was told so, the operator sees it
    reply: dict[str, Any] | None = fields.JSONField[dict[str, Any] | None](null=True)

    class Meta:
        table = "inbox"
        indexes = (("answered_at", "claimed_until"),)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A push as it came in, before it is a row."""

    key: str
    openid: str
    kind: str
    content: dict[str, Any]
    at: datetime


class Answered(StrEnum):
    """How the answer to a push must reach the person."""

    AT_ONCE = "at_once"  # as the reply to the push
    LATE = "late"  # as a Delivery: the platform was told "success"
    MEANWHILE = "meanwhile"  # not at all: somebody else has answered


async def keep_letters(letters: list[Arrival], *, now: datetime) -> set[str]:
    """Write the letters that were never heard before and claim them; return their keys.

    The database says which ones it took, so of two processes that hear one push only one finds it its own.
    """
    values: list[object] = []
    for letter in sorted(letters, key=lambda letter: letter.key):  # two processes never wait crosswise
        values += (
            letter.key,
            letter.openid,
            letter.kind,
            letter.content,
            letter.at,
            now + CLAIM,
            False,
            False,
        )
    return {row["key"] for row in await run(_keep(len(letters)), values)}


async def find_letter(key: str) -> Letter | None:
    """Return the letter of that key."""
    return await Letter.get_or_none(key=key)


async def has_written_since(openid: str, moment: datetime) -> bool:
    """Tell whether that person has sent anything that reached us after ``moment``."""
    return await Letter.filter(openid=openid, at__gt=moment).exists()


async def claim_letter(key: str, *, now: datetime) -> bool:
    """Take over a letter that nobody is answering; True when it is ours for ``CLAIM``."""
    free = Q(claimed_until=None) | _is_over(now)
    taken = await Letter.filter(free, key=key, answered_at=None).update(claimed_until=now + CLAIM)
    return taken == 1


async def answer_letter(
    key: str, reply: dict[str, Any], *, now: datetime, late: bool = False, failed: bool = False
) -> Answered:
    """Keep the answer beside what it did, in the same transaction, and say how it must reach the person.

    ``late``: the caller knows already that the platform was told "success".
    """
    rows = await run(ANSWER, (now, reply, failed, late, key))
    if not rows:
        return Answered.MEANWHILE
    return Answered.LATE if rows[0]["late"] else Answered.AT_ONCE


async def mark_late(key: str) -> None:
    """Note that the platform was told "success": an answer still to come goes out as a Delivery."""
    await Letter.filter(key=key, answered_at=None).update(late=True)


async def list_forgotten(*, now: datetime, limit: int = 100) -> list[str]:
    """Return the keys of letters that a process left without an answer when it died, oldest first."""
    found = Letter.filter(_is_over(now), answered_at=None).order_by("id").limit(limit)
    return list(await found.values_list("key", flat=True))  # type: ignore[arg-type]


async def measure_queue(*, now: datetime) -> tuple[int, float]:
    """Return how many letters wait for an answer and the age of the oldest, seconds."""
    waiting = Letter.filter(answered_at=None)
    oldest = await waiting.order_by("id").first()
    return await waiting.count(), (now - oldest.at).total_seconds() if oldest else 0.0


async def blank_letters(openid: str) -> None:
    """Take out of every letter of that person who wrote it and what; its key stays, so that copies are known."""
    theirs = Letter.filter(openid=openid)
    await theirs.filter(answered_at__not_isnull=True).update(reply={"kind": "silence"})
    await theirs.update(openid="", content={})


def _is_over(now: datetime) -> Q:
    """A claim is over when its time is, or when it was made while a clock stood ahead of the right time."""
    return Q(claimed_until__lt=now) | Q(claimed_until__gt=now + CLAIM + SKEW)


@cache
def _keep(count: int) -> str:
    places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * count)
    names = "key, openid, kind, content, at, claimed_until, late, failed"
    return f"INSERT INTO inbox ({names}) VALUES {places} ON CONFLICT (key) DO NOTHING RETURNING key"  # noqa: S608
