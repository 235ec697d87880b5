"""An officer asks the reporter: the answer in time, too late, in words, by a tap, and what is none."""

import pytest
from stage import HERE, photo

from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case
from models.deliveries.tables import Delivery


@pytest.fixture
async def people(stage):
    """A citizen whose case an officer has taken, and that officer."""
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await case.refresh_from_db()
    return phone, officer, case


@pytest.fixture
async def asked(people):
    """The same, after the officer has asked the citizen something."""
    _, officer, case = people
    assert "已去问上报人" in (await officer.say(f"问 {case.number} 是靠马路那个吗？")).text
    return people


async def report(phone):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("路边的井盖坏了，一走就响，怕摔着人")
    await phone.say("提交")
    return await Case.get()


async def told(phone, words):
    """Return how often this person was owed words with these in them, by whichever way they went."""
    return await Delivery.filter(person__openid=phone.openid, text__contains=words).count()


async def test_question_to_the_reporter_stops_the_clock_until_the_answer(stage, asked):
    phone, officer, case = asked
    due = case.due_at
    await stage.run_jobs()
    assert await told(phone, "是靠马路那个吗") == 1
    await stage.pass_time(hours=30)
    assert "已经转给处理人员" in (await phone.say("是的，靠公交站")).text
    await stage.run_jobs()
    await case.refresh_from_db()
    assert (case.state, case.late) == ("handling", False)
    assert (case.due_at - due).total_seconds() == 30 * 3600
    assert await told(officer, "靠公交站") == 1


async def test_question_nobody_answers_ends_after_five_days(stage, asked):
    phone, officer, case = asked
    await stage.pass_time(days=5, minutes=1)
    await case.refresh_from_db()
    history = await list_history(case)
    assert find_break(case, history) is None
    assert (history[-1].step, case.state) == ("no_reply", "handling")
    assert await told(officer, "没有回音") == 1
    assert await told(phone, "没等到您回音") == 1


async def test_answer_that_comes_too_late_still_reaches_the_case(stage, asked):
    phone, officer, case = asked
    await stage.pass_time(days=6)
    assert "还能补充" in (await phone.tap("47" + case.number, "我来回答")).text
    assert f"已补充到 {case.number}" in (await phone.say("是的，靠公交站")).text
    await stage.run_jobs()
    assert await told(officer, "靠公交站") == 1


async def test_answer_while_the_clock_runs_out_still_reaches_the_case(stage, asked):
    phone, officer, case = asked
    await stage.pass_time(days=4, hours=23)
    await phone.tap("47" + case.number, "我来回答")
    await stage.pass_time(hours=2)
    assert f"已补充到 {case.number}" in (await phone.say("是的，靠公交站")).text
    await stage.run_jobs()
    assert await told(officer, "靠公交站") == 1


async def test_late_answer_in_words_reaches_the_case_and_other_words_do_not(stage, asked):
    phone, _, case = asked
    await stage.pass_time(days=6)
    assert f"已补充到 {case.number}" in (await phone.say("是的，靠公交站")).text
    await phone.say("好了")
    assert "已补充" not in (await phone.say("路灯不亮了")).text


async def test_other_words_after_a_question_has_run_out_are_a_matter_of_their_own(stage, asked):
    phone, _, _ = asked
    await stage.pass_time(days=6)
    assert "听起来是「路灯」" in (await phone.say("我家门口路灯不亮了")).text


async def test_who_has_answered_is_not_told_that_it_took_too_long(asked):
    phone, _, case = asked
    await phone.say("是的，靠公交站")
    assert "好些天" not in (await phone.tap("47" + case.number, "我来回答")).text


async def test_report_under_way_goes_on_when_an_old_question_is_tapped(stage, asked):
    phone, _, case = asked
    await stage.pass_time(days=6)
    await phone.say("我家门口路灯不亮了")
    assert f"补充 {case.number}" in (await phone.tap("47" + case.number, "我来回答")).text
    await phone.locate(*HERE)
    await phone.say("提交")
    assert await Case.filter(type="street_light").count() == 1


async def test_addition_while_we_wait_for_an_answer_is_no_answer(asked):
    phone, _, case = asked
    assert f"已补充到 {case.number}" in (await phone.say(f"补充 {case.number} 又裂开一点")).text
    await case.refresh_from_db()
    assert case.state == "asking"


async def test_answer_after_the_case_has_ended_is_told_so(stage):
    phone = await stage.citizen()
    case = await report(phone)
    await phone.say("撤回")
    assert "已撤回" in (await phone.say("1")).text
    assert "撤回" in (await phone.tap("47" + case.number, "我来回答")).text


@pytest.mark.parametrize(
    "words", ["就是靠公交站那个", "照片左边那个就是", "旁边还有一个也松了", "红色盖子的"]
)
async def test_photo_and_then_its_words_are_one_answer(stage, asked, words):
    phone, officer, case = asked
    assert "接着办" in (await phone.photo(photo("公交站"))).text
    assert f"已补充到 {case.number}" in (await phone.say(words)).text
    await stage.run_jobs()
    assert await told(officer, words) == 1
    assert await Case.all().count() == 1


@pytest.mark.parametrize("first", ["嗯", "不知道", "还在", "昨天"])
async def test_what_follows_a_short_answer_belongs_to_it(stage, asked, first):
    phone, officer, case = asked
    assert "接着办" in (await phone.say(first)).text
    assert f"已补充到 {case.number}" in (await phone.say("靠近药店那个")).text
    await stage.run_jobs()
    assert await told(officer, "靠近药店那个") == 1


async def test_another_matter_after_an_answer_is_a_report_of_its_own(asked):
    phone, *_ = asked
    await phone.say("嗯")
    assert "听起来是「路灯」" in (await phone.say("我家门口路灯不亮了")).text


async def test_answer_to_a_second_question_lets_the_clock_run(stage, asked):
    phone, officer, case = asked
    await phone.photo(photo("公交站"))
    await officer.say(f"问 {case.number} 夜里有灯吗")
    await stage.run_jobs()
    await phone.say("没有")
    await case.refresh_from_db()
    assert case.state == "handling"


@pytest.mark.parametrize("words", ["水还在流", "他们走了", "有三个人在那里", "那个人又来了", "有老人住"])
async def test_an_answer_is_not_taken_away_by_a_sound_of_danger(stage, asked, words):
    phone, officer, _ = asked
    assert "接着办" in (await phone.say(words)).text
    await stage.run_jobs()
    assert await told(officer, words) == 1


async def test_verdict_right_after_an_answer_is_a_verdict(stage, asked):
    phone, officer, case = asked
    dispatcher = await stage.dispatcher()
    await phone.say("嗯")
    await officer.say(f"办结 {case.number} 换了新的")
    await officer.photo(photo("修好"))
    await dispatcher.say(f"通过 {case.number}")
    await stage.run_jobs()
    await phone.say("很满意，修得快")
    await case.refresh_from_db()
    assert (case.state, case.rating) == ("rated", "satisfied")
