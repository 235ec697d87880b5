"""SQL written by hand for the few statements that every message or every report runs.

Tortoise writes SQL anew for every query, which takes longer than SQLite needs to run it; measured, that was two
thirds of the time of a message. Everything else goes through the ORM.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from tortoise.connection import get_connection
from tortoise.models import Model

from models.database import POSTGRES, SQLITE, is_postgres

M = TypeVar("M", bound=Model)
Row = Mapping[str, Any]
LOCK = "{lock}"


async def run(sql: str, values: Iterable[object]) -> Sequence[Row]:
    """Run ``sql``, whose values are marked ?; return its rows, those of RETURNING too.

    ``{lock}`` at the end of a SELECT locks its rows until the transaction ends. Others may still refer to them: who
    owes words to somebody who is just speaking must not wait for them, or two speakers would wait for each other.
    """
    postgres = is_postgres()
    connection = get_connection(POSTGRES if postgres else SQLITE)
    ready = [_value(value, postgres=postgres) for value in values]
    return await connection.execute_query_dict(_written(sql, postgres=postgres), ready)


def columns(model: type[Model], table: str, prefix: str) -> str:
    """Return the columns of ``model`` as a SELECT names them, each with the prefix."""
    names = model._meta.fields_db_projection.values()
    return ", ".join(f'{table}."{name}" AS "{prefix}{name}"' for name in names)


def read(model: type[M], row: Row, prefix: str) -> M:
    """Return the instance whose columns stand in ``row`` under the prefix."""
    return model._init_from_db(**{n.removeprefix(prefix): v for n, v in row.items() if n.startswith(prefix)})


async def insert(row: Model, *, unless: str) -> None:
    """Insert the row, unless there is one with the same ``unless``; what another process inserts is waited for."""
    names = _names(type(row))
    await run(_inserting(type(row), unless), [getattr(row, name) for name in names])


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    """Return the fields that a new row brings along: all but the number that the database gives it."""
    return tuple(name for name in model._meta.fields_db_projection if name != model._meta.pk_attr)


@cache
def _inserting(model: type[Model], unless: str) -> str:
    columns_ = [model._meta.fields_db_projection[name] for name in _names(model)]
    marks = ", ".join("?" * len(columns_))
    named = ", ".join(f'"{column}"' for column in columns_)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({named}) VALUES ({marks}) ON CONFLICT ({unless}) DO NOTHING'  # noqa: S608
    )


@lru_cache(maxsize=512)
def _written(sql: str, *, postgres: bool) -> str:
    if not postgres:
        return sql.replace(LOCK, "")
    marks = iter(range(1, sql.count("?") + 1))
    return re.sub(r"\?", lambda _: f"${next(marks)}", sql).replace(LOCK, "FOR NO KEY UPDATE")


def _value(value: object, *, postgres: bool) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, datetime) and not postgres:
        return value.isoformat(" ")
    return value
