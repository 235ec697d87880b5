"""The clocks of a case as people meet them: reminded, late, supervised, paused and gone on with."""

import pytest
from stage import HERE, photo

from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case
from models.deliveries.tables import Delivery
from models.lifecycle import Role

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


@pytest.fixture
async def town_at_work(stage):
    """A citizen, an officer, a leader of the unit and a dispatcher."""
    return (
        await stage.citizen(),
        await stage.officer(),
        await stage.officer(name="老陈", role=Role.LEADER),
        await stage.dispatcher(),
    )


async def report(phone, words=WORDS):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(words)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def heard(phone, words):
    """Return how often this person was owed words with these in them, by whichever way they went."""
    return await Delivery.filter(person__openid=phone.openid, text__contains=words).count()


async def steps_of(case):
    """Return the steps of the case, which holds together from its first row to its last."""
    await case.refresh_from_db()
    history = await list_history(case)
    assert find_break(case, history) is None
    return [event.step for event in history]


async def test_case_nobody_takes_is_told_to_the_stand_ins_once(stage):
    phone, first, second = await stage.citizen(), await stage.officer(), await stage.officer(name="小吴")
    case = await report(phone)
    await stage.run_jobs()
    assert (await heard(first, "新案件"), await heard(second, "新案件")) == (1, 0), "one is asked"
    await stage.pass_time(minutes=31)
    await stage.pass_time(minutes=5)
    assert await heard(second, "还没人接") == 1
    await second.say(f"接单 {case.number}")
    await case.refresh_from_db()
    assert case.handler_id is not None


async def test_after_an_outage_only_the_highest_rung_is_told(stage, town_at_work):
    phone, officer, leader, _ = town_at_work
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    await stage.pass_time(days=14)
    assert await steps_of(case) == ["report", "accept", "dispatch", "take", "supervise"]
    for who, words, times in (
        (officer, "督办单", 1),
        (leader, "督办单", 1),
        (officer, "快到期了", 0),
        (phone, "到说好的时间了", 0),
    ):
        assert await heard(who, words) == times, words


async def test_each_rung_is_taken_once_and_tells_everyone_once(stage, town_at_work):
    phone, officer, leader, _ = town_at_work
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    for _third in range(18):
        await phone.say("进度")  # keeps the reply windows open
        await officer.say("待办")
        await leader.say("帮助")
        await stage.pass_time(minutes=20)
    steps = await steps_of(case)
    assert steps[:4] == ["report", "accept", "dispatch", "take"]
    assert [step for step in steps[4:] if step != "call_in"] == ["warn", "overdue", "supervise"]
    assert case.late
    assert await heard(officer, "快到期了") == 1
    assert await heard(officer, "已超时（") == await heard(leader, "已超时（") == 1
    assert await heard(phone, "到说好的时间了") == 1
    assert await heard(officer, "督办单") == await heard(leader, "督办单") == 1


async def test_citizen_is_asked_on_the_promised_day_and_the_answer_reaches_the_work(stage, town_at_work):
    phone, officer, *_ = town_at_work
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    await case.refresh_from_db()
    await stage.pass_time(minutes=(case.due_at - stage.clock.now()).total_seconds() / 60 + 1)
    assert "现场好了吗" in phone.last_text
    assert "已经转给" in (await phone.say("2")).text
    await stage.run_jobs()
    assert "还没好" in officer.last_text


async def test_unanswered_supervision_is_shown_to_a_person(stage, town_at_work):
    phone, officer, _leader, dispatcher = town_at_work
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.pass_time(days=20)
    await stage.pass_time(days=4)
    assert "call_in" in await steps_of(case)
    assert await heard(dispatcher, "是否约谈") == 1
