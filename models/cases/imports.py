"""Opens cases from the rows of a sheet, each once however often it is read, and tells what is wrong with the others."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO

from tortoise.exceptions import IntegrityError

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.sheet_heads import NUMBER
from models.cases.sheet_rows import list_type_names, number_of, read_row
from models.cases.sheets import Fault, Row, Sheet
from models.cases.tables import Case
from models.errors import Refusal
from models.town import Town

AT_ONCE = 500  # keys asked for in one query
SAME_NUMBER = "编号和第 {row} 行重复，这一行没有导入。请核对，改成自己的编号。"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
CSV_HEAD = ("行", "列", "怎么改")
NUMBERS_HEAD = ("工单编号", "案件编号", "情况")
OPENED, KNOWN = "新开", "已有"


@dataclass(frozen=True, slots=True)
class Pair:
    """A row's 编号 at the office that sent it, the number of its case with us, and whether it was opened now."""

    theirs: str
    ours: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a sheet would do: reports to open, cases that are there already, faults and notes."""

    reports: tuple[tuple[Row, Report], ...]
    known: tuple[Pair, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What importing a sheet did: which case each row has, in the order of the sheet, and every fault and note."""

    pairs: list[Pair] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def opened(self) -> list[str]:
        """The numbers of the cases that were opened."""
        return [pair.ours for pair in self.pairs if pair.opened]

    @property
    def known(self) -> list[str]:
        """The numbers of the cases that were there already."""
        return [pair.ours for pair in self.pairs if not pair.opened]

    def csv(self) -> str:
        """Return the faults as CSV; what a spreadsheet would take for a formula begins with an apostrophe."""
        return faults_csv(self.faults)


async def import_cases(sheet: Sheet, *, source: str, town: Town, now: datetime) -> ImportReport:
    """Open a case for every good row that has none yet; each in a transaction of its own.

    After a crash, or for a corrected file, do it again: the key ``source:编号`` opens one case only.
    """
    plan = await plan_import(sheet, source=source, town=town, now=now)
    done = ImportReport([*plan.known], [*plan.faults])
    for row, report in plan.reports:
        try:
            case = await open_case(report, reporter=None, town=town, now=now)
        except Refusal as refusal:
            done.faults.append(Fault(row.number, "", refusal.sentence))
        except IntegrityError:  # opened meanwhile by somebody who imports the same
            other = await Case.get_or_none(origin=report.origin)
            if other is None:
                raise
            done.pairs.append(Pair(number_of(row), other.number, opened=False))
        else:
            done.pairs.append(Pair(number_of(row), case.number, opened=True))
    done.faults.sort(key=lambda fault: fault.row)
    order = {number_of(row): place for place, row in enumerate(sheet.rows)}
    done.pairs.sort(key=lambda pair: order.get(pair.theirs, 0))
    return done


async def plan_import(sheet: Sheet, *, source: str, town: Town, now: datetime) -> Plan:
    """Return what ``import_cases`` would do; writes nothing."""
    reports, faults = read_reports(sheet, source=source, town=town, now=now)
    origins = [str(report.origin) for _, report in reports]
    known: dict[str, str] = {}
    for start in range(0, len(origins), AT_ONCE):
        found = Case.filter(origin__in=origins[start : start + AT_ONCE])
        known |= dict(await found.values_list("origin", "number"))
    fresh = tuple((row, report) for row, report in reports if report.origin not in known)
    there = tuple(
        Pair(number_of(row), known[str(report.origin)], opened=False)
        for row, report in reports
        if report.origin in known
    )
    return Plan(fresh, there, tuple(faults))


def read_reports(
    sheet: Sheet, *, source: str, town: Town, now: datetime
) -> tuple[list[tuple[Row, Report]], list[Fault]]:
    """Return the reports of the good rows, and all faults and notes in the order of the rows: pure."""
    faults = list(sheet.faults)
    reports: list[tuple[Row, Report]] = []
    first: dict[str, int] = {}
    kinds = list_type_names(town.city)
    for row in sheet.rows:
        report, wrong = read_row(row, heads=sheet.heads, kinds=kinds, source=source, town=town, now=now)
        number = number_of(row)
        if number and first.setdefault(number, row.number) != row.number:
            same = SAME_NUMBER.format(row=first[number])
            wrong.append(Fault(row.number, sheet.heads.get(NUMBER, ""), same))
        faults += wrong
        if report and all(fault.note for fault in wrong):
            reports.append((row, report))
    return reports, sorted(faults, key=lambda fault: fault.row)


def faults_csv(faults: Sequence[Fault]) -> str:
    """Return the faults as CSV text with a head, one line each; the file as a whole has no row."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_HEAD)
    for fault in faults:
        writer.writerow((fault.row or "", _harmless(fault.column), _harmless(fault.words)))
    return out.getvalue()


def numbers_csv(pairs: Sequence[Pair]) -> str:
    """Return which case each row has as CSV text with a head."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(NUMBERS_HEAD)
    for pair in pairs:
        writer.writerow((_harmless(pair.theirs), pair.ours, OPENED if pair.opened else KNOWN))
    return out.getvalue()


def _harmless(text: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
