"""Opens the one database of the house, and says which tables and migrations belong to it."""

from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise
from tortoise.connection import get_connection, get_connections
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor

from models.fresh import create_tables, is_empty
from models.sqlite import PRAGMAS

TABLES = (
    "models.people",
    "models.talks",
    "models.inbox",
    "models.leases",
    "models.evidence",
    "models.tokens",
    "models.shops",
    "models.access",
    "models.audit",
    "models.tallies",
    "models.cases.tables",
    "models.cases.corrections",
    "models.cases.erasing",
    "models.cases.once",
    "models.lexicon.tables",
    "models.exchange.tables",
    "models.deliveries.tables",
    "models.deliveries.stops",
)
POOL_SIZE = 10
SQLITE, POSTGRES = "sqlite", "postgres"


def tortoise_config(url: str) -> dict[str, Any]:
    """Return Tortoise's configuration for ``sqlite://PATH`` or ``postgres://user:pass@host:port/db``.

    Raises ValueError for any other address.
    """
    return {
        "connections": {_alias(url): _connection(url)},
        "apps": {
            "models": {
                "models": list(TABLES),
                "migrations": "models.migrations",
                "default_connection": _alias(url),
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_database(url: str) -> TortoiseContext:
    """Connect; the caller keeps what is returned and closes it with ``close_database``."""
    return await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)


async def reach_database(url: str) -> None:
    """Ask the open database for a word; whatever keeps it away is raised as its driver says it.

    Looking for migrations takes a database that does not answer for one that has had none.
    """
    await get_connection(_alias(url)).execute_query("SELECT 1")


async def close_database(database: TortoiseContext) -> None:
    """Close every connection of ``database``."""
    await database.close_connections()


async def list_pending(url: str) -> list[str]:
    """Return the names of migrations that the open database has not had yet."""
    return [step.migration.name for step in await _executor(url).plan()]


async def migrate(url: str) -> list[str]:
    """Bring the open database up to date; return the names of the migrations applied."""
    pending = await list_pending(url)
    connection = get_connection(_alias(url))
    if pending and await is_empty(connection):
        await create_tables(connection, pending)
    elif pending:
        await _executor(url).migrate()
    return pending


def is_postgres() -> bool:
    """Tell whether the open database is PostgreSQL."""
    return POSTGRES in get_connections().db_config


def _executor(url: str) -> MigrationExecutor:
    return MigrationExecutor(get_connection(_alias(url)), tortoise_config(url)["apps"])


def _alias(url: str) -> str:
    """Name the connection by its kind: Tortoise keeps ready-made SQL by connection name for the whole process."""
    return SQLITE if url.startswith("sqlite") else POSTGRES


def _connection(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = url.removeprefix("sqlite://")
        if not path:
            raise ValueError(f"no file named in {url!r}")
        return {"engine": "models.sqlite", "credentials": {"file_path": path, **PRAGMAS}}
    if parts.scheme in {"postgres", "postgresql"}:
        return {"engine": "models.postgres", "credentials": _credentials(url)}
    raise ValueError(f"neither sqlite:// nor postgres://: {parts.scheme}://")


def _credentials(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "") or None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": POOL_SIZE,
    }
