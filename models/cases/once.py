"""Opens the case of a program's request once: the same key with the same content has the same case for ever."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.tables import Case
from models.deliveries.sender import Stored
from models.errors import Refusal
from models.evidence import keep_sent
from models.town import Town

KEY_USED = "这个 Idempotency-Key 已经用于另一份内容。新案件请换一个新的键；重发请保持内容一字不差。"


class KeyUsed(Refusal):
    """The key came before with another content."""


class Request(Model):
    """请求: what a program asked for under an idempotency key, with a digest of the content."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=80, unique=True)  # the origin of its case
    digest = fields.CharField(max_length=64)
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "request"


async def find_opened(key: str | None, digest: str) -> Case | None:
    """Return the case that this key opened before; raises KeyUsed when that was with another content."""
    if not key:
        return None
    asked = await Request.get_or_none(key=key)
    if asked is not None and asked.digest != digest:
        raise KeyUsed(KEY_USED)
    return await Case.get_or_none(origin=key)


async def open_once(
    report: Report, digest: str, *, photos: Sequence[Stored] = (), town: Town, now: datetime
) -> tuple[Case, bool]:
    """Open the case with these photos, all in one transaction; return it, and whether it is new.

    Of copies that arrive at once the others wait for the first and get its case. Raises KeyUsed, and Refusal as
    ``open_case`` does; then nothing is kept, so that a corrected content may use the same key.
    """
    async with in_transaction():
        if report.origin:
            await _lock_request(report.origin, digest, now)
        known = await find_opened(report.origin, digest)
        if known is not None:
            return known, False
        pieces = [await keep_sent(stored, now=now) for stored in photos]
        report = replace(report, evidence=(*report.evidence, *(piece.id for piece in pieces)))
        case = await open_case(report, reporter=None, town=town, now=now)
        return case, True


async def _lock_request(key: str, digest: str, now: datetime) -> None:
    """Make the key's row ours until the transaction ends; a copy in another process waits here for our answer."""
    await Request.bulk_create([Request(key=key, digest=digest, at=now)], ignore_conflicts=True)
    await Request.filter(key=key).select_for_update(no_key=True).get()
