"""The staff are asked again rather than misunderstood, and read words of their own."""

import pytest
from stage import HERE, photo

from models.cases.tables import Case
from models.lifecycle import Role


async def report(phone):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("路边的井盖坏了，一走就响")
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


@pytest.mark.parametrize("words", ["好", "嗯", "谢谢", "ok"])
async def test_assent_is_no_reason_for_sending_back(stage, words):
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await officer.say(f"退回 {case.number}")
    assert "为什么退回" in (await officer.say(words)).text
    assert (await Case.get()).state == "dispatched"
    assert "已退回" in (await officer.say("不归我们管")).text


async def test_assent_is_no_reason_at_the_desk_nor_for_more_time(stage):
    phone, officer, desk = await stage.citizen(), await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await officer.say(f"延期 {case.number}")
    assert "为什么要延期" in (await officer.say("好")).text
    await officer.say(f"退回 {case.number} 不归我们管")
    await desk.say(f"不受理 {case.number}")
    assert "为什么不受理" in (await desk.say("好的")).text
    assert (await Case.get()).state == "returned"


async def test_tap_on_what_came_back_asks_to_which_unit(stage):
    phone, officer, desk = await stage.citizen(), await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await officer.say(f"退回 {case.number} 不归我们管")
    await stage.run_jobs()
    assert "派给哪个单位" in (await desk.tap("33" + case.number, "派人")).text
    assert "没有叫" in (await desk.say("火星队")).text
    assert "已派给环卫所" in (await desk.say("环卫所")).text
    await officer.say("帮助")
    assert (await Case.get()).unit == "huanwei"


async def test_the_same_unit_goes_again_when_told_so(stage):
    phone, officer, desk = await stage.citizen(), await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await officer.say(f"退回 {case.number} 现场没有找到")
    await desk.tap("33" + case.number, "派人")
    assert "已派给市政养护队" in (await desk.say("原单位")).text


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.OFFICER, "办结"), (Role.DISPATCHER, "派"), (Role.PATROL, "巡查"), (Role.LEADER, "办结")],
)
async def test_help_for_the_staff_is_about_their_work(stage, role, words):
    phone = await stage.officer(role=role)
    said = (await phone.say("帮助")).text
    assert words in said
    assert "人工" in said


async def test_staff_who_come_too_late_are_shown_to_their_work(stage):
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    said = (await officer.tap("21" + case.number, "接单")).text
    assert "待办" in said
    assert "进度" not in said
