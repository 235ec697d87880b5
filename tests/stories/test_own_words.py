"""People ask after their case and judge it in words of their own; who has none is heard as if for the first time."""

import pytest
from closed_loop import put_right
from stage import HERE, photo

from models.cases.tables import Case

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


async def report(phone, words=WORDS):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(words)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def closed(stage, phone):
    """A case of this person that was put right and waits for the verdict."""
    return await put_right(stage, await report(phone))


async def state_of(case):
    return (await Case.get(id=case.id)).state


@pytest.mark.parametrize(
    "words",
    [
        *(
            "我那个井盖修得怎么样了",
            "井盖什么时候能修好",
            "我报的井盖有人处理了吗？",
            "有消息了吗",
            "办得怎么样了",
        ),
        *("还没人来修吗", "上次那个处理了没", "井盖还没修好啊", "啥时候来修", "到哪一步了"),
    ],
)
async def test_asking_after_the_own_case_tells_where_it_stands(stage, words):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    reply = (await phone.say(words)).text
    assert case.number in reply
    assert "现在：" in reply
    assert await Case.all().count() == 1
    assert "听起来是" not in (await phone.say("提交")).text, "no report was begun"


async def test_asking_after_one_of_several_means_that_of_its_kind(stage):
    phone, _ = await stage.citizen(), await stage.officer()
    manhole = await report(phone)
    lamp = await report(phone, "路口的路灯不亮了，晚上看不见")
    assert lamp.number in (await phone.say("路灯什么时候修好")).text
    assert manhole.number in (await phone.say("井盖修得怎么样了")).text
    both = (await phone.say("处理得怎么样了")).text
    assert manhole.number[-4:] in both
    assert lamp.number[-4:] in both


async def test_who_has_no_case_is_reporting_one(stage):
    phone = await stage.citizen()
    assert "听起来是「路灯」" in (await phone.say("胡埭路的路灯不亮，什么时候能修好")).text


async def test_asking_about_something_else_than_the_own_case_is_a_report(stage):
    phone, _ = await stage.citizen(), await stage.officer()
    await report(phone)
    assert "听起来是" in (await phone.say("小区门口垃圾堆了好几天，怎么还没人来清")).text


@pytest.mark.parametrize(
    "words", ["修得不错", "挺好的", "👍", "很好，谢谢", "处理得很快，点赞", "修好了，谢谢你们"]
)
async def test_praise_is_a_good_verdict(stage, words):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    assert "记为满意" in (await phone.say(words)).text
    assert (await Case.get(id=case.id)).rating == "satisfied"


@pytest.mark.parametrize(
    "words", ["根本没修好", "还是坏的", "又坏了", "没有解决问题", "修了跟没修一样", "没人来修过，骗人"]
)
async def test_blame_is_a_bad_verdict_with_its_reason(stage, words):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    assert "再去处理" in (await phone.say(words)).text
    assert await state_of(case) == "handling"


async def test_blame_without_a_closed_case_is_no_verdict(stage):
    phone = await stage.citizen()
    assert "等您评价" not in (await phone.say("根本没修好")).text
    assert "听起来是" in (await phone.say("胡埭路上的井盖又坏了")).text


async def test_thanks_are_no_reason(stage):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("不满意")
    assert "哪里不满意" in (await phone.say("谢谢")).text
    assert await state_of(case) == "closed"
    assert "再去处理" in (await phone.say("井盖还在响")).text


async def test_thanks_are_answered_and_the_verdict_asked_for_once_more(stage):
    phone = await stage.citizen()
    assert "不客气" in (await phone.say("谢谢")).text
    case = await closed(stage, phone)
    assert "满意吗" in (await phone.say("谢谢你们")).text
    assert "记为满意" in (await phone.say("1")).text
    assert await state_of(case) == "rated"


@pytest.mark.parametrize(
    ("words", "state"), [("确定", "withdrawn"), ("是的", "withdrawn"), ("不", "dispatched")]
)
async def test_whether_to_take_back_is_answered_by_yes_or_no(stage, words, state):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    assert "确定吗" in (await phone.say("撤回")).text
    await phone.say(words)
    assert await state_of(case) == state


@pytest.mark.parametrize(("words", "told"), [("是", "已注销"), ("确定", "已注销"), ("不要", "没有注销")])
async def test_whether_to_erase_is_answered_by_yes_or_no(stage, words, told):
    phone = await stage.citizen()
    await phone.say("注销")
    assert told in (await phone.say(words)).text


@pytest.mark.parametrize("form", ["{0} 进度", "{0}到哪一步了", "{1}", "{1} 怎么样了", "查一下 {0}"])
async def test_number_may_stand_before_or_alone(stage, form):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    assert f"案件 {case.number}" in (await phone.say(form.format(case.number, case.number[-4:]))).text


@pytest.mark.parametrize("words", ["找人工", "真人", "转人工服务", "人工客服", "我要找人", "接线员"])
async def test_a_person_may_be_asked_for_in_many_words(stage, words):
    phone = await stage.citizen()
    assert "工作人员看到就回您" in (await phone.say(words)).text


async def rejected(stage, phone):
    """A case of this person that was not taken on."""
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await officer.say(f"退回 {case.number} 不归我们")
    await dispatcher.say(f"不受理 {case.number} 私人地方，请找物业。")
    return case


@pytest.mark.parametrize(
    "words",
    [
        *(
            "为什么不受理",
            "为啥不受理啊",
            "凭什么不给我处理",
            "你们怎么不管",
            "不受理的原因是什么",
            "怎么给我退回了",
        ),
        *("为什么没受理我的井盖？", "什么理由驳回", "怎么就不办了", "凭啥拒绝呀！"),
    ],
)
async def test_who_asks_why_it_was_not_taken_on_hears_the_reason(stage, words):
    phone = await stage.citizen()
    case = await rejected(stage, phone)
    told = (await phone.say(words)).text
    assert f"{case.number}「井盖管线」没有受理，原因是：私人地方，请找物业。" in told
    assert "人工" in told


async def test_who_asks_why_and_had_nothing_refused_hears_no_reason(stage):
    phone = await stage.citizen()
    await report(phone)
    assert "没有受理" not in (await phone.say("为什么不受理")).text


async def test_the_reason_is_no_longer_told_after_a_month(stage):
    phone = await stage.citizen()
    await rejected(stage, phone)
    await stage.pass_time(days=31)
    assert "没有受理" not in (await phone.say("为什么不受理")).text
