"""A report is put together as people talk: nothing that was sent is lost, and nothing strange gets into it."""

import pytest
from stage import HERE, photo

from models.cases.tables import Case
from models.evidence import Evidence

WORDS = "路边的井盖坏了，一走就响"


async def opened(phone):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def test_what_is_said_twice_stands_once(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


async def test_thanks_are_no_part_of_the_report(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    assert "提交" in (await phone.say("谢谢")).text
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


@pytest.mark.parametrize("words", ["撤回", "撤销", "取消上报", "不报了"])
async def test_report_is_dropped_by_any_plain_word(stage, words):
    phone = await stage.citizen()
    await phone.say(WORDS)
    assert "不报了" in (await phone.say(words)).text
    assert "听起来是「路灯" in (await phone.say("路灯坏了，不亮")).text


async def test_what_was_not_ours_is_no_part_of_the_next_report(stage):
    phone = await stage.citizen()
    assert "坚持上报" in (await phone.say("家里停水了，自来水不来水")).text
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


async def test_who_insists_has_the_words_kept(stage):
    phone = await stage.citizen()
    await phone.say("家里停水了，自来水不来水")
    await phone.say("1")
    await phone.locate(*HERE)
    await phone.say("提交")
    assert "停水" in (await Case.get()).text


async def test_asking_for_a_person_keeps_the_report(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.say(WORDS)
    assert "继续" in (await phone.say("人工")).text
    await phone.say("我想问问垃圾费")
    await phone.say("继续")
    await phone.locate(*HERE)
    await phone.say("提交")
    case = await Case.get(type="manhole")
    assert await Evidence.filter(case_id=case.id).count() == 1


async def test_resting_report_outlives_another_one(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.say(WORDS)
    await stage.pass_time(hours=25)
    await phone.say("路灯坏了，不亮")
    await phone.locate(*HERE)
    assert "案件编号" in (await phone.say("提交")).text
    await phone.say("继续")
    await phone.locate(HERE[0] + 0.002, HERE[1])
    await phone.say("提交")
    case = await Case.get(type="manhole")
    assert await Evidence.filter(case_id=case.id).count() == 1


async def test_resting_report_may_be_sent_at_once(stage):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await stage.pass_time(hours=25)
    assert "可以提交了" in (await phone.say("提交")).text
    assert "案件编号" in (await phone.say("提交")).text


async def test_photo_right_after_the_report_is_offered_to_it(stage):
    phone = await stage.citizen()
    case = await opened(phone)
    assert case.number in (await phone.photo(photo("又一张"))).text
    assert "已补充" in (await phone.say("1")).text
    assert await Evidence.filter(case_id=case.id).count() == 2


async def test_photo_right_after_the_report_may_begin_another(stage):
    phone = await stage.citizen()
    await opened(phone)
    await phone.photo(photo("别处"))
    assert "一句话" in (await phone.say("2")).text
    await phone.say("路灯坏了，不亮")
    await phone.locate(HERE[0] + 0.003, HERE[1])
    await phone.say("提交")
    lamp = await Case.get(type="street_light")
    assert await Evidence.filter(case_id=lamp.id).count() == 1


async def test_wrong_type_may_be_said_after_the_report(stage):
    phone = await stage.citizen()
    case = await opened(phone)
    assert "应该是哪一类" in (await phone.say("类别不对")).text
    await phone.say("1")
    await case.refresh_from_db()
    assert case.type != "manhole"
