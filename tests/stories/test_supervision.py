"""A case that takes too long climbs to 督办: whom each rung tells, who answers, and what ends it."""

import pytest
from hearing import PICTURE, cast, hand_back, join, report, state_of

LIMIT = 120  # minutes: manholes are urgent


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


@pytest.fixture
async def taken(town):
    """A case in the officer's hands that a second person joined; what was told so far is heard."""
    case = await report(town.reporter)
    await join(town.joined)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    return case


@pytest.fixture
async def late(stage, town, taken):
    """The same case at twice its time, which everybody was told of."""
    await stage.pass_time(minutes=LIMIT * 0.8 + 1)
    await town.expect(officer="快到期了")
    await stage.pass_time(minutes=LIMIT * 0.2)
    await town.expect(officer="已超时（", leader="已超时（", reporter="现场好了吗", joined="到说好的时间了")
    await stage.pass_time(minutes=LIMIT)
    await town.expect(officer="用时已是时限的两倍", leader="用时已是时限的两倍")
    return taken


async def test_each_rung_tells_who_must_know_and_nobody_else(stage, town, late):
    assert "交上去了" in (await town.officer.say(f"督办 {late.number} 配件下午到，今天办完")).text
    await town.expect(desk="回复了：配件下午到，今天办完")
    await stage.pass_time(days=3)
    await town.expect()
    await hand_back(town.officer, late)
    await town.expect(patrol="说已处理")
    await town.patrol.tap("31" + late.number, "核查通过")
    heard = await town.listen()
    assert {name: texts[-1].count("处理好了") for name, texts in heard.items()} == {
        "reporter": 1,
        "joined": 1,
    }
    await late.refresh_from_db()
    assert late.late


async def test_leader_may_answer_and_once_is_enough(town, late):
    await town.leader.say(f"督办 {late.number} 我去盯着，今天办完")
    await town.expect(desk="回复了：我去盯着，今天办完")
    assert "没有等回复" in (await town.officer.say(f"督办 {late.number} 再说一遍")).text
    await town.expect()


async def test_no_answer_in_a_working_day_is_put_before_the_admin_once(stage, town, late):
    await stage.pass_time(days=1, minutes=10)
    await town.expect(admin="是否约谈市政养护队")
    await stage.pass_time(days=2)
    await town.expect()
    await town.officer.say(f"督办 {late.number} 配件到了，马上办")
    await town.expect(desk="回复了：配件到了，马上办")


async def test_case_that_was_handed_back_in_time_climbs_no_further(stage, town, taken):
    await stage.pass_time(minutes=LIMIT * 0.8 + 1)
    await town.expect(officer="快到期了")
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await stage.pass_time(minutes=31)
    await town.expect(desk="等核查，已经超过")
    await stage.pass_time(days=2)
    await town.expect()


async def test_desk_may_supervise_by_hand_before_it_is_late(town, taken):
    assert "督办单发出了" in (await town.desk.say(f"发督办 {taken.number} 领导在问，今晚前办好")).text
    await town.expect(officer="领导在问，今晚前办好", leader="领导在问，今晚前办好")
    await town.leader.say(f"督办 {taken.number} 两小时内办好")
    await town.expect(desk="回复了：两小时内办好")


async def test_unit_without_a_leader_is_supervised_through_the_desk(stage, town, taken):
    await town.leader.unfollow()
    await stage.pass_time(minutes=LIMIT + 1)
    await town.expect(officer="已超时（", desk="已超时（", reporter="现场好了吗", joined="到说好的时间了")


async def test_case_that_nobody_took_is_late_for_who_was_asked(stage, town):
    case = await report(town.reporter)
    await town.expect(officer="新案件")
    await stage.pass_time(minutes=31)
    await town.expect(officer="还没人接", colleague="还没人接")
    await stage.pass_time(minutes=LIMIT)
    await town.expect(officer="已超时（", leader="已超时（", reporter="现场好了吗")
    assert await state_of(case) == "dispatched"


async def test_late_case_is_fixed_says_the_citizen_and_the_officer_is_told_once(stage, town, taken):
    await stage.pass_time(minutes=LIMIT + 1)
    await town.listen()
    assert "谢谢您告诉我们" in (await town.reporter.say("1")).text
    await town.expect(officer="上报人说现场已经好了")
    assert await state_of(taken) == "handling"


async def test_waiting_for_the_reporter_is_not_late(stage, town, taken):
    await town.officer.say(f"问 {taken.number} 是靠马路那个吗？")
    await town.expect(reporter="是靠马路那个吗")
    await stage.pass_time(days=2)
    await town.expect()
    await town.reporter.say("是的，靠公交站")
    await town.expect(officer="靠公交站")
    await stage.pass_time(minutes=LIMIT * 0.8 + 1)
    await town.expect(officer="快到期了")


async def test_second_complaint_is_supervised_and_decided_by_a_person(town, taken):
    for words in ("还是响", "又响了"):
        await hand_back(town.officer, taken)
        await town.listen()
        await town.desk.say(f"核查通过 {taken.number}")
        await town.expect(reporter=[PICTURE, "您满意吗"], joined=[PICTURE, "您关注的"])
        await town.reporter.say(f"不满意 {taken.number} {words}")
        if words == "还是响":
            await town.expect(officer="不满意：还是响", joined="再去一次")
    await town.expect(desk="请您决定", leader="又响了")
    assert await state_of(taken) == "disputed"
    await town.desk.say(f"答 {taken.number} 下周换整套井座，先垫了胶圈")
    await town.expect(reporter="下周换整套井座，先垫了胶圈", joined="下周换整套井座，先垫了胶圈")
    assert await state_of(taken) == "rated"


async def test_decision_to_do_it_again_is_told_to_officer_and_followers(town, taken):
    for words in ("还是响", "又响了"):
        await hand_back(town.officer, taken)
        await town.desk.say(f"核查通过 {taken.number}")
        await town.reporter.say(f"不满意 {taken.number} {words}")
    await town.listen()
    await town.desk.say(f"返工 {taken.number}")
    await town.expect(officer="不满意：又响了", reporter="再去一次", joined="再去一次")
    assert await state_of(taken) == "handling"


async def test_explained_complaint_is_told_to_who_followed_too(town, taken):
    for words in ("还是响", "又响了"):
        await hand_back(town.officer, taken)
        await town.desk.say(f"核查通过 {taken.number}")
        await town.joined.say(f"不满意 {taken.number} {words}")
    await town.listen()
    await town.desk.say(f"答 {taken.number} 下周换整套井座，先垫了胶圈")
    heard = await town.listen()
    assert "下周换整套井座" in heard.get("joined", [""])[0], "who complained gets the answer"
