"""What the release before gave up because the account was stopped is owed again; what was wrong stays failed."""

import pytest
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models.database import close_database, migrate, open_database, tortoise_config
from models.deliveries.tables import Delivery
from tests.schemas import open_connection

AT = "2026-07-06 01:00:00+00:00"
STOPS = (
    45009,
    45011,
    45066,
    40164,
    89503,
    89506,
    89507,
    48001,
    48004,
    48006,
    40125,
    40013,
    41004,
    40001,
    40014,
    42001,
)
OTHERS = (41001, 40037, 45028, 40200, 43117, -1, 99999)
OURS = (47003, 47001, 40033, 44004, 45002, 45067, 43108, 40007)
ROWS = (
    *(("failed", code, "customer", "refused", "owed") for code in (*STOPS, *OTHERS)),
    *(("failed", code, "customer", "refused", "failed") for code in OURS),
    ("failed", 0, "customer", "photo: FileNotFoundError", "failed"),
    ("failed", 0, "customer", "message/custom/send: ClientConnectorError", "owed"),
    ("failed", 0, "customer", "stable_token: ConnectionTimeoutError", "owed"),
    ("failed", 0, "template", "message/template/send: HTTP 502", "uncertain"),
    ("failed", 0, "template", "message/template/send: ClientConnectorError", "owed"),
    *((state, 45009, "customer", "", state) for state in ("owed", "waiting", "uncertain", "dropped", "sent")),
)


@pytest.fixture
async def address(bare_url):
    """The address of an empty database that is open."""
    database = await open_database(bare_url)
    yield bare_url
    await close_database(database)


async def test_deliveries_of_the_last_release_go_on(address):
    executor = MigrationExecutor(open_connection(address), tortoise_config(address)["apps"])
    await executor.migrate([MigrationTarget("models", "0004_teaching")])
    connection = open_connection(address)
    await connection.execute_script(
        "INSERT INTO person (id, openid, following, name, roles, is_staff, unit, area, staff_code, privacy_version,"
        " message_used, tap_used, offered, waiting, created_at) VALUES"
        f" (1, 'o1', true, '', '[]', false, '', '', '', '', 0, 0, '[]', 0, '{AT}')"
    )
    for number, (state, code, channel, note, _) in enumerate(ROWS, start=1):
        await connection.execute_script(
            "INSERT INTO delivery (id, key, person_id, use, text, choices, photo, fields, url, state, channel, closed,"
            " tries, due_at, owed_at, code, rid, note) VALUES"
            f" ({number}, 'k{number}', 1, 'progress', '好消息', '[]', '', '{{}}', '', '{state}', '{channel}', '[]',"
            f" 1, '{AT}', '{AT}', {code}, '', '{note}')"
        )
    await migrate(address)
    rows = await Delivery.all().order_by("id")
    assert [(row.code, row.note, row.state.value) for row in rows] == [
        (code, note, becomes) for _, code, _, note, becomes in ROWS
    ]
    assert {(row.way, row.doubtful_at) for row in rows} == {("", None)}
