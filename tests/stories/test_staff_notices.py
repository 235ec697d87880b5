"""What the staff are told when time runs: honest hours, the day that a pause was asked for, templates that say it."""

from datetime import timedelta

import pytest
from hearing import Ears, cast, report, state_of
from stage import photo

from models.cases.headlines import CITIZEN, QUESTION, STAFF
from models.cases.states import STEP_NAMES
from models.cases.tables import Case
from models.cases.words import say_length
from models.deliveries.tables import Delivery


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 分钟"), (1, "1 分钟"), (59, "59 分钟"), (60, "1 小时"), (61, "1 小时 1 分"), (119, "1 小时 59 分"),
        (120, "2 小时"), (179, "2 小时 59 分"), (23 * 60 + 59, "23 小时 59 分"), (24 * 60, "24 小时"),
        (47 * 60 + 59, "47 小时 59 分"), (48 * 60, "2 天"), (71 * 60 + 59, "2 天 23 小时"), (72 * 60, "3 天"),
        (10 * 24 * 60 + 30, "10 天"),
    ],
)  # fmt: skip
def test_a_length_is_said_as_long_as_it_is(minutes, said):
    assert say_length(timedelta(minutes=minutes)) == said


def test_what_templates_say_fits_into_their_fields():
    for heads in (STAFF, CITIZEN, QUESTION):
        assert set(heads) <= set(STEP_NAMES)
        for head in heads.values():
            assert 2 <= len(head.state) <= 5, head
            assert (
                len(
                    head.note.format(due="今天17:30", urged=3, followers=10, unit="市政", wanted="", until="")
                )
                <= 20
            )


async def fields_of(phone, sign):
    rows = await Delivery.filter(person__openid=phone.openid).order_by("-id")
    return next(row.fields_ for row in rows if sign in row.text)


async def test_template_says_nobody_took_it_that_it_is_late_and_urged(stage):
    town = await cast(stage)
    await report(town.reporter)
    assert (await fields_of(town.officer, "新案件"))["state"] == "等您接单"
    await stage.pass_time(minutes=31)
    told = await fields_of(town.officer, "还没人接")
    assert (told["state"], "能去的请接单" in told["note"]) == ("还没人接", True)
    await town.officer.say("接单")
    await town.reporter.say("催办")
    told = await fields_of(town.officer, "被催办")
    assert (told["state"], "第 1 次" in told["note"]) == ("被催办", True)
    await stage.pass_time(hours=2)
    told = await fields_of(town.officer, "已超时（")
    assert (told["state"], "请马上处理" in told["note"]) == ("已超时", True)
    told = await fields_of(town.reporter, "现场好了吗")
    assert (told["state"], "正在催" in told["note"]) == ("已超时", True)


async def test_outside_the_window_the_template_itself_says_it(stage):
    town = await cast(stage)
    await report(town.reporter)
    await town.officer.say("接单")
    await town.officer.say("暂缓 7月9日 等材料")
    await town.desk.say("同意")
    await stage.pass_time(days=3)
    await stage.pass_time(hours=3)
    assert "状态：已超时" in "\n".join(bubble.text for bubble in town.officer.received[-3:])


async def test_pause_carries_its_day_to_whoever_grants_it_by_a_tap(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say("接单")
    await town.officer.say(f"暂缓 {case.number[-4:]} 12月1日 等管线迁改")
    heard = await town.listen()
    assert "12月1日" in heard["desk"][-1]
    assert "等管线迁改" in heard["desk"][-1]
    told = await fields_of(town.desk, "申请暂缓")
    assert told["state"] == "申请暂缓"
    assert "12月1日" in told["note"]
    assert "12月1日" in (await town.desk.say(case.number)).text, "the card says it too"
    assert "12月1日" in (await town.desk.tap("37" + case.number, "同意")).text
    await case.refresh_from_db()
    assert case.asked["until"].startswith("2026-12-01")


async def test_whoever_grants_a_pause_may_name_another_day(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say("接单")
    await town.officer.say(f"暂缓 {case.number[-4:]} 12月1日 等管线迁改")
    assert "8月3日" in (await town.desk.say(f"同意 {case.number[-4:]} 8月3日")).text
    assert await state_of(case) == "suspended"
    await case.refresh_from_db()
    assert case.asked["until"].startswith("2026-08-03")


async def test_pause_whose_day_is_gone_asks_for_another_day(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say("接单")
    await town.officer.say(f"暂缓 {case.number[-4:]} 7月7日 等材料")
    await stage.pass_time(days=2)
    assert f"「同意 {case.number} 12月1日」" in (await town.desk.say(f"同意 {case.number[-4:]}")).text
    assert "已同意" in (await town.desk.say(f"同意 {case.number[-4:]} 7月20日")).text


async def test_question_nobody_answered_is_told_as_a_question(stage):
    ears = Ears(stage, citizen=await stage.citizen(), desk=await stage.dispatcher())
    await ears.citizen.say("人工 老房子加装雨棚要不要审批")
    await ears.listen()
    await stage.pass_time(minutes=16)
    heard = await ears.listen()
    assert "还没有答复" in heard["desk"][0]
    assert "雨棚" in heard["desk"][0]
    assert "等着派人" not in heard["desk"][0]
    assert (await fields_of(ears.desk, "还没有答复"))["state"] == "还没答复"
    await ears.citizen.say("结束")
    await ears.citizen.say("催办")
    assert (await Case.get()).state == "closed"


async def test_hours_that_are_left_are_not_cut(stage):
    town = await cast(stage)
    await town.reporter.photo(photo())
    case = await report(town.reporter)
    stage.clock.advance((case.due_at - stage.clock.now()).total_seconds() - 119 * 60)
    assert "还剩 1 小时 59 分" in (await town.officer.say(case.number)).text
