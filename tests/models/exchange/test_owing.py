"""Every subscriber that wants a case is owed each of its steps once, in the step's transaction, and no person in it."""

import json

import pytest
from tortoise.transactions import in_transaction

from models.cases.actions import move_case
from models.cases.moves import Actor, Move
from models.cases.tables import CaseEvent
from models.errors import Refusal
from models.exchange.actions import add_subscriber, stop_subscriber
from models.exchange.owing import queue_transfers
from models.exchange.payloads import body_of, payload_of
from models.exchange.tables import Passing, Transfer
from models.lifecycle import Role
from models.people import Person

PERSONAL = ("openid", "王阿姨", "13912345678", "person", "reporter")


async def test_each_step_is_owed_once_however_often_it_is_told(subscribe, open_here, owe_all):
    await subscribe()
    case = await open_here()
    await owe_all(case)
    await owe_all(case)
    rows = await Transfer.all().order_by("seq")
    assert [row.seq for row in rows] == list(range(1, case.steps + 1))
    assert {row.state for row in rows} == {Passing.OWED}


async def test_nothing_is_owed_without_subscribers(open_here, owe_all):
    await owe_all(await open_here())
    assert await Transfer.all().count() == 0


async def test_step_that_is_undone_is_not_owed(subscribe, open_here, stage_town, now):
    case = await open_here()
    await subscribe()
    event = await CaseEvent.filter(case_id=case.id).first()

    async def owes_and_breaks():
        async with in_transaction():
            await queue_transfers(case, event, stage_town, now=now)
            assert await Transfer.all().count() == 1
            raise OSError("killed here")

    with pytest.raises(OSError, match="killed here"):
        await owes_and_breaks()
    assert await Transfer.all().count() == 0


async def test_closing_passes_on_what_was_written_of_the_work(subscribe, open_here, owe_all, add_step):
    await subscribe()
    case = await open_here()
    await add_step(case, step="hand_back", note="换了新井盖，有事打 13912345678")
    await add_step(case, note="只给同事看的话")
    closing = await add_step(case, step="close")
    await owe_all(case)
    notes = {row.seq: row.payload["note"] for row in await Transfer.all()}
    assert notes[closing.seq] == "换了新井盖，有事打 （电话已隐去）"
    assert {note for seq, note in notes.items() if seq != closing.seq} == {""}


async def test_only_wanted_types_and_sources_are_owed(subscribe, open_here, owe_all):
    names = {
        (await subscribe("井盖", types=["manhole"])).id: True,
        (await subscribe("噪声", types=["noise"])).id: False,
        (await subscribe("随手拍", sources=["随手拍"])).id: True,
        (await subscribe("网络", sources=["网络"])).id: False,
        (await subscribe("全部")).id: True,
    }
    await owe_all(await open_here())
    told = set(await Transfer.all().distinct().values_list("subscriber_id", flat=True))
    assert told == {number for number, wanted in names.items() if wanted}


async def test_question_is_owed_only_to_who_named_its_type(subscribe, open_here, owe_all):
    await subscribe("全部")
    named = await subscribe("咨询", types=["consultation"])
    await owe_all(await open_here(type="consultation", text="请问几点开门"))
    assert set(await Transfer.all().values_list("subscriber_id", flat=True)) == {named.id}


async def test_who_knows_a_case_is_told_when_its_type_is_corrected(subscribe, open_here, owe_all, add_step):
    await subscribe("井盖", types=["manhole"])
    case = await open_here()
    await owe_all(case)
    known = await Transfer.all().count()
    case.type = "street_light"
    await case.save()
    event = await add_step(case)
    await owe_all(case, since=event.seq)
    assert await Transfer.all().count() == known + 1


async def test_stopped_subscriber_is_owed_nothing_more(subscribe, open_here, owe_all, now):
    await subscribe()
    case = await open_here()
    await owe_all(case)
    assert await stop_subscriber("民呼我应", now=now) == case.steps
    assert {row.state for row in await Transfer.all()} == {Passing.DEAD}
    await owe_all(await open_here())
    assert await Transfer.all().count() == case.steps
    with pytest.raises(Refusal):
        await stop_subscriber("民呼我应", now=now)


async def test_payload_says_how_the_case_stands_and_never_who_reported(open_here, stage_town):
    case = await open_here()
    event = await CaseEvent.filter(case_id=case.id).order_by("seq").first()
    payload = payload_of(case, event, stage_town)
    told = body_of(payload).decode()
    assert json.loads(told) == payload
    assert not [word for word in PERSONAL if word in told]
    row = payload["case"]
    assert (row["id"], row["type"], row["state"], row["gcj02"]) == (
        case.number,
        "manhole",
        case.state,
        [31.556, 120.145],
    )
    assert row["wgs84"] != row["gcj02"]
    assert (payload["seq"], payload["step"], payload["note"]) == (1, "report", "")
    assert "电话已隐去" in row["text"]


async def test_withdrawn_case_tells_no_words(open_here, stage_town, now):
    case = await open_here()
    reporter = await Person.get(id=case.reporter_id)
    case = await move_case(
        case.id,
        Move("withdraw", Actor(Role.REPORTER, reporter), "搞错了，我是王阿姨"),
        town=stage_town,
        now=now,
    )
    event = await CaseEvent.filter(case_id=case.id).order_by("-seq").first()
    payload = payload_of(case, event, stage_town)
    assert (payload["step"], payload["note"], payload["case"]["text"]) == ("withdraw", "", "")


@pytest.mark.parametrize(
    ("name", "url", "types"),
    [
        ("", "https://a.example/", ()),
        ("甲", "https://u:p@a.example/", ()),
        ("甲", "javascript:alert(1)", ()),
        ("甲", "https://a.example/", ("no_such",)),
        ("民呼我应", "https://a.example/", ()),
    ],
)
async def test_subscriber_that_cannot_be_added_is_refused(subscribe, stage_town, now, name, url, types):
    await subscribe()
    with pytest.raises(Refusal):
        await add_subscriber(name, url, types=types, city=stage_town.city, now=now)
