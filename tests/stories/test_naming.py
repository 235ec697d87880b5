"""What a message is about: said when it is clear, asked once when it is not, several matters one by one."""

import pytest
from stage import HERE, photo

from models.cases.corrections import TypeCorrection
from models.cases.tables import Case
from models.evidence import Evidence

VAGUE = "门口那个东西又来了，天天这样真受不了，你们来看看"
TWO = "路灯坏了不亮，另外旁边的井盖也松了"


async def test_what_is_unclear_is_asked_once_and_the_choice_is_kept_to_learn_from(stage):
    phone = await stage.citizen()
    reply = await phone.say(VAGUE)
    assert "选一个" in reply.text
    assert reply.text.count("\n") >= 4
    assert "都不是" in reply.text
    await phone.say("2")
    assert "可以提交" in (await phone.locate(*HERE)).text
    await phone.say("提交")
    case = await Case.get()
    (kept,) = await TypeCorrection.all()
    assert (kept.case_id, kept.right, kept.role) == (case.id, case.type, "reporter")
    assert kept.said != case.type


async def test_who_answers_the_question_with_other_vague_words_is_not_asked_again(stage):
    phone = await stage.citizen()
    await phone.say(VAGUE)
    again = (await phone.say("就是那个呀，老样子")).text
    assert "选一个" not in again
    assert "工作人员会再核对" in again
    assert "在哪里" in again
    await phone.locate(*HERE)
    await phone.say("提交")
    assert VAGUE in (await Case.get()).text
    assert not await TypeCorrection.exists()


async def test_none_of_the_offered_types_leaves_it_to_a_person(stage):
    phone = await stage.citizen()
    await phone.say(VAGUE)
    assert "工作人员来定" in (await phone.say("4")).text
    await phone.locate(*HERE)
    await phone.say("提交")
    assert (await Case.get()).type == "other"
    assert not await TypeCorrection.exists(), "nobody said what is right"


async def test_a_wrong_type_is_put_right_by_number_and_kept(stage):
    phone = await stage.citizen()
    assert "听起来是「路灯" in (await phone.say("路灯坏了不亮")).text
    assert "哪一类" in (await phone.say("不是")).text
    await phone.say("1")
    await phone.locate(*HERE)
    await phone.say("提交")
    case, kept = await Case.get(), await TypeCorrection.get()
    assert (kept.said, kept.right) == ("street_light", case.type)


async def test_who_says_no_twice_is_not_asked_a_third_time(stage):
    phone = await stage.citizen()
    await phone.say("路灯坏了不亮")
    await phone.say("不是")
    assert "工作人员来定" in (await phone.say("不是")).text


async def test_of_two_matters_each_becomes_a_case_of_its_own(stage):
    phone = await stage.citizen()
    await phone.say(TWO)
    await phone.locate(*HERE)
    told = (await phone.say("提交")).text
    assert "另报一件" in told
    opened = (await phone.say("1")).text
    assert "案件编号" in opened or "急件" in opened
    first, second = await Case.all().order_by("id")
    assert {first.type, second.type} == {"street_light", "manhole"}
    assert (second.lat, second.lng) == (first.lat, first.lng)
    assert "井盖" in (second if second.type == "manhole" else first).text


async def test_the_second_matter_may_be_left(stage):
    phone = await stage.citizen()
    await phone.say(TWO)
    await phone.locate(*HERE)
    await phone.say("提交")
    assert "先不报" in (await phone.say("不用了")).text
    assert await Case.all().count() == 1


async def test_a_correction_of_the_desk_is_kept_too(stage):
    phone, desk = await stage.citizen(), await stage.dispatcher()
    await phone.say("路灯坏了不亮")
    await phone.locate(*HERE)
    await phone.say("提交")
    case = await Case.get()
    await desk.say(f"改类 {case.number} 井盖")
    kept = await TypeCorrection.get()
    assert (kept.said, kept.right, kept.role) == ("street_light", "manhole", "dispatcher")


async def test_small_talk_and_single_words_are_no_report_and_no_answer_from_the_faq(stage):
    phone = await stage.citizen()
    for words in ("你好", "投诉", "不行", "谢谢", "1"):
        reply = (await phone.say(words)).text
        assert "选一个" not in reply
        assert "依据" not in reply
        assert "听起来" not in reply


async def test_traditional_characters_and_mistyped_words_are_understood(stage):
    phone = await stage.citizen()
    assert "听起来是「路灯" in (await phone.say("門口的路燈壞了，晚上很黑")).text
    await phone.say("取消")
    assert "路灯" in (await phone.say("路登不亮了")).text


async def offered_another(stage):
    phone = await stage.citizen()
    await phone.say("路灯坏了不亮，另外门口垃圾堆了好几天没人收")
    await phone.locate(*HERE)
    assert "另报一件" in (await phone.say("提交")).text
    return phone


async def test_a_photo_says_yes_to_the_other_matter_and_belongs_to_it(stage):
    phone = await offered_another(stage)
    assert "可以提交" in (await phone.photo(photo())).text
    await phone.say("提交")
    second = await Case.all().order_by("-id").first()
    assert "垃圾" in second.text
    assert await Evidence.filter(case_id=second.id).count() == 1


@pytest.mark.parametrize("words", ["没有了", "就这些", "不是"])
async def test_words_that_end_it_open_no_second_case(stage, words):
    phone = await offered_another(stage)
    await phone.say(words)
    assert await Case.all().count() == 1


async def test_an_old_offer_is_no_longer_taken(stage):
    phone = await offered_another(stage)
    await stage.pass_time(hours=5)
    await phone.say("好的")
    assert await Case.all().count() == 1


async def test_another_matter_that_somebody_reported_already_is_asked_about(stage):
    neighbour = await stage.citizen("老张")
    await neighbour.say("门口垃圾堆了好几天没人收")
    await neighbour.locate(*HERE)
    await neighbour.say("提交")
    phone = await offered_another(stage)
    assert "是同一件吗" in (await phone.say("1")).text
    assert "案件编号" in (await phone.say("2")).text
    assert await Case.all().count() == 3


async def test_who_names_the_type_is_not_offered_the_one_just_rejected(stage):
    phone = await stage.citizen()
    await phone.say("路灯坏了不亮，另外门口垃圾堆了好几天没人收")
    await phone.say("不是")
    await phone.say("1")
    await phone.locate(*HERE)
    assert "另报一件" not in (await phone.say("提交")).text


async def test_a_photo_before_the_answer_leaves_the_question_as_it_was(stage):
    phone = await stage.citizen()
    first = (await phone.say(VAGUE)).text
    again = (await phone.photo(photo())).text
    assert "选一个" in again
    assert first.split("\n")[1] in again
    await phone.say("4")
    await phone.locate(*HERE)
    await phone.say("提交")
    assert (await Case.get()).type == "other"


@pytest.mark.parametrize("words", ["路灯修好了，谢谢", "垃圾已经清走了", "晚点再说", "气死我了", "点个赞"])
async def test_what_tells_of_nothing_to_be_done_is_no_report(stage, words):
    phone = await stage.citizen()
    assert "听起来" not in (await phone.say(words)).text


@pytest.mark.parametrize("words", ["装修垃圾怎么处理", "垃圾分类怎么分", "门口能不能摆桌子"])
async def test_a_question_without_its_mark_is_answered(stage, words):
    phone = await stage.citizen()
    assert "听起来" not in (await phone.say(words)).text
