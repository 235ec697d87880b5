"""Deliveries over the API: what stands where and why, never to whom; only administrators decide, and leave a trace."""

import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from owing import owe
from stage import Stage

from models.access import Access, make_token
from models.audit import AuditEntry
from models.deliveries.tables import Delivery, Owing

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
ROOT = "/api/v1/deliveries"


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
def program(stage):
    """Make a program with a role: it calls the API and returns the status and the body."""

    async def make(role):
        clear, _ = await make_token(Access(role), now=MONDAY)

        async def call(method, path="", **more):
            headers = {"Authorization": f"Bearer {clear}"}
            async with (
                aiohttp.ClientSession() as client,
                client.request(method, stage.address + ROOT + path, headers=headers, **more) as answer,
            ):
                return answer.status, await answer.json()

        return call

    return make


@pytest.fixture
async def phone(stage):
    phone = await stage.citizen()
    await phone.say("你好")
    stage.without_templates()
    return phone


async def in_state(stage, phone, state, **own):
    """A delivery that stands in that state."""
    row = await owe(stage, phone)
    await Delivery.filter(id=row.id).update(state=state, **own)
    return row.id


async def test_a_stop_is_listed_with_what_it_holds_and_in_words(stage, program, phone):
    stage.simulator.order_fault("refusal", "custom/send", times=9, code=40164)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    status, told = await (await program("reader"))("GET")
    assert status == 200
    (row,) = told["deliveries"]
    assert (row["id"], row["state"], row["way"], row["code"]) == (delivery.id, "held", "*", 40164)
    assert "微信接口停了" in row["reason"]
    assert told["counts"]["held"] == 1
    (stop,) = told["stops"]
    assert (stop["way"], stop["why"], stop["code"]) == ("*", "address", 40164)
    assert "白名单" in stop["words"]
    assert datetime.fromisoformat(stop["next_at"]) - datetime.fromisoformat(stop["since"]) == timedelta(
        minutes=5
    )


async def test_nothing_says_who_is_told_or_what(stage, program, phone):
    for state in Owing:
        await in_state(stage, phone, state)
    states = ",".join(Owing)
    _, told = await (await program("admin"))("GET", f"?state={states}")
    assert len(told["deliveries"]) == len(Owing)
    assert phone.openid not in json.dumps(told)
    assert "好消息" not in json.dumps(told, ensure_ascii=False)


async def test_list_goes_by_state_and_page_by_page(stage, program, phone):
    ids = [await in_state(stage, phone, Owing.FAILED) for _ in range(5)]
    await in_state(stage, phone, Owing.UNCERTAIN)
    reader = await program("reader")
    seen, cursor = [], ""
    for _ in range(3):
        status, told = await reader("GET", f"?state=failed&limit=2&cursor={cursor}")
        assert status == 200
        seen += [row["id"] for row in told["deliveries"]]
        cursor = told["next_cursor"]
    assert seen == sorted(ids, reverse=True)
    assert cursor is None


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=201", "limit=x"])
async def test_wrong_filters_are_named(program, query):
    status, told = await (await program("reader"))("GET", f"?{query}")
    assert status == 422
    assert told["error"]["fields"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "W3RydWVd", "WzFlOTld", "e30"])
async def test_a_cursor_that_is_not_ours_is_refused(program, cursor):
    status, told = await (await program("reader"))("GET", f"?cursor={cursor}")
    assert (status, told["error"]["code"]) == (409, "refused")


async def test_one_is_shown_and_an_unknown_one_is_not_found(stage, program, phone):
    failed = await in_state(stage, phone, Owing.FAILED, code=47003)
    reader = await program("reader")
    status, told = await reader("GET", f"/{failed}")
    assert (status, told["id"], "47003" in told["reason"]) == (200, failed, True)
    assert (await reader("GET", "/999999"))[0] == 404


@pytest.mark.parametrize("role", ["reader", "officer", "dispatcher"])
async def test_only_administrators_decide(stage, program, phone, role):
    failed = await in_state(stage, phone, Owing.FAILED)
    call = await program(role)
    assert (await call("POST", f"/{failed}/steps", json={"step": "retry"}))[0] == 403
    assert (await call("POST", "/steps", json={"step": "drop", "state": ["failed"], "reason": "x"}))[0] == 403
    assert (await Delivery.get(id=failed)).state is Owing.FAILED


async def test_a_failed_one_is_sent_again_and_arrives(stage, program, phone):
    failed = await in_state(stage, phone, Owing.FAILED)
    status, told = await (await program("admin"))("POST", f"/{failed}/steps", json={"step": "retry"})
    assert (status, told["state"]) == (200, "owed")
    await stage.run_jobs()
    assert (await Delivery.get(id=failed)).state is Owing.SENT


async def test_an_uncertain_one_wants_the_word_that_it_may_repeat(stage, program, phone):
    unsure = await in_state(stage, phone, Owing.UNCERTAIN)
    admin = await program("admin")
    status, told = await admin("POST", f"/{unsure}/steps", json={"step": "retry"})
    assert (status, told["error"]["code"]) == (409, "refused")
    assert "两遍" in told["error"]["message"]
    _, told = await admin("POST", f"/{unsure}/steps", json={"step": "retry", "may_repeat": True})
    assert told["state"] == "owed"


async def test_dropping_needs_a_reason_that_stays(stage, program, phone):
    waiting = await in_state(stage, phone, Owing.WAITING)
    admin = await program("admin")
    assert (await admin("POST", f"/{waiting}/steps", json={"step": "drop"}))[0] == 409
    _, told = await admin("POST", f"/{waiting}/steps", json={"step": "drop", "reason": "案件已撤"})
    assert (told["state"], told["reason"]) == ("dropped", "案件已撤")


async def test_many_are_decided_by_state(stage, program, phone):
    for _ in range(3):
        await in_state(stage, phone, Owing.FAILED)
    await in_state(stage, phone, Owing.UNCERTAIN)
    admin = await program("admin")
    assert await admin("POST", "/steps", json={"step": "retry", "state": ["failed"]}) == (200, {"changed": 3})
    assert (await admin("POST", "/steps", json={"step": "retry", "state": []}))[0] == 422
    assert (await admin("POST", "/steps", json={"step": "retry", "state": ["sent"]}))[0] == 422


async def test_each_decision_leaves_a_trace_with_its_token(stage, program, phone):
    failed = await in_state(stage, phone, Owing.FAILED)
    await (await program("admin"))("POST", f"/{failed}/steps", json={"step": "retry"})
    entry = await AuditEntry.get(action="deliveries retry")
    assert (entry.door, entry.role, entry.subject) == ("api", "admin", f"1: {failed}")
    assert entry.who.startswith("token ")
