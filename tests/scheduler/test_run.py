"""Each job runs on one process at a time, and elsewhere when that one dies."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from models.leases import Lease, drop_leases, take_lease
from scheduler.jobs import JOBS, Job
from scheduler.run import BEAT, FIRST, LEASE, Every, Timetable


@dataclass
class Counted:
    """A job that counts its runs."""

    runs: int = 0

    async def __call__(self, tools):
        self.runs += 1
        return 1


@pytest.fixture
def counted():
    return Counted()


@pytest.fixture
def job(counted):
    return Job("counted", 1, counted)


def timetable(stage):
    """The jobs of one process, whose seconds pass as the stage's clock is moved."""
    return Timetable(stage.house.tools, ticks=lambda: stage.clock.now().timestamp())


class SetBack:
    """The stage's clock, an hour behind."""

    def __init__(self, clock):
        self.clock = clock

    def now(self):
        return self.clock.now() - timedelta(hours=1)


def behind(stage):
    """The tools of a process whose clock was set back an hour."""
    return replace(stage.house.tools, clock=SetBack(stage.clock))


@pytest.fixture
def timetables(stage):
    return timetable(stage), timetable(stage)


async def test_of_two_processes_one_runs_the_job(stage, timetables, job, counted):
    first, second = timetables
    for _ in range(100):
        assert await first.run(job) == 1
        assert await second.run(job) == 0
        stage.clock.advance(1)
    assert counted.runs == 100


async def test_of_many_who_begin_at_once_one_runs_the_job(stage, job, counted):
    crowd = [timetable(stage) for _ in range(8)]
    assert sum(await asyncio.gather(*(one.run(job) for one in crowd))) == 1
    assert counted.runs == 1


async def test_after_its_death_another_takes_over(stage, timetables, job):
    dead, alive = timetables
    assert await dead.run(job) == 1
    stage.clock.advance(LEASE - 1)
    assert await alive.run(job) == 0, "it may only be slow"
    stage.clock.advance(2)
    assert await alive.run(job) == 1
    assert await dead.run(job) == 0, "who comes back from the dead does not run it too"


async def test_who_runs_it_keeps_it_as_long_as_it_lives(stage, timetables, job):
    first, second = timetables
    for _ in range(30):
        assert await first.run(job) == 1
        stage.clock.advance(BEAT)
        await first.renew()
        assert await second.run(job) == 0


async def test_slow_job_is_not_taken_over_between_two_runs(stage, timetables):
    hourly = Job("hourly", 3600, Counted())
    first, second = timetables
    assert await first.run(hourly) == 1
    for _ in range(3600 // int(BEAT) + 1):
        stage.clock.advance(BEAT)
        await first.renew()
    assert await second.run(hourly) == 0
    assert await first.run(hourly) == 1


async def test_rare_job_of_a_dead_process_runs_elsewhere_as_soon_as_a_frequent_one(stage, timetables):
    daily = Job("daily", 86400, Counted())
    dead, alive = timetables
    assert await dead.run(daily) == 1
    stage.clock.advance(15)
    assert await alive.run(daily) == 1


async def test_lease_that_another_took_is_not_renewed(stage, timetables, job):
    slept, awake = timetables
    assert await slept.run(job) == 1
    stage.clock.advance(LEASE + 1)
    assert await awake.run(job) == 1
    await slept.renew()
    assert await slept.run(job) == 0


async def test_lease_written_while_a_clock_stood_wrong_holds_nobody_back(stage, timetables, job):
    dead, alive = timetables[0], Timetable(behind(stage))
    assert await dead.run(job) == 1
    assert await alive.run(job) == 1


async def test_clock_set_back_ends_the_certainty_of_no_lease_late(stage, job):
    ticks = [0.0]
    asleep = Timetable(stage.house.tools, ticks=lambda: ticks[0])
    assert await asleep.run(job) == 1
    assert await Timetable(behind(stage)).run(job) == 1, "by its clock the lease is a lie"
    asleep._tools = behind(stage)
    ticks[0] += LEASE
    assert await asleep.run(job) == 0, "an hour is not waited for to ask again"


async def test_job_that_breaks_is_told_in_the_log_and_runs_again(stage, timetables, caplog):
    async def breaks(tools):
        raise RuntimeError("broken")

    assert await timetables[0].run(Job("breaks", 1, breaks)) == 0
    told = [record for record in caplog.records if getattr(record, "action", "") == "job_failed"]
    assert [record.job for record in told] == ["breaks"]
    assert await timetables[0].run(Job("breaks", 1, Counted())) == 1


async def test_clockwork_runs_jobs_and_closing_lets_others_take_over_at_once(stage, timetables, monkeypatch):
    ran = asyncio.Event()

    async def tick(tools):
        ran.set()
        return 1

    monkeypatch.setattr("scheduler.run.JOBS", (Job("tick", 0.01, tick),))
    first, second = timetables
    first.start()
    try:
        await asyncio.wait_for(ran.wait(), timeout=10)
    finally:
        await first.close()
    assert await second.run(Job("tick", 0.01, tick)) == 1


async def test_run_under_way_is_not_overtaken_by_the_next(stage, timetables, monkeypatch):
    running, go, runs = asyncio.Event(), asyncio.Event(), []

    async def slow(tools):
        runs.append(1)
        running.set()
        await go.wait()
        return 1

    second_tick = asyncio.Event()

    async def beside(tools):
        if len(runs) == 1 and running.is_set():
            second_tick.set()
        return 1

    monkeypatch.setattr("scheduler.run.JOBS", (Job("slow", 0.01, slow), Job("beside", 0.05, beside)))
    first = timetables[0]
    first.start()
    try:
        await asyncio.wait_for(running.wait(), timeout=10)
        await asyncio.wait_for(second_tick.wait(), timeout=10)
        assert len(runs) == 1
    finally:
        go.set()
        await first.close()


class MachineClock:
    """The machine's clock, also as APScheduler reads it; ``set`` moves it by so many seconds."""

    def __init__(self, monkeypatch):
        self.off = timedelta(0)
        mine = self

        class Set(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + mine.off

        monkeypatch.setattr("apscheduler.schedulers.base.datetime", Set)

    def now(self):
        return datetime.now(UTC) + self.off

    def set(self, seconds):
        self.off += timedelta(seconds=seconds)


@pytest.mark.parametrize("moved", [-3600, -90, 3600, 400 * 86400, -30 * 365 * 86400])
async def test_clock_that_is_set_stops_no_job(stage, monkeypatch, moved):
    machine, ran = MachineClock(monkeypatch), asyncio.Event()

    async def tick(tools):
        ran.set()
        return 1

    monkeypatch.setattr("scheduler.run.JOBS", (Job("tick", 0.01, tick),))
    monkeypatch.setattr("scheduler.run.GLANCE", 0.01)
    timetable = Timetable(stage.house.tools, machine=machine)
    timetable.start()
    try:
        await asyncio.wait_for(ran.wait(), timeout=10)
        machine.set(moved)
        for _ in range(3):
            ran.clear()
            await asyncio.wait_for(ran.wait(), timeout=10)
    finally:
        await timetable.close()


async def test_clock_that_is_set_lets_rare_jobs_keep_their_distance(stage, monkeypatch):
    machine, ticks = MachineClock(monkeypatch), [0.0]
    hourly = Job("hourly", 3600, Counted())
    monkeypatch.setattr("scheduler.run.JOBS", (hourly,))
    timetable = Timetable(stage.house.tools, ticks=lambda: ticks[0], machine=machine)
    timetable.start()
    try:
        planned = timetable._scheduler.get_job("hourly")
        machine.set(86400)
        ticks[0] += 5
        timetable.follow_clock()
        left = (timetable._scheduler.get_job("hourly").next_run_time - machine.now()).total_seconds()
        assert left == pytest.approx(FIRST - 5, abs=1)
        assert planned.args == (hourly,)
    finally:
        await timetable.close()


def test_runs_missed_are_not_made_up_for_one_by_one():
    now = datetime(2026, 7, 6, tzinfo=UTC)
    every = Every(1, lambda: 0.0)
    assert every.get_next_fire_time(now - timedelta(days=9000), now) == now + timedelta(seconds=1)


def test_rare_job_runs_soon_after_a_start():
    now = datetime(2026, 7, 6, tzinfo=UTC)
    assert Every(86400, lambda: 0.0).get_next_fire_time(None, now) == now + timedelta(seconds=FIRST)
    assert Every(1, lambda: 0.0).get_next_fire_time(None, now) == now + timedelta(seconds=1)


async def test_lease_is_given_back_only_by_its_holder(stage):
    now = stage.clock.now()
    assert await take_lease("x", "one", now=now, seconds=60)
    await drop_leases("other", now=now)
    assert not await take_lease("x", "other", now=now, seconds=60)
    await drop_leases("one", now=now)
    assert await take_lease("x", "other", now=now, seconds=60)
    assert await Lease.all().count() == 1


async def test_every_job_may_run_twice_at_once(stage):
    phone = await stage.citizen()
    await phone.say("路灯不亮")
    stage.clock.advance(1900)
    for job in JOBS:
        await asyncio.gather(job.run(stage.house.tools), job.run(stage.house.tools))
    await stage.run_jobs()
    assert [bubble.text for bubble in phone.received if "没报完" in bubble.text] == [phone.last_text]
