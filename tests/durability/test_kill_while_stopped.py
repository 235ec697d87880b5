"""kill -9 while the account is stopped: a new process knows of it, knocks no more, and later tells each thing once."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import replace

import pytest
from aiohttp import web
from owing import FIELDS as WORDS
from processes import PUBLIC_URL, Service, free_port, migrate

from bot.app import HOUSE, build_app
from bot.config import load_settings
from bot.demo import FIELDS, TEMPLATES, account_of, build_simulator
from bot.simulator.clock import SimClock
from bot.simulator.people import Person as Follower
from models.city.load import EXAMPLE, load_city
from models.database import close_database, open_database
from models.deliveries.tables import Delivery, Owing
from models.leases import Lease
from models.people import Person
from scheduler.jobs import JOBS

KILLS = 2
PEOPLE = 5
EACH = 4
SETTINGS = {
    "GONGZHI_WECHAT_TEMPLATES": json.dumps(
        {use: {"template": known[0], "fields": FIELDS} for use, known in TEMPLATES.items()}
    )
}
# How many calls each start may cost: the try that is due, and for what may be chance three in a row.
KNOCKS = {45009: 1, 40164: 1, 99999: 3}


async def people(simulator, count):
    """People who have just written, on their phones and in our rows."""
    rows = []
    for number in range(count):
        openid = f"o{number:027d}"
        simulator.platform.people[openid] = Follower(openid, f"居民{number}", "citizen", following=True)
        simulator.platform.hear({"FromUserName": openid, "MsgType": "text"})
        now = simulator.clock.now()
        rows.append(await Person.create(openid=openid, created_at=now, message_at=now))
    return rows


async def owe(person, simulator, key, **own):
    """Owe somebody words, due now."""
    now = simulator.clock.now()
    await Delivery.create(key=key, person_id=person.id, text=f"好消息 {key}", due_at=now, owed_at=now, **own)


async def called(simulator, path, count):
    """Return when the platform has had so many calls."""
    with simulator.platform.changes.watch() as changed:
        while len(simulator.calls(path)) < count:
            await changed.wait()
            changed.clear()


async def forget_leases(database_url):
    """A dead process holds its jobs for a minute: let it be over."""
    database = await open_database(database_url)
    try:
        await Lease.all().delete()
    finally:
        await close_database(database)


async def finish(settings, simulator):
    """A day later, in this process, let every job run until nothing is left to do."""
    app = build_app(settings, clock=simulator.clock, jobs=False)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        simulator.clock.advance(86400)
        for _ in range(20):
            for job in JOBS:
                await job.run(app[HOUSE].tools)
            if not await Delivery.filter(state__in=[Owing.OWED, Owing.SENDING, Owing.HELD]).exists():
                break
            simulator.clock.advance(600)
        return await Delivery.filter(key__startswith="k").prefetch_related("person")
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("code", KNOCKS)
async def test_what_is_owed_survives_kill_9_while_the_account_is_stopped(
    database_url, tmp_path, aiohttp_server, code
):
    simulator, rng = build_simulator(load_city(EXAMPLE), SimClock(), push_url=""), random.Random(code)
    api = str((await aiohttp_server(simulator.application())).make_url("")).rstrip("/")
    await migrate(tmp_path, database_url)
    service = Service(tmp_path, database_url, api, free_port(), **SETTINGS)
    settings = replace(
        load_settings({"GONGZHI_DATA": str(tmp_path), "GONGZHI_PUBLIC_URL": PUBLIC_URL}),
        database=database_url,
        wechat=account_of(api),
    )
    database = await open_database(database_url)
    try:
        told = await people(simulator, PEOPLE)
        stranger = told.pop()
        await Person.filter(id=stranger.id).update(message_at=None)
        for number in range(EACH):
            for person in told:
                await owe(person, simulator, f"k{number}-{person.id}")
    finally:
        await close_database(database)
    simulator.order_fault("refusal", "custom/send", times=10**6, code=code)
    try:
        for turn in range(KILLS):
            await forget_leases(database_url)
            await service.start()
            await called(simulator, "custom/send", 1)
            if code != 40164:  # this one stops templates too
                database = await open_database(database_url)
                await owe(stranger, simulator, f"t{turn}", fields_=WORDS)
                await close_database(database)
                await called(simulator, "template/send", turn + 1)  # so the job has been at work
            for _ in range(rng.randrange(30)):
                await asyncio.sleep(0)  # a random moment of the turn, not of the clock
            await service.kill()
    finally:
        await service.kill()
    assert len(simulator.calls("custom/send")) <= KNOCKS[code] + KILLS
    simulator.platform.faults.clear()
    rows = await finish(settings, simulator)
    assert {row.state for row in rows} <= {Owing.SENT, Owing.UNCERTAIN}
    assert sum(row.state is Owing.UNCERTAIN for row in rows) <= KILLS, (
        "each kill finds at most one on its way"
    )
    went = [call for call in simulator.calls("custom/send") if call.answer.get("errcode") == 0]
    arrived = Counter((call.body["touser"], call.body["text"]["content"]) for call in went)
    sent = Counter((row.person.openid, row.text) for row in rows if row.state is Owing.SENT)
    assert arrived == sent, "what was refused has not arrived, what is sent has, each once"
