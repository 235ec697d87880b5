"""The migrations and the tables say the same, on both databases."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models.cases.actions import adopt_case
from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case
from models.city.load import EXAMPLE, load_city
from models.database import close_database, migrate, open_database, tortoise_config
from models.fresh import create_tables, is_empty
from tests.schemas import drop_everything, open_connection, read_schema


@pytest.fixture
async def address(bare_url):
    """The address of an empty database that is open."""
    database = await open_database(bare_url)
    yield bare_url
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


async def test_a_new_town_gets_the_tables_that_the_migrations_make(address):
    """Tables, columns with type, default and null, indexes with their order, keys: all alike."""
    await migrate(address)
    at_once = await read_schema(address)
    await drop_everything(address)
    await MigrationExecutor(open_connection(address), tortoise_config(address)["apps"]).migrate()
    assert len(at_once) > 20
    assert at_once == await read_schema(address)
    assert await migrate(address) == []


async def test_a_new_town_is_made_whole_or_not_at_all(address):
    connection = open_connection(address)
    with pytest.raises(OperationalError):
        await create_tables(
            connection, ["0001_initial", "0001_initial"]
        )  # noted twice: refused at the very end
    assert await is_empty(connection)
    assert await migrate(address)


async def test_rows_of_the_last_release_go_on(address):
    """A case under way, with its history, is brought over: its clock runs, its old rows stay as they were."""
    executor = MigrationExecutor(open_connection(address), tortoise_config(address)["apps"])
    await executor.migrate([MigrationTarget("models", "0001_initial")])
    connection = open_connection(address)
    at = "2026-07-06 01:00:00+00:00"
    await connection.execute_script(
        "INSERT INTO case_file (id, number, state, type, small_class, source, text, address, grid, street, district,"
        " road, urgent, unit, followers, urged, reworked, rating, opened_at, due_at, changed_at) VALUES"
        f" (1, '2607060001', 'dispatched', 'manhole', '', '随手拍', '井盖', '', '', '', '', '', false, 'shizheng',"
        f" 0, 0, 0, '', '{at}', '{at}', '{at}')"
    )
    for number, step in enumerate(("report", "accept", "dispatch"), start=1):
        await connection.execute_script(
            "INSERT INTO case_event (id, case_id, at, step, state, role, note, said) VALUES"
            f" ({number}, 1, '{at}', '{step}', 'dispatched', 'rule', '', '[]')"
        )
    await migrate(address)
    case = await Case.get()
    assert (case.is_open, case.at_work, case.at_desk) == (True, True, False)
    history = await list_history(case)
    assert [event.step for event in history] == ["report", "accept", "dispatch"]
    assert find_break(case, history) is None
    town = SimpleNamespace(city=load_city(EXAMPLE))
    await adopt_case(case.id, town=town, now=datetime(2026, 7, 6, 2, tzinfo=UTC))
    await case.refresh_from_db()
    assert case.due_at == datetime(2026, 7, 6, 3, tzinfo=UTC), "two urgent hours from its dispatch"
    assert case.wake_at is not None
