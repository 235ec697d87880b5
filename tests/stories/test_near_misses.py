"""Staff who mistype a command are asked whether they meant it; they never get the words for citizens."""

from datetime import UTC, datetime

import pytest
from hearing import cast, report, state_of
from stage import Stage, photo

from models.cases.tables import Case
from models.lifecycle import Role

OFFICER = {
    "接但 0012": "接单 0012",
    "接丹0012": "接单 0012",
    "接单单 0012": "接单 0012",
    "单接 0012": "接单 0012",
    "办接": "办结",
    "办结0012": "",
    "班结 0012": "办结 0012",
    "办结束 0012": "办结 0012",
    "拌结": "办结",
    "代办": "待办",
    "带办": "待办",
    "待班": "待办",
    "办待": "待办",
    "我的代办": "我的待办",
    "退会 0012 不归我们管": "退回 0012 不归我们管",
    "推回 0012": "退回 0012",
    "退回回 0012": "退回 0012",
    "严期 0012 等材料": "延期 0012 等材料",
    "延其 0012": "延期 0012",
    "沿期": "延期",
    "占缓 0012": "暂缓 0012",
    "转牌 0012 虞大伟": "转派 0012 虞大伟",
    "备住 0012 已约": "备注 0012 已约",
    "背注": "备注",
    "店埔 0012": "店铺 0012",
    "申述 0012 暴雨": "申诉 0012 暴雨",
    "督半 0012": "督办 0012",
    "报进占 0012": "报进展 0012",
    "撤消": "撤销",
    "jiedan 0012": "接单 0012",
    "banjie": "办结",
    "daiban": "待办",
    "接单０012": "",
}
DESK = {
    "通国 0012": "通过 0012",
    "通过国 0012": "通过 0012",
    "同易 0012": "同意 0012",
    "不同易 0012": "不同意 0012",
    "核查通国": "核查通过",
    "合病 0012 0013": "合并 0012 0013",
    "分该 0012": "分开 0012",
    "拆份 0012": "拆分 0012",
    "改内 0012 路灯": "改类 0012 路灯",
    "恢付 0012": "恢复 0012",
    "挂排 0012": "挂牌 0012",
    "收会 0012": "收回 0012",
    "不受里 0012": "不受理 0012",
    "答付 0012 好": "答复 0012 好",
    "返功 0012": "返工 0012",
    "和实 0012": "核实 0012",
}
PATROL = {
    "打咔": "打卡",
    "讯查": "巡查",
    "寻查": "巡查",
    "核查通郭 0012": "核查通过 0012",
    "没处理号 0012": "没处理好 0012",
}
ROLES = {Role.OFFICER: OFFICER, Role.DISPATCHER: DESK, Role.PATROL: PATROL}
NOT_OURS = ("在哪里", "位置收到", "听起来", "提交", "听起来是")


@pytest.fixture
async def quick(stage_town, sqlite_url, tmp_path):
    """A stage on one database, for long tables."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=datetime(2026, 7, 6, 1, 0, tzinfo=UTC)) as stage:
        yield stage


@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_near_miss_is_asked_about_as_a_tap(quick, role):
    phone = await quick.officer(role=role)
    wrong = []
    for typed, meant in ROLES[role].items():
        said = (await phone.say(typed)).text
        if meant and f"是不是要「{meant}」" not in said:
            wrong.append((typed, said))
        if not meant and "是不是要" in said:
            wrong.append((typed, said))
        wrong += [(typed, said) for word in NOT_OURS if word in said]
        await phone.say("不是")
    assert wrong == []
    assert sum(map(len, ROLES.values())) >= 50


@pytest.mark.parametrize("yes", ["1", "是", "对"])
async def test_yes_carries_the_command_out(stage, yes):
    town = await cast(stage)
    case = await report(town.reporter)
    tail = case.number[-4:]
    assert "是不是要" in (await town.officer.say(f"接但 {tail}")).text
    assert "接好了" in (await town.officer.say(yes)).text
    assert await state_of(case) == "handling"


async def test_no_leaves_everything_as_it_was(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say(f"接但 {case.number[-4:]}")
    assert "重新打" in (await town.officer.say("不是")).text
    assert await state_of(case) == "dispatched"


async def test_pieces_that_were_gathered_are_still_there_after_the_question(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.officer.say(f"办结 {case.number}")
    await town.officer.photo(photo("修好"))
    assert "是不是要「办结" in (await town.officer.say("办接")).text
    assert "说说" in (await town.officer.say("1")).text
    assert "等核查" in (await town.officer.say("已换新井盖")).text
    assert await state_of(case) == "handed_back"


async def test_near_miss_is_no_reason_for_what_we_asked(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say(f"退回 {case.number}")
    assert "是不是要「接单" in (await town.officer.say(f"接但 {case.number[-4:]}")).text
    assert await state_of(case) == "dispatched"
    await town.officer.say("不是")
    assert "已退回" in (await town.officer.say("不归我们管")).text


@pytest.mark.parametrize("typed", ["啊啊 0012", "处理 0012", "弄好 2607060012", "那个 0012 怎么说"])
async def test_what_looks_like_a_command_and_is_none_gets_help_for_the_staff(stage, typed):
    officer = await stage.officer()
    said = (await officer.say(typed)).text
    assert "「待办」" in said or "是不是要" in said
    assert await Case.all().count() == 0


@pytest.mark.parametrize(
    "words",
    [
        "井盖坏了",
        "路灯不亮",
        "这里有个坑",
        "垃圾没人收",
        "胡埭路 12 号门口路灯不亮",
        "接到投诉占道经营",
        "你好",
        "谢谢",
    ],
)
async def test_what_staff_see_on_the_street_is_no_mistyped_command(stage, words):
    officer = await stage.officer()
    assert "是不是要" not in (await officer.say(words)).text


async def test_citizens_are_not_asked_about_commands_of_the_staff(stage):
    phone = await stage.citizen()
    assert "是不是要" not in (await phone.say("代办")).text
