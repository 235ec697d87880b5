"""The command for what is owed to people: ``deliveries list``, ``deliveries retry``, ``deliveries drop``."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.config import load_settings, read_environment
from bot.databases import opened
from bot.logs import start_logging
from models.audit import Deed, note_deed
from models.backlog import count_unsettled_deliveries
from models.cases.queries import list_numbers
from models.clock import MachineClock, local
from models.deliveries.actions import NEEDS_WHICH, Chosen, drop_deliveries, retry_deliveries
from models.deliveries.alarms import stop_words
from models.deliveries.queries import MOST, STATE_WORDS, UNSETTLED, Standing, list_deliveries
from models.deliveries.stops import Stop, list_stops
from models.deliveries.tables import Owing
from models.errors import Refusal

COUNTS = "合计：{counts}"
STOP = "停发：{what}，{why}（代码 {code}），{since} 起，下次试 {next_at}。{do}"
ROW = "{id}\t{state}\t{use}\t{case}\t{owed_at}\t试过 {tries} 次\t{reason}"
NOTHING = "没有要看的投递。"
MORE = "还有更多，用 --limit 看多一些（最多 {most}），或用 --state、--id 挑。"
RETRIED = "已重新安排 {count} 条；停着的渠道马上会试一次。"
DROPPED = "不再发 {count} 条，原因已记下。"

Work = Callable[[Namespace, datetime], Awaitable[list[str]]]


def deliveries(options: Namespace) -> int:
    """List what is owed, held, uncertain or failed; send it again or give it up."""
    settings = load_settings(read_environment())
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    lines = asyncio.run(_with_database(settings.database, options))
    for line in lines:
        print(line)  # noqa: T201 - commands print
    return 0


async def _with_database(url: str, options: Namespace) -> list[str]:
    async with opened(url):
        return await ACTIONS[options.action](options, MachineClock().now())


async def _list(options: Namespace, _now: datetime) -> list[str]:
    states = [Owing(state) for state in options.state] or list(UNSETTLED)
    page = await list_deliveries(states, ids=options.id, limit=min(max(options.limit, 1), MOST))
    stops = [stop for stop in await list_stops() if stop.in_force]
    counts = await count_unsettled_deliveries()
    numbers = await list_numbers({one.delivery.case_id for one in page.rows if one.delivery.case_id})
    rows = [_row(one, numbers.get(one.delivery.case_id or 0, "")) for one in page.rows]
    if options.json:
        heads = [{"counts": counts, "stops": [_stop_row(stop) for stop in stops]}]
        return [json.dumps(row, ensure_ascii=False) for row in [*heads, *rows]]
    shown = "，".join(f"{STATE_WORDS[Owing(state)]}（{state}）{count}" for state, count in counts.items())
    lines = [COUNTS.format(counts=shown), *(_stop_line(stop) for stop in stops)]
    lines += [_line(row) for row in rows] or [NOTHING]
    return lines + ([MORE.format(most=MOST)] if page.next_cursor else [])


async def _retry(options: Namespace, now: datetime) -> list[str]:
    if not (options.all or options.id or options.state):
        raise Refusal(NEEDS_WHICH)
    count = await retry_deliveries(_chosen(options), may_repeat=options.may_repeat, now=now)
    await _note(options, count, now)
    return [RETRIED.format(count=count)]


async def _drop(options: Namespace, now: datetime) -> list[str]:
    count = await drop_deliveries(_chosen(options), reason=options.reason, now=now)
    await _note(options, count, now)
    return [DROPPED.format(count=count)]


def _chosen(options: Namespace) -> Chosen:
    return Chosen(tuple(options.id), tuple(Owing(state) for state in options.state))


async def _note(options: Namespace, count: int, now: datetime) -> None:
    which = ",".join([*map(str, options.id), *options.state]) or "all"
    action = f"deliveries {options.action}"
    await note_deed(Deed("command", "command", action, subject=f"{count}: {which}"), now=now)


def _line(row: dict[str, Any]) -> str:
    state = f"{STATE_WORDS[Owing(row['state'])]}（{row['state']}）"
    return ROW.format(**row | {"state": state, "case": row["case"] or "-"})


def _row(standing: Standing, case: str) -> dict[str, Any]:
    row = standing.delivery
    return {
        "id": row.id,
        "state": row.state.value,
        "use": row.use,
        "case": case,
        "channel": row.channel,
        "way": row.way,
        "tries": row.tries,
        "code": row.code,
        "rid": row.rid,
        "reason": standing.reason,
        "owed_at": _moment(row.owed_at),
        "due_at": _moment(row.due_at),
    }


def _stop_line(stop: Stop) -> str:
    what, why, do = stop_words(stop)
    since, next_at = _moment(stop.since), _moment(stop.next_at)
    return STOP.format(what=what, why=why, do=do, code=stop.code, since=since, next_at=next_at)


def _stop_row(stop: Stop) -> dict[str, Any]:
    what, why, do = stop_words(stop)
    told = {"way": stop.way, "why": stop.why.value, "code": stop.code, "rid": stop.rid}
    return told | {
        "words": f"{what}：{why}。{do}",
        "since": _moment(stop.since),
        "next_at": _moment(stop.next_at),
    }


def _moment(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


ACTIONS: dict[str, Work] = {"list": _list, "retry": _retry, "drop": _drop}
COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("deliveries", deliveries, "list what is owed to people and why it waits; send it again or give it up"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "deliveries": (
        lambda c: c.add_argument("action", choices=[*ACTIONS]),
        lambda c: c.add_argument("--id", type=int, action="append", default=[], help="this one; repeatable"),
        lambda c: c.add_argument(
            "--state", action="append", default=[], choices=[*Owing], help="those in this state; repeatable"
        ),
        lambda c: c.add_argument(
            "--all",
            action="store_true",
            help="retry: all that is owed, held or failed, not what is uncertain",
        ),
        lambda c: c.add_argument(
            "--may-repeat", action="store_true", help="retry uncertain ones too: they may be read twice"
        ),
        lambda c: c.add_argument("--reason", default="", help="drop: why; it stays with the delivery"),
        lambda c: c.add_argument("--limit", type=int, default=50, help="list: rows, at most 200"),
        lambda c: c.add_argument("--json", action="store_true", help="list: a JSON object a line"),
    ),
}
