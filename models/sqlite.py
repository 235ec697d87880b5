"""The SQLite engine as this house uses it: a Tortoise engine whose transactions lock at once and waste no time.

Tortoise begins deferred transactions. In WAL mode a deferred transaction that has read and then wants to write fails
at once when another process wrote meanwhile (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout says.

aiosqlite hands every statement to a thread and back, which costs several times what a short indexed statement takes.
Inside a transaction the statements therefore run where they are; what may wait for a lock or for the disk (begin,
commit) and queries outside of transactions, which may be long, still go to the thread. The connection is never used
by both at once: a transaction holds its lock from begin to commit.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from itertools import count
from typing import Any

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

PRAGMAS = {
    "busy_timeout": "15000",  # first: changing to WAL may have to wait already
    "journal_mode": "WAL",
    "synchronous": "FULL",  # what we answered for must survive a power cut
    "foreign_keys": "ON",
    "cache_size": "-16384",  # KiB a connection; four times as much was no faster with a million rows
    "journal_size_limit": "67108864",
}

SAVEPOINTS = count()


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that holds the write lock from its first statement and runs the others at once."""

    @translate_exceptions
    async def execute_insert(self, query: str, values: list[Any]) -> int:
        """Insert one row; return its id."""
        return self._run(query, values).lastrowid or 0

    @translate_exceptions
    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        """Run a statement; return how many rows it changed or found, and the rows."""
        cursor = self._run(query, values)
        rows = cursor.fetchall()
        return (cursor.rowcount if cursor.rowcount > 0 else len(rows)), rows

    @translate_exceptions
    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run a query; return its rows as dictionaries."""
        return [dict(row) for row in self._run(query, values).fetchall()]

    @translate_exceptions
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows."""
        self._connection._conn.executemany(query, values)

    async def savepoint(self) -> None:
        """Begin a part that can be undone by itself."""
        self._savepoint = f"part_{next(SAVEPOINTS)}"
        self._run(f"SAVEPOINT {self._savepoint}")

    async def savepoint_rollback(self) -> None:
        """Undo the part."""
        self._run(f"ROLLBACK TO {self._savepoint}")
        self._run(f"RELEASE {self._savepoint}")
        self._savepoint = None

    async def release_savepoint(self) -> None:
        """Keep the part."""
        self._run(f"RELEASE {self._savepoint}")

    def _run(self, query: str, values: list[Any] | None = None) -> sqlite3.Cursor:
        return self._connection._conn.execute(query, values or ())

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(ImmediateTransaction(self))

    async def begin(self) -> None:
        """Begin, waiting for the write lock at most the busy timeout."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error


class ImmediateContext(SqliteTransactionContext):
    """A transaction's beginning and end; who is cancelled while it begins leaves nothing locked."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        begun: asyncio.Future[None] | None = None
        try:
            await self.ensure_connection()
            begun = asyncio.ensure_future(self.connection.begin())
            await asyncio.shield(begun)
        except BaseException:
            await self._abandon(begun)
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client

    async def _abandon(self, begun: "asyncio.Future[None] | None") -> None:
        try:
            if begun is not None:
                await asyncio.wait({begun})
                if begun.exception() is None:
                    await self.connection.rollback()
        finally:
            self._trxlock.release()


class ImmediateSqliteClient(SqliteClient):
    """A SQLite connection whose transactions are immediate."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002 - the ORM names it
        """Connect so that the event loop's thread may use the connection too."""
        if self._connection:
            return
        self._connection = await aiosqlite.connect(
            self.filename, isolation_level=None, check_same_thread=False
        )
        self._connection._conn.row_factory = sqlite3.Row
        try:
            for pragma, value in self.pragmas.items():
                await (await self._connection.execute(f"PRAGMA {pragma}={value}")).close()
        except (
            sqlite3.Error
        ):  # a file that is no database: the connection's thread would keep the process alive
            await self._connection.close()
            self._connection = None
            raise
        await self._post_connect()

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
