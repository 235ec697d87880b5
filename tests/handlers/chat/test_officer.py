"""Officers work in chat: bind, see what waits, take, hand back with photo and words, send back."""

import pytest

from handlers.kit import keys
from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence
from models.lifecycle import Role
from models.people import Appointment, Person, add_staff
from models.talks import Talk


@pytest.fixture
def appoint(database, clock):
    """A bind code for somebody of the staff."""

    async def make(role=Role.OFFICER, unit="shizheng"):
        made = Appointment(name="小李", role=role.value, unit=unit, made_at=clock.now())
        return (await add_staff(made)).code

    return make


async def topic_of(talker):
    return (await Talk.get(person__openid=talker.openid)).topic


async def state_of(case):
    return (await Case.get(id=case.id)).state


async def test_binding_makes_an_officer_and_says_how_to_begin(stranger, appoint):
    code = await appoint()
    said = await stranger.say(f"绑定 {code}")
    assert "小李" in said
    assert "市政养护队" in said
    assert "待办" in said
    assert (await Person.get(openid="老张")).is_a(Role.OFFICER)
    assert "辛苦了" in await stranger.say("待办")


async def test_bind_code_works_once_and_for_a_day(stranger, citizen, appoint, later):
    code, old = await appoint(), await appoint()
    await stranger.say(f"绑定{code}")
    assert "不对" in await citizen.say(f"绑定 {code}")
    later(days=1, minutes=1)
    assert "过期" in await citizen.say(f"绑定 {old}")
    assert "绑定码" in await citizen.say("绑定")


async def test_work_list_is_for_the_staff(citizen):
    assert "工作人员" in await citizen.click(keys.WORK)


async def test_work_is_listed_with_its_clock_danger_first(officer, report, later):
    late = await report()
    later(hours=3)
    fresh = await report("路灯不亮", kind="street_light", urgent=True)
    said = await officer.click(keys.WORK)
    assert "2 件" in said
    assert officer.labels[1].startswith(late.number[-4:])
    assert "已超时1小时" in officer.labels[1]
    assert "还剩" in officer.labels[0]
    assert "急！" in officer.labels[0]
    card = await officer.say("1")
    assert fresh.number in card
    assert "https://town.example/h5/c/" in card
    assert officer.labels == ["接单", "退回"]


async def test_card_never_names_who_reported(officer, report):
    case = await report()
    for words in (case.number, case.number[-4:]):
        said = await officer.say(words)
        assert "井盖坏了" in said
        assert "王阿姨" not in said


async def test_stand_in_of_another_unit_sees_and_takes_what_they_were_told_of(talker, report):
    stand_in = await talker("秦海涛", "officer", "zhongdui-1", "s13")
    case = await report("树枝断了", kind="greening")
    assert case.unit == "yuanlin"
    assert any(case.number in text for text in await stand_in.told())
    await stand_in.say("待办")
    await stand_in.say("1")
    assert "归您" in await stand_in.tap("接单")
    assert await state_of(case) == "handling"


async def test_officer_of_another_unit_cannot_act(talker, report):
    other = await talker("蒋阿娣", "officer", "huanwei", "s61")
    case = await report()
    await other.say(case.number)
    assert other.labels == []
    assert "负责这个案件的人" in await other.say(f"接单 {case.number}")
    assert await state_of(case) == "dispatched"


async def test_taking_by_tap_by_tail_and_with_one_only_without_a_number(officer, citizen, report):
    first, second = await report(), await report("路灯不亮", kind="street_light")
    await officer.say(f"接单 {first.number[-4:]}")
    assert await state_of(first) == "handling"
    assert officer.labels == ["办结", "退回", "要延期"]
    assert "归您" in await officer.say("接单")
    assert await state_of(second) == "handling"
    assert any("已有人去处理" in text for text in await citizen.told())
    assert "没有可以接单" in await officer.say("接单")


async def test_several_without_a_number_are_asked_about(officer, report):
    await report()
    second = await report("路灯不亮", kind="street_light")
    assert "接单哪一件" in await officer.say("接单")
    await officer.say("2")
    assert await state_of(second) == "handling"


async def test_hand_back_takes_words_then_photo(officer, dispatcher, report):
    case = await report()
    await officer.say("接单")
    assert "照片" in await officer.say(f"办结 {case.number} 已换新井盖")
    assert await state_of(case) == "handling"
    assert "等核查" in await officer.photo()
    event = await CaseEvent.get(case_id=case.id, step="hand_back")
    assert event.note == "已换新井盖"
    assert (await Evidence.get(event_id=event.id)).stage == "after"
    assert "已换新井盖" in (await dispatcher.told())[-1]


async def test_hand_back_takes_photos_then_words(officer, report):
    case = await report()
    await officer.say("接单")
    await officer.tap("办结")
    await officer.photo()
    assert "现在有 2 张" in await officer.photo()
    assert await state_of(case) == "handling"
    await officer.say("已换新井盖")
    assert await state_of(case) == "handed_back"
    assert await Evidence.filter(case_id=case.id, stage="after").count() == 2


async def test_more_photos_right_after_belong_to_the_same_case(officer, report, later):
    case = await report()
    await officer.say("接单")
    await officer.say("办结 已换")
    await officer.photo()
    assert case.number in await officer.photo()
    assert await Evidence.filter(case_id=case.id, stage="after").count() == 2
    later(minutes=3)
    await officer.photo()
    assert await Evidence.filter(case_id=case.id).count() == 2
    assert await topic_of(officer) == "report"


async def test_only_done_is_said_in_full_to_the_citizen(officer, report):
    case = await report()
    await officer.say("接单")
    await officer.say("办结")
    await officer.photo()
    await officer.say("好了")
    assert (await CaseEvent.get(case_id=case.id, step="hand_back")).note == "已处理好。"


async def test_commands_inside_a_hand_back_are_not_notes(officer, report):
    case = await report()
    await officer.say("接单")
    await officer.say("办结")
    await officer.photo()
    await officer.say("待办")
    assert "打几个字" in await officer.voice()
    assert await state_of(case) == "handling"
    assert "先不办" in await officer.say("取消")
    assert await topic_of(officer) == ""


async def test_tap_on_something_else_is_no_note(officer, report):
    case = await report()
    await officer.say("接单")
    await officer.say("办结")
    await officer.photo()
    await officer.click(keys.WORK)
    await officer.say("1")
    assert case.number in officer.text
    assert await state_of(case) == "handling"


async def test_photo_out_of_the_blue_is_asked_about_and_closes_the_case(officer, report):
    case = await report()
    await officer.say("接单")
    assert "哪一件" in await officer.photo()
    await officer.photo()
    await officer.say("已换新井盖")
    await officer.say("1")
    assert await state_of(case) == "handed_back"
    assert await Evidence.filter(case_id=case.id, stage="after").count() == 2
    assert (await CaseEvent.get(case_id=case.id, step="hand_back")).note == "已换新井盖"


async def test_photo_out_of_the_blue_may_begin_a_report(officer, report):
    await report()
    await officer.say("接单")
    await officer.photo()
    await officer.say("路边有人占道经营卖水果")
    said = await officer.tap("都不是，要报新问题")
    assert "占道经营" in said
    talk = await Talk.get(person__openid=officer.openid)
    assert talk.topic == "report"
    assert len(talk.data["evidence"]) == 1
    assert await Evidence.all().count() == 1


async def test_officer_with_nothing_in_hand_reports_like_anybody(officer, report):
    await report()
    assert "照片收到" in await officer.photo()
    assert await topic_of(officer) == "report"


async def test_sending_back_asks_for_the_reason(officer, dispatcher, report):
    case = await report()
    await officer.say("待办")
    await officer.say("1")
    assert "为什么退回" in await officer.tap("退回")
    assert "重新安排" in await officer.say("这里归园林管")
    assert await state_of(case) == "returned"
    assert "归园林管" in (await dispatcher.told())[-1]


async def test_sending_back_with_its_reason_at_once(officer, report):
    case = await report()
    await officer.say(f"退回 {case.number[-4:]} 不归我们")
    assert (await CaseEvent.get(case_id=case.id, step="return")).note == "不归我们"


async def test_two_officers_cannot_take_the_same(officer, talker, report):
    other = await talker("虞大伟", "officer", "shizheng", "s72")
    case = await report()
    await officer.say("接单")
    assert "不能再接单" in await other.say(f"接单 {case.number}")
    assert (await Case.get(id=case.id)).handler_id == officer.person.id


async def test_officer_sees_the_case_they_reported_elsewhere_as_its_reporter(talker, report):
    other = await talker("蒋阿娣", "officer", "huanwei", "s61")
    case = await report(by=other)
    await other.say(case.number)
    assert other.labels == ["补充", "催办", "类别或位置不对", "撤回"]


async def test_citizens_words_are_no_commands(citizen, report):
    case = await report()
    await citizen.say(f"接单 {case.number}")
    await citizen.say(f"办结 {case.number} 好了")
    assert await state_of(case) == "dispatched"


async def test_plain_words_of_an_officer_begin_a_report(officer):
    assert "占道经营" in await officer.say("有人占道经营卖水果，路都走不了")


async def test_ready_words_may_be_tapped_instead_of_typed(officer, dispatcher, report):
    case = await report()
    await officer.say(f"退回 {case.number}")
    assert officer.labels == ["不归我们管", "地点找不到"]
    assert "已退回" in await officer.tap("地点找不到")
    await case.refresh_from_db()
    assert case.state == "returned"
    assert "按上报的位置没有找到" in (await dispatcher.told())[-1]


async def test_ready_words_are_offered_by_their_number_too(dispatcher, citizen, report):
    case = await report()
    await dispatcher.say(f"问 {case.number}")
    await dispatcher.say("2")
    assert "请再拍一张看得清的照片" in (await citizen.told())[-1]
