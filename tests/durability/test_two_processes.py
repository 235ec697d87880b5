"""Two processes share one PostgreSQL database: every push comes three times, to both, and acts once."""

import asyncio
import random
import time

import pytest
from processes import Service, free_port, migrate, report_pushes, session, spread

from bot.demo import build_simulator
from bot.simulator.clock import SimClock
from models.cases.tables import Case
from models.city.load import EXAMPLE, load_city
from models.database import close_database, open_database
from models.inbox import Letter

REPORTS = 1000
AT_ONCE = 24
COPIES = 3


async def report(number, urls, client, answers):
    """Send one report, each push three times at once to the two processes by turns."""
    rng = random.Random(number)
    for step, push in enumerate(report_pushes(number, at=time.time(), place=spread(number))):
        targets = [urls[0], urls[1], rng.choice(urls)]
        rng.shuffle(targets)
        said = await asyncio.gather(*(push.send(client, url) for url in targets))
        answers[number, step] = said
        if step == 3 and any("是同一件吗" in words for words in said):
            raise AssertionError("the places of this test lie too near to each other")


@pytest.mark.postgres
async def test_thousand_reports_pushed_thrice_to_two_processes_make_a_thousand_cases(
    postgres_url, tmp_path, aiohttp_server
):
    simulator = build_simulator(load_city(EXAMPLE), SimClock(), push_url="")
    api = str((await aiohttp_server(simulator.application())).make_url("")).rstrip("/")
    await migrate(tmp_path, postgres_url)
    services = [Service(tmp_path, postgres_url, api, free_port()) for _ in range(2)]
    answers = {}
    try:
        await asyncio.gather(*(service.start() for service in services))
        waiting = iter(range(REPORTS))

        async def person(client):
            for number in waiting:
                await report(number, [service.url for service in services], client, answers)

        async with session() as client:
            await asyncio.gather(*(person(client) for _ in range(AT_ONCE)))
    finally:
        await asyncio.gather(*(service.kill() for service in services))
    different = {key: said for key, said in answers.items() if len(set(said) - {""}) > 1}
    assert not different
    database = await open_database(postgres_url)
    try:
        assert await Case.all().count() == REPORTS
        assert await Letter.all().count() == REPORTS * 4
        assert await Letter.filter(failed=True).count() == 0
    finally:
        await close_database(database)
