"""Runs the timetable with APScheduler: each job on one process at a time, by a lease in the database."""

import asyncio
import logging
import os
import socket
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.leases import drop_lease, take_lease
from scheduler.jobs import JOBS, Job, Tools

log = logging.getLogger(__name__)

CLOSING = 15.0  # seconds that runs under way may take when the process ends
LEASE = 60.0  # seconds; a job whose process died runs elsewhere after it


class Timetable:
    """The jobs of one process."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._holder = f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: set[asyncio.Task[Any]] = set()
        self._sure_until: dict[str, datetime] = {}

    def start(self) -> None:
        """Begin to run every job; a run that is still under way is not overtaken by the next one."""
        for job in JOBS:
            options = {
                "seconds": job.seconds,
                "max_instances": 1,
                "coalesce": True,
                "misfire_grace_time": None,
            }
            self._scheduler.add_job(self.run, "interval", args=[job], id=job.name, **options)
        self._scheduler.start()

    async def close(self) -> None:
        """Begin no more runs, let those under way end, and let other processes take over at once."""
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSING)
        self._scheduler.shutdown(wait=False)
        for job in JOBS:
            await drop_lease(job.name, self._holder, now=self._tools.clock.now())

    def hurry(self) -> None:
        """Let every job run now: the clock was moved, and much may be due at once."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    async def run(self, job: Job) -> int:
        """Run the job once if no other process has its lease; return how much it did."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101
        self._running.add(task)
        try:
            return await job.run(self._tools) if await self._is_ours(job) else 0
        except Exception:
            log.exception("a job broke", extra={"action": "job_failed", "job": job.name})
            return 0
        finally:
            self._running.discard(task)

    async def _is_ours(self, job: Job) -> bool:
        """Tell whether the job's lease is ours; a fresh one is not written again at every run."""
        if job.everywhere:
            return True
        now, seconds = self._tools.clock.now(), max(LEASE, job.seconds * 2)
        if now < self._sure_until.get(job.name, now):
            return True
        ours = await take_lease(job.name, self._holder, now=now, seconds=seconds)
        self._sure_until[job.name] = now + timedelta(seconds=seconds / 3) if ours else now
        return ours
