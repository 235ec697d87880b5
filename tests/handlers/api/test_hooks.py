"""The door for other systems: nothing unsigned is read, and every answer is JSON with a Chinese sentence."""

import asyncio
import gzip
import hashlib
import hmac
import json

import pytest
from aiohttp import web

from handlers.api.hooks import ADDRESS, MAX_BYTES, routes
from handlers.web import CLOCK, TOWN
from models.audit import AuditEntry
from models.cases.tables import Case
from models.exchange.actions import add_system, stop_system

ALARM = {
    "type": "construction_waste",
    "text": "摄像头 12 号发现偷倒渣土",
    "place": {"gcj02": [31.5560, 120.1450]},
    "urgent": True,
}


@pytest.fixture
async def system(database, clock):
    return await add_system("toudao", "偷倒监控平台", now=clock.now())


@pytest.fixture
async def client(aiohttp_client, system, stage_town, clock):
    app = web.Application()
    app[TOWN], app[CLOCK] = stage_town, clock
    app.add_routes(routes())
    return await aiohttp_client(app)


@pytest.fixture
def seal(system, clock):
    """Sign as the guide for other systems says, without any of our code."""

    def make(body, key="alarm-1", *, secret=None, at=None, code="toudao"):
        stamp = str(int(at if at is not None else clock.now().timestamp()))
        text = "\n".join(["gongzhi-v1", code, stamp, key, hashlib.sha256(body).hexdigest()])
        signature = hmac.new((secret or system.secret).encode(), text.encode(), hashlib.sha256).hexdigest()
        return {
            "X-Gongzhi-System": code,
            "X-Gongzhi-Timestamp": stamp,
            "Idempotency-Key": key,
            "X-Gongzhi-Signature": signature,
        }

    return make


@pytest.fixture
def send(client, seal):
    """Send a body, signed unless headers are given; return status and JSON."""

    async def post(body=ALARM, key="alarm-1", *, headers=None):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await client.post(ADDRESS, data=raw, headers=seal(raw, key) if headers is None else headers)
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()

    return post


async def test_alarm_of_a_camera_opens_a_case(send):
    status, told = await send()
    case = await Case.get()
    assert (status, told["id"], told["state"], told["urgent"]) == (201, case.number, case.state, True)
    assert case.source == "第三方"
    (entry,) = await AuditEntry.all()
    assert (entry.who, entry.door, entry.outcome, entry.subject) == (
        "system toudao",
        "hook",
        "201",
        f"case {case.number}",
    )


async def test_repeat_is_answered_alike(send):
    first, again = await send(), await send()
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]


async def test_copies_at_once_open_one_case(send):
    answers = await asyncio.gather(*(send() for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] * 5 + [201]
    assert await Case.all().count() == 1


async def test_same_key_with_another_body_is_a_conflict(send):
    await send()
    status, told = await send(ALARM | {"urgent": False})
    assert status == 409
    assert "Idempotency-Key" in told["error"]


async def test_wrong_fields_are_named(send):
    status, told = await send({"type": "x", "text": "", "place": {"gcj02": [0, 0]}, "photos": []})
    assert status == 422
    assert set(told["fields"]) == {"type", "text", "place.gcj02", "photos"}
    assert "4 处" in told["error"]
    assert (await AuditEntry.get()).outcome == "422"


async def test_body_that_is_no_json_is_refused(send):
    status, told = await send(b"type=construction_waste")
    assert status == 422
    assert "JSON" in told["error"]


async def test_unsigned_body_is_not_read(send, seal, clock):
    raw, now = json.dumps(ALARM).encode(), clock.now().timestamp()
    good = seal(raw)
    wrong = [
        {},
        {name: value for name, value in good.items() if name != "Idempotency-Key"},
        good | {"Idempotency-Key": "alarm-2"},
        good | {"X-Gongzhi-Signature": good["X-Gongzhi-Signature"].upper()},
        seal(raw + b" "),
        seal(raw, secret="of somebody else"),
        seal(raw, code="nobody", secret="-" * 43),
        seal(raw, at=now - 301),
        seal(raw, at=now + 301),
    ]
    for headers in wrong:
        status, told = await send(raw, headers=headers)
        assert status == 401, headers
        assert told["error"]
    assert await Case.all().count() == await AuditEntry.all().count() == 0


async def test_unknown_system_and_wrong_secret_are_told_the_same(send, seal):
    raw = json.dumps(ALARM).encode()
    unknown = await send(raw, headers=seal(raw, code="nobody"))
    wrong = await send(raw, headers=seal(raw, secret="wrong"))
    assert unknown == wrong


async def test_stopped_system_is_refused(send, clock):
    await stop_system("toudao", now=clock.now())
    assert (await send())[0] == 401


async def test_large_body_is_refused_whether_its_size_is_told_or_not(client, seal):
    raw = b" " * (MAX_BYTES + 1)

    async def trickled():
        for start in range(0, len(raw), 50_000):
            yield raw[start : start + 50_000]

    for data in (raw, trickled()):
        answer = await client.post(ADDRESS, data=data, headers=seal(raw))
        assert answer.status == 413
    squeezed = gzip.compress(b" " * 50_000_000)
    assert len(squeezed) < MAX_BYTES
    headers = seal(squeezed) | {"Content-Encoding": "gzip"}
    assert (await client.post(ADDRESS, data=squeezed, headers=headers)).status == 413


async def test_body_as_large_as_may_be_is_read(send):
    raw = json.dumps(ALARM).encode()
    status, _ = await send(raw + b" " * (MAX_BYTES - len(raw)))
    assert status == 201


async def test_broken_packing_is_told(client, seal):
    headers = seal(b"nonsense") | {"Content-Encoding": "gzip"}
    answer = await client.post(ADDRESS, data=b"nonsense", headers=headers)
    assert answer.status == 400


async def test_our_own_failure_asks_for_the_same_key_again(send, monkeypatch):
    async def breaks(*_, **__):
        raise OSError("killed here")

    monkeypatch.setattr("handlers.api.hooks.receive_case", breaks)
    status, told = await send()
    assert status == 500
    assert "Idempotency-Key" in told["error"]
    monkeypatch.undo()
    assert (await send())[0] == 201
