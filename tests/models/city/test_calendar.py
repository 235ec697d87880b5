"""When a time limit falls due: day and night, weekends, holidays and swapped workdays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models.city.calendar import (
    due_at,
    is_announced,
    is_workday,
    is_working,
    remaining_limit,
    share_used,
    used_between,
)
from models.city.city import Limit, WorkingCalendar
from models.city.load import EXAMPLE, load_city
from models.clock import BEIJING

TINY = Path(__file__).parents[2] / "cities" / "tiny"
EIGHT_HOURS = load_city(EXAMPLE).calendar  # 08:00-12:00, 14:00-18:00


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


CASES = [
    # inside one day; 2026-11-23 is a Monday
    (2, "work_hour", "2026-11-23 09:00", "2026-11-23 11:00"),
    (0.5, "work_hour", "2026-11-23 09:00", "2026-11-23 09:30"),
    (4, "work_hour", "2026-11-23 09:00", "2026-11-23 15:00"),
    (4, "work_hour", "2026-11-23 08:00", "2026-11-23 12:00"),
    (1, "work_day", "2026-11-23 08:00", "2026-11-23 18:00"),
    # noon, early morning, evening, night
    (1, "work_hour", "2026-11-23 12:30", "2026-11-23 15:00"),
    (2, "work_hour", "2026-11-23 07:00", "2026-11-23 10:00"),
    (2, "work_hour", "2026-11-23 17:00", "2026-11-24 09:00"),
    (2, "work_hour", "2026-11-23 18:00", "2026-11-24 10:00"),
    (2, "work_hour", "2026-11-24 02:00", "2026-11-24 10:00"),
    # days and weekends
    (1, "work_day", "2026-11-23 15:00", "2026-11-24 15:00"),
    (5, "work_day", "2026-11-23 08:00", "2026-11-27 18:00"),
    (15, "work_day", "2026-11-23 08:00", "2026-12-11 18:00"),
    (1, "work_day", "2026-11-20 15:00", "2026-11-23 15:00"),
    (2, "work_hour", "2026-11-20 17:30", "2026-11-23 09:30"),
    (2, "work_hour", "2026-11-21 10:00", "2026-11-23 10:00"),
    # Golden Week 2026: off 1-7 October; Sunday 20 September and Saturday 10 October are worked
    (2, "work_day", "2026-09-30 10:00", "2026-10-09 10:00"),
    (1, "work_day", "2026-10-03 11:11", "2026-10-08 18:00"),
    (3, "work_day", "2026-10-08 08:00", "2026-10-10 18:00"),
    (4, "work_hour", "2026-10-09 17:00", "2026-10-10 11:00"),
    (4, "work_hour", "2026-09-20 09:00", "2026-09-20 15:00"),
    (4, "work_hour", "2026-10-10 16:00", "2026-10-12 10:00"),
    # Spring Festival 2026: off 15-23 February; Saturdays 14 and 28 February are worked
    (2, "work_day", "2026-02-14 16:00", "2026-02-25 16:00"),
    (1, "work_day", "2026-02-27 18:00", "2026-02-28 18:00"),
    # National Day and Mid-Autumn 2025: off 1-8 October; Saturday 11 October is worked
    (1, "work_day", "2025-09-30 15:00", "2025-10-09 15:00"),
    (4, "work_hour", "2025-10-10 17:00", "2025-10-11 11:00"),
    # New Year's Eve
    (4, "work_hour", "2025-12-31 16:00", "2026-01-04 10:00"),
    # urgent and natural units never stop
    (2, "urgent_hour", "2026-11-21 23:30", "2026-11-22 01:30"),
    (2, "urgent_hour", "2026-10-01 03:00", "2026-10-01 05:00"),
    (2, "urgent_day", "2026-09-30 20:00", "2026-10-02 20:00"),
    (30, "natural_minute", "2026-11-22 23:45", "2026-11-23 00:15"),
    (24, "natural_hour", "2026-10-01 12:00", "2026-10-02 12:00"),
    (1, "natural_day", "2026-02-28 09:00", "2026-03-01 09:00"),
    # a year that nobody has announced yet: Monday to Friday, and what the law fixes (test_announced.py)
    (2, "work_hour", "2041-10-01 09:00", "2041-10-04 10:00"),
    (2, "work_hour", "2041-10-05 09:00", "2041-10-07 10:00"),
]


@pytest.mark.parametrize(("amount", "unit", "start", "due"), CASES)
def test_a_limit_falls_due(amount, unit, start, due):
    assert due_at(Limit(amount, unit), at(start), EIGHT_HOURS) == at(due)


def test_the_answer_is_in_utc_whatever_zone_the_start_is_in():
    limit = Limit(2, "work_hour")
    start = at("2026-11-23 09:00")
    assert due_at(limit, start.astimezone(UTC), EIGHT_HOURS) == due_at(limit, start, EIGHT_HOURS)
    assert due_at(limit, start, EIGHT_HOURS).tzinfo is UTC


def test_the_towns_own_rows_go_before_the_national_calendar():
    calendar = load_city(TINY).calendar  # seven hours a day; Friday 20 November off, Saturday 21 worked
    assert due_at(Limit(1, "work_hour"), at("2026-11-19 16:30"), calendar) == at("2026-11-21 09:30")
    assert due_at(Limit(1, "work_day"), at("2026-11-21 09:00"), calendar) == at("2026-11-21 17:00")
    golden = WorkingCalendar(EIGHT_HOURS.periods, workdays=frozenset({date(2026, 10, 1)}))
    assert is_workday(date(2026, 10, 1), golden)
    assert not is_workday(date(2026, 10, 2), golden)


def test_a_year_that_nobody_announced_is_said_to_be_unknown():
    assert is_announced(2026, EIGHT_HOURS)
    assert not is_announced(2041, EIGHT_HOURS)


def test_offices_are_open_only_inside_the_periods():
    assert is_working(at("2026-11-23 08:00"), EIGHT_HOURS)
    assert not is_working(at("2026-11-23 12:00"), EIGHT_HOURS)
    assert not is_working(at("2026-10-01 09:00"), EIGHT_HOURS)


@pytest.mark.parametrize(
    ("unit", "since", "until", "hours"),
    [
        ("work_hour", "2026-11-23 09:00", "2026-11-23 11:00", 2),
        ("work_hour", "2026-11-23 11:00", "2026-11-23 15:00", 2),
        ("work_day", "2026-11-20 17:00", "2026-11-23 09:00", 2),
        ("work_day", "2026-10-01 00:00", "2026-10-07 23:00", 0),
        ("work_hour", "2026-11-23 15:00", "2026-11-23 14:00", 0),
        ("urgent_hour", "2026-11-20 17:00", "2026-11-21 17:00", 24),
    ],
)
def test_used_time_counts_only_the_limits_own_hours(unit, since, until, hours):
    assert used_between(Limit(1, unit), at(since), at(until), EIGHT_HOURS) == timedelta(hours=hours)


def test_the_used_share_passes_one_when_the_limit_is_over():
    limit = Limit(1, "work_day")
    assert share_used(limit, at("2026-11-23 08:00"), at("2026-11-23 16:24"), EIGHT_HOURS) == pytest.approx(
        0.8
    )
    assert share_used(limit, at("2026-11-23 08:00"), at("2026-11-24 18:00"), EIGHT_HOURS) == pytest.approx(2)


@pytest.mark.parametrize("unit", ["work_day", "urgent_hour", "work_hour", "natural_minute"])
def test_a_clock_that_was_paused_runs_on_with_what_is_left(unit):
    limit = Limit(2 if unit != "natural_minute" else 300, unit)
    start, pause, resume = at("2026-11-23 09:00"), at("2026-11-23 10:00"), at("2026-11-25 09:00")
    left = remaining_limit(limit, used_between(limit, start, pause, EIGHT_HOURS), EIGHT_HOURS)
    whole = due_at(limit, resume, EIGHT_HOURS)
    assert used_between(limit, due_at(left, resume, EIGHT_HOURS), whole, EIGHT_HOURS) == timedelta(hours=1)


def test_nothing_is_left_of_a_limit_that_was_used_up():
    assert remaining_limit(Limit(1, "work_hour"), timedelta(hours=9), EIGHT_HOURS).amount == 0
