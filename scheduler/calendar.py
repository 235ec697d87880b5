"""Watches the calendar: says which year is missing, counts cases anew when a year was announced."""

import logging

from models.cases.actions import recount_case
from models.cases.clockwork import is_miscounted
from models.cases.queries import list_due_later
from models.cases.tables import Case
from models.city.calendar import missing_years
from models.clock import Clock, local
from models.town import Town

log = logging.getLogger(__name__)


async def warn_of_missing_years(town: Town, clock: Clock) -> int:
    """Log each year near whose holiday arrangement nobody has written down; return how many."""
    missing = missing_years(local(clock.now()).date(), town.city.calendar)
    for year in missing:
        told = "no holiday arrangement known for %s: write it into calendar.toml ([[years]])"
        log.warning(told, year, extra={"action": "calendar_year_missing", "year": year})
    return len(missing)


async def recount_cases(town: Town, clock: Clock) -> int:
    """Count anew the open cases whose due moment is not the calendar's any more; return how many moved.

    A town that writes down what was announced for a year starts again with it: promises made before follow.
    """
    now, last, moved = clock.now(), 0, 0
    while page := await list_due_later(now=now, after=last):
        last = page[-1].id
        for case in filter(lambda case: is_miscounted(case, town), page):
            moved += await _recounted(case, town)
    return moved


async def _recounted(case: Case, town: Town) -> bool:
    try:
        return await recount_case(case.id, town=town)
    except Exception:
        log.exception("a case could not be recounted", extra={"action": "recount_failed", "case": case.id})
        return False
