"""The database as a command needs it: opened, up to date as for ``serve``, and closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.troubles import DatabaseBehindError, UnreachableDatabaseError, why_database
from models.database import close_database, list_pending, migrate, open_database, reach_database

PATIENCE = 10.0  # seconds in which a database must let us in


@asynccontextmanager
async def opened(url: str, *, migrating: bool = True) -> AsyncIterator[None]:
    """Open the database for the block; raises what ``reach`` and ``bring_up_to_date`` raise.

    With ``migrating=False`` it is left as it is: for the commands that migrate or only look.
    """
    database = await open_database(url)
    try:
        await reach(url)
        if migrating:
            await bring_up_to_date(url)
        yield
    finally:
        await close_database(database)


async def reach(url: str) -> None:
    """Hold a word with the open database; raises UnreachableDatabaseError with what to do."""
    try:
        async with asyncio.timeout(PATIENCE):
            await reach_database(url)
    except Exception as error:
        raise UnreachableDatabaseError(why_database(error)) from error


async def bring_up_to_date(url: str) -> None:
    """Bring a SQLite file up to date; a shared database is the operator's to migrate (DatabaseBehindError)."""
    if url.startswith("sqlite"):
        await migrate(url)
    elif await list_pending(url):
        raise DatabaseBehindError
