"""Wakes cases whose clocks have something to say: reminders, overdue, supervision, the end of a pause."""

import logging

from models.cases.actions import adopt_case, wake_case
from models.cases.queries import list_unclocked, list_waking
from models.clock import Clock
from models.town import Town

log = logging.getLogger(__name__)


async def adopt_cases(town: Town, clock: Clock) -> int:
    """Start the clocks of cases that an earlier release left without any; return how many."""
    now = clock.now()
    old = await list_unclocked()
    for case_id in old:
        await adopt_case(case_id, town=town, now=now)
    return len(old)


async def wake_cases(town: Town, clock: Clock) -> int:
    """Take the steps of every alarm that is due; return how many. One case that breaks does not hold up others."""
    now, taken = clock.now(), 0
    for case_id in await list_waking(now=now):
        try:
            taken += await wake_case(case_id, town=town, now=now)
        except Exception:
            log.exception("a case could not be woken", extra={"action": "wake_failed", "case": case_id})
    return taken
