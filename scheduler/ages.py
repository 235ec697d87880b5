"""How long ago each job last ran, by a clock that nobody can set; says which ones rest too long."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from scheduler.jobs import Job

Ticks = Callable[[], float]  # seconds that only ever go forward, whatever is done to the machine's clock

PERIODS = 5  # so many without a run are no accident
GRACE = 60.0  # seconds more: a job that runs each second may well be late for a while
LONGEST_RUN = 900.0  # seconds; a run under way may take long where a hundred videos come slowly


class Ages:
    """The last run of every job of one process. A run that another process does counts: the job is cared for."""

    def __init__(self, ticks: Ticks = time.monotonic) -> None:
        self._ticks = ticks
        self._jobs: dict[str, Job] = {}
        self._last: dict[str, float] = {}
        self._running: dict[str, int] = {}
        self.broken: Counter[str] = Counter()  # runs in a row that broke as a whole, by job

    def start(self, jobs: Iterable[Job]) -> None:
        """Begin to count: as if every job had run just now."""
        self._jobs = {job.name: job for job in jobs}
        self._last = dict.fromkeys(self._jobs, self._ticks())

    def stop(self) -> None:
        """Count no more: nothing is expected of jobs that have been ended."""
        self._jobs = {}

    def begin(self, job: Job) -> None:
        """Note that a run begins; what began is not late as long as a run may take."""
        self._running[job.name] = self._running.get(job.name, 0) + 1
        self._last[job.name] = self._ticks()

    def end(self, job: Job, *, broke: bool = False) -> None:
        """Note that a run has ended, well or not."""
        self._running[job.name] -= 1
        self._last[job.name] = self._ticks()
        self.broken[job.name] = self.broken[job.name] + 1 if broke else 0

    def ages(self) -> dict[str, float]:
        """Return the seconds since each job's last run began or ended; nothing before ``start``."""
        now = self._ticks()
        return {name: now - self._last[name] for name in self._jobs}

    def late(self) -> dict[str, float]:
        """Return the ages of the jobs that have not run for several of their periods."""
        return {name: age for name, age in self.ages().items() if age > self._patience(name)}

    def _patience(self, name: str) -> float:
        patience = self._jobs[name].seconds * PERIODS + GRACE
        return max(patience, LONGEST_RUN) if self._running.get(name) else patience
