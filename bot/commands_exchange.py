"""The commands of the exchange: ``system``, ``subscriber`` and ``exchange``."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.config import Settings, load_settings, read_environment
from bot.databases import opened
from bot.logs import start_logging
from models.audit import Deed, note_deed
from models.city.load import load_city
from models.clock import MachineClock, local
from models.errors import Refusal
from models.exchange.actions import DEFAULT_SOURCE, add_subscriber, add_system, stop_subscriber, stop_system
from models.exchange.passing import retry_transfer, skip_transfer
from models.exchange.queries import (
    Standing,
    count_transfers,
    list_subscribers,
    list_systems,
    list_transfers,
)
from models.exchange.tables import Passing, Subscriber, System

NEEDED = "请写 {options}。"

Work = Callable[[Namespace, Settings, datetime], Awaitable[list[dict[str, Any]]]]


def system(options: Namespace) -> int:
    """Add, stop or list the systems that may send us cases."""
    return _run(options, {"add": _add_system, "stop": _stop_system, "list": _list_systems})


def subscriber(options: Namespace) -> int:
    """Add, stop or list the systems that are told of changes."""
    return _run(options, {"add": _add_subscriber, "stop": _stop_subscriber, "list": _list_subscribers})


def exchange(options: Namespace) -> int:
    """List what is owed to subscribers; send again or leave out what was given up."""
    return _run(options, {"list": _list_transfers, "retry": _decide, "skip": _decide})


def _run(options: Namespace, works: dict[str, Work]) -> int:
    """Do the work of the action, audited; print each row as a line of JSON."""
    settings = load_settings(read_environment())
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    rows = asyncio.run(_with_database(options, settings, works[options.action]))
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))  # noqa: T201 - commands print
    return 0


async def _with_database(options: Namespace, settings: Settings, work: Work) -> list[dict[str, Any]]:
    now = MachineClock().now()
    async with opened(settings.database):
        rows = await work(options, settings, now)
        if options.action != "list":
            subject = str(getattr(options, "code", None) or options.name or options.id)
            action = f"{options.kind} {options.action}"
            await note_deed(Deed("command", "command", action, subject=subject), now=now)
        return rows


async def _add_system(options: Namespace, _settings: Settings, now: datetime) -> list[dict[str, Any]]:
    _demand(options, "code", "name")
    row = await add_system(options.code, options.name, source=options.source, now=now)
    return [_system_row(row) | {"secret": row.secret}]


async def _stop_system(options: Namespace, _settings: Settings, now: datetime) -> list[dict[str, Any]]:
    _demand(options, "code")
    await stop_system(options.code, now=now)
    return [{"code": options.code, "stopped_at": _moment(now)}]


async def _list_systems(_options: Namespace, _settings: Settings, _now: datetime) -> list[dict[str, Any]]:
    return [_system_row(row) for row in await list_systems()]


async def _add_subscriber(options: Namespace, settings: Settings, now: datetime) -> list[dict[str, Any]]:
    _demand(options, "name", "url")
    row = await add_subscriber(
        options.name,
        options.url,
        city=load_city(settings.city),
        now=now,
        types=_words(options.types),
        sources=_words(options.sources),
    )
    return [_subscriber_row(row) | {"secret": row.secret}]


async def _stop_subscriber(options: Namespace, _settings: Settings, now: datetime) -> list[dict[str, Any]]:
    _demand(options, "name")
    given_up = await stop_subscriber(options.name, now=now)
    return [{"name": options.name, "stopped_at": _moment(now), "given_up": given_up}]


async def _list_subscribers(_options: Namespace, _settings: Settings, _now: datetime) -> list[dict[str, Any]]:
    return [_subscriber_row(row) for row in await list_subscribers()]


async def _list_transfers(options: Namespace, _settings: Settings, _now: datetime) -> list[dict[str, Any]]:
    state = Passing(options.state) if options.state else None
    rows = [_transfer_row(standing) for standing in await list_transfers(state, limit=options.limit)]
    return [await count_transfers(), *rows]


async def _decide(options: Namespace, _settings: Settings, now: datetime) -> list[dict[str, Any]]:
    _demand(options, "id")
    decide = retry_transfer if options.action == "retry" else skip_transfer
    row = await decide(options.id, now=now)
    return [{"id": row.id, "state": row.state.value}]


def _demand(options: Namespace, *names: str) -> None:
    missing = [f"--{name}" for name in names if not getattr(options, name)]
    if missing:
        raise Refusal(NEEDED.format(options=" 和 ".join(missing)))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace(",", ",").split(",") if word.strip()]


def _system_row(row: System) -> dict[str, Any]:
    stopped = _moment(row.stopped_at)
    return {"id": row.id, "code": row.code, "name": row.name, "source": row.source, "stopped_at": stopped}


def _subscriber_row(row: Subscriber) -> dict[str, Any]:
    return {
        "id": row.id,
        "system": f"subscriber-{row.id}",
        "name": row.name,
        "url": row.url.partition("?")[0],  # what follows may hold a key
        "types": row.types,
        "sources": row.sources,
        "stopped_at": _moment(row.stopped_at),
    }


def _transfer_row(standing: Standing) -> dict[str, Any]:
    row = standing.transfer
    return {
        "id": row.id,
        "subscriber": row.subscriber.name,
        "case": row.case.number,
        "seq": row.seq,
        "state": row.state.value,
        "tries": row.tries,
        "sent_at": _moment(row.sent_at),
        "trouble": standing.trouble,
    }


def _moment(moment: datetime | None) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment else None


def _actions(kind: str, *actions: str) -> Callable[[ArgumentParser], object]:
    def put(command: ArgumentParser) -> None:
        command.add_argument("action", choices=actions)
        command.set_defaults(kind=kind, code="", name="", id=0)

    return put


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("system", system, "let another system send cases here; print its secret once"),
    ("subscriber", subscriber, "tell another system of every change of cases; print its secret once"),
    ("exchange", exchange, "list what is owed to subscribers; send again or leave out what was given up"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "system": (
        _actions("system", "add", "stop", "list"),
        lambda c: c.add_argument("--code", default="", help="its short name in headers: a-z, 0-9, - and _"),
        lambda c: c.add_argument("--name", default="", help="what people call it"),
        lambda c: c.add_argument("--source", default=DEFAULT_SOURCE, help="source of its cases in figures"),
    ),
    "subscriber": (
        _actions("subscriber", "add", "stop", "list"),
        lambda c: c.add_argument("--name", default="", help="what people call it"),
        lambda c: c.add_argument("--url", default="", help="where to POST changes"),
        lambda c: c.add_argument(
            "--types", default="", help="case types, with commas between; all when missing"
        ),
        lambda c: c.add_argument(
            "--sources", default="", help="sources, with commas between; all when missing"
        ),
    ),
    "exchange": (
        _actions("exchange", "list", "retry", "skip"),
        lambda c: c.add_argument("--id", type=int, default=0, help="of the transfer to retry or skip"),
        lambda c: c.add_argument("--state", default="", choices=["", *(state.value for state in Passing)]),
        lambda c: c.add_argument("--limit", type=int, default=100, help="rows to list, at most"),
    ),
}
