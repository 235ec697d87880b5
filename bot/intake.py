"""Writes pushes to the inbox before anything else is done with them, all that wait in one commit."""

import asyncio

from models.clock import Clock
from models.inbox import Arrival, keep_letters
from models.transactions import Transactions

BATCH = 128
Waiting = tuple[Arrival, "asyncio.Future[bool]"]


class Intake:
    """The one door of a process into the inbox."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take letters."""
        self._writer = asyncio.create_task(self._write(), name="intake")

    async def close(self) -> None:
        """Stop; letters that still wait were not answered for, and will be pushed again."""
        if self._writer:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def keep(self, letter: Arrival) -> bool:
        """Return once the letter is on the disk: True when it is new and ours to act on."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((letter, done))
        return await done

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._keep(batch)

    async def _keep(self, batch: list[Waiting]) -> None:
        letters = {letter.key: letter for letter, _ in reversed(batch)}  # of copies, the first one
        now = self._clock.now()
        try:
            ours = await self._transactions.run(lambda: keep_letters([*letters.values()], now=now))
        except Exception as error:  # noqa: BLE001 - each who waits must hear it
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        for letter, done in batch:
            if not done.done():
                done.set_result(letter.key in ours and letters[letter.key] is letter)
