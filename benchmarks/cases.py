"""What the daily deeds with cases cost with ten thousand and with a million of them, on SQLite and PostgreSQL.

One run, both sizes, measured in turns: open a case, look for the same near by, the lists of who works, a step, the
wake list. Run by ``PYTHONPATH=.:tests python benchmarks/cases.py``; ``--plans`` prints how the database finds the rows.
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from case_rows import NOW, cases_sql, draw_spots, fill_people, fill_spots, our_connection
from databases import scratch_databases
from plans import tell_plans
from stage import build_stage_town

from models.cases.actions import move_case, open_case
from models.cases.audience import units_of
from models.cases.listing import Wanted, list_page
from models.cases.moves import Actor, Move, Report
from models.cases.queries import (
    Reach,
    find_same,
    list_by_tail,
    list_desk,
    list_in_states,
    list_waking,
    list_work,
)
from models.cases.states import AT_WORK, OPEN
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.database import POSTGRES, SQLITE, close_database, is_postgres, migrate, open_database
from models.lifecycle import Role
from models.people import Person
from models.town import Town

ROOT = Path(__file__).parents[1]
AIM = 1.5
TAKEN = 200  # cases put aside to be taken, a fresh one each time
DUE = 20  # alarms that are due at this moment: as many as fall due between two runs of the job
SMALL, DEEP = 5, 50  # cases of a page of the work list, and which page is the deep one


@dataclass
class Base:
    """One filled database, and what is needed to work with it."""

    rows: int
    url: str
    spots: list[dict[str, object]]
    officers: list[Person] = field(default_factory=list)
    reporters: list[Person] = field(default_factory=list)
    busy: list[Person] = field(default_factory=list)  # whose list fills a page, in the small database too
    known: list[Case] = field(default_factory=list)  # open ones, near which the same is looked for
    free: list[tuple[int, str]] = field(default_factory=list)  # cases to be taken: id, unit
    cursors: dict[str, str] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)  # µs of each run by name


async def build(base: Base, town: Town, *, analyze: bool) -> None:
    """Migrate and fill one database."""
    database = await open_database(base.url)
    try:
        await migrate(base.url)
        await fill_people(town)
        await fill_spots(base.spots)
        connection, postgres = our_connection(), is_postgres()
        await connection.execute_script(cases_sql(base.rows, postgres=postgres))
        due = "SELECT id FROM case_file WHERE wake_at IS NOT NULL ORDER BY id DESC LIMIT"
        await connection.execute_script(f"UPDATE case_file SET wake_at = due_at WHERE id IN ({due} {DUE})")
        soon = NOW - timedelta(minutes=1)
        await Case.filter(wake_at__not_isnull=True, wake_at__lt=NOW).update(wake_at=soon)
        await Case.filter(id__in=[row["id"] for row in await _rows(f"{due} {DUE}")]).update(wake_at=soon)
        if analyze:
            await connection.execute_script("VACUUM ANALYZE case_file" if postgres else "ANALYZE")
    finally:
        await close_database(database)


async def prepare(base: Base, town: Town) -> None:
    """Read who works there and which cases can be taken."""
    base.officers = await Person.filter(openid__startswith="o").order_by("id")
    base.busy = [one for one in base.officers if len(await _work_of(one, town)) == SMALL]
    base.reporters = await Person.filter(openid__startswith="c").order_by("id").limit(200)
    base.known = await Case.filter(is_open=True).order_by("-opened_at").limit(200)
    free = await Case.filter(state="dispatched").order_by("-opened_at").limit(TAKEN).values_list("id", "unit")
    base.free = [(row[0], row[1]) for row in free]


class Bench:
    """The deeds that are measured, each one run of what a person or program asks for."""

    def __init__(self, town: Town) -> None:
        self.town, self.chance = town, random.Random(11)
        self.deeds: dict[str, Callable[[Base], Awaitable[object]]] = {
            "open a case": self.open,
            "same case near by": self.same,
            "officer's list": self.work,
            "desk's list": self.desk,
            "under way by due, page 1": lambda base: self.page(base, DUE_FIRST, 1),
            f"under way by due, page {DEEP}": lambda base: self.page(base, DUE_FIRST, DEEP),
            "newest first, page 1": lambda base: self.page(base, NEWEST, 1),
            f"newest first, page {DEEP}": lambda base: self.page(base, NEWEST, DEEP),
            "unit's work by due, page 1": lambda base: self.page(base, OF_UNIT, 1),
            "unit's newest, page 1": lambda base: self.page(base, NEWEST_OF_UNIT, 1),
            "take (a step)": self.take,
            "wake list": self.waking,
        }

    async def open(self, base: Base) -> Case:
        spot, reporter = self.chance.choice(base.spots), self.chance.choice(base.reporters)
        kind = str(spot["type"])
        report = Report(type=kind, text="路边有东西要处理，请来看看", point=_point(spot), address="路口")
        return await open_case(report, reporter=reporter, town=self.town, now=NOW)

    async def same(self, base: Base) -> Case:
        case = self.chance.choice(base.known)
        same = await find_same(self.town.city.case_types[case.type], GcjPoint(case.lat, case.lng))
        assert same is not None, "there is one"
        return same

    async def work(self, base: Base) -> list[Case]:
        officer = self.chance.choice(base.busy)
        return await _work_of(officer, self.town)

    async def desk(self, _base: Base) -> list[Case]:
        return await list_desk()

    async def page(self, base: Base, wanted: Wanted, number: int) -> object:
        cursor = base.cursors[_name(wanted)] if number > 1 else ""
        page = await list_page(wanted, cursor=cursor, limit=SMALL)
        assert len(page.cases) == SMALL, "there must be that many"
        return page

    async def take(self, base: Base) -> Case:
        case_id, unit = base.free.pop()
        officer = next(one for one in base.officers if one.unit == unit)
        return await move_case(case_id, Move("take", Actor(Role.OFFICER, officer)), town=self.town, now=NOW)

    async def waking(self, _base: Base) -> list[int]:
        found = await list_waking(now=NOW)
        assert len(found) == DUE, f"{len(found)} are due"
        return found


DUE_FIRST = Wanted(states=tuple(sorted(OPEN)), by_due=True)
NEWEST = Wanted()
OF_UNIT = Wanted(unit="huanwei", states=tuple(sorted(AT_WORK)), by_due=True)
NEWEST_OF_UNIT = Wanted(unit="huanwei", states=tuple(sorted(AT_WORK)))


async def _work_of(officer: Person, town: Town) -> list[Case]:
    return await list_work(officer, units=units_of(officer, city=town.city, now=NOW), limit=SMALL)


async def find_cursors(base: Base) -> None:
    """Turn the pages once, so that a deep page can be asked for by its cursor."""
    for wanted in (DUE_FIRST, NEWEST):
        cursor = ""
        for _ in range(DEEP - 1):
            cursor = (await list_page(wanted, cursor=cursor, limit=SMALL)).next_cursor
        base.cursors[_name(wanted)] = cursor


async def measure(bases: list[Base], town: Town, *, rounds: int, runs: int) -> None:
    """Run every deed ``runs`` times in each of the rounds, the databases in turns."""
    bench = Bench(town)
    for number in range(rounds):
        for base in bases:
            database = await open_database(base.url)
            try:
                if not number:
                    await prepare(base, town)
                    await find_cursors(base)
                await _measure_once(base, bench, runs)
            finally:
                await close_database(database)


async def _measure_once(base: Base, bench: Bench, runs: int) -> None:
    for name, deed in bench.deeds.items():
        for _ in range(3):  # warm: connection, statements, pages of the index
            await deed(base)
        for _ in range(runs):
            begun = time.perf_counter()
            await deed(base)
            base.taken.setdefault(name, []).append((time.perf_counter() - begun) * 1e6)


async def show_plans(base: Base, town: Town) -> None:
    """Print how the database finds the rows of each list."""
    database = await open_database(base.url)
    try:
        await tell_plans(_queries(base, town))
    finally:
        await close_database(database)


def _queries(base: Base, town: Town) -> dict[str, Callable[[], Awaitable[object]]]:
    bench = Bench(town)
    return {
        "same": lambda: bench.same(base),
        "officer": lambda: bench.work(base),
        "desk": list_desk,
        "due 1": lambda: bench.page(base, DUE_FIRST, 1),
        "due deep": lambda: bench.page(base, DUE_FIRST, DEEP),
        "newest deep": lambda: bench.page(base, NEWEST, DEEP),
        "unit": lambda: bench.page(base, OF_UNIT, 1),
        "unit newest": lambda: bench.page(base, NEWEST_OF_UNIT, 1),
        "wake": lambda: list_waking(now=NOW),
        "four digits": lambda: list_by_tail("0012"),
        "four digits of a unit": lambda: list_by_tail("0012", reach=Reach(1, frozenset({"shizheng"}))),
        "four digits, suspended": lambda: list_by_tail("0012", states={"suspended"}),
        "suspended": lambda: list_in_states({"suspended"}),
    }


def conclude(engine: str, bases: list[Base]) -> dict[str, dict[str, float]]:
    """Print one line a deed; return the figures by name."""
    small, large = bases
    print(f"\n{engine:28} {small.rows:>11,} {large.rows:>11,}   ratio   aim {AIM}", flush=True)
    found = {}
    for name in small.taken:
        few, many = statistics.median(small.taken[name]), statistics.median(large.taken[name])
        mark = "" if many <= AIM * few else "   <-- above"
        print(f"{name:28} {few:8.0f} µs {many:8.0f} µs   {many / few:5.2f}{mark}")
        found[name] = {"small_us": few, "large_us": many, "ratio": many / few}
    return found


async def bench_engine(engine: str, options: argparse.Namespace, town: Town) -> dict[str, dict[str, float]]:
    """Fill both sizes of one kind of database, measure, and throw them away."""
    spots = draw_spots(town)
    async with scratch_databases(engine, (options.few, options.many)) as urls:
        bases = [Base(rows, url, spots) for rows, url in urls.items()]
        for base in bases:
            begun = time.perf_counter()
            await build(base, town, analyze=not options.raw)
            print(f"{engine}: {base.rows:,} cases in {time.perf_counter() - begun:.0f} s", flush=True)
        await measure(bases, town, rounds=options.rounds, runs=options.runs)
        found = conclude(engine, bases)
        if options.plans:
            await show_plans(bases[-1], town)
    return found


async def _rows(sql: str) -> list[dict[str, object]]:
    return [dict(row) for row in await our_connection().execute_query_dict(sql)]


def _point(spot: dict[str, object]) -> GcjPoint:
    return GcjPoint(float(spot["lat"]), float(spot["lng"]))


def _name(wanted: Wanted) -> str:
    return "due" if wanted.by_due else "newest"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=10_000, help="cases of the small database")
    parser.add_argument("--many", type=int, default=1_000_000, help="cases of the large one")
    parser.add_argument("--rounds", type=int, default=3, help="turns that each database has")
    parser.add_argument("--runs", type=int, default=20, help="runs of each deed in a turn")
    parser.add_argument("--only", choices=(SQLITE, POSTGRES), help="one kind of database")
    parser.add_argument("--raw", action="store_true", help="without ANALYZE")
    parser.add_argument("--plans", action="store_true", help="print how the rows of the large one are found")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "cases.json")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-town-"))
    town = build_stage_town(folder)
    engines = [options.only] if options.only else [SQLITE, POSTGRES]
    try:
        found = {engine: asyncio.run(bench_engine(engine, options, town)) for engine in engines}
    finally:
        shutil.rmtree(folder)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
