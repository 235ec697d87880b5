"""The command that checks the history of cases: ``history check``."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from bot.config import load_settings, read_environment
from bot.databases import opened
from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case

AT_ONCE = 500  # cases read in one go
BROKEN = "案件 {number}：办理记录第 {place} 条对不上"
TOLD = "查了 {cases} 个案件、{rows} 条办理记录，{broken} 个对不上。"
FOUND = 1  # exit status when a history does not hold together


def check_history(_options: Namespace) -> int:
    """Read every history and say where one was changed, cut or added to; exit status 1 when one was."""
    return asyncio.run(_check(load_settings(read_environment()).database))


async def _check(url: str) -> int:
    async with opened(url):
        cases = rows = broken = last = 0
        while found := await Case.filter(id__gt=last).order_by("id").limit(AT_ONCE):
            for case in found:
                history = await list_history(case)
                place = find_break(case, history)
                if place is not None:
                    broken += 1
                    print(BROKEN.format(number=case.number, place=place), file=sys.stderr)  # noqa: T201
                rows += len(history)
            cases, last = cases + len(found), found[-1].id
    print(TOLD.format(cases=cases, rows=rows, broken=broken))  # noqa: T201
    return FOUND if broken else 0


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("history", check_history, "check that no row of a case's history was changed, cut or added"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "history": (lambda c: c.add_argument("action", choices=["check"]),),
}
