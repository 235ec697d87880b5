"""Says when a time limit falls due, counting working hours, holidays and swapped workdays."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from models.city.city import Limit, WorkingCalendar
from models.city.statutory import statutory_holidays
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
NOTICE = timedelta(days=60)  # so long before a year begins, its announcement is missed: from 2 November on
BRIDGE = timedelta(days=4)  # so many days before 1 January may a notice of the next year move


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
    """Whether people work that day: the town's own rows first, then what was announced, then what the law fixes."""
    told = _told_by_town(day, calendar)
    if told is None and day.year not in calendar.announced:
        told = told_by_library(day)
    return day.isoweekday() <= 5 and day not in statutory_holidays(day.year) if told is None else told


def is_announced(year: int, calendar: WorkingCalendar) -> bool:
    """Whether the State Council's arrangement of that year is known: in the town's data or in the library."""
    return year in calendar.announced or told_by_library(date(year, 1, 1)) is not None


def missing_years(today: date, calendar: WorkingCalendar) -> list[int]:
    """Return the years whose announcement is missing though they have begun or begin within ``NOTICE`` days."""
    years = range(today.year, (today + NOTICE).year + 1)
    return [year for year in years if not is_announced(year, calendar)]


def is_settled(day: date, calendar: WorkingCalendar) -> bool:
    """Whether it is known for good if people work that day: every notice that may move it is out.

    A 1 January that is a Tuesday or a Thursday is bridged, and the bridge may lie or be made up for in December.
    """
    new_year = date(day.year + 1, 1, 1)
    bridged = new_year - day <= BRIDGE and new_year.isoweekday() in {2, 4}
    return is_announced(day.year, calendar) and (not bridged or is_announced(day.year + 1, calendar))


def is_provisional(limit: Limit, due: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the moment at which that limit runs out may still move, when holidays are announced."""
    return limit.unit not in ALWAYS and not is_settled(local(due).date(), calendar)


def told_by_library(day: date) -> bool | None:
    """Whether people work that day as chinese_calendar has it; None for a year that it does not know (yet)."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_working(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether offices are open at that moment."""
    here = local(moment)
    return any(since <= here < until for since, until in _periods(here.date(), calendar))


def _told_by_town(day: date, calendar: WorkingCalendar) -> bool | None:
    """Whether people work that day as the town's data says; None where it says nothing of the day."""
    if day in calendar.workdays:
        return True
    if day in calendar.holidays:
        return False
    if day in calendar.national_workdays:
        return True
    return False if day in calendar.national_holidays else None


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
