"""People call a case by what it is, think better of it, and correct a verdict: each leads where it should."""

import pytest
from closed_loop import closed, report
from stage import HERE

from models.cases.tables import Case


@pytest.mark.parametrize("words", ["撤回井盖那个", "撤销那个井盖", "撤回刚才的井盖"])
async def test_case_is_called_by_what_it_is_to_take_it_back(stage, words):
    phone = await stage.citizen()
    case = await report(phone)
    await report(phone, "路灯不亮了")
    assert f"撤回 {case.number}「井盖管线」后就不再办了" in (await phone.say(words)).text


@pytest.mark.parametrize("words", ["催一下那个井盖", "催办井盖那件"])
async def test_case_is_called_by_what_it_is_to_hurry_it(stage, words):
    phone = await stage.citizen()
    case = await report(phone)
    await report(phone, "路灯不亮了")
    assert f"已帮您催办 {case.number}" in (await phone.say(words)).text


@pytest.mark.parametrize(
    ("words", "state"),
    [
        *(("是我看错了 井盖在旁边", "withdrawn"), ("确定，不用来了", "withdrawn")),
        *(("不是 我点错了", "dispatched"), ("再等等吧", "dispatched"), ("先别撤", "dispatched")),
    ],
)
async def test_question_whether_to_take_back_is_answered_in_own_words(stage, words, state):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await phone.say("撤回")
    await phone.say(words)
    assert (await Case.get(id=case.id)).state == state


async def test_verdict_taken_back_for_the_worse_asks_why_at_once(stage):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("满意")
    assert "哪里不满意" in (await phone.say("点错了 不满意")).text
    await phone.say("坑还在")
    assert (await Case.get(id=case.id)).state == "handling"


@pytest.mark.parametrize("words", ["没有什么不满意的", "没什么不好", "没有不满意的地方"])
async def test_nothing_to_complain_of_asks_for_no_rework(stage, words):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say(words)
    assert (await Case.get(id=case.id)).state in {"closed", "rated"}


@pytest.mark.parametrize("words", ["没事，没砸到人，就是盖子裂了", "等等，是对面那边"])
async def test_a_first_word_that_leaves_it_loses_nothing_that_follows(stage, words):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say("路边的井盖坏了，一走就响")
    assert "先不报了" not in (await phone.say(words)).text


async def test_whoever_left_it_and_thinks_again_finds_it_there(stage):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say("路边的井盖坏了，一走就响")
    await phone.say("算了")
    assert "接着刚才的" in (await phone.say("不对，是真的坏了，你们快来")).text
