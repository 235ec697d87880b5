"""Years nobody has announced: what the law fixes holds, the rest is the town's data, and what is missing is said."""

import shutil
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from models.city.calendar import (
    due_at,
    is_announced,
    is_provisional,
    is_settled,
    is_workday,
    missing_years,
    used_between,
)
from models.city.city import Limit, WorkingCalendar
from models.city.load import EXAMPLE, CityErrors, load_city
from models.city.statutory import statutory_holidays
from models.clock import BEIJING

pytestmark = pytest.mark.usefixtures("library_ends_with_2026")

BARE = WorkingCalendar(((time(8), time(12)), (time(14), time(18))))
OURS = load_city(EXAMPLE).calendar
TINY = Path(__file__).parents[2] / "cities" / "tiny"
# Made up to try the way of an announcement: nobody has announced these days.
DAYS_OFF = '"2027-02-09", "2027-02-10", "2027-02-11", "2027-02-12", "2027-05-03"'
ANNOUNCED = f"""
[[years]]
year = 2027
state = "announced"
source = "made up for this test"
holidays = [{DAYS_OFF}]
workdays = ["2027-02-14", "2027-02-20"]
"""


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


def town_with(folder, rows):
    """The tiny town with more in its calendar."""
    shutil.copytree(TINY, folder)
    file = folder / "calendar.toml"
    file.write_text(file.read_text(encoding="utf-8") + rows, encoding="utf-8")
    return folder


DATED = [
    # 元旦 2027: 1 January is a Friday
    (4, "work_hour", "2026-12-31 16:00", "2027-01-04 10:00"),
    (2, "work_hour", "2026-12-31 16:00", "2026-12-31 18:00"),
    (2.5, "work_hour", "2026-12-31 16:00", "2027-01-04 08:30"),
    (1, "work_day", "2026-12-31 16:00", "2027-01-04 16:00"),
    (5, "work_day", "2026-12-30 08:00", "2027-01-06 18:00"),
    (2, "work_hour", "2027-01-01 09:00", "2027-01-04 10:00"),
    (1, "work_hour", "2027-01-02 10:00", "2027-01-04 09:00"),
    (4, "urgent_hour", "2026-12-31 23:00", "2027-01-01 03:00"),
    # 春节 2027: 除夕 is Friday 5 February, 正月初一 Saturday the 6th, 初三 Monday the 8th
    (4, "work_hour", "2027-02-04 16:00", "2027-02-09 10:00"),
    (1, "work_hour", "2027-02-05 09:00", "2027-02-09 09:00"),
    (2, "work_day", "2027-02-04 08:00", "2027-02-09 18:00"),
    (3, "work_hour", "2027-02-08 08:00", "2027-02-09 11:00"),
    (24, "natural_hour", "2027-02-05 12:00", "2027-02-06 12:00"),
    # 清明 2027: Monday 5 April
    (4, "work_hour", "2027-04-02 16:00", "2027-04-06 10:00"),
    (2, "work_hour", "2027-04-05 10:00", "2027-04-06 10:00"),
    # 劳动节 2027: Saturday and Sunday; when the days are made up for nobody has said yet
    (4, "work_hour", "2027-04-30 16:00", "2027-05-03 10:00"),
    (2, "work_hour", "2027-05-01 15:00", "2027-05-03 10:00"),
    # 端午 2027: Wednesday 9 June; 中秋: Wednesday 15 September
    (4, "work_hour", "2027-06-08 16:00", "2027-06-10 10:00"),
    (1, "work_day", "2027-06-09 08:00", "2027-06-10 18:00"),
    (4, "work_hour", "2027-09-14 17:00", "2027-09-16 11:00"),
    (1, "work_hour", "2027-09-15 15:00", "2027-09-16 09:00"),
    # 国庆 2027: Friday to Sunday
    (4, "work_hour", "2027-09-30 16:00", "2027-10-04 10:00"),
    (2, "work_day", "2027-09-30 08:00", "2027-10-04 18:00"),
    # 2028: 元旦 is a Saturday; 春节 Tuesday 25 to Friday 28 January
    (4, "work_hour", "2027-12-31 16:00", "2028-01-03 10:00"),
    (4, "work_hour", "2028-01-24 16:00", "2028-01-31 10:00"),
    (1, "work_day", "2028-01-26 10:00", "2028-01-31 18:00"),
    # 清明 Tuesday 4 April, 劳动节 Monday and Tuesday, 端午 Sunday 28 May
    (4, "work_hour", "2028-04-03 16:00", "2028-04-05 10:00"),
    (4, "work_hour", "2028-04-28 16:00", "2028-05-03 10:00"),
    (4, "work_hour", "2028-05-26 16:00", "2028-05-29 10:00"),
    # 国庆 from Sunday, and 中秋 on its third day, Tuesday 3 October
    (4, "work_hour", "2028-09-29 16:00", "2028-10-04 10:00"),
    (2, "work_hour", "2028-10-03 09:00", "2028-10-04 10:00"),
    # where tables of the moon often go wrong: 中秋 Thursday 8 September 2033,
    # 春节 Saturday 18 to Tuesday 21 February 2034
    (4, "work_hour", "2033-09-07 16:00", "2033-09-09 10:00"),
    (4, "work_hour", "2034-02-17 16:00", "2034-02-22 10:00"),
    # the last year of the table: 春节 Monday 8 to Thursday 11 February 2100
    (4, "work_hour", "2100-02-05 16:00", "2100-02-12 10:00"),
    # beyond any table: 1 January (Saturday), 1 to 3 October (Saturday to Monday) hold, a Chinese New Year is not known
    (4, "work_hour", "2100-12-31 16:00", "2101-01-03 10:00"),
    (4, "work_hour", "2101-09-30 16:00", "2101-10-04 10:00"),
    (4, "work_hour", "2101-01-28 16:00", "2101-01-31 10:00"),
    (2, "work_day", "2150-04-30 08:00", "2150-05-04 18:00"),
]


@pytest.mark.parametrize("calendar", [BARE, OURS], ids=["no data of the town", "the example town"])
@pytest.mark.parametrize(("amount", "unit", "start", "due"), DATED)
def test_a_limit_skips_what_the_law_fixes_in_years_nobody_announced(amount, unit, start, due, calendar):
    assert due_at(Limit(amount, unit), at(start), calendar) == at(due)


@pytest.mark.parametrize(("amount", "unit", "start", "due"), DATED)
def test_the_time_used_until_it_falls_due_is_the_whole_limit(amount, unit, start, due):
    hours = amount * 8 if unit == "work_day" else amount
    used = used_between(Limit(amount, unit), at(start), at(due), BARE)
    assert used.total_seconds() == hours * 3600


LAW = {
    2027: "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003",
    2028: "0101 0125 0126 0127 0128 0404 0501 0502 0528 1001 1002 1003",
    2029: "0101 0212 0213 0214 0215 0404 0501 0502 0616 0922 1001 1002 1003",
    2030: "0101 0202 0203 0204 0205 0405 0501 0502 0605 0912 1001 1002 1003",
    2101: "0101 0501 0502 1001 1002 1003",
}


@pytest.mark.parametrize("year", LAW)
def test_the_law_gives_thirteen_days_where_no_two_meet_and_the_moon_is_known(year):
    days = {date(year, int(day[:2]), int(day[2:])) for day in LAW[year].split()}
    assert statutory_holidays(year) == days


@pytest.mark.parametrize("year", range(2025, 2027))
def test_what_was_announced_keeps_every_day_that_the_law_gives(year):
    assert not any(is_workday(day, BARE) for day in statutory_holidays(year))


def test_the_example_has_of_2027_what_the_law_fixes_and_says_that_the_rest_is_not_announced():
    assert OURS.national_holidays == statutory_holidays(2027)
    assert OURS.national_workdays == frozenset()
    assert not is_announced(2027, OURS)


def test_an_announcement_in_the_towns_data_gives_bridges_and_made_up_days(tmp_path):
    calendar = load_city(town_with(tmp_path / "town", ANNOUNCED)).calendar
    assert is_announced(2027, calendar)
    worked = {
        day: is_workday(date(2027, *day), calendar) for day in [(2, 5), (2, 9), (2, 14), (2, 15), (5, 4)]
    }
    assert worked == {(2, 5): False, (2, 9): False, (2, 14): True, (2, 15): True, (5, 4): True}
    assert due_at(Limit(1, "work_hour"), at("2027-02-04 16:30"), calendar) == at("2027-02-14 09:30")


def test_the_towns_own_days_go_before_the_announcement(tmp_path):
    calendar = load_city(town_with(tmp_path / "town", ANNOUNCED)).calendar
    calendar = replace(
        calendar, holidays=frozenset({date(2027, 2, 20)}), workdays=frozenset({date(2027, 2, 9)})
    )
    assert not is_workday(date(2027, 2, 20), calendar)
    assert is_workday(date(2027, 2, 9), calendar)


def test_a_notice_for_a_year_may_move_days_of_the_december_before(tmp_path):
    rows = ANNOUNCED.replace('["2027-02-14"', '["2026-12-26", "2027-02-14"').replace(
        '["2027-02-09"', '["2026-12-31", "2027-02-09"'
    )
    calendar = load_city(town_with(tmp_path / "town", rows)).calendar
    assert is_workday(date(2026, 12, 26), calendar)
    assert not is_workday(date(2026, 12, 31), calendar)


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ("year = 2027", 'year = "2027"', "应为整数"),
        ('state = "announced"', 'state = "maybe"', "只能是"),
        ('source = "made up for this test"\n', "", "缺少“source”"),
        ('source = "made up for this test"', 'source = ""', "不能为空"),
        ('"2027-02-09"', '"2027-02-29"', "没有“2027-02-29”这一天"),
        ('"2027-02-09"', '"2028-02-09"', "不是 2027 年的日子"),
        ('"2027-02-09"', '"2026-11-30"', "不是 2027 年的日子"),
        ('"2027-02-14"', '"2027-02-15"', "只有周末才会调成上班"),
        ('"2027-02-14"', '"2027-05-01"', "法定节日"),
        (ANNOUNCED, ANNOUNCED * 2, "2027 年写了两次"),
        ('state = "announced"', 'state = "derived"', "还没有公布"),
        ("holidays = [" + DAYS_OFF + "]", "holidays = []", "通知里的放假日子"),
    ],
)
def test_a_mistake_in_an_announcement_is_named(there, instead, told, tmp_path):
    assert there in ANNOUNCED
    with pytest.raises(CityErrors) as caught:
        load_city(town_with(tmp_path / "town", ANNOUNCED.replace(there, instead, 1)))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("today", "years"),
    [
        ("2026-01-01", []),
        ("2026-11-01", []),
        ("2026-11-02", [2027]),  # 60 days before
        ("2026-12-31", [2027]),
        ("2027-01-01", [2027]),
        ("2027-11-01", [2027]),
        ("2027-11-02", [2027, 2028]),
    ],
)
def test_a_year_without_announcement_is_missed_from_sixty_days_before_it(today, years):
    assert missing_years(date.fromisoformat(today), BARE) == years


def test_an_announced_year_is_not_missed():
    calendar = replace(BARE, announced=frozenset({2027}))
    assert missing_years(date(2026, 12, 1), calendar) == []
    assert missing_years(date(2027, 12, 1), calendar) == [2028]


@pytest.mark.parametrize(
    ("day", "announced", "settled"),
    [
        ("2026-11-27", (), True),
        ("2026-12-31", (), True),  # 1 January 2027 is a Friday: nothing is bridged in December
        ("2027-01-04", (), False),
        ("2027-07-01", (), False),
        ("2027-07-01", (2027,), True),
        ("2028-01-03", (2027,), False),
        ("2029-12-27", (2029,), True),
        (
            "2029-12-28",
            (2029,),
            False,
        ),  # 1 January 2030 is a Tuesday: Monday may be off and a day before it worked
        ("2029-12-28", (2029, 2030), True),
        ("2030-12-31", (2030,), True),  # 1 January 2031 is a Wednesday: off alone
        ("2032-12-31", (2032,), True),  # a Saturday
        ("2036-12-30", (2036,), False),  # 1 January 2037 is a Thursday
    ],
)
def test_a_day_is_settled_when_every_notice_that_may_move_it_is_out(day, announced, settled):
    calendar = replace(BARE, announced=frozenset(announced))
    assert is_settled(date.fromisoformat(day), calendar) is settled


@pytest.mark.parametrize(
    ("unit", "due", "provisional"),
    [
        ("work_hour", "2027-01-04 10:00", True),
        ("work_day", "2027-01-04 10:00", True),
        ("work_hour", "2026-12-31 18:00", False),
        ("urgent_hour", "2027-01-01 03:00", False),
        ("urgent_day", "2027-01-01 03:00", False),
        ("natural_hour", "2027-01-01 03:00", False),
        ("natural_day", "2027-02-06 03:00", False),
        ("natural_minute", "2027-02-06 03:00", False),
    ],
)
def test_only_what_is_counted_in_working_time_waits_for_the_announcement(unit, due, provisional):
    assert is_provisional(Limit(1, unit), at(due), BARE) is provisional
