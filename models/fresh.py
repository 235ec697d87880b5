"""Makes a new town's tables in one go: replaying years of migrations on an empty database takes seconds."""

from collections.abc import Iterable

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError
from tortoise.utils import get_schema_sql

APP = "models"
_COUNT = {
    "sqlite": "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table'",
    "postgres": "SELECT count(*) AS tables FROM pg_tables WHERE schemaname = current_schema()",
}
_RECORD = """CREATE TABLE tortoise_migrations (
  id {key} PRIMARY KEY, app VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL, applied_at {moment} NOT NULL,
  UNIQUE (app, name)
);"""
_COLUMNS = {
    "sqlite": {"key": "INTEGER", "moment": "TIMESTAMP"},
    "postgres": {"key": "SERIAL", "moment": "TIMESTAMPTZ"},
}


async def is_empty(connection: BaseDBAsyncClient) -> bool:
    """Tell whether nobody, neither we nor another, has made a table in this database."""
    (found,) = await connection.execute_query_dict(_COUNT[connection.capabilities.dialect])
    return not found["tables"]


async def create_tables(connection: BaseDBAsyncClient, migrations: Iterable[str]) -> None:
    """Make every table as it is today and note ``migrations`` as applied: all of it or nothing.

    A test holds the outcome to what the migrations themselves make, on both databases.
    Raises OperationalError when another process was faster.
    """
    # One script with its own BEGIN: SQLite's driver commits whatever was begun before a script.
    noted = ",".join(f"('{APP}', '{name}', CURRENT_TIMESTAMP)" for name in migrations)
    script = (
        f"{_RECORD.format(**_COLUMNS[connection.capabilities.dialect])}\n"
        f"{get_schema_sql(connection, safe=False)}\n"
        f"INSERT INTO tortoise_migrations (app, name, applied_at) VALUES {noted};"
    )
    try:
        await connection.execute_script(f"BEGIN;\n{script}\nCOMMIT;")
    except OperationalError:
        await connection.execute_query("ROLLBACK")  # as a query: before a script the driver would commit
        raise
