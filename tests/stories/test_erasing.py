"""Who leaves leaves nothing behind: no table and no file knows their number, name, phone or words any more."""

import json

import pytest
from hearing import cast
from media import all_bytes, kept_files
from stage import HERE, photo
from tortoise import Tortoise

from bot.simulator.envelope import build_xml
from models.cases.erasing import Erasure
from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case, CaseEvent
from models.deliveries.tables import Delivery
from models.evidence import Evidence, Keeping
from models.exchange.tables import Subscriber, Transfer
from models.people import Person
from scheduler.tidy import tidy

NAME, PHONE, WORDS = "王秀英", "13812345678", "晚上我一个人走怕得很"


async def everything():
    """Every value of every row of every table, as one text."""
    rows = [row for model in Tortoise.apps["models"].values() for row in await model.all().values()]
    return "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows)


async def run(stage):
    stage.clock.advance(600)
    await stage.run_jobs()
    await tidy(stage.town.city, stage.house.tools.shelf, stage.clock)


async def reported(stage, words=f"我叫{NAME}，电话{PHONE}，井盖坏了"):
    phone = await stage.citizen()
    await phone.photo(photo("井盖"))
    await phone.locate(*HERE, f"胡埭路125号3幢502 {PHONE}")
    await phone.say(words)
    await phone.say("提交")
    await stage.run_jobs()
    return phone, await Case.all().order_by("-id").first()


@pytest.mark.parametrize("way", ["注销", "unfollow"])
async def test_nothing_of_who_left_is_found_in_any_table(stage, way):
    phone, case = await reported(stage)
    await phone.say(f"{WORDS}")
    await phone.say("人工")
    await phone.say(f"我是{NAME}，{WORDS}，打{PHONE}")
    await stage.run_jobs()
    before = await everything()
    assert all(one in before for one in (phone.openid, NAME, PHONE, WORDS))
    if way == "注销":
        await phone.say("注销")
        assert "已注销" in (await phone.say("1")).text
    else:
        await phone.unfollow()
    await run(stage)
    after = await everything()
    for one in (phone.openid, NAME, PHONE, WORDS):
        assert one not in after, [line for line in after.splitlines() if one in line]
    assert await Erasure.all().count() == 0
    assert "井盖坏了" in (await Case.get(id=case.id)).text, "the case goes on"


async def test_a_history_still_holds_together_after_somebody_left(stage):
    phone, case = await reported(stage)
    await phone.say(f"补充 {case.number} 我是{NAME}，{PHONE}")
    steps = await CaseEvent.filter(case_id=case.id).order_by("id").values_list("seq", "step", "at")
    await phone.unfollow()
    await run(stage)
    case = await Case.get(id=case.id)
    assert find_break(case, await list_history(case)) is None
    now = await CaseEvent.filter(case_id=case.id).order_by("id").values_list("seq", "step", "at")
    assert now[: len(steps)] == steps


async def test_photos_that_were_in_no_case_go_at_once_and_those_of_a_case_when_it_ends(stage):
    phone, case = await reported(stage)
    await phone.photo(photo("另一张"))
    await stage.run_jobs()
    assert len(kept_files(stage)) == 2
    await phone.unfollow()
    await run(stage)
    assert len(kept_files(stage)) == 1, "who works on the case still needs its photo"
    case = await Case.get(id=case.id)
    case.state, case.closed_at = "rated", stage.clock.now()
    await case.save()
    await run(stage)
    assert kept_files(stage) == []
    assert all_bytes(stage) == b""
    piece = await Evidence.get(case_id=case.id)
    assert (piece.state, piece.digest, piece.person_id, piece.url) == (Keeping.DELETED, "", None, "")


async def test_photo_that_was_still_on_its_way_is_not_kept(stage):
    phone = await stage.citizen()
    await phone.photo(photo("门口"))
    await phone.unfollow()
    await run(stage)
    assert kept_files(stage) == []
    assert await Evidence.all().count() == 0


async def test_staff_who_leave_are_named_nowhere_any_more(stage):
    town = await cast(stage)
    _, case = await reported(stage)
    name = (await Person.get(openid=town.officer.openid)).name
    await town.officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    assert name in await everything()
    await town.officer.unfollow()
    await run(stage)
    after = await everything()
    assert name not in after
    assert town.officer.openid not in after
    case = await Case.get(id=case.id)
    assert find_break(case, await list_history(case)) is None


async def test_many_cases_are_made_nameless_by_the_job(stage, monkeypatch):
    phone, case = await reported(stage)
    row = await Case.filter(id=case.id).values()
    for number in range(50):
        fresh = row[0] | {"number": f"26070699{number:02d}", "origin": None, "text": f"我叫{NAME} {number}"}
        del fresh["id"]
        await Case.create(**fresh)
    await phone.unfollow()
    assert NAME in await everything()
    await run(stage)
    assert NAME not in await everything()
    assert await Erasure.all().count() == 0


async def test_what_other_systems_are_told_is_made_nameless_too(stage):
    now = stage.clock.now()
    subscriber = await Subscriber.create(name="城运", url="https://example.cn", secret="x", made_at=now)
    phone, case = await reported(stage)
    payload = {
        "seq": 99,
        "note": f"打{PHONE}",
        "case": {"text": f"我叫{NAME}，找{NAME}", "address": "3幢502"},
    }
    await Transfer.create(
        subscriber_id=subscriber.id, case_id=case.id, seq=99, payload=payload, due_at=now, state="sent"
    )
    await phone.unfollow()
    await run(stage)
    told = json.dumps((await Transfer.get(seq=99)).payload, ensure_ascii=False)
    assert not any(one in told for one in (NAME, PHONE, "502"))


async def test_what_was_told_to_others_about_the_case_stays(stage):
    town = await cast(stage)
    _, case = await reported(stage)
    told = await Delivery.filter(case_id=case.id).exclude(text="").count()
    assert told
    await town.reporter.unfollow()
    await run(stage)
    assert await Delivery.filter(case_id=case.id).exclude(text="").count() == told


async def test_who_comes_back_is_somebody_new(stage):
    phone, _ = await reported(stage)
    await phone.unfollow()
    await run(stage)
    await phone.follow()
    assert "0 个案件" in (await phone.say("我的数据")).text


async def test_taking_back_a_permission_leaves_nothing_either(stage):
    phone, _ = await reported(stage)
    head = {
        "ToUserName": "gh_town",
        "FromUserName": "gh_platform",
        "CreateTime": stage.simulator.clock.timestamp(),
    }
    event = {
        "MsgType": "event",
        "Event": "user_authorization_cancellation",
        "OpenID": phone.openid,
        "AppID": "wx1",
    }
    await phone.push_raw(build_xml(head | event))
    await run(stage)
    after = await everything()
    assert not any(one in after for one in (phone.openid, NAME, PHONE))
