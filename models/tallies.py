"""What somebody did of the things that are limited by the day: counted by a mark that outlives their row here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

KEEP = timedelta(days=1)  # no limit looks further back; after that nothing of it is left

CASE, QUESTION, WRONG_CODE = "case", "question", "wrong_code"


class Tally(Model):
    """计数: one use of something limited. ``mark`` is a keyed hash of the openid (``Links.mark``), no row of a person.

    Who has themselves forgotten and comes back is a new person, but has used up no less of the day.
    """

    id = fields.BigIntField(primary_key=True)
    mark = fields.CharField(max_length=64)
    what = fields.CharField(max_length=20)
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "tally"
        indexes = (("mark", "what", "at"),)


async def note_use(mark: str, what: str, *, now: datetime) -> None:
    """Count one more use; what is older than ``KEEP`` goes."""
    await forget_uses(now - KEEP)
    await Tally.create(mark=mark, what=what, at=now)


async def count_uses(mark: str, what: Sequence[str], *, since: datetime) -> int:
    """Return how often whoever has that mark did one of these since then."""
    return await Tally.filter(mark=mark, what__in=list(what), at__gt=since).count()


async def forget_uses(before: datetime) -> int:
    """Delete what is older; return how many."""
    return await Tally.filter(at__lte=before).delete()
