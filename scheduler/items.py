"""Does a job's work for one item after the other: one that breaks is counted and told, and holds up no other."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
BROKEN: Counter[str] = Counter()  # how many items broke in this process, by job; shown in the metrics

GiveUp = Callable[[T], Awaitable[object]]


async def each(
    job: str, items: Iterable[T], work: Callable[[T], Awaitable[int]], *, give_up: GiveUp[T] | None = None
) -> int:
    """Work on every item; return how much was done. ``give_up`` puts one that broke out of the way of the others."""
    done = 0
    for item in items:
        try:
            done += await work(item)
        except Exception:
            log.exception("an item of a job broke", extra=count_broken(job, item))
            if give_up is not None:
                await _put_by(job, item, give_up)
    return done


def count_broken(job: str, item: object) -> dict[str, Any]:
    """Count an item that broke; return what the log says of it: of a row the id alone."""
    BROKEN[job] += 1
    shown = item if isinstance(item, int) else getattr(item, "id", "?")
    return {"action": "item_failed", "job": job, "item": shown}


async def _put_by(job: str, item: T, give_up: GiveUp[T]) -> None:
    try:
        await give_up(item)
    except Exception:
        log.exception("an item that broke could not be put by", extra=count_broken(job, item))
