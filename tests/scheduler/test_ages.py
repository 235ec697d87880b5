"""A job that rests too long is noticed, by seconds that nobody can set back."""

import pytest

from scheduler.ages import GRACE, LONGEST_RUN, PERIODS, Ages
from scheduler.jobs import Job


async def nothing(tools):
    return 0


FAST, HOURLY = Job("fast", 1, nothing), Job("hourly", 3600, nothing)


class Seconds:
    def __init__(self):
        self.passed = 1000.0

    def __call__(self):
        return self.passed


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def ages(seconds):
    ages = Ages(seconds)
    ages.start((FAST, HOURLY))
    return ages


def test_before_the_start_nothing_is_late(seconds):
    assert Ages(seconds).late() == Ages(seconds).ages() == {}


def test_age_is_counted_from_the_start_then_from_the_last_run(ages, seconds):
    seconds.passed += 7
    assert ages.ages() == {"fast": 7, "hourly": 7}
    ages.begin(FAST)
    seconds.passed += 2
    ages.end(FAST)
    seconds.passed += 1
    assert ages.ages() == {"fast": 1, "hourly": 10}


def test_job_without_a_run_for_several_periods_is_late(ages, seconds):
    seconds.passed += PERIODS * 1 + GRACE
    assert ages.late() == {}
    seconds.passed += 1
    assert list(ages.late()) == ["fast"]
    seconds.passed += PERIODS * 3600
    assert list(ages.late()) == ["fast", "hourly"]


def test_run_under_way_may_take_its_time_but_not_for_ever(ages, seconds):
    ages.begin(FAST)
    seconds.passed += LONGEST_RUN
    assert "fast" not in ages.late()
    seconds.passed += 1
    assert "fast" in ages.late()


def test_runs_that_break_are_counted_until_one_is_well(ages):
    for _ in range(3):
        ages.begin(FAST)
        ages.end(FAST, broke=True)
    assert ages.broken["fast"] == 3
    ages.begin(FAST)
    ages.end(FAST)
    assert ages.broken["fast"] == 0


def test_after_the_end_nothing_is_expected(ages, seconds):
    ages.stop()
    seconds.passed += 1e6
    assert ages.late() == {}
