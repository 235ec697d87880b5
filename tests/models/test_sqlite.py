"""The SQLite engine: a cancelled beginning leaves nothing locked, and a failed part undoes only itself."""

import asyncio

import pytest
from tortoise.transactions import in_transaction

from bot.simulator.clock import SimClock
from models.database import close_database, migrate, open_database
from models.leases import Lease, take_lease
from models.transactions import Transactions

NOW = SimClock().now()


@pytest.fixture
async def database(sqlite_url):
    opened = await open_database(sqlite_url)
    await migrate(sqlite_url)
    yield opened
    await close_database(opened)


async def begin_and_wait():
    async with in_transaction():
        await asyncio.Event().wait()


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_is_cancelled_while_beginning_leaves_the_database_free(database, turns):
    task = asyncio.create_task(begin_and_wait())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        assert await take_lease("job", "me", now=NOW, seconds=60)


async def test_work_that_fails_undoes_only_itself_in_a_shared_commit(database):
    transactions = Transactions()
    transactions.start()

    async def keep(name):
        await Lease.create(name=name, holder="me", until=NOW)

    async def break_off(name):
        await keep(name)
        raise ValueError(name)

    works = [
        transactions.run(lambda: keep("a")),
        transactions.run(lambda: break_off("b")),
        transactions.run(lambda: keep("c")),
    ]
    results = await asyncio.gather(*works, return_exceptions=True)
    await transactions.close()
    assert isinstance(results[1], ValueError)
    assert sorted(await Lease.all().values_list("name", flat=True)) == ["a", "c"]
