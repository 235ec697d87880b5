"""PostgreSQL as we use it: a transaction that cannot begin leaves nothing behind in its task."""

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections

# What PostgreSQL says of two transactions that got in each other's way: done again, they pass.
GOT_IN_THE_WAY = frozenset({"40P01", "40001"})


class CleanContext(TransactionContextPooled):
    """A transaction's beginning and end.

    Tortoise enters the transaction into the task's context before BEGIN; when a connection that has died says so
    there, the dead client would stay in the context, and every later query of a long-lived task would go to it.
    """

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool: Any = self.client._parent._pool
        self.client._connection = await pool.acquire()
        self.token = get_connections().set(self.connection_name, self.client)
        try:
            await self.client.begin()
        except BaseException:
            get_connections().reset(self.token)
            await pool.release(self.client._connection)
            raise
        return self.client


class CleanAsyncpgClient(AsyncpgDBClient):
    """A pool of connections whose transactions begin wholly or not at all."""

    def _in_transaction(self) -> TransactionContext:
        return CleanContext(TransactionWrapper(self), self._pool_init_lock)


def got_in_the_way(error: BaseException) -> bool:
    """Tell whether the database ended this transaction for another one's sake: a deadlock, or a race."""
    seen: BaseException | None = error
    while seen is not None:
        if getattr(seen, "sqlstate", "") in GOT_IN_THE_WAY:
            return True
        inner = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        seen = inner or seen.__cause__
    return False


client_class = CleanAsyncpgClient
