"""Deletes what may not be kept longer, and keeps files and rows together."""

import logging
from collections import Counter

from models.city.city import City
from models.clock import Clock
from models.keeping import erasures, files, pieces, rows
from models.keeping.files import list_missing, remove_strays
from models.keeping.shelf import Shelf
from models.keeping.tasks import Task, Tidying
from scheduler.items import each

log = logging.getLogger(__name__)

SLICES = (
    25  # of one task in one run of the job: a backlog of years goes by in some runs, and nobody waits for it
)
STRAYS, WITHOUT_FILE = "strays", "missing"
# In their order: what people who left are about, then what is past its term, at last the files.
TASKS: tuple[Task, ...] = (*erasures.TASKS, *rows.TASKS, *pieces.TASKS, *files.TASKS)
TIDIED: Counter[str] = (
    Counter()
)  # how much was deleted or cleaned in this process, by task; shown in the metrics
MISSED: Counter[str] = Counter()  # pieces without their file, as the last check saw them


async def tidy(city: City, shelf: Shelf, clock: Clock, *, slices: int = SLICES) -> int:
    """Run every task; return how much was done. One that breaks is counted and told, and holds up no other."""

    async def work(task: Task) -> int:
        return await run_task(task, Tidying(city, shelf, clock.now()), slices=slices)

    return await each("tidy", TASKS, work)


async def run_task(task: Task, tidying: Tidying, *, slices: int) -> int:
    """Run at most so many slices of one task; return how much was done."""
    done, last = 0, 0
    for _ in range(slices):
        part = await task.work(tidying, last)
        done += part.done
        if part.last is None:
            break
        last = part.last
    TIDIED[task.name] += done
    if done:
        log.info("tidied", extra={"action": "tidied", "task": task.name, "count": done})
    return done


async def check_files(city: City, shelf: Shelf, clock: Clock) -> int:
    """Take away files that no row has known for a day, tell of rows whose file is missing; return how many of both."""
    strays = await remove_strays(Tidying(city, shelf, clock.now()))
    missing = await list_missing(shelf)
    TIDIED[STRAYS] += strays
    MISSED[WITHOUT_FILE] = len(missing)
    if missing:
        log.error(
            "kept evidence has no file",
            extra={"action": "files_missing", "count": len(missing), "first": missing[0]},
        )
    return strays + len(missing)
