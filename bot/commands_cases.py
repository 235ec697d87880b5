"""The command that opens cases from a sheet of 12345 or 12319: ``case import FILE``."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.app import build_town
from bot.config import Settings, load_settings, read_environment
from bot.databases import opened
from bot.logs import start_logging
from models.audit import Deed, note_deed
from models.cases import imports
from models.cases.imports import KNOWN, OPENED, Pair, faults_csv, numbers_csv, plan_import
from models.cases.sheets import MOST_BYTES, Fault, Sheet, read_sheet
from models.cases.sources import SHEETS
from models.clock import MachineClock
from models.town import Town

FAULTY = 1  # exit status when rows were left out
NO_FILE = 2
CANNOT_READ = "打不开 {file}，请核对文件名。"
CANNOT_WRITE = "写不进 {file}，内容都列在上面。"
DONE = "新开 {opened} 件，已有 {known} 件，要改 {faults} 处，另有说明 {notes} 处。"
WOULD_DO = "试读：能新开 {opened} 件，已有 {known} 件，要改 {faults} 处，另有说明 {notes} 处。还没有导入。"
NUMBERED = "{theirs} → {ours}（{how}）"
NOTE = "说明：{line}"
AGAIN = "改好以后，把同一个文件再导入一次就行，已经导入的不会重复。"


Told = tuple[Sequence[Pair], Sequence[Fault]]


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
    pairs, faults = asyncio.run(_import(sheet, options, settings))
    for pair in pairs:
        _tell(NUMBERED.format(theirs=pair.theirs, ours=pair.ours, how=OPENED if pair.opened else KNOWN))
    for fault in faults:
        _complain(NOTE.format(line=_line(fault)) if fault.note else _line(fault))
    wrong = any(not fault.note for fault in faults)
    if wrong and not options.dry_run:
        _complain(AGAIN)
    if not _keep_files(options, pairs, faults):
        return NO_FILE
    return FAULTY if wrong else 0


def _keep_files(options: Namespace, pairs: Sequence[Pair], faults: Sequence[Fault]) -> bool:
    """Write the files that were asked for; tell whether all went well."""
    wanted = ((options.faults, faults_csv(faults)), (options.numbers, numbers_csv(pairs)))
    failed = [file for file, text in wanted if file and not _keep(file, text)]
    return not failed


async def _import(sheet: Sheet, options: Namespace, settings: Settings) -> Told:
    town = build_town(settings)
    work = _try if options.dry_run else _open
    async with opened(settings.database):
        return await work(sheet, options.source, town)


async def _try(sheet: Sheet, source: str, town: Town) -> Told:
    plan = await plan_import(sheet, source=source, town=town, now=MachineClock().now())
    _sum_up(WOULD_DO, len(plan.reports), plan.known, plan.faults)
    return plan.known, plan.faults


async def _open(sheet: Sheet, source: str, town: Town) -> Told:
    now = MachineClock().now()
    done = await imports.import_cases(sheet, source=source, town=town, now=now)
    opened, known = len(done.opened), [pair for pair in done.pairs if not pair.opened]
    subject = f"{source}: {opened} opened, {len(known)} known"
    await note_deed(Deed("command", "command", "case import", subject=subject), now=now)
    _sum_up(DONE, opened, known, done.faults)
    return done.pairs, done.faults


def _sum_up(words: str, opened: int, known: Sequence[Pair], faults: Sequence[Fault]) -> None:
    notes = sum(fault.note for fault in faults)
    _tell(words.format(opened=opened, known=len(known), faults=len(faults) - notes, notes=notes))


def _line(fault: Fault) -> str:
    row = f"第 {fault.row} 行" if fault.row else "整个文件"
    return f"{row}「{fault.column}」：{fault.words}" if fault.column else f"{row}：{fault.words}"


def _keep(file: Path, text: str) -> bool:
    """Write CSV that Excel reads; tell whether that went well."""
    try:
        file.write_text(text, encoding="utf-8-sig", newline="")
    except OSError:
        _complain(CANNOT_WRITE.format(file=file))
        return False
    return True


def _tell(words: str) -> None:
    print(words)  # noqa: T201 - commands print


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
        lambda c: c.add_argument("--source", choices=SHEETS, default="12345", help="where it comes from"),
        lambda c: c.add_argument("--dry-run", action="store_true", help="read and check only, open nothing"),
        lambda c: c.add_argument("--faults", type=Path, help="write what is not right to this CSV file"),
        lambda c: c.add_argument(
            "--numbers", type=Path, help="write which case each row has to this CSV file"
        ),
    ),
}
