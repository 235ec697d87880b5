"""What a task of tidying is: it counts what is past its term, and deletes it slice by slice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.city.city import City
from models.city.settings import setting
from models.keeping.shelf import Shelf

SLICE = 200  # rows of one transaction: on SQLite its statements run in the event loop


@dataclass(frozen=True, slots=True)
class Tidying:
    """By what a task decides: the town's terms, the files, the moment."""

    city: City
    shelf: Shelf
    now: datetime

    def before(self, term: str) -> datetime:
        """Return the moment before which something is past that term, a setting in days."""
        return self.now - timedelta(days=setting(self.city, term))


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice did; ``last`` is the id behind which the next one begins, None when there is no next."""

    done: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of thing to be tidied. Every slice stands alone: killed between two, the next run goes on.

    ``work`` chooses by condition, so that what is done is never found again; ``words`` say to operators what it is.
    """

    name: str
    words: str
    count: Callable[[Tidying], Awaitable[int]]
    work: Callable[[Tidying, int], Awaitable[Slice]]


def slice_of(done: int, ids: list[int]) -> Slice:
    """Return what came of these ids: there may be more where they filled the slice."""
    return Slice(done, ids[-1] if len(ids) >= SLICE else None)
