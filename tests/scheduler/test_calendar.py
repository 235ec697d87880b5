"""A year that nobody has announced is missed in the log, at the start and once a day."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from stage import Stage, with_calendar

from bot.simulator.clock import SimClock
from scheduler.calendar import warn_of_missing_years
from scheduler.jobs import JOBS

pytestmark = pytest.mark.usefixtures("library_ends_with_2026")
NOVEMBER = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


@dataclass
class Told:
    """What the log was told of missing years."""

    caplog: pytest.LogCaptureFixture

    def years(self):
        records = self.caplog.records
        return [one.year for one in records if getattr(one, "action", "") == "calendar_year_missing"]


@pytest.fixture
def told(caplog):
    caplog.set_level("WARNING", logger="scheduler.calendar")
    return Told(caplog)


@pytest.mark.parametrize(
    ("now", "announced", "years"),
    [
        (datetime(2026, 10, 31, tzinfo=UTC), (), []),
        (NOVEMBER, (), [2027]),
        (NOVEMBER, (2027,), []),
        (datetime(2027, 12, 1, tzinfo=UTC), (2027,), [2028]),
        (datetime(2027, 12, 1, tzinfo=UTC), (), [2027, 2028]),
    ],
)
async def test_each_missing_year_is_one_warning(stage_town, told, now, announced, years):
    town = with_calendar(stage_town, announced=frozenset(announced))
    assert await warn_of_missing_years(town, SimClock(now)) == len(years)
    assert told.years() == years


async def test_the_service_says_it_at_its_start(stage_town, database_url, tmp_path, told):
    async with Stage(stage_town, database_url, tmp_path, start=NOVEMBER):
        assert told.years() == [2027]


def test_it_is_said_once_a_day():
    [job] = [job for job in JOBS if job.name == "warn_of_missing_years"]
    assert job.seconds == 24 * 3600
