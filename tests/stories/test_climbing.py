"""Danger that nobody takes climbs within minutes; work that nobody can hear of stands at the desk at once."""

import re

import pytest
from hearing import Ears, report
from stage import HERE, photo

from models.cases.clockwork import read_clocks
from models.cases.tables import Case
from models.lifecycle import Role

ROAD = "胡埭路与安泰路路口"
WIRE = f"{ROAD}电线掉在地上冒火花"
PROMISES = re.compile(r"\d+ ?(?:小时|分钟)(?:内|以内)|\d{1,2}:\d{2}|到场|天内")


@pytest.fixture
async def town(stage):
    """Who may hear of a fallen wire: the unit's officer, a colleague, its leader, the desk and an admin."""
    return Ears(
        stage,
        reporter=await stage.citizen("王阿姨"),
        officer=await stage.officer(name="小李"),
        colleague=await stage.officer(name="虞大伟"),
        leader=await stage.officer(name="老陈", role=Role.LEADER),
        desk=await stage.dispatcher(),
        admin=await stage.officer("zhihui", name="尤主任", role=Role.ADMIN),
    )


@pytest.fixture
async def fallen(town):
    """The urgent case of the wire, of which its officer was told."""
    await town.reporter.say(WIRE)
    await town.expect(officer="新案件")
    return await Case.get()


async def test_after_five_minutes_the_stand_ins_and_the_leader_are_told(stage, town, fallen):
    await stage.pass_time(minutes=4)
    await town.expect()
    await stage.pass_time(minutes=1.5)
    await town.expect(officer="还没人接", colleague="还没人接", leader="还没人接")
    assert "接好了" in (await town.leader.say(f"接单 {fallen.number}")).text
    await town.expect(reporter="有人接了")
    await stage.pass_time(minutes=10)
    await town.expect()


async def test_after_ten_the_desk_has_it_with_words_it_can_act_on(stage, town, fallen):
    await stage.pass_time(minutes=5.5)
    await town.listen()
    await stage.pass_time(minutes=5)
    heard = await town.listen()
    assert set(heard) == {"desk"}
    assert f"派 {fallen.number} 单位名" in heard["desk"][0]
    assert "0510-85550130" in heard["desk"][0], "the unit's phone"
    said = await town.desk.say(f"派 {fallen.number} 城管一中队")
    assert "城管一中队" in said.text
    await fallen.refresh_from_db()
    assert (fallen.unit, fallen.is_left()) == ("zhongdui-1", True), "nobody of that unit is there"


async def test_taken_in_time_it_climbs_no_further(stage, town, fallen):
    await town.officer.say(f"接单 {fallen.number}")
    await town.expect(reporter="有人接了")
    await stage.pass_time(minutes=30)
    await town.expect()


async def test_after_an_outage_only_the_desk_is_told_once(stage, town, fallen):
    await stage.pass_time(minutes=45)
    await town.expect(desk="还没人接")
    await stage.pass_time(minutes=45)
    await town.expect()


async def test_untaken_danger_stands_first_on_the_desks_list(stage, town):
    for words in ("路边垃圾没人收", "路灯不亮"):
        await town.reporter.photo(photo(words))
        await town.reporter.locate(*HERE)
        await town.reporter.say(words)
        await town.reporter.say("提交")
    await town.reporter.say(WIRE)
    await stage.pass_time(minutes=11)
    first = (await town.desk.say("待办")).text.splitlines()[1]
    assert "急！" in first
    assert "没人接" in first


async def test_danger_stands_first_on_the_officers_list_though_other_work_is_late(stage, town):
    await report(town.reporter)
    await stage.pass_time(days=2)
    other = await stage.citizen("老张")
    await other.say(f"{ROAD}有个窨井盖不见了")
    await other.say("2")
    assert "急！" in (await town.officer.say("待办")).text.splitlines()[1]


async def test_undone_taking_lets_it_climb_again(stage, town, fallen):
    await town.officer.say(f"接单 {fallen.number}")
    await town.officer.say("点错了")
    await stage.pass_time(minutes=11)
    assert "没人接" in (await town.desk.say("待办")).text


async def test_town_and_type_set_the_minutes(stage, town, monkeypatch):
    settings = stage.house.tools.town.city.settings
    monkeypatch.setitem(settings, "urgent_take_minutes", 2.0)
    monkeypatch.setitem(settings, "urgent_desk_minutes", 3.0)
    await town.reporter.say(WIRE)
    await town.listen()
    case = await Case.get()
    assert read_clocks(case)["take"].limit.amount == 2
    await stage.pass_time(minutes=2.5)
    assert "leader" in await town.listen()
    await stage.pass_time(minutes=1)
    assert "desk" in await town.listen()


async def test_everyday_work_still_waits_half_an_hour_for_the_stand_ins(stage, town):
    await report(town.reporter)
    await town.expect(officer="新案件")
    await stage.pass_time(minutes=12)
    await town.expect()
    await stage.pass_time(minutes=19)
    await town.expect(officer="还没人接", colleague="还没人接")


async def test_danger_that_waits_at_the_desk_is_put_before_the_admin(stage, town):
    await town.reporter.say(f"{ROAD}有个老人晕倒在路边叫不醒")
    heard = await town.listen()
    assert "desk" in heard, (heard, (await Case.get()).state)
    await stage.pass_time(minutes=5.5)

    assert "等着派人" in (await town.listen())["desk"][0]
    await stage.pass_time(minutes=5)
    assert "还没有派人" in (await town.listen())["admin"][0]


@pytest.mark.parametrize(
    "words",
    [
        "着火了火很大",
        "有人触电了快打电话",
        "煤气味很重报警器一直响",
        "路面塌陷了一个大坑",
        "电线掉在地上冒火花",
        "井盖不见了",
        "有人掉进没盖子的井里",
        "电梯困人",
        "出车祸了",
    ],
)
async def test_danger_is_promised_no_moment(town, words):
    said = (await town.reporter.say(f"{ROAD}{words}")).text
    assert "已立案" in said
    assert not PROMISES.search(said), said
    case = await Case.get()
    shown = (await town.reporter.say(f"进度 {case.number}")).text
    assert "前办好" not in shown
    if case.state == "dispatched":
        await town.officer.say(f"接单 {case.number}")
    told = (await town.listen()).get("reporter", [])
    assert not [text for text in told if PROMISES.search(text)]


# --- work that nobody can hear of ---


async def test_unit_without_anybody_leaves_the_case_at_the_desk_from_the_first_minute(stage):
    town = Ears(stage, reporter=await stage.citizen(), desk=await stage.dispatcher())
    case = await report(town.reporter)
    await town.expect(desk="市政养护队现在没有人能接")
    listed = (await town.desk.say("待办")).text
    assert "没人接" in listed
    assert "换单位" in (await town.desk.say(case.number)).text


async def test_dispatcher_who_binds_later_finds_it(stage):
    reporter = await stage.citizen()
    case = await report(reporter)
    await stage.pass_time(minutes=3)
    desk = await stage.dispatcher()
    assert "没人接" in (await desk.say("待办")).text
    assert "没有人能接" in (await desk.say(f"派 {case.number}")).text
    assert "换单位" in (await desk.say(f"派 {case.number} 环卫所")).text, "nobody is there either"


async def test_sent_on_to_a_unit_with_people_it_leaves_the_desk(stage):
    town = Ears(
        stage,
        reporter=await stage.citizen(),
        desk=await stage.dispatcher(),
        officer=await stage.officer("huanwei", name="蒋阿娣"),
    )
    case = await report(town.reporter)
    await town.listen()
    assert "已派给环卫所" in (await town.desk.say(f"派 {case.number[-4:]} 环卫所")).text
    await town.expect(officer="新案件")
    assert "现在没有等您的案件" in (await town.desk.say("待办")).text


async def test_reporter_is_told_of_nobody_who_is_not_there(stage):
    reporter = await stage.citizen()
    await reporter.photo(photo())
    await reporter.locate(*HERE)
    await reporter.say("路边的井盖坏了，一走就响")
    said = (await reporter.say("提交")).text
    assert "还没有安排到人" in said
    assert "市政养护队" not in said
    shown = (await reporter.say("进度")).text
    assert "还在安排人" in shown
    assert "市政养护队" not in shown
    assert "已派人" not in shown


async def test_danger_where_nobody_is_there_says_so(stage):
    reporter = await stage.citizen()
    said = (await reporter.say(WIRE)).text
    assert "别等我们" in said
    assert "市政养护队" not in said
    desk = await stage.dispatcher()
    assert "急！" in (await desk.say("待办")).text


async def test_when_all_have_left_their_work_stands_at_the_desk(stage):
    town = Ears(
        stage, reporter=await stage.citizen(), desk=await stage.dispatcher(), officer=await stage.officer()
    )
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    assert "现在没有等您的案件" in (await town.desk.say("待办")).text
    await town.officer.unfollow()
    assert case.number[-4:] in (await town.desk.say("待办")).text
    assert "环卫所" in (await town.desk.say(f"派 {case.number[-4:]} 环卫所")).text


async def test_leader_alone_finds_the_work_of_the_unit_beside_the_desk(stage):
    town = Ears(
        stage,
        reporter=await stage.citizen(),
        desk=await stage.dispatcher(),
        leader=await stage.officer(name="老陈", role=Role.LEADER),
    )
    case = await report(town.reporter)
    await town.expect(desk="需要您派人")
    assert case.number[-4:] in (await town.leader.say("待办")).text
    await town.leader.say(f"接单 {case.number}")
    assert "现在没有等您的案件" in (await town.desk.say("待办")).text


async def test_officer_who_binds_later_finds_it_too_and_taking_it_clears_the_desk(stage):
    reporter, desk = await stage.citizen(), await stage.dispatcher()
    case = await report(reporter)
    officer = await stage.officer()
    assert case.number[-4:] in (await officer.say("待办")).text
    assert "接好了" in (await officer.say(f"接单 {case.number}")).text
    assert "现在没有等您的案件" in (await desk.say("待办")).text
