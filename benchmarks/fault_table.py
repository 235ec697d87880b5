"""Plays one story under every fault that we know, and prints what people saw, what was lost and when it was healed."""

import argparse
import asyncio
import logging
import tempfile
from pathlib import Path

from databases import scratch_databases
from faults import FAULTS, Fault, Outcome, play
from stage import build_stage_town

HEAD = (
    "| fault | database | a message | somebody leaves | lost | twice | uncertain | settled after, minutes |",
    "|---|---|---|---|---|---|---|---|",
)


def main() -> None:
    """Play what is asked for and print a table; the exit status says whether anything was lost."""
    options = _options()
    logging.disable(logging.CRITICAL)  # what breaks is broken on purpose
    print("\n".join(HEAD))
    outcomes = [
        asyncio.run(_line(fault, name)) for name in options.databases for fault in _chosen(options, name)
    ]
    raise SystemExit(any(outcome.lost or outcome.twice for outcome in outcomes))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--databases", nargs="+", default=["sqlite", "postgres"], choices=["sqlite", "postgres"]
    )
    parser.add_argument("--only", nargs="+", default=[], choices=[fault.name for fault in FAULTS])
    return parser.parse_args()


def _chosen(options: argparse.Namespace, database: str) -> list[Fault]:
    return [
        fault
        for fault in FAULTS
        if database in fault.databases and (not options.only or fault.name in options.only)
    ]


async def _line(fault: Fault, database: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="gongzhi-faults-") as folder:
        town = build_stage_town(Path(folder))
        async with scratch_databases(database, (1,)) as urls:
            outcome = await play(fault, urls[1], town, Path(folder))
    told = (outcome.words, outcome.event, outcome.lost, outcome.twice, outcome.uncertain, outcome.minutes)
    print(f"| {fault.told} | {database} | {' | '.join(map(str, told))} |", flush=True)
    return outcome


if __name__ == "__main__":
    main()
