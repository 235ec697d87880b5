"""Changes of cases reach a real receiver in order, signed, at least once under one key, and are given up at last."""

import hashlib
import hmac
import json
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from tortoise import Tortoise
from tortoise.transactions import in_transaction

from bot.exchange import FORBIDDEN, NO_ANSWER, NO_CONNECTION, HttpPost
from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.tables import CaseEvent
from models.city.city import GcjPoint
from models.database import close_database, open_database
from models.exchange.actions import add_subscriber
from models.exchange.owing import queue_transfers
from models.exchange.passing import BACK_OFF, retry_transfer
from models.exchange.sending import Unreachable, read_networks
from models.exchange.signing import seal_headers
from models.exchange.tables import Passing, Transfer
from scheduler import exchange
from scheduler.exchange import pass_on, tidy_exchange

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
LOOPBACK = read_networks("127.0.0.0/8 ::1")


class MovedClock:
    """A clock that a test moves."""

    def __init__(self):
        self.moment = MONDAY

    def now(self):
        return self.moment

    def advance(self, **units):
        self.moment += timedelta(**units)


class Receiver:
    """Another system: checks signatures by the guide, and answers as it is told to."""

    def __init__(self):
        self.statuses, self.heard, self.secrets = [], [], {}

    async def hear(self, request):
        raw, told = await request.read(), request.headers
        lines = (
            "gongzhi-v1",
            told["X-Gongzhi-System"],
            told["X-Gongzhi-Timestamp"],
            told["Idempotency-Key"],
            hashlib.sha256(raw).hexdigest(),
        )
        secret = self.secrets[told["X-Gongzhi-System"]]
        wanted = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
        assert hmac.compare_digest(wanted, told["X-Gongzhi-Signature"])
        assert told["Content-Type"] == "application/json; charset=utf-8"
        status = self.statuses.pop(0) if self.statuses else 204
        self.heard.append((told["Idempotency-Key"], json.loads(raw), status))
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else None)

    def keys(self, *, taken=True):
        return [key for key, _, status in self.heard if 200 <= status < 300 or not taken]


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
async def database(database_url):
    kept = await open_database(database_url)
    await Tortoise.generate_schemas()
    yield kept
    await close_database(kept)


@pytest.fixture
async def post():
    post = HttpPost(LOOPBACK)
    yield post
    await post.close()


@pytest.fixture
async def receiver(aiohttp_server, database, stage_town):
    """A receiver on loopback that has subscribed to everything."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.hear)
    server = await aiohttp_server(app)
    receiver.url = str(server.make_url("/hook"))
    row = await add_subscriber("民呼我应", receiver.url, city=stage_town.city, now=MONDAY)
    receiver.row, receiver.secrets[f"subscriber-{row.id}"] = row, row.secret
    return receiver


@pytest.fixture
def open_owed(database, stage_town, clock):
    """Open cases whose every step is owed; return them."""

    async def make(count=1):
        cases = []
        for number in range(count):
            report = Report("manhole", f"井盖坏了 {number}", GcjPoint(31.5560, 120.1450 + number * 1e-3))
            case = await open_case(report, reporter=None, town=stage_town, now=clock.now())
            for event in await CaseEvent.filter(case_id=case.id).order_by("seq"):
                async with in_transaction():
                    await queue_transfers(case, event, stage_town, now=clock.now())
            cases.append(case)
        return cases

    return make


async def test_every_step_arrives_in_order_with_what_may_be_known(receiver, open_owed, post, clock):
    (case,) = await open_owed()
    assert await pass_on(post, clock) == case.steps
    assert receiver.keys() == [f"{receiver.row.id}/{case.number}/{seq}" for seq in range(1, case.steps + 1)]
    assert [told["seq"] for _, told, _ in receiver.heard] == list(range(1, case.steps + 1))
    assert receiver.heard[-1][1]["case"]["id"] == case.number
    assert await pass_on(post, clock) == 0


async def test_order_of_each_case_holds_while_the_receiver_fails(receiver, open_owed, post, clock):
    cases = await open_owed(3)
    receiver.statuses = [500, 204, 503, 204, 404, 302, 204, 429, 500]
    for _ in range(60):
        await pass_on(post, clock)
        clock.advance(minutes=31)
    wanted = {f"{receiver.row.id}/{case.number}/{seq}" for case in cases for seq in range(1, case.steps + 1)}
    assert Counter(receiver.keys()) == dict.fromkeys(wanted, 1)
    for case in cases:
        seqs = [
            told["seq"]
            for _, told, status in receiver.heard
            if status == 204 and told["case"]["id"] == case.number
        ]
        assert seqs == sorted(seqs)
    assert len(receiver.heard) == len(wanted) + 6


async def test_death_between_sending_and_keeping_it_sends_again_under_the_same_key(
    receiver, open_owed, post, clock, monkeypatch
):
    (case,) = await open_owed()

    async def dies(*_, **__):
        raise OSError("killed here")

    monkeypatch.setattr(exchange, "settle_transfer", dies)
    assert await pass_on(post, clock) == 1
    monkeypatch.undo()
    assert await pass_on(post, clock) == 0  # the claim still holds
    clock.advance(seconds=61)
    await pass_on(post, clock)
    first, again, *others = receiver.heard
    assert first[0] == again[0]
    assert first[1] == again[1]
    assert len(others) == case.steps - 1
    assert len(set(receiver.keys())) == case.steps  # who drops known keys has each step once


async def test_step_that_never_arrives_is_given_up_and_sent_when_an_operator_says_so(
    receiver, open_owed, post, clock
):
    (case,) = await open_owed()
    receiver.statuses = [500] * (len(BACK_OFF) + 1)
    for pause in (*BACK_OFF, timedelta(days=30)):
        await pass_on(post, clock)
        clock.moment += pause
    assert await pass_on(post, clock) == 0
    dead = await Transfer.get(state=Passing.DEAD)
    assert (dead.seq, dead.tries, dead.trouble) == (1, len(BACK_OFF) + 1, "对方回了 500")
    assert receiver.keys() == []
    await retry_transfer(dead.id, now=clock.now())
    assert await pass_on(post, clock) == case.steps
    assert [told["seq"] for *_, told, status in receiver.heard if status == 204] == list(
        range(1, case.steps + 1)
    )


async def test_silent_receiver_does_not_hold_up_another(receiver, open_owed, post, clock, stage_town):
    await add_subscriber("不在的", "http://127.0.0.1:9/hook", city=stage_town.city, now=MONDAY)
    cases = await open_owed(3)
    tried = await pass_on(post, clock)
    assert len(receiver.keys()) == sum(case.steps for case in cases)
    assert tried == len(receiver.keys()) + 1
    (failed,) = await Transfer.filter(tries__gt=0, state=Passing.OWED)
    assert failed.trouble == NO_CONNECTION


async def test_sending_that_breaks_is_tried_again(receiver, open_owed, clock, caplog):
    async def breaks(*_):
        raise ValueError("a mistake of ours")

    await open_owed()
    assert await pass_on(breaks, clock) == 1
    assert (await Transfer.get(tries=1)).state is Passing.OWED
    assert "a transfer broke" in caplog.text


async def test_old_rows_are_tidied(receiver, open_owed, post, clock):
    (case,) = await open_owed()
    await pass_on(post, clock)
    case.state = "rated"
    await case.save()
    assert await tidy_exchange(clock) == 0
    clock.advance(days=181)
    assert await tidy_exchange(clock) == case.steps


# --- the network ---


async def test_address_inside_is_not_connected_to(receiver):
    post = HttpPost()
    try:
        for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
            with pytest.raises(Unreachable, match=FORBIDDEN):
                await post(url, b"{}", {})
    finally:
        await post.close()
    assert receiver.heard == []


async def test_name_is_looked_up_and_checked_at_each_sending(receiver):
    class Names:
        """A name that leads to one address today and to another tomorrow."""

        def __init__(self):
            self.addresses = ["127.0.0.1", "127.0.0.2"]

        async def resolve(self, host, port=0, family=0):
            found = {"hostname": host, "host": self.addresses.pop(0), "port": port}
            return [found | {"family": socket.AF_INET, "proto": 0, "flags": 0}]

        async def close(self):
            pass

    post = HttpPost(read_networks("127.0.0.1/32"))
    post._session.connector._resolver = Names()
    url = receiver.url.replace("127.0.0.1", "receiver.example")
    headers = seal_headers(receiver.row.secret, f"subscriber-{receiver.row.id}", "k", b"{}", now=MONDAY)
    try:
        assert await post(url, b"{}", headers) == 204
        with pytest.raises(Unreachable, match=FORBIDDEN):
            await post(url, b"{}", headers)
    finally:
        await post.close()
    assert len(receiver.heard) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://127.1/",
        "ftp://a.example/",
        "http://u:p@127.0.0.1/",
        "http://127.0.0.1:9/#x",
    ],
)
async def test_strange_address_is_not_connected_to(post, url):
    with pytest.raises(Unreachable):
        await post(url, b"{}", {})


async def test_long_answer_is_cut_off_and_counts(aiohttp_server, post):
    written = []

    async def endless(request):
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            for _ in range(2000):
                await answer.write(b"x" * 65_536)
                written.append(1)
        except (ConnectionError, aiohttp.ClientError):
            pass
        return answer

    app = web.Application()
    app.router.add_post("/", endless)
    server = await aiohttp_server(app)
    assert await post(str(server.make_url("/")), b"{}", {}) == 200
    assert len(written) < 2000


async def test_answer_that_breaks_off_is_no_answer(aiohttp_server, post):
    async def breaks_off(request):
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", breaks_off)
    server = await aiohttp_server(app)
    with pytest.raises(Unreachable, match=NO_ANSWER):
        await post(str(server.make_url("/")), b"{}", {})
