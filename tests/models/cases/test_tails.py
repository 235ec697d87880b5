"""Cases by their last four digits: found through an index, within the speaker's reach, those under way first."""

from datetime import UTC, datetime, timedelta

import pytest
from tortoise.connection import get_connection

from models.cases.queries import Reach, list_by_tail, list_in_states
from models.cases.tables import Case
from models.database import POSTGRES, SQLITE, close_database, is_postgres, open_database

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
ROWS = 3000
EXPLAIN = (
    "EXPLAIN SELECT * FROM case_file WHERE tail = '0012' AND state IN ('suspended') ORDER BY id DESC LIMIT 5"
)


@pytest.fixture
async def cases(database_url):
    """As many cases as thirty busy days have, of which only a few are under way."""
    database = await open_database(database_url)
    made = []
    for number in range(ROWS):
        day, serial = divmod(number, 100)
        fields = {"type": "manhole", "unit": "shizheng" if day % 2 else "huanwei", "opened_at": NOW}
        state = {0: "suspended", 1: "handling"}.get(day, "rated")
        case = Case(number=f"26{day // 28 + 6:02d}{day % 28 + 1:02d}{serial:04d}", state=state, **fields)
        case.due_at, case.changed_at = NOW + timedelta(days=day), NOW
        case.tail, case.is_open = case.number[-4:], state != "rated"
        made.append(case)
    await Case.bulk_create(made, batch_size=200)
    yield
    await close_database(database)


async def test_cases_are_found_by_tail_with_those_under_way_first(cases):
    found = await list_by_tail("0012", limit=3)
    assert [case.state for case in found] == ["handling", "suspended", "rated"]
    assert {case.number[-4:] for case in found} == {"0012"}
    [only] = await list_by_tail("0012", states={"suspended"})
    assert only.number == "2606010012"
    assert await list_by_tail("0012", states={"suspended"}, reach=Reach(1, frozenset({"shizheng"}))) == []
    assert await list_by_tail("0012", reach=Reach(1, frozenset())) == []
    assert await list_by_tail("9999") == []
    assert len(await list_in_states({"suspended"}, limit=200)) == 100


async def test_tail_and_state_are_one_stretch_of_an_index(cases):
    if is_postgres():
        connection = get_connection(POSTGRES)
        await connection.execute_script("ANALYZE case_file")
        rows = await connection.execute_query_dict(EXPLAIN)
    else:
        connection = get_connection(SQLITE)
        rows = await connection.execute_query_dict(EXPLAIN.replace("EXPLAIN", "EXPLAIN QUERY PLAN", 1))
    plan = " ".join(str(value) for row in rows for value in row.values())
    assert "tail" in plan
    assert "Seq Scan" not in plan
    assert "SCAN case_file" not in plan
