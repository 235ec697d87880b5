"""kill -9 at random moments of two hundred reports: what was answered is there, once; what is owed is sent, once."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from processes import PUBLIC_URL, Push, Service, free_port, migrate, report_pushes, session, spread

from bot.app import HOUSE, build_app
from bot.config import load_settings
from bot.demo import FIELDS, TEMPLATES, account_of, build_simulator
from bot.sender import _short
from bot.simulator.clock import SimClock
from bot.simulator.people import Person as Follower
from models.cases.tables import Case
from models.city.load import EXAMPLE, load_city
from models.database import close_database, open_database
from models.deliveries.tables import Delivery, Owing
from models.evidence import Evidence
from models.lifecycle import Role
from models.people import Appointment, add_staff
from scheduler.jobs import JOBS

REPORTS = 200
AT_ONCE = 12
KILLS = 6
TRIES = 3  # the platform's
NUMBER = re.compile(r"案件编号 (\d+)")
SETTINGS = {
    "GONGZHI_WECHAT_TEMPLATES": json.dumps(
        {use: {"template": known[0], "fields": FIELDS} for use, known in TEMPLATES.items()}
    )
}


class Town:
    """Two hundred people who report, and a service that is killed between them."""

    def __init__(self, service, platform, seed):
        self.service, self.platform, self.rng = service, platform, random.Random(seed)
        self.sent, self.numbers = 0, {}
        self.kill_at = sorted(self.rng.sample(range(40, REPORTS * 4), KILLS))
        self.extra = iter(range(10**9, 2 * 10**9))
        self.restarting = asyncio.Lock()

    async def report(self, number, client):
        """One person's report; what got no answer, or a late one, is sent anew, as an impatient person would."""
        pushes = report_pushes(number, at=time.time(), place=spread(number))
        openid = pushes[0].openid
        self.platform.people[openid] = Follower(openid, f"居民{number}", "citizen", following=True)
        for push in pushes:
            words = await self.push(push, client)
            while not words:
                words = await self.push(self.anew(push), client)
            if found := NUMBER.search(words):
                self.numbers[number] = found.group(1)

    def anew(self, push):
        """The same words in a new message."""
        return Push(push.openid, push.kind, push.inner, msg_id=next(self.extra), at=time.time())

    async def push(self, push, client):
        """Push as the platform does; None when three tries got no answer."""
        self.platform.hear({"FromUserName": push.openid, "MsgType": push.kind})
        for _ in range(TRIES):
            self.sent += 1
            kill = bool(self.kill_at) and self.sent >= self.kill_at[0]
            if kill:
                self.kill_at.pop(0)
            try:
                if kill:
                    return (await asyncio.gather(push.send(client, self.service.url), self.kill()))[0]
                async with self.restarting:
                    pass
                return await push.send(client, self.service.url)
            except aiohttp.ClientError:
                continue
        return None

    async def kill(self):
        """kill -9 while others wait for answers, then start again."""
        async with self.restarting:
            for _ in range(self.rng.randrange(30)):
                await asyncio.sleep(0)  # a random moment of the turn, not of the clock
            await self.service.kill()
            await self.service.start()


async def finish(settings, simulator):
    """Start once more in this process and let every job run until nothing is left to do."""
    app = build_app(settings, clock=simulator.clock, jobs=False)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        simulator.clock.advance(600)
        for _ in range(20):
            for job in JOBS:
                await job.run(app[HOUSE].tools)
            if not await Delivery.filter(state__in=[Owing.OWED, Owing.SENDING]).exists():
                break
            simulator.clock.advance(60)
        await check_deliveries(simulator)
    finally:
        await runner.cleanup()


async def check_deliveries(simulator):
    """Compare what is written of each delivery with what arrived; photos were lost, so each citizen is owed words."""
    rows = await Delivery.all().prefetch_related("person")
    assert {row.state for row in rows} <= {Owing.SENT, Owing.UNCERTAIN}
    unclear = [row for row in rows if row.state == Owing.UNCERTAIN]
    assert len(unclear) <= KILLS, "each kill finds at most one on its way"
    sent = Counter((row.person.openid, row.text) for row in rows if row.channel == "customer")
    unclear = Counter((row.person.openid, row.text) for row in unclear if row.channel == "customer")
    arrived = Counter((call.body["touser"], words_of(call)) for call in went(simulator, "custom/send"))
    assert sent - unclear <= arrived <= sent, "what is sent has arrived, and nothing more than once"
    templates = Counter(call.body["client_msg_id"] for call in went(simulator, "template/send"))
    told = [row for row in rows if row.channel == "template"]
    assert set(templates) <= {_short(row.key) for row in told}
    assert set(templates) >= {_short(row.key) for row in told if row.state == Owing.SENT}, "sent has arrived"
    people = {row.person.openid for row in rows if row.key.startswith("lost-")}
    assert len(people) == REPORTS


def went(simulator, path):
    """The calls that the platform took."""
    return [call for call in simulator.calls(path) if call.answer.get("errcode") == 0]


def words_of(call):
    """The words of a customer message."""
    return call.body.get("text", {}).get("content") or call.body.get("msgmenu", {}).get("head_content")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_was_answered_survives_kill_9_once(database_url, tmp_path, aiohttp_server, seed):
    simulator = build_simulator(load_city(EXAMPLE), SimClock(), push_url="")
    api = str((await aiohttp_server(simulator.application())).make_url("")).rstrip("/")
    await migrate(tmp_path, database_url)
    service = Service(tmp_path, database_url, api, free_port(), **SETTINGS)
    settings = replace(
        load_settings({"GONGZHI_DATA": str(tmp_path), "GONGZHI_PUBLIC_URL": PUBLIC_URL}),
        database=database_url,
        wechat=account_of(api),
    )
    code = await appoint(database_url, simulator)
    await service.start()
    try:
        simulator.pusher.push_url = service.url
        officer = simulator.phone("小李", role="officer")
        await officer.follow()
        await officer.say(f"绑定 {code}")
        town, waiting = Town(service, simulator.platform, seed), iter(range(REPORTS))

        async def person(client):
            for number in waiting:
                await town.report(number, client)

        async with session() as client:
            await asyncio.gather(*(person(client) for _ in range(AT_ONCE)))
    finally:
        await service.kill()
    assert not town.kill_at, "it was killed as often as meant"
    assert len(town.numbers) == REPORTS
    database = await open_database(database_url)
    try:
        cases = await Case.all().prefetch_related("reporter")
        numbers = {case.reporter.openid: case.number for case in cases}
        assert len(cases) == len(numbers) == REPORTS, "each person's case is there, once"
        told = {f"o{number:027d}": said for number, said in town.numbers.items()}
        assert told == numbers, "and it is the one that the person was told of"
        for case in cases:
            assert f"第{int(case.reporter.openid[1:])}个" in case.text
            assert await Evidence.filter(case_id=case.id).exists()
    finally:
        await close_database(database)
    await finish(settings, simulator)


async def appoint(database_url, simulator):
    """A bind code for an officer of the unit that mends manholes."""
    database = await open_database(database_url)
    try:
        appointment = Appointment(
            name="小李", role=Role.OFFICER.value, unit="shizheng", made_at=simulator.clock.now()
        )
        return (await add_staff(appointment)).code
    finally:
        await close_database(database)
