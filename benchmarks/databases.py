"""Databases of a benchmark's own, made for it and thrown away."""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from models.database import SQLITE

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


@asynccontextmanager
async def scratch_databases(engine: str, sizes: tuple[int, ...]) -> AsyncIterator[dict[int, str]]:
    """Yield an address of a database of the benchmark's own for each size; they go at the end."""
    if engine == SQLITE:
        folder = Path(tempfile.mkdtemp(prefix="gongzhi-bench-"))
        try:
            yield {rows: f"sqlite://{folder / f'{rows}.sqlite3'}" for rows in sizes}
        finally:
            shutil.rmtree(folder)
        return
    server, mark = os.environ.get("GONGZHI_TEST_POSTGRES") or LOCAL_POSTGRES, secrets.token_hex(4)
    names = {rows: f"gongzhi_bench_{mark}_{rows}" for rows in sizes}
    try:
        for name in names.values():
            await _tell(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield {rows: urlunsplit(urlsplit(server)._replace(path=f"/{n}")) for rows, n in names.items()}
    finally:
        for name in names.values():
            await _tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _tell(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
