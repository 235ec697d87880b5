"""Each job runs on one process at a time, and elsewhere when that one dies."""

import asyncio
from dataclasses import dataclass

import pytest

from models.leases import Lease, drop_lease, take_lease
from scheduler.jobs import JOBS, Job
from scheduler.run import LEASE, Timetable


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


@pytest.fixture
def timetables(stage):
    return Timetable(stage.house.tools), Timetable(stage.house.tools)


async def test_of_two_processes_one_runs_the_job(stage, timetables, job, counted):
    first, second = timetables
    for _ in range(100):
        assert await first.run(job) == 1
        assert await second.run(job) == 0
        stage.clock.advance(1)
    assert counted.runs == 100


async def test_of_many_who_begin_at_once_one_runs_the_job(stage, job, counted):
    crowd = [Timetable(stage.house.tools) for _ in range(8)]
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
        stage.clock.advance(LEASE / 3 + 1)
        assert await second.run(job) == 0


async def test_slow_job_is_not_taken_over_between_two_runs(stage, timetables):
    hourly = Job("hourly", 3600, Counted())
    first, second = timetables
    assert await first.run(hourly) == 1
    stage.clock.advance(3601)
    assert await second.run(hourly) == 0
    assert await first.run(hourly) == 1


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


async def test_lease_is_given_back_only_by_its_holder(stage):
    now = stage.clock.now()
    assert await take_lease("x", "one", now=now, seconds=60)
    await drop_lease("x", "other", now=now)
    assert not await take_lease("x", "other", now=now, seconds=60)
    await drop_lease("x", "one", now=now)
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
