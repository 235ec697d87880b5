"""Plans the look-backs of shop cases, and finds those whose day has come."""

from datetime import datetime, timedelta

from tortoise.expressions import Q

from models.cases.tables import Case, LookBack

LOOK_BACK_DAYS = (3, 7, 30)  # after the closing of a shop case


async def plan_look_backs(case: Case, *, now: datetime) -> None:
    """Plan the look-backs of a shop case that was closed; planning twice is planning once."""
    rows = [
        LookBack(case_id=case.id, days=days, due_at=now + timedelta(days=days)) for days in LOOK_BACK_DAYS
    ]
    await LookBack.bulk_create(rows, ignore_conflicts=True)


async def drop_look_backs(case: Case) -> None:
    """Forget the look-backs still to come: the case is worked on again, its next closing plans them anew."""
    await LookBack.filter(case_id=case.id, done_at=None).delete()


async def list_due_look_backs(*, now: datetime, after: int = 0, limit: int = 200) -> list[LookBack]:
    """Return look-backs, above the id ``after``, whose day has come and that nobody is asked for, with their cases.

    Nobody is asked, too, where who was asked has left.
    """
    nobody = Q(asked_at=None) | Q(person_id=None) | Q(person__following=False)
    due = LookBack.filter(nobody, done_at=None, due_at__lte=now, id__gt=after).prefetch_related("case")
    return list(await due.order_by("id").limit(limit))
