"""People leave with cases in hand, and colleagues meet over one case: nothing is lost, and everybody gets an answer."""

import pytest
from hearing import PICTURE, cast, hand_back, join, report, state_of
from stage import photo

from models.cases.tables import Case, CaseEvent
from models.people import Person

LIMIT = 120  # minutes: manholes are urgent


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


@pytest.fixture
async def asked(town):
    """A case that the officer was asked to take; what was told so far is heard."""
    case = await report(town.reporter)
    await town.expect(officer="新案件")
    return case


@pytest.fixture
async def taken(town, asked):
    """The same case in the officer's hands."""
    await town.officer.say(f"接单 {asked.number}")
    await town.listen()
    return asked


async def test_case_that_nobody_took_goes_to_the_colleague_who_takes_it(stage, town, asked):
    await town.officer.unfollow()
    await town.expect(colleague="转给您了：原来的处理人员不在了")
    await stage.pass_time(minutes=31)
    await town.expect(colleague="能去的请回复 1 接单")
    assert "归您" in (await town.colleague.say("1")).text
    await town.expect(reporter="虞大伟")
    await hand_back(town.colleague, asked)
    await town.expect(patrol="说已处理")


async def test_case_in_hand_is_in_the_colleagues_list_and_they_finish_it(town, taken):
    await town.officer.unfollow()
    await town.expect(colleague="转给您了：原来的处理人员不在了")
    assert taken.number[-4:] in (await town.colleague.say("待办")).text
    await town.colleague.say(f"接单 {taken.number}")
    await town.expect(reporter="虞大伟")
    await hand_back(town.colleague, taken)
    await town.expect(patrol="说已处理")
    await town.patrol.say("1")
    await town.expect(reporter=[PICTURE, "您满意吗"])


async def test_alarms_of_a_case_in_hand_reach_the_colleague_instead(stage, town, taken):
    await town.officer.unfollow()
    await town.colleague.say(f"接单 {taken.number}")
    await town.listen()
    await stage.pass_time(minutes=LIMIT * 0.8 + 1)
    await town.expect(colleague="快到期了")
    await stage.pass_time(minutes=LIMIT * 0.2)
    await town.expect(colleague="已超时（", leader="已超时（", reporter="现场好了吗")


async def test_unit_is_told_at_once_when_somebody_leaves_with_a_case(town, taken):
    await town.officer.unfollow()
    await town.expect(colleague="转给您了：原来的处理人员不在了")


async def test_work_that_failed_its_check_goes_to_the_colleague_of_who_left(town, taken):
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await town.officer.unfollow()
    await town.patrol.say("2")
    await town.patrol.say("没盖平")
    await town.expect(colleague="核查没通过：没盖平", reporter="再去一次")
    assert await state_of(taken) == "handling"


async def test_rework_goes_to_the_colleague_of_who_left(town, taken):
    await hand_back(town.officer, taken)
    await town.desk.say(f"核查通过 {taken.number}")
    await town.listen()
    await town.officer.unfollow()
    await town.reporter.say(f"不满意 {taken.number} 还响")
    await town.expect(colleague="不满意：还响")


async def test_check_of_a_patrol_who_left_comes_to_the_desk(stage, town, taken):
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await town.patrol.unfollow()
    await stage.pass_time(minutes=31)
    await town.expect(desk="等核查，已经超过")
    await town.desk.say("1")
    await town.expect(reporter=[PICTURE, "您满意吗"])


async def test_with_the_last_of_the_unit_gone_its_cases_come_to_the_desk(stage, town, taken):
    await town.officer.unfollow()
    await town.listen()
    await town.colleague.unfollow()
    await town.expect(desk="需要您派人")
    await stage.pass_time(minutes=LIMIT * 0.8 + 1)
    heard = await town.listen()
    assert [words for words in heard["desk"] if "快到期了" in words]
    assert set(heard) == {"desk"}


@pytest.mark.parametrize("began", [False, True], ids=["asked", "taken"])
async def test_desk_can_give_the_cases_of_who_left_to_another_unit(stage, town, asked, began):
    if began:
        await town.officer.say(f"接单 {asked.number}")
    await town.officer.unfollow()
    await town.colleague.unfollow()
    await stage.officer("zhongdui-1", name="华队")
    await town.desk.say(f"退回 {asked.number} 没有人了")
    await town.desk.say(f"派 {asked.number} 一中队")
    await asked.refresh_from_db()
    assert asked.unit == "zhongdui-1"


async def test_who_left_and_came_back_is_nobody_until_bound_again(town, taken):
    await town.officer.unfollow()
    await town.officer.follow()
    assert "工作人员用的" in (await town.officer.say("待办")).text
    for words in (
        f"办结 {taken.number} 换好了",
        f"退回 {taken.number} 不去了",
        f"转派 {taken.number} 虞大伟",
    ):
        await town.officer.say(words)
        await town.officer.say("取消")
    await town.officer.tap("22" + taken.number, "退回")
    assert await state_of(taken) == "dispatched"
    last = await CaseEvent.filter(case_id=taken.id).order_by("-id").first()
    assert (last.step, last.role) == ("reassign", "rule"), "passed on when they left"
    await town.expect(colleague="转给您了：原来的处理人员不在了")


async def test_reporter_who_leaves_leaves_the_case_to_be_finished_for_who_joined(stage, town, taken):
    await join(town.joined)
    await town.reporter.unfollow()
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await town.patrol.say("1")
    heard = await town.listen()
    assert heard["joined"][-1].startswith("您关注的")
    await stage.pass_time(days=7, minutes=1)
    assert (await state_of(taken), taken.rating) == ("rated", "unrated")
    assert not await Person.filter(openid=town.reporter.openid).exists()


async def test_passed_on_by_name_is_told_to_the_colleague_alone(town, taken):
    await town.officer.say(f"转派 {taken.number} 虞大伟 我在外面开会")
    await town.expect(colleague="转给您了：我在外面开会")
    assert "归您" in (await town.colleague.say("1")).text
    await town.expect(reporter="虞大伟")


@pytest.mark.parametrize("order", ["退回 {n} 我不去了", "延期 {n} 等货", "办结 {n} 换好了"])
async def test_who_passed_a_case_on_acts_on_it_no_longer(town, taken, order):
    await town.officer.say(f"转派 {taken.number} 虞大伟 我在外面开会")
    await town.colleague.say(f"接单 {taken.number}")
    await town.listen()
    before = await CaseEvent.filter(case_id=taken.id).count()
    said = await town.officer.say(order.format(n=taken.number))
    await town.officer.photo(photo("修好"))
    assert said.text
    assert await CaseEvent.filter(case_id=taken.id).count() == before


async def test_colleague_cannot_take_what_another_took_and_is_told_where_it_stands(town, taken):
    assert "处理中" in (await town.colleague.say(f"接单 {taken.number}")).text
    await town.expect()
    await taken.refresh_from_db()
    holder = await Person.get(openid=town.officer.openid)
    assert taken.handler_id == holder.id


async def test_officer_of_another_unit_is_told_whose_case_it_is(stage, town, taken):
    other = await stage.officer("huanwei", name="蒋阿娣")
    for words in ("接单", "办结", "退回", "延期", "委托"):
        said = (await other.say(f"{words} {taken.number} 我来办")).text
        assert "负责" in said or "现在是" in said, (words, said)
    assert await state_of(taken) == "handling"
    await town.expect()


async def test_officer_of_another_unit_is_not_offered_the_colleagues_of_the_case(stage, town, taken):
    other = await stage.officer("huanwei", name="蒋阿娣")
    assert "虞大伟" not in (await other.say(f"转派 {taken.number} 小王")).text


async def test_colleague_who_hands_back_anothers_case_is_refused_or_the_holder_hears_of_it(town, taken):
    await town.colleague.say(f"办结 {taken.number} 路过顺手换了")
    await town.colleague.photo(photo("修好"))
    heard = await town.listen()
    assert await state_of(taken) == "handling" or "officer" in heard


async def test_both_hand_back_at_once_and_it_is_handed_back_once(town, taken):
    await hand_back(town.officer, taken)
    said = (await town.colleague.say(f"办结 {taken.number} 我也去过了")).text
    assert "待核查" in said
    await town.expect(patrol="说已处理")
    assert await CaseEvent.filter(case_id=taken.id, step="hand_back").count() == 1
    assert await Case.all().count() == 1
