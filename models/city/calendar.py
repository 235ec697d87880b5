"""Says when a time limit falls due, counting working hours, holidays and swapped workdays."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from models.city.city import Limit, WorkingCalendar
from models.clock import BEIJING, local

# Units that never stop, as one of each lasts; 紧急工作日 runs 24 hours (standards.md §2).
ALWAYS = {
    "urgent_hour": timedelta(hours=1),
    "urgent_day": timedelta(days=1),
    "natural_minute": timedelta(minutes=1),
    "natural_hour": timedelta(hours=1),
    "natural_day": timedelta(days=1),
}
NOTHING = timedelta()
ONE_DAY = timedelta(days=1)


def due_at(limit: Limit, start: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when ``limit`` runs out if its clock starts at ``start`` (aware); the answer is in UTC.

    Urgent and natural units run without a stop. A work_hour runs only inside the working periods of working
    days, and a work_day is one day's working periods together: 1 work_day from Monday 15:00 is Tuesday 15:00.
    """
    if limit.unit in ALWAYS:
        return start.astimezone(UTC) + limit.amount * ALWAYS[limit.unit]
    left = _length(limit, calendar)
    here = local(start)
    while True:
        for since, until in _periods(here.date(), calendar):
            begin = max(since, here)
            if until <= begin:
                continue
            if left <= until - begin:
                return (begin + left).astimezone(UTC)
            left -= until - begin
        here = datetime.combine(here.date() + ONE_DAY, time.min, tzinfo=BEIJING)


def used_between(limit: Limit, since: datetime, until: datetime, calendar: WorkingCalendar) -> timedelta:
    """Return how much of the limit's own time passes between two moments: working time, or all of it."""
    if until <= since:
        return NOTHING
    if limit.unit in ALWAYS:
        return until - since
    first, last = local(since), local(until)
    days = (last.date() - first.date()).days
    spans = (span for n in range(days + 1) for span in _periods(first.date() + n * ONE_DAY, calendar))
    return sum((max(NOTHING, min(end, last) - max(begin, first)) for begin, end in spans), NOTHING)


def share_used(limit: Limit, since: datetime, now: datetime, calendar: WorkingCalendar) -> float:
    """Return the used part of the limit: 0.8 when a reminder is due, above 1 when it is late."""
    return used_between(limit, since, now, calendar) / _length(limit, calendar)


def remaining_limit(limit: Limit, used: timedelta, calendar: WorkingCalendar) -> Limit:
    """Return what is left after ``used`` (as ``used_between`` gives it), for clocks that were paused.

    Never below zero; in hours of the same kind, so that ``due_at`` counts on as before.
    """
    left = max(NOTHING, _length(limit, calendar) - used)
    return Limit(left / timedelta(hours=1), "natural_hour" if limit.unit in ALWAYS else "work_hour")


def is_workday(day: date, calendar: WorkingCalendar) -> bool:
    """Whether people work that day: the town's own rows first, then the national calendar.

    chinese_calendar knows a year only after the State Council has published it; for others, Monday to Friday.
    """
    if day in calendar.workdays:
        return True
    if day in calendar.holidays:
        return False
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5


def is_year_known(year: int) -> bool:
    """Whether the national holidays of that year are known; if not, operators should add their own rows."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether offices are open at that moment."""
    here = local(moment)
    return any(since <= here < until for since, until in _periods(here.date(), calendar))


def _length(limit: Limit, calendar: WorkingCalendar) -> timedelta:
    if limit.unit in ALWAYS:
        return limit.amount * ALWAYS[limit.unit]
    if limit.unit == "work_hour":
        return timedelta(hours=limit.amount)
    midnight = date(2000, 1, 1)
    periods = [
        datetime.combine(midnight, until) - datetime.combine(midnight, since)
        for since, until in calendar.periods
    ]
    return limit.amount * sum(periods, NOTHING)


def _periods(day: date, calendar: WorkingCalendar) -> list[tuple[datetime, datetime]]:
    """Return the working periods of that day, none on a day off."""
    if not is_workday(day, calendar):
        return []
    return [
        (datetime.combine(day, since, tzinfo=BEIJING), datetime.combine(day, until, tzinfo=BEIJING))
        for since, until in calendar.periods
    ]
