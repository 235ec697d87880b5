"""Who did what, when and from where: appended, never changed, read by administrators."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model


class AuditEntry(Model):
    """操作日志: one act of a person of the staff, a program or a command. No openid, phone or address of a person."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField(db_index=True)
    who = fields.CharField(max_length=80)  # "person 12", "token 3 巡检平台", "command"
    role = fields.CharField(max_length=16, default="")
    door = fields.CharField(max_length=20)  # chat, api, open311, page, hook, command
    address = fields.CharField(max_length=60, default="")  # network address of a program, never of a citizen
    action = fields.CharField(max_length=60)  # "GET cases", "case take", "token create"
    subject = fields.CharField(max_length=60, default="")  # "case 2607060001"
    outcome = fields.CharField(max_length=20, default="")  # "ok", "refused", "404"

    class Meta:
        table = "audit_entry"
        indexes = (("who", "id"), ("subject", "id"))


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be written down."""

    who: str
    door: str
    action: str
    role: str = ""
    address: str = ""
    subject: str = ""
    outcome: str = "ok"


async def note_deed(deed: Deed, *, now: datetime) -> None:
    """Append one row; inside a transaction it lasts only if that does."""
    await AuditEntry.create(
        at=now,
        who=deed.who[:80],
        role=deed.role,
        door=deed.door,
        address=deed.address[:60],
        action=deed.action[:60],
        subject=deed.subject[:60],
        outcome=deed.outcome[:20],
    )


# Calls of nobody known, by door, since this process began: counted, for anybody can make thousands a second.
REFUSED: Counter[str] = Counter()


def count_refused(door: str) -> None:
    """Count a call that nobody known made; ``door`` is a word of ours, never one of the caller's."""
    REFUSED[door] += 1


async def count_deeds(who: str, action: str, *, since: datetime) -> int:
    """Return how often somebody did that since then."""
    return await AuditEntry.filter(who=who, action=action, at__gt=since).count()
