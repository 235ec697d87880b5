"""The clocks of a case over dated lives: worked out by hand from the calendar on the wall, and held by laws."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cases.clocks import (
    dump_clock,
    extend_clock,
    is_late,
    load_clock,
    moment_of,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
    used_time,
)
from models.city.calendar import due_at, is_working, used_between
from models.city.city import Limit
from models.city.load import EXAMPLE, load_city
from models.clock import BEIJING, local

OURS = load_city(EXAMPLE).calendar  # 08:00-12:00, 14:00-18:00
SHORT = replace(OURS, periods=((time(8, 30), time(11, 30)), (time(13, 30), time(17, 0))))
SECOND = timedelta(seconds=1)


def at(text):
    """07-06 09:00 is of 2026; a year may stand before it."""
    whole = text if text[4] == "-" else f"2026-{text}"
    return datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


def live(amount, unit, start, events, calendar=OURS):
    """Return the clock after its life: what happened when, one a line of words."""
    clock = start_clock(Limit(amount, unit), at(start))
    for event in filter(None, (part.strip() for part in events.split(";"))):
        deed, _, when = event.partition(" ")
        match deed:
            case "pause":
                clock = pause_clock(clock, at(when), calendar)
            case "resume":
                clock = resume_clock(clock, at(when))
            case "stop":
                clock = stop_clock(clock, at(when), calendar)
            case "extend":
                clock = extend_clock(clock)
            case "restart":
                clock = start_clock(clock.base, at(when))
    return clock


# 6 July 2026 is a Monday. Off on weekdays: 1-2 January, 16-20 and 23 February, 6 April, 1, 4 and 5 May, 19 June,
# 25 September, 1-2 and 5-7 October. Worked on weekends: 4 January, 14 and 28 February, 9 May, 20 September, 10 October.
LIVES = [
    # one stretch, at the borders of the day
    (4, "work_hour", "07-06 08:00", "", "07-06 12:00"),
    (1, "work_hour", "07-06 12:00", "", "07-06 15:00"),
    (2, "work_hour", "07-06 13:00", "", "07-06 16:00"),
    (4, "work_hour", "07-06 14:00", "", "07-06 18:00"),
    (1, "work_hour", "07-06 18:00", "", "07-07 09:00"),
    (0.5, "work_hour", "07-06 11:45", "", "07-06 14:15"),
    (0.25, "work_day", "07-06 17:00", "", "07-07 09:00"),
    (5, "work_day", "07-08 10:00", "", "07-15 10:00"),
    # urgent and natural time
    (1.5, "urgent_day", "07-06 12:00", "", "07-08 00:00"),
    (14, "natural_hour", "07-10 20:00", "", "07-11 10:00"),
    (5, "natural_day", "07-06 09:00", "", "07-11 09:00"),
    (2, "urgent_hour", "02-17 01:15", "", "02-17 03:15"),
    # holidays and the days that are worked for them
    (4, "work_hour", "2025-12-31 17:00", "", "01-04 11:00"),
    (2, "work_day", "02-13 15:00", "", "02-24 15:00"),
    (4, "work_hour", "04-03 16:00", "", "04-07 10:00"),
    (1, "work_day", "04-30 16:00", "", "05-06 16:00"),
    (3, "work_day", "05-07 08:00", "", "05-09 18:00"),
    (8, "work_hour", "06-18 15:00", "", "06-22 15:00"),
    (1, "work_day", "09-18 16:00", "", "09-20 16:00"),
    (4, "work_hour", "09-19 10:00", "", "09-20 12:00"),
    (15, "work_day", "09-24 08:00", "", "10-21 18:00"),
    (4, "work_hour", "2026-12-31 16:00", "", "2027-01-04 10:00"),  # a Friday that the law keeps free
    # pauses
    (4, "work_hour", "07-06 09:00", "pause 07-06 10:00; resume 07-06 11:00", "07-06 16:00"),
    (4, "work_hour", "07-06 09:00", "pause 07-06 11:00; resume 07-06 15:00", "07-06 17:00"),
    (4, "work_hour", "07-06 16:00", "pause 07-06 19:00; resume 07-06 21:00", "07-07 10:00"),
    (4, "work_hour", "07-06 16:00", "pause 07-06 17:00; resume 07-07 09:00", "07-07 12:00"),
    (1, "work_day", "07-10 15:00", "pause 07-10 16:00; resume 07-13 10:00", "07-14 09:00"),
    (4, "work_hour", "07-10 14:00", "pause 07-10 15:00; resume 07-11 10:00", "07-13 11:00"),
    (2, "work_hour", "07-06 06:00", "pause 07-06 07:00; resume 07-06 09:00", "07-06 11:00"),
    (5, "work_hour", "07-06 08:00", "pause 07-06 12:00; resume 07-06 14:00", "07-06 15:00"),
    (4, "work_hour", "07-06 09:00", "pause 07-06 10:00; resume 07-06 10:00", "07-06 15:00"),
    (2, "work_day", "09-30 10:00", "pause 09-30 16:00; resume 10-08 09:00", "10-09 15:00"),
    (1, "work_day", "02-14 10:00", "pause 02-14 12:00; resume 02-24 16:00", "02-25 12:00"),
    (10, "urgent_hour", "09-30 20:00", "pause 09-30 22:00; resume 10-03 08:00", "10-03 16:00"),
    (2, "urgent_day", "10-01 06:00", "pause 10-01 18:00; resume 10-02 00:00", "10-03 12:00"),
    (15, "natural_minute", "07-06 09:00", "pause 07-06 09:10; resume 07-06 10:00", "07-06 10:05"),
    (
        *(1, "work_day", "07-06 08:00"),
        "pause 07-06 09:00; resume 07-06 10:00; pause 07-06 15:00; resume 07-06 16:00",
        "07-07 10:00",
    ),
    # said twice is said once
    (
        *(4, "work_hour", "07-06 09:00"),
        "pause 07-06 10:00; pause 07-06 10:30; resume 07-06 11:00",
        "07-06 16:00",
    ),
    (
        *(4, "work_hour", "07-06 09:00"),
        "pause 07-06 10:00; resume 07-06 11:00; resume 07-06 11:30",
        "07-06 16:00",
    ),
    # extensions: one more of the first limit each
    (4, "work_hour", "07-06 09:00", "extend", "07-07 09:00"),
    (4, "work_hour", "07-06 09:00", "extend; extend", "07-07 15:00"),
    (2, "urgent_hour", "07-06 23:30", "extend", "07-07 03:30"),
    (2, "work_day", "07-10 08:00", "extend", "07-15 18:00"),
    (4, "work_hour", "07-06 09:00", "pause 07-06 10:00; extend; resume 07-06 11:00", "07-07 10:00"),
    # handed back and worked on again; another unit begins anew
    (4, "work_hour", "07-06 09:00", "stop 07-06 11:00; resume 07-07 08:00", "07-07 10:00"),
    (4, "work_hour", "07-06 09:00", "stop 07-06 11:00; extend; resume 07-07 08:00", "07-07 16:00"),
    (4, "work_hour", "07-06 09:00", "restart 07-06 15:00", "07-07 09:00"),
    (4, "work_hour", "07-06 09:00", "pause 07-06 10:00; restart 07-07 10:00", "07-07 16:00"),
    (4, "work_hour", "07-06 09:00", "extend; restart 07-06 15:00", "07-07 09:00"),
]


@pytest.mark.parametrize(("amount", "unit", "start", "events", "due"), LIVES)
def test_clock_falls_due(amount, unit, start, events, due):
    clock = live(amount, unit, start, events)
    assert local(moment_of(clock, 1.0, OURS)) == at(due)
    assert not is_late(clock, at(due) - SECOND, OURS)
    assert is_late(clock, at(due), OURS)


@pytest.mark.parametrize(
    ("rows", "amount", "start", "due"),
    [
        ({"holidays": {date(2026, 7, 7)}}, 4, "07-06 16:00", "07-08 10:00"),
        ({"workdays": {date(2026, 7, 11)}}, 4, "07-10 16:00", "07-11 10:00"),
        ({"workdays": {date(2026, 10, 1)}}, 4, "09-30 16:00", "10-01 10:00"),
        ({"holidays": {date(2026, 10, 10)}}, 4, "10-09 16:00", "10-12 10:00"),
    ],
)
def test_the_towns_own_days_go_before_the_countrys(rows, amount, start, due):
    calendar = replace(OURS, **{name: frozenset(days) for name, days in rows.items()})
    assert local(due_at(Limit(amount, "work_hour"), at(start), calendar)) == at(due)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due"),
    [
        (4, "work_hour", "07-06 10:00", "07-06 16:00"),
        (1, "work_day", "07-06 15:00", "07-07 15:00"),
        (2, "work_hour", "07-06 16:30", "07-07 10:00"),
    ],
)
def test_the_town_may_keep_other_hours(amount, unit, start, due):
    assert local(due_at(Limit(amount, unit), at(start), SHORT)) == at(due)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "events", "share", "moment"),
    [
        (4, "work_hour", "07-06 09:00", "", 0.8, "07-06 14:12"),
        (4, "work_hour", "07-06 09:00", "", 2.0, "07-07 09:00"),
        (2, "urgent_hour", "07-06 23:00", "", 0.8, "07-07 00:36"),
        (2, "urgent_hour", "07-06 23:00", "", 2.0, "07-07 03:00"),
        (4, "work_hour", "07-06 09:00", "pause 07-06 10:00; resume 07-06 11:00", 0.8, "07-06 15:12"),
        (4, "work_hour", "07-06 08:00", "pause 07-06 12:00; resume 07-06 15:00", 0.8, "07-06 15:00"),
        (4, "work_hour", "07-06 09:00", "extend", 0.8, "07-06 17:24"),
        (1, "work_day", "09-30 14:00", "", 2.0, "10-09 12:00"),
    ],
)
def test_alarms_ring_at_their_share(amount, unit, start, events, share, moment):
    assert local(moment_of(live(amount, unit, start, events), share, OURS)) == at(moment)


@pytest.mark.parametrize(
    ("unit", "start", "events", "moment", "hours"),
    [
        ("work_hour", "07-06 09:00", "", "07-06 08:00", 0),
        ("work_hour", "07-06 09:00", "", "07-06 10:30", 1.5),
        ("work_hour", "07-06 09:00", "", "07-06 13:00", 3),
        ("work_hour", "07-06 09:00", "", "07-06 23:00", 7),
        ("work_hour", "07-10 16:00", "", "07-13 09:00", 3),
        ("work_hour", "09-30 17:00", "", "10-08 09:00", 2),
        ("urgent_hour", "07-10 23:00", "", "07-11 02:00", 3),
        ("work_hour", "07-06 09:00", "pause 07-06 10:00", "07-06 17:00", 1),
        ("work_hour", "07-06 09:00", "pause 07-06 10:00; resume 07-06 15:00", "07-06 16:00", 2),
        ("work_hour", "07-06 09:00", "stop 07-06 11:00", "07-08 11:00", 2),
    ],
)
def test_time_is_used(unit, start, events, moment, hours):
    clock = live(4, unit, start, events)
    assert used_time(clock, at(moment), OURS) == timedelta(hours=hours)


UNITS = st.sampled_from(
    ["work_hour", "work_day", "urgent_hour", "urgent_day", "natural_minute", "natural_day"]
)
LIMITS = st.builds(Limit, st.sampled_from([0.25, 0.5, 1, 2, 4, 5, 15]), UNITS)
MOMENTS = st.integers(0, 60 * 24 * 450).map(
    lambda minutes: at("2025-09-01 00:00") + timedelta(minutes=minutes)
)
LENGTHS = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@given(LIMITS, MOMENTS, LENGTHS, LENGTHS)
def test_used_time_adds_up_and_never_shrinks(limit, start, first, second):
    middle, end = start + first, start + first + second
    whole = used_between(limit, start, end, OURS)
    assert whole == used_between(limit, start, middle, OURS) + used_between(limit, middle, end, OURS)
    assert whole >= used_between(limit, start, middle, OURS) >= timedelta()


@given(LIMITS, MOMENTS)
def test_exactly_the_limit_is_used_when_it_falls_due(limit, start):
    due = due_at(limit, start, OURS)
    clock = start_clock(limit, start)
    assert is_late(clock, due, OURS)
    assert not is_late(clock, due - SECOND, OURS)
    if limit.unit.startswith("work"):
        assert is_working(due - SECOND, OURS), "work falls due within working hours"


@given(LIMITS, MOMENTS, LENGTHS, LENGTHS)
def test_a_pause_takes_nothing_from_what_is_left(limit, start, worked, pause):
    clock = start_clock(limit, start)
    stopped = pause_clock(clock, start + worked, OURS)
    again = resume_clock(stopped, start + worked + pause)
    used = used_time(clock, start + worked, OURS)
    assert used_time(stopped, start + worked + pause, OURS) == used
    assert used_time(again, start + worked + pause, OURS) == used
    assert moment_of(stopped, 1.0, OURS) is None
    assert moment_of(again, 1.0, OURS) >= moment_of(clock, 1.0, OURS) or is_late(clock, start + worked, OURS)


@given(LIMITS, MOMENTS, LENGTHS)
def test_alarms_ring_in_their_order_and_an_extension_adds_its_limit(limit, start, worked):
    clock = start_clock(limit, start)
    shares = [moment_of(clock, share, OURS) for share in (0.8, 1.0, 2.0)]
    assert shares == sorted(shares)
    longer = extend_clock(clock)
    assert moment_of(longer, 1.0, OURS) == moment_of(clock, 2.0, OURS)
    assert longer.limit.amount - clock.limit.amount == clock.base.amount
    assert used_time(longer, start + worked, OURS) == used_time(clock, start + worked, OURS)


@given(LIMITS, MOMENTS, LENGTHS, st.sampled_from([pause_clock, stop_clock]))
def test_clock_is_kept_as_json_and_a_deed_done_twice_is_done_once(limit, start, worked, halt):
    clock = start_clock(limit, start)
    halted = halt(clock, start + worked, OURS)
    assert halt(halted, start + worked + timedelta(days=3), OURS) == halted
    again = resume_clock(halted, start + worked)
    assert resume_clock(again, start + worked + timedelta(days=3)) == again
    for one in (clock, halted, again, extend_clock(again)):
        assert load_clock(dump_clock(one)) == one
