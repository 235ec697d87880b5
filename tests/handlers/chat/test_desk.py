"""The dispatchers' desk in chat: send out, answer, check, decide; each with its reason where one is needed."""

import pytest

from models.cases.tables import Case, CaseEvent
from models.deliveries.tables import Delivery


async def state_of(case):
    return (await Case.get(id=case.id)).state


@pytest.fixture
def handed_back(officer, report):
    """A case that an officer has handed back."""

    async def make():
        case = await report()
        await officer.say(f"接单 {case.number}")
        await officer.say(f"办结 {case.number} 已换新井盖")
        await officer.photo()
        return case

    return make


@pytest.fixture
def disputed(handed_back, officer, dispatcher, citizen):
    """A case with which its reporter is unhappy after the rework."""

    async def make():
        case = await handed_back()
        await dispatcher.say(f"核查通过 {case.number}")
        await citizen.say("不满意 没换")
        await officer.say(f"办结 {case.number} 又换了")
        await officer.photo()
        await dispatcher.say(f"核查通过 {case.number}")
        await citizen.say("不满意 还是没换")
        return case

    return make


async def test_question_waits_for_an_answer_that_reaches_who_asked(citizen, dispatcher, report):
    case = await report("换招牌要审批吗", kind="consultation", point=None)
    assert "有人咨询" in (await dispatcher.told())[-1]
    assert f"答 {case.number} 内容" in (await dispatcher.told())[-1]
    await dispatcher.say("待办")
    assert "要答复" in dispatcher.labels[0]
    await dispatcher.say("1")
    assert "怎么答复" in await dispatcher.tap("答复")
    assert "已答复" in await dispatcher.say("要，先到窗口备案。")
    assert "回复您的咨询" in (await citizen.told())[-1]
    assert "先到窗口备案" in (await citizen.told())[-1]
    asked = await Delivery.filter(person_id=citizen.person.id).order_by("-id").first()
    assert [label for _, label in asked.choices] == ["清楚了", "还有疑问"]


async def test_question_answered_badly_comes_back_to_the_desk(citizen, dispatcher, report):
    case = await report("换招牌要审批吗", kind="consultation", point=None)
    await dispatcher.say(f"答 {case.number[-4:]} 要的")
    assert "再答复您" in await citizen.say("不满意 去哪里办")
    assert await state_of(case) == "accepted"
    assert "去哪里办" in (await dispatcher.told())[-1]
    await dispatcher.say("答 到镇政府一楼")
    assert await state_of(case) == "closed"
    assert "谢谢" in await citizen.say("满意")


async def test_type_without_auto_dispatch_waits_for_the_desk(citizen, dispatcher, officer, report):
    case = await report("楼顶在搭违章建筑", kind="illegal_building")
    assert await state_of(case) == "accepted"
    assert "需要您派人" in (await dispatcher.told())[-1]
    assert "已派给渣土与违建查处组" in await dispatcher.say("派")  # nobody there has bound their chat
    assert await state_of(case) == "dispatched"


async def test_case_goes_to_another_unit_by_name(dispatcher, officer, talker, report):
    gardener = await talker("杭秀英", "officer", "yuanlin", "s81")
    case = await report()
    await officer.say(f"退回 {case.number} 归园林")
    await dispatcher.say(f"派 {case.number} 园林")
    assert (await Case.get(id=case.id)).unit == "yuanlin"
    assert any(case.number in text for text in await gardener.told())


async def test_unclear_unit_is_asked_about_and_nothing_moves(dispatcher, report):
    case = await report("楼顶在搭违章建筑", kind="illegal_building")
    assert "城管一中队" in await dispatcher.say(f"派 {case.number} 城管")
    assert "没有叫" in await dispatcher.say(f"派 {case.number} 水利局")
    assert await state_of(case) == "accepted"


async def test_checked_by_number_by_tap_and_alone(dispatcher, citizen, handed_back):
    case = await handed_back()
    await dispatcher.say("待办")
    assert "要核查" in dispatcher.labels[0]
    await dispatcher.say("1")
    assert dispatcher.labels == ["核查通过", "没处理好"]
    assert "已办结" in await dispatcher.say("核查通过")
    assert await state_of(case) == "closed"
    assert "已换新井盖" in (await citizen.told())[-1]


async def test_not_done_well_needs_a_reason_which_the_officer_reads(
    dispatcher, officer, citizen, handed_back
):
    case = await handed_back()
    await dispatcher.say(case.number)
    assert "哪里没处理好" in await dispatcher.tap("没处理好")
    assert await state_of(case) == "handed_back"
    await dispatcher.say("盖子还是晃")
    assert await state_of(case) == "handling"
    assert "盖子还是晃" in (await officer.told())[-1]
    assert "盖子还是晃" not in (await citizen.told())[-1]


async def test_turning_down_tells_the_reporter_why(dispatcher, citizen, report):
    case = await report("楼顶在搭违章建筑", kind="illegal_building")
    await dispatcher.say(f"不受理 {case.number} 有规划许可")
    assert await state_of(case) == "rejected"
    assert "有规划许可" in (await citizen.told())[-1]


async def test_decision_may_be_rework_with_the_words_of_the_complaint(dispatcher, officer, disputed):
    case = await disputed()
    await dispatcher.say("待办")
    assert "要决定" in dispatcher.labels[0]
    assert "返工" in await dispatcher.say("返工")
    assert await state_of(case) == "handling"
    assert "还是没换" in (await officer.told())[-1]


async def test_decision_may_be_an_explanation(dispatcher, citizen, disputed):
    case = await disputed()
    assert "向对方说明" in await dispatcher.say(f"答 {case.number}")
    await dispatcher.say("新盖子下周到货")
    assert "新盖子下周到货" in (await citizen.told())[-1]
    closed = await Case.get(id=case.id)
    assert (closed.state, closed.rating) == ("rated", "unsatisfied")
    await dispatcher.say("待办")
    assert dispatcher.labels == []


async def test_several_that_fit_are_asked_about(dispatcher, report):
    await report("楼顶在搭违章建筑", kind="illegal_building")
    second = await report("院里又搭一间违建", kind="illegal_building")
    assert "派人哪一件" in await dispatcher.say("派")
    await dispatcher.say("2")
    assert await state_of(second) == "dispatched"


async def test_orders_that_fit_nothing_say_so(dispatcher, report):
    case = await report()
    assert "没有可以核查通过" in await dispatcher.say("核查通过")
    assert "不能再核查通过" in await dispatcher.say(f"核查通过 {case.number}")


async def test_reason_asked_for_may_be_left(dispatcher, handed_back):
    case = await handed_back()
    await dispatcher.say("没处理好")
    await dispatcher.say("取消")
    await dispatcher.say("路灯不亮")
    assert await state_of(case) == "handed_back"


async def test_words_that_begin_like_an_order_are_none(dispatcher):
    assert "占道经营" in await dispatcher.say("派出所门口有人占道经营卖水果")
    assert await CaseEvent.all().count() == 0


async def test_orders_of_others_do_nothing(citizen, officer, handed_back):
    case = await handed_back()
    for talker in (citizen, officer):
        await talker.say(f"核查通过 {case.number}")
    assert await state_of(case) == "handed_back"


async def test_list_too_long_for_one_reply_says_how_many_are_left(dispatcher, report):
    for number in range(7):
        await report(f"第{number}处违建", kind="illegal_building")
    assert "还有 2 件" in await dispatcher.say("待办")
    assert len(dispatcher.labels) == 5
