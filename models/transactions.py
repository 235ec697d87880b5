"""Makes work durable: one transaction each on PostgreSQL, one for all who wait on SQLite.

A commit to SQLite costs a flush to the disk, and there is one writer. So the works that wait are done one after
the other in a single transaction, each in a savepoint of its own, and all are told after the one commit. A work
that fails undoes only itself; when the commit fails, all fail. Nothing is promised before it is on the disk.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tortoise.transactions import in_transaction

from models.database import is_postgres
from models.postgres import got_in_the_way

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[], Awaitable[Any]]
Asked = tuple[Work, "asyncio.Future[Any]"]

BATCH = 64
TRIES = 3


class Transactions:
    """The writer of one process; ``start`` before use, ``close`` at the end."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Asked] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take work."""
        if not is_postgres():
            self._writer = asyncio.create_task(self._write(), name="transactions")

    async def close(self) -> None:
        """Stop; works that still wait are cancelled and nothing of them is kept."""
        if self._writer:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        while not self._queue.empty():
            self._queue.get_nowait()[1].cancel()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do ``work`` in a transaction and return its result once durable; its exceptions come through.

        On PostgreSQL it may be done again, from the beginning, when another transaction got in its way.
        """
        if self._writer is None:
            return await _again_if_needed(work)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((work, done))
        return await done

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await _commit(batch)


async def _again_if_needed(work: Callable[[], Awaitable[T]]) -> T:
    for _ in range(TRIES - 1):
        try:
            async with in_transaction():
                return await work()
        except Exception as error:
            if not got_in_the_way(error):
                raise
            log.warning("a transaction is done again", extra={"action": "transaction_again"})
    async with in_transaction():
        return await work()


async def _commit(batch: list[Asked]) -> None:
    """Do the works of ``batch`` in one transaction, then tell each how it went."""
    told: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
    try:
        async with in_transaction():
            for work, done in batch:
                if not done.cancelled():
                    told.append((done, *await _try(work)))
    except Exception as error:  # noqa: BLE001 - whatever the commit said, each who waits must hear it
        told = [(done, None, error) for _, done in batch]
    for done, result, failure in told:
        if done.cancelled():
            continue
        if failure is None:
            done.set_result(result)
        else:
            done.set_exception(failure)


async def _try(work: Work) -> tuple[Any, BaseException | None]:
    try:
        async with in_transaction():  # nested: a savepoint
            return await work(), None
    except (Exception, asyncio.CancelledError) as error:
        if isinstance(error, asyncio.CancelledError) and _is_being_ended():
            raise
        return None, error


def _is_being_ended() -> bool:
    """Tell whether the writer itself was cancelled, and not only what it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
