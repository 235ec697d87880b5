"""Who walks the streets: asked to look before acceptance, the road chief's list, check-ins, what is seen there."""

import pytest
from hearing import cast, hand_back, report, state_of
from stage import HERE, OUTSIDE, photo

from models.cases.tables import Case, PatrolVisit
from models.evidence import Evidence
from models.lifecycle import Role
from models.people import Appointment, add_staff

BUILDING = "三楼楼顶在违章搭建阳光房"  # no type that is sent out by itself
ON_ANTAI = (31.5452, 120.1478)


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


@pytest.fixture
async def accepted(town):
    """A case that waits for the desk to send it out; what was told so far is heard."""
    case = await report(town.reporter, BUILDING)
    await town.expect(desk="需要您派人")
    assert await state_of(case) == "accepted"
    return case


@pytest.fixture
async def inquired(stage, town, accepted):
    """The same case, five minutes old, that the patrol was asked to look at."""
    await stage.pass_time(minutes=5)
    assert "已请人去现场看" in (await town.desk.say(f"核实 {accepted.number}")).text
    await town.expect(patrol="请去现场看一下")
    return accepted


async def road_chief(stage, area="antai-lu"):
    """The phone of somebody who answers for a road."""
    phone = stage.simulator.phone("惠路长", role="officer")
    await phone.follow()
    own = {"name": "惠路长", "role": Role.ROAD_CHIEF.value, "area": area, "made_at": stage.clock.now()}
    await phone.say(f"绑定 {(await add_staff(Appointment(**own))).code}")
    return phone


async def test_clock_of_sending_out_stands_still_until_the_patrol_answers(stage, town, inquired):
    await stage.pass_time(minutes=20)
    await town.expect()
    assert "交上去了" in (await town.patrol.say("1")).text
    await town.expect(desk="现场核实：情况属实")
    await stage.pass_time(minutes=9)
    await town.expect()
    await stage.pass_time(minutes=2)
    await town.expect(desk="等着派人，已经超过时间")
    await stage.pass_time(hours=2)
    await town.expect()


async def test_patrol_has_thirty_minutes_then_the_desk_hears_once(stage, town, inquired):
    await stage.pass_time(minutes=29)
    await town.expect()
    await stage.pass_time(minutes=2)
    heard = await town.listen()
    assert {name: len(texts) for name, texts in heard.items()} == {"desk": 1}
    await stage.pass_time(hours=2)
    await town.expect()
    await town.patrol.tap("43" + inquired.number, "情况属实")
    await town.expect(desk="现场核实：情况属实")


async def test_what_was_seen_decides_and_the_reporter_hears_the_decision_alone(town, inquired):
    await town.patrol.say("2")
    await town.expect(desk="现场没有看到")
    await town.desk.say(f"不受理 {inquired.number} 现场没有发现搭建")
    await town.expect(reporter="原因：现场没有发现搭建")
    assert "现在是" in (await town.patrol.tap("43" + inquired.number, "情况属实")).text
    await town.expect()


async def test_case_that_is_as_reported_goes_out(stage, town, inquired):
    town.phones["builders"] = await stage.officer("zhafa", name="倪震")
    await town.patrol.say("1")
    await town.expect(desk="派")
    await town.desk.say(f"派 {inquired.number}")
    await town.expect(builders="新案件")


async def test_another_patrol_may_not_answer_for_who_was_asked(stage, town, inquired):
    other = await stage.officer("zhihui", name="小郑", role=Role.PATROL)
    assert "由负责" in (await other.tap("43" + inquired.number, "情况属实")).text
    await town.expect()


async def test_answered_inquiry_is_off_the_round(town, inquired):
    assert inquired.number[-4:] in (await town.patrol.say("巡查")).text
    await town.patrol.tap("43" + inquired.number, "情况属实")
    assert inquired.number[-4:] not in (await town.patrol.say("巡查")).text


async def test_second_answer_to_one_inquiry_is_not_told_again(town, inquired):
    await town.patrol.tap("43" + inquired.number, "情况属实")
    await town.expect(desk="现场核实：情况属实")
    await town.patrol.tap("43" + inquired.number, "情况属实")
    await town.expect()


async def test_photo_of_who_looked_is_with_the_case(town, inquired):
    await town.patrol.photo(photo("现场"))
    await town.patrol.tap("44" + inquired.number, "没有这回事")
    assert await Evidence.filter(case_id=inquired.id).count() == 2


async def test_desk_that_has_no_patrol_hears_that_nobody_could_be_asked(town, accepted):
    await town.patrol.unfollow()
    said = (await town.desk.say(f"核实 {accepted.number}")).text
    assert await town.listen() or "已请人" not in said


async def test_round_holds_what_waits_and_loses_what_was_done(stage, town):
    case = await report(town.reporter)
    assert "没有要看的" in (await town.patrol.say("巡查")).text
    await town.officer.say(f"接单 {case.number}")
    await hand_back(town.officer, case)
    assert "1 件" in (await town.patrol.say("待办")).text
    assert case.number in (await town.patrol.say("1")).text
    await town.patrol.tap("31" + case.number, "核查通过")
    assert "没有要看的" in (await town.patrol.say("巡查")).text


async def test_road_chief_sees_the_open_cases_of_the_road_and_no_others(stage, town):
    chief = await road_chief(stage)
    there = await report(town.reporter, "小饭店把桌子摆出店外经营", ON_ANTAI)
    elsewhere = await report(town.joined)
    assert (there.road, elsewhere.road) == ("antai-lu", "hudai-lu")
    said = (await chief.say("巡查")).text
    assert there.number[-4:] in said
    assert f"{elsewhere.number[-4:]} 井盖" not in said
    card = (await chief.say("1")).text
    assert there.number in card
    await town.reporter.say(f"撤回 {there.number}")
    await town.reporter.say("1")
    assert "没有要看的" in (await chief.say("巡查")).text


async def test_road_chief_of_the_road_is_asked_to_check_there(stage, town):
    await town.patrol.unfollow()
    town.phones["chief"] = await road_chief(stage, "hudai-lu")
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    await hand_back(town.officer, case)
    await town.expect(chief="说已处理")
    assert "核查通过" in (await town.chief.say("1")).text
    assert await state_of(case) == "closed"


async def test_road_chief_of_another_road_is_not_asked(stage, town):
    await town.patrol.unfollow()
    town.phones["chief"] = await road_chief(stage, "longyan-lu")
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    await hand_back(town.officer, case)
    await town.expect(desk="说已处理")


async def test_check_in_keeps_one_point_within_the_town_alone(stage, town):
    await town.patrol.say("打卡")
    assert "没有记" in (await town.patrol.locate(*OUTSIDE)).text
    assert await PatrolVisit.all().count() == 0
    said = (await town.patrol.locate(*HERE)).text
    assert "打卡好了" in said
    assert "09:00" in said
    (visit,) = await PatrolVisit.all()
    assert (visit.area, visit.lat, visit.lng) == ("hudai-lu", *HERE)
    assert await Case.all().count() == 0


async def test_place_long_after_the_word_is_no_check_in(stage, town):
    await town.patrol.say("打卡")
    await stage.pass_time(minutes=31)
    await town.patrol.locate(*HERE)
    assert await PatrolVisit.all().count() == 0


async def test_what_is_seen_after_the_check_in_is_a_case_at_once(stage, town):
    await town.patrol.say("打卡")
    await town.patrol.locate(*HERE)
    await town.patrol.photo(photo("垃圾"))
    said = await town.patrol.say("安泰路和胡埭路路口一堆垃圾没人管")
    case = await Case.get()
    assert case.number in said.text
    assert (case.source, case.type, case.road in {"antai-lu", "hudai-lu"}) == ("巡查", "garbage", True)
    assert await Evidence.filter(case_id=case.id).count() == 1


@pytest.mark.parametrize("who", ["reporter", "officer", "desk"])
async def test_check_in_is_for_who_walks(town, who):
    await town.phones[who].say("打卡")
    await town.phones[who].locate(*HERE)
    assert await PatrolVisit.all().count() == 0
