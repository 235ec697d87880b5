"""People answer in their own words, and what we asked stays asked while we do not understand."""

import pytest
from stage import HERE, photo

from models.cases.tables import Case


async def pieces(phone, words="路边的井盖坏了，一走就响"):
    await phone.photo(photo())
    await phone.locate(*HERE)
    return await phone.say(words)


@pytest.mark.parametrize(
    "yes", ["好的", "嗯", "行", "ok", "可以了", "提交吧", "没照片", "１", "①", "1️⃣", "第一个"]
)
async def test_any_plain_yes_sends_a_report(stage, yes):
    phone = await stage.citizen()
    await pieces(phone)
    assert "案件编号" in (await phone.say(yes)).text


@pytest.mark.parametrize(
    ("words", "joined"), [("是的", True), ("同一件", True), ("不是", False), ("不一样", False)]
)
async def test_plain_words_answer_whether_it_is_the_same(stage, words, joined):
    first, second = await stage.citizen(), await stage.citizen("老张")
    await pieces(first)
    await first.say("提交")
    await pieces(second)
    assert "是同一件吗" in (await second.say("提交")).text
    assert ("加进案件" if joined else "案件编号") in (await second.say(words)).text
    assert await Case.all().count() == (1 if joined else 2)


async def test_what_was_asked_may_be_answered_after_words_that_we_did_not_understand(stage):
    phone, officer = await stage.citizen(), await stage.officer()
    await pieces(phone)
    await phone.say("提交")
    await stage.run_jobs()
    assert "回复前面的数字" in (await officer.say("收到收到")).text
    assert "归您" in (await officer.say("1")).text
