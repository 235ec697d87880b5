"""Plays a town's days by the simulator's clock and prints their report: a working day, two nights and a holiday.

Real HTTP, real encrypted messages, a real database. Run by ``make bench BENCH=day``;
exit status 1 when it does not add up.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import scratch_databases
from day_report import write_report
from stage import Stage, build_stage_town
from town_days import Day

from models.clock import local
from models.database import POSTGRES, SQLITE, close_database, open_database

START = datetime(2026, 9, 30, 0, 0, tzinfo=UTC)  # 8:00 in the town, the working day before the National Day
HOURS = 60  # until 20:00 on 2 October


async def play(options: argparse.Namespace, url: str, folder: Path) -> bool:
    """Play the days on that database, print their report; tell whether it adds up."""
    town = build_stage_town(folder)
    begun = time.perf_counter()
    async with Stage(town, url, folder, start=START) as stage:
        day = Day(stage, seed=options.seed, until=START + timedelta(hours=options.hours))
        await day.staff(options.officers)
        day.report(options.reports)
        await day.play()
        report = await write_report(day)
        seconds = time.perf_counter() - begun
    there = local(START), local(START + timedelta(hours=options.hours))
    print(f"\n{options.database}: {there[0]:%Y-%m-%d %H:%M} – {there[1]:%Y-%m-%d %H:%M}, seed {options.seed}")
    print("\n".join(report.lines))
    for name, holds in report.checks.items():
        print(f"  {'ok' if holds else '!!'}  {name}")
    for words in day.silent[:5]:
        print(f"  unanswered: {words}")
    print(f"played in {seconds:.0f} s, {day.counts['messages'] / seconds:.0f} messages/s with all jobs")
    return all(report.checks.values())


async def run(options: argparse.Namespace) -> bool:
    """Make a database, play, and throw it away."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-day-") as folder:
        async with scratch_databases(options.database, (options.reports,)) as urls:
            database = await open_database(urls[options.reports])
            await close_database(database)
            return await play(options, urls[options.reports], Path(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--officers", type=int, default=20)
    parser.add_argument("--hours", type=int, default=HOURS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=(SQLITE, POSTGRES), default=SQLITE)
    sys.exit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
