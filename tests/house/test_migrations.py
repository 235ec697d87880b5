"""The migrations and the tables say the same, on both databases."""

import pytest
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from models.database import close_database, migrate, open_database, tortoise_config


@pytest.fixture
async def address(database_url):
    """The address of an empty database that is open."""
    database = await open_database(database_url)
    yield database_url
    await close_database(database)


async def test_no_change_of_the_tables_waits_for_a_migration():
    config = tortoise_config("sqlite://:memory:")
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        waiting = await MigrationAutodetector(context.apps, config["apps"]).changes()
    assert not [operation for writer in waiting for operation in writer.operations], "make migration NAME=…"


async def test_migrations_are_applied_once(address):
    assert await migrate(address)
    assert await migrate(address) == []


async def test_every_table_can_be_read_after_migrating(address):
    await migrate(address)
    tables = list(Tortoise.apps["models"].values())
    assert tables
    for table in tables:
        assert await table.all().limit(1) == []
