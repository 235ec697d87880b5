"""Shows how the database finds the rows of each list: the statements as they are run, with their plans."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from case_rows import our_connection

from models.database import is_postgres

Query = Callable[[], Awaitable[object]]


async def tell_plans(queries: dict[str, Query]) -> None:
    """Print the plan of every statement that these queries run."""
    for name, query in queries.items():
        print(f"\n--- {name}")
        for sql in await _statements(query):
            print(sql[:90], "…", sql[-160:])
            explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " if is_postgres() else "EXPLAIN QUERY PLAN "
            for row in await our_connection().execute_query_dict(explain + sql):
                print("   ", row.get("QUERY PLAN") or row.get("detail"))


async def _statements(query: Query) -> list[str]:
    """Return the statements that it runs, their values written in."""
    connection, heard = our_connection(), []
    kept = connection.execute_query_dict, connection.execute_query

    def spy(known: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def run(sql: str, values: list[object] | None = None) -> object:
            heard.append(_written_in(sql, values or []))
            return await known(sql, values)

        return run

    connection.execute_query_dict, connection.execute_query = spy(kept[0]), spy(kept[1])
    try:
        await query()
    finally:
        connection.execute_query_dict, connection.execute_query = kept
    return list(dict.fromkeys(heard))


def _written_in(sql: str, values: list[object]) -> str:
    for place in range(len(values), 0, -1):
        value = values[place - 1]
        text = f"'{value}'" if isinstance(value, str | datetime) else str(value)
        sql = sql.replace(f"${place}", text) if f"${place}" in sql else sql
    for value in values:
        text = f"'{value}'" if isinstance(value, str | datetime) else str(value)
        sql = sql.replace("?", text, 1) if "?" in sql else sql
    return sql
