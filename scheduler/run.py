"""Runs the timetable with APScheduler: each job on one process at a time, by a lease in the database."""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from models.clock import Clock, MachineClock
from models.leases import drop_leases, renew_leases, take_lease
from scheduler.ages import Ages, Ticks
from scheduler.jobs import JOBS, Job, Tools

log = logging.getLogger(__name__)

CLOSING = 4.5  # seconds that runs under way may take when the process ends
CUT_OFF = 1.0  # seconds that a run cut off may take to notice it
LEASE = 12.0  # seconds; a job whose process died runs elsewhere after it
BEAT = 4.0  # seconds between two renewals of what is ours: one may fail
GLANCE = 1.0  # seconds between two looks at the machine's clock
FIRST = 15.0  # seconds; what runs rarely runs soon after a start, or a town restarted each night would never see it


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires each ``seconds`` of real time; ``moment`` says when that is by the machine's clock as it is set now."""

    def __init__(self, seconds: float, ticks: Ticks) -> None:
        self._seconds = seconds
        self._ticks = ticks
        self._due = 0.0

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next moment, always after ``now``: runs missed are not made up for one by one."""
        pause = self._seconds if previous_fire_time else min(self._seconds, FIRST)
        self._due = self._ticks() + pause
        return now + timedelta(seconds=pause)

    def moment(self, now: datetime) -> datetime:
        """Return when the next run is due."""
        return now + timedelta(seconds=self._due - self._ticks())

    def hasten(self, pause: float) -> None:
        """Fire within ``pause`` seconds."""
        self._due = min(self._due, self._ticks() + pause)


class Timetable:
    """The jobs of one process; ``ticks`` counts seconds, ``machine`` is the clock that APScheduler goes by."""

    def __init__(self, tools: Tools, *, ticks: Ticks = time.monotonic, machine: Clock | None = None) -> None:
        self._tools = tools
        self._ticks = ticks
        self._machine = machine or MachineClock()
        self._holder = f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: set[asyncio.Task[Any]] = set()
        self._minders: list[asyncio.Task[None]] = []
        self._sure_until: dict[str, float] = {}
        self.ages = Ages(ticks)

    def start(self) -> None:
        """Begin to run every job; a run that is still under way is not overtaken by the next one."""
        for job in JOBS:
            options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
            self._scheduler.add_job(
                self.run, Every(job.seconds, self._ticks), args=[job], id=job.name, **options
            )
        self.ages.start(JOBS)
        self._scheduler.start()
        self._minders = [
            asyncio.create_task(_again(self._look_at_clock, GLANCE), name="clock"),
            asyncio.create_task(_again(self.renew, BEAT), name="leases"),
        ]

    async def close(self) -> None:
        """Begin no more runs, let those under way end, and let other processes take over at once."""
        self.ages.stop()
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSING)
        for minder in self._minders:
            minder.cancel()
        self._scheduler.shutdown(wait=False)
        if left := {*self._running, *self._minders}:
            await asyncio.wait(left, timeout=CUT_OFF)
        await drop_leases(self._holder, now=self._tools.clock.now())

    def hurry(self) -> None:
        """Let every job run now: the clock was moved, and much may be due at once."""
        for planned in self._scheduler.get_jobs():
            planned.trigger.hasten(0.0)
            planned.modify(next_run_time=self._machine.now())

    async def run(self, job: Job) -> int:
        """Run the job once if no other process has its lease; return how much it did."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101
        self._running.add(task)
        self.ages.begin(job)
        broke = False
        try:
            if await self._is_ours(job):
                return await job.run(self._tools)
            self._ask_again_soon(job)
        except Exception:
            broke = True
            log.exception("a job broke", extra={"action": "job_failed", "job": job.name})
        finally:
            self.ages.end(job, broke=broke)
            self._running.discard(task)
        return 0

    async def renew(self) -> None:
        """Keep the leases that are ours, also of jobs that run rarely; one that another took is not ours any more."""
        asked = self._ticks()
        names = await renew_leases(self._holder, now=self._tools.clock.now(), seconds=LEASE)
        self._sure_until = dict.fromkeys(names, asked + BEAT * 2)

    def follow_clock(self) -> None:
        """Let jobs run when their time has passed, whatever the machine's clock was set to meanwhile."""
        now, moved = self._machine.now(), 0
        for planned in self._scheduler.get_jobs():
            moment = planned.trigger.moment(now)
            if abs((planned.next_run_time - moment).total_seconds()) > GLANCE:
                planned.modify(next_run_time=moment)
                moved += 1
        if moved > 1:
            told = "the machine's clock was set: the times of %s jobs follow it"
            log.warning(told, moved, extra={"action": "clock_set"})

    async def _look_at_clock(self) -> None:
        self.follow_clock()

    def _ask_again_soon(self, job: Job) -> None:
        """Ask for a lease that is another's again soon: a job that runs once a day would rest for days."""
        planned = self._scheduler.get_job(job.name)
        if planned is not None and job.seconds > LEASE:
            planned.trigger.hasten(LEASE)
            planned.modify(next_run_time=planned.trigger.moment(self._machine.now()))

    async def _is_ours(self, job: Job) -> bool:
        """Tell whether the job's lease is ours; one that was renewed just now is not asked for again."""
        if job.everywhere or self._ticks() < self._sure_until.get(job.name, 0.0):
            return True
        asked = self._ticks()
        ours = await take_lease(job.name, self._holder, now=self._tools.clock.now(), seconds=LEASE)
        if ours:
            self._sure_until[job.name] = asked + BEAT * 2
        return ours


async def _again(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do this every so many seconds, whatever breaks in between."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("the timetable could not be minded", extra={"action": "timetable_failed"})
