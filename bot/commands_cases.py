"""The command that opens cases from a sheet of 12345 or 12319: ``case import FILE``."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.app import build_town
from bot.config import Settings, load_settings, read_environment
from bot.logs import start_logging
from models.audit import Deed, note_deed
from models.cases import imports
from models.cases.imports import ImportReport, faults_csv, plan_import
from models.cases.sheets import MOST_BYTES, Fault, Sheet, read_sheet
from models.clock import MachineClock
from models.database import close_database, open_database
from models.town import Town

SOURCES = ("12345", "12319", "网络", "第三方")
FAULTY = 1  # exit status when rows were left out
NO_FILE = 2
CANNOT_READ = "打不开 {file}，请核对文件名。"
CANNOT_WRITE = "写不进 {file}，要改的地方列在上面。"
DONE = "新开 {opened} 件，已有 {known} 件，要改 {faults} 处。"
WOULD_DO = "试读：能新开 {opened} 件，已有 {known} 件，要改 {faults} 处。还没有导入。"
AGAIN = "改好以后，把同一个文件再导入一次就行，已经导入的不会重复。"


def import_cases(options: Namespace) -> int:
    """Open a case for every good row of a sheet and name every other one; exit status 1 when there are such."""
    settings = load_settings(read_environment())
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    try:
        with options.file.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        _complain(CANNOT_READ.format(file=options.file))
        return NO_FILE
    sheet = read_sheet(options.file.name, content)
    faults = asyncio.run(_import(sheet, options, settings))
    for fault in faults:
        _complain(_line(fault))
    if faults and not options.dry_run:
        _complain(AGAIN)
    if options.faults and not _keep(options.faults, faults):
        return NO_FILE
    return FAULTY if faults else 0


async def _import(sheet: Sheet, options: Namespace, settings: Settings) -> Sequence[Fault]:
    town = build_town(settings)
    database = await open_database(settings.database)
    try:
        if options.dry_run:
            return await _try(sheet, options.source, town)
        return (await _open(sheet, options.source, town)).faults
    finally:
        await close_database(database)


async def _try(sheet: Sheet, source: str, town: Town) -> Sequence[Fault]:
    plan = await plan_import(sheet, source=source, town=town, now=MachineClock().now())
    _tell(WOULD_DO, len(plan.reports), len(plan.known), len(plan.faults))
    return plan.faults


async def _open(sheet: Sheet, source: str, town: Town) -> ImportReport:
    now = MachineClock().now()
    done = await imports.import_cases(sheet, source=source, town=town, now=now)
    subject = f"{source}: {len(done.opened)} opened, {len(done.known)} known"
    await note_deed(Deed("command", "command", "case import", subject=subject), now=now)
    _tell(DONE, len(done.opened), len(done.known), len(done.faults))
    return done


def _line(fault: Fault) -> str:
    row = f"第 {fault.row} 行" if fault.row else "整个文件"
    return f"{row}「{fault.column}」：{fault.words}" if fault.column else f"{row}：{fault.words}"


def _keep(file: Path, faults: Sequence[Fault]) -> bool:
    """Write the faults as CSV that Excel reads; tell whether that went well."""
    try:
        file.write_text(faults_csv(faults), encoding="utf-8-sig", newline="")
    except OSError:
        _complain(CANNOT_WRITE.format(file=file))
        return False
    return True


def _tell(words: str, opened: int, known: int, faults: int) -> None:
    print(words.format(opened=opened, known=known, faults=faults))  # noqa: T201 - commands print


def _complain(words: str) -> None:
    print(words, file=sys.stderr)  # noqa: T201


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    (
        "case",
        import_cases,
        "open cases from a CSV or XLSX sheet, each row once, and name every row that is not right",
    ),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "case": (
        lambda c: c.add_argument("action", choices=["import"]),
        lambda c: c.add_argument("file", type=Path, help="the sheet: .csv or .xlsx, at most 10 MB"),
        lambda c: c.add_argument("--source", choices=SOURCES, default="12345", help="where it comes from"),
        lambda c: c.add_argument("--dry-run", action="store_true", help="read and check only, open nothing"),
        lambda c: c.add_argument("--faults", type=Path, help="write what is not right to this CSV file"),
    ),
}
