"""The command ``tidy``: deletes what is past its term now, or says with ``--dry-run`` what would go."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from bot.config import Settings, load_settings, read_environment
from bot.databases import opened
from bot.logs import start_logging
from bot.shelf import MediaShelf
from models.audit import Deed, note_deed
from models.city.load import load_city
from models.clock import Clock, MachineClock
from models.keeping.files import list_missing, list_strays, remove_strays
from models.keeping.tasks import Tidying
from scheduler.tidy import TASKS, run_task

FOUND = 1  # exit status when rows have no file: somebody must look
EVERYTHING = 10**9  # slices: the command goes on until nothing is left
WOULD_GO = "{words}：{count} 条到期"
GONE = "{words}：处理了 {count} 条"
STRAYS = "没有记录的文件：{count} 个{what}"
STRAYS_STAY = "（放满一天仍没有记录的，运行 tidy 时删除）"
STRAYS_GONE = "已删除"
MISSING = "有记录、找不到文件的：{count} 个{which}"
RESTORE = "请从备份里把 media 文件夹里缺的文件拷回来；备份里也没有的，请告诉办理人员。"
DRY = "以上只是清点，什么都没有删。要删，请运行：./gongzhi tidy"
DONE = "整理好了。中途停下也不要紧，再运行一次会接着做。"
SHOWN = 20  # ids of rows without a file


def tidy(options: Namespace) -> int:
    """Delete what is past its term, task by task; exit status 1 when rows have no file."""
    settings = load_settings(read_environment())
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    return asyncio.run(_with_database(settings, options))


async def _with_database(settings: Settings, options: Namespace) -> int:
    async with opened(settings.database):
        clock: Clock = getattr(options, "clock", None) or MachineClock()
        tidying = Tidying(load_city(settings.city), MediaShelf(settings.data / "media", clock), clock.now())
        return await (_count(tidying) if options.dry_run else _work(tidying))


async def _count(tidying: Tidying) -> int:
    for task in TASKS:
        _print(WOULD_GO.format(words=task.words, count=await task.count(tidying)))
    _print(STRAYS.format(count=len(await list_strays(tidying.shelf)), what=STRAYS_STAY))
    missing = await _tell_missing(tidying)
    _print(DRY)
    return missing


async def _work(tidying: Tidying) -> int:
    total = 0
    for task in TASKS:
        done = await run_task(task, tidying, slices=EVERYTHING)
        total += done
        _print(GONE.format(words=task.words, count=done))
    strays = await remove_strays(tidying)
    _print(STRAYS.format(count=strays, what=STRAYS_GONE))
    await note_deed(Deed("command", "command", "tidy", subject=f"{total + strays}"), now=tidying.now)
    missing = await _tell_missing(tidying)
    _print(DONE)
    return missing


async def _tell_missing(tidying: Tidying) -> int:
    missing = await list_missing(tidying.shelf)
    which = "（证据编号 " + "，".join(map(str, missing[:SHOWN])) + "）" if missing else ""
    _print(MISSING.format(count=len(missing), which=which))
    if missing:
        print(RESTORE, file=sys.stderr)  # noqa: T201 - commands print
    return FOUND if missing else 0


def _print(line: str) -> None:
    print(line)  # noqa: T201


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("tidy", tidy, "delete what may not be kept longer, find files without rows and rows without files"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "tidy": (lambda c: c.add_argument("--dry-run", action="store_true", help="count, delete nothing"),),
}
