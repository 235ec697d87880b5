"""The SQLite engine as this house uses it: a Tortoise engine whose transactions take the write lock at once.

Tortoise begins deferred transactions. In WAL mode a deferred transaction that has read and then wants to write fails
at once when another process wrote meanwhile (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout says.
"""

import sqlite3

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.exceptions import TransactionManagementError

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # what we answered for must survive a power cut
    "busy_timeout": "15000",
    "foreign_keys": "ON",
    "cache_size": "-65536",  # KiB
    "journal_size_limit": "67108864",
}


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that holds the write lock from its first statement."""

    async def begin(self) -> None:
        """Begin, waiting for the write lock at most the busy timeout."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error


class ImmediateSqliteClient(SqliteClient):
    """A SQLite connection whose transactions are immediate."""

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
