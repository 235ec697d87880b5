"""Wakes cases whose clocks have something to say: reminders, overdue, supervision, the end of a pause."""

from datetime import timedelta

from models.cases.actions import adopt_case, put_off_case, wake_case
from models.cases.queries import list_unclocked, list_waking
from models.clock import Clock
from models.town import Town
from scheduler.items import each

PAUSE = timedelta(minutes=10)  # before a case that broke is woken again: hundreds of them hold up nobody


async def adopt_cases(town: Town, clock: Clock) -> int:
    """Start the clocks of cases that an earlier release left without any; return how many."""
    now = clock.now()

    async def adopt(case_id: int) -> int:
        await adopt_case(case_id, town=town, now=now)
        return 1

    return await each("adopt_cases", await list_unclocked(), adopt)


async def wake_cases(town: Town, clock: Clock) -> int:
    """Take the steps of every alarm that is due; return how many. One case that breaks does not hold up others."""
    now = clock.now()

    async def wake(case_id: int) -> int:
        return await wake_case(case_id, town=town, now=now)

    async def put_off(case_id: int) -> None:
        await put_off_case(case_id, until=now + PAUSE)

    return await each("wake_cases", await list_waking(now=now), wake, give_up=put_off)
