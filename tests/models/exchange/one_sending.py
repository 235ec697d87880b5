"""One process that receives a case when told to: ``python one_sending.py FOLDER DATABASE KEY HOW BODY``."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from bot.app import build_town
from bot.config import load_settings
from models.database import close_database, open_database
from models.exchange import actions
from models.exchange.queries import find_system

NOW = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)


async def main(folder, url, key, how, body):
    """Say ready, wait for a line, receive; with ``die`` leave no trace after the case was opened."""
    town = build_town(load_settings({"GONGZHI_DATA": folder}))
    database = await open_database(url)
    system = await find_system("toudao")
    opens = actions.open_case

    async def opens_and_dies(*arguments, **named):
        await opens(*arguments, **named)
        os._exit(9)

    if how == "die":
        actions.open_case = opens_and_dies
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    answer = await actions.receive_case(system, key, body=body.encode(), town=town, now=NOW)
    print(answer.status, answer.content["id"], flush=True)  # noqa: T201
    await close_database(database)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
