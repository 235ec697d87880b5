"""Every path of the closed loop as a conversation: each person is told each step that concerns them, once."""

import pytest
from stage import HERE, photo, with_settings

from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case, LookBack
from models.deliveries.tables import Delivery
from models.lifecycle import Role

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


@pytest.fixture
async def people(stage):
    """A citizen, an officer of the unit that mends manholes, and a dispatcher."""
    return await stage.citizen(), await stage.officer(), await stage.dispatcher()


async def report(phone, words=WORDS, place=HERE):
    await phone.photo(photo())
    await phone.locate(*place)
    await phone.say(words)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def hand_back(stage, officer, case):
    await officer.say(f"办结 {case.number} 已换新井盖")
    await officer.photo(photo("修好"))
    await stage.run_jobs()


async def told(phone, words):
    """Return how often this person was owed words with these in them, by whichever way they went."""
    return await Delivery.filter(person__openid=phone.openid, text__contains=words).count()


async def count(phone):
    """Return how many deliveries this person was owed."""
    return await Delivery.filter(person__openid=phone.openid).count()


async def steps_of(case):
    """Return the steps of the case, whose history holds together."""
    await case.refresh_from_db()
    history = await list_history(case)
    assert find_break(case, history) is None
    return [event.step for event in history]


async def test_returned_case_goes_on_with_what_was_left_of_its_time(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    due = case.due_at
    await stage.pass_time(minutes=20)
    await officer.say(f"退回 {case.number} 不归我们管")
    await stage.run_jobs()
    assert await told(dispatcher, "被退回") == 1
    await stage.pass_time(minutes=10)
    await dispatcher.say(f"派 {case.number}")
    await case.refresh_from_db()
    assert (case.due_at - due).total_seconds() == 600, "the clock stood still for ten minutes"
    assert await told(officer, "新案件") == 2
    assert (await steps_of(case))[-2:] == ["return", "dispatch"]
    assert case.returned == 1


async def test_case_sent_to_another_unit_has_the_whole_time_again(stage, people):
    phone, officer, dispatcher = people
    other = await stage.officer("zhongdui-1", name="华队")
    case = await report(phone)
    await stage.pass_time(minutes=30)
    await officer.say(f"退回 {case.number} 该城管去")
    await dispatcher.say(f"派 {case.number} 一中队")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert case.unit == "zhongdui-1"
    assert await told(other, "新案件") == 1
    assert (case.due_at - stage.clock.now()).total_seconds() == pytest.approx(7200, abs=1)


async def test_extended_twice_and_refused_a_third_time(stage, people):
    phone, officer, dispatcher = people
    admin = await stage.officer("zhihui", name="尤主任", role=Role.ADMIN)
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    due = case.due_at
    assert "为什么要延期" in (await officer.say(f"延期 {case.number}")).text
    assert "交上去了" in (await officer.say("等新井盖到货")).text
    await stage.run_jobs()
    assert await told(dispatcher, "申请延期") == 1
    assert "已同意" in (await dispatcher.say(f"同意 {case.number}")).text
    await stage.run_jobs()
    await case.refresh_from_db()
    assert ((case.due_at - due).total_seconds(), case.extended) == (7200, 1)
    assert await told(phone, "要晚一些") == 1
    assert await told(officer, "同意延期") == 1
    await officer.say(f"延期 {case.number} 还没到货")
    assert "管理员同意" in (await dispatcher.say(f"同意 {case.number}")).text
    assert "已同意" in (await admin.say(f"同意 {case.number}")).text
    assert "不能再延" in (await officer.say(f"延期 {case.number} 再等等")).text
    await case.refresh_from_db()
    assert case.extended == 2


async def test_extension_refused_takes_no_turn_and_says_why(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    due = case.due_at
    await officer.say(f"延期 {case.number} 人手不够")
    await dispatcher.say(f"不同意 {case.number}")
    await dispatcher.say("井盖要紧，今天必须办")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert (case.extended, case.due_at, case.waiting) == (0, due, False)
    assert await told(officer, "不同意延期") == 1
    assert await told(phone, "要晚一些") == 0


async def test_suspended_and_back_by_itself_on_the_day(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.pass_time(minutes=30)
    assert "请写明恢复的日期" in (await officer.say(f"暂缓 {case.number} 等管线迁改")).text
    assert "交上去了" in (await officer.say(f"暂缓 {case.number} 7月20日 等管线迁改")).text
    await dispatcher.say(f"同意 {case.number}")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert case.state == "suspended"
    assert await told(phone, "要先缓一缓") == 1
    await stage.pass_time(days=10)
    await case.refresh_from_db()
    assert (case.state, case.late) == ("suspended", False)
    await stage.pass_time(days=5)
    steps = await steps_of(case)
    assert (case.state, steps[-2]) == ("handling", "resume") or steps[-1] == "resume"
    assert await told(phone, "恢复处理了") == 1
    assert await told(officer, "恢复计时，") == 1


async def test_linked_case_is_told_with_the_main_one_and_may_go_its_own_way_again(stage, people):
    phone, _officer, dispatcher = people
    other = await stage.citizen("老张")
    main = await report(phone)
    case = await report(other, "人行道上一个井盖松动", place=(HERE[0] + 0.002, HERE[1]))
    assert case.id != main.id
    assert "并过去了" in (await dispatcher.say(f"合并 {case.number} {main.number}")).text
    await stage.run_jobs()
    await main.refresh_from_db()
    assert main.followers == 1
    assert await told(other, "是同一件事") == 1
    await other.say("补充 那边还有碎玻璃")
    assert "supplement" in await steps_of(main)
    assert "单独办了" in (await dispatcher.say(f"分开 {case.number}")).text
    await main.refresh_from_db()
    assert main.followers == 0
    assert (await steps_of(case))[-1] == "unlink"
    assert case.state == "dispatched"


async def test_split_case_closes_when_its_parts_do(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    await officer.say(f"退回 {case.number} 要环卫一起")
    said = await dispatcher.say(f"拆分 {case.number} 环卫所、市政养护队")
    assert "分下去了" in said.text
    parts = await Case.filter(parent_id=case.id).order_by("id")
    assert [part.unit for part in parts] == ["huanwei", "shizheng"]
    for part in parts:
        worker = officer if part.unit == "shizheng" else await stage.officer("huanwei", name="蒋阿娣")
        await stage.run_jobs()
        await worker.say(f"接单 {part.number}")
        await hand_back(stage, worker, part)
        await dispatcher.say(f"核查通过 {part.number}")
    await stage.run_jobs()
    assert (await steps_of(case))[-1] == "join_parts"
    assert await told(dispatcher, "各部分都已办好") == 1
    await dispatcher.say(f"核查通过 {case.number}")
    await stage.run_jobs()
    assert await told(phone, "处理好了") == 1
    assert await told(phone, "分头去做") == 1


async def test_citizen_puts_the_type_right_and_it_goes_to_the_right_unit(stage, people):
    phone, officer, _ = people
    case = await report(phone)
    await stage.run_jobs()
    assert "类别或位置不对" in (await phone.say("进度")).text
    await phone.tap("20" + case.number, "类别或位置不对")
    await phone.say("路灯不亮了")
    assert "改好了" in (await phone.say("1")).text
    await case.refresh_from_db()
    assert (case.type, case.state) == ("street_light", "dispatched")
    await stage.run_jobs()
    assert await told(officer, "改派了") + await told(officer, "新案件") >= 2


async def test_tap_by_mistake_is_undone_within_ten_minutes(stage, people):
    phone, officer, _ = people
    case = await report(phone)
    await stage.run_jobs()
    before = dict(case.clocks), case.due_at
    await officer.say(f"退回 {case.number} 点错")
    assert "撤销了" in (await officer.say("撤销")).text
    await stage.run_jobs()
    steps = await steps_of(case)
    assert (case.state, (dict(case.clocks), case.due_at)) == ("dispatched", before)
    assert steps[-1] == "undo"
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    assert await told(phone, "已有人去处理") == 1
    await stage.pass_time(minutes=11)
    assert "没有可以撤销" in (await officer.say("撤销")).text


async def test_what_was_told_already_is_told_to_be_undone(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    await officer.say(f"退回 {case.number} 点错")
    await stage.run_jobs()
    await officer.say("点错了")
    await stage.run_jobs()
    assert await told(dispatcher, "「退回重派」撤销了") == 1
    assert await count(phone) == 0


async def test_colleague_gets_what_is_passed_on(stage, people):
    phone, officer, _ = people
    colleague = await stage.officer(name="虞大伟")
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    assert "没有叫「小王」" in (await officer.say(f"转派 {case.number} 小王")).text
    assert "转给同事" in (await officer.say(f"转派 {case.number} 虞大伟 我在外面")).text
    await stage.run_jobs()
    assert await told(colleague, "转给您了") == 1
    await colleague.say(f"接单 {case.number}")
    assert (await steps_of(case))[-2:] == ["reassign", "take"]


async def test_late_case_may_be_excused_once_after_closing(stage, people):
    phone, officer, dispatcher = people
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.pass_time(hours=3)
    await hand_back(stage, officer, case)
    await dispatcher.say(f"核查通过 {case.number}")
    assert "交上去了" in (await officer.say(f"申诉 {case.number} 暴雨封路")).text
    await dispatcher.say(f"同意 {case.number}")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert (case.late, case.excused) == (True, True)
    assert await told(officer, "申诉已同意") == 1
    assert "申诉过了" in (await officer.say(f"申诉 {case.number} 再来")).text


async def test_nobody_checks_their_own_work(stage, people):
    phone, *_ = people
    both = await stage.officer(name="多面手")
    await stage.appoint(both, "shizheng", name="多面手", role=Role.DISPATCHER)
    case = await report(phone)
    await both.say(f"接单 {case.number}")
    await hand_back(stage, both, case)
    said = await both.say(f"核查通过 {case.number}")
    assert "不能自己核查" in said.text


async def test_patrol_nearest_by_is_asked_to_check_and_the_desk_hears_when_nobody_does(stage, people):
    phone, officer, dispatcher = people
    patrol = await stage.officer("zhihui", name="巡查老吴", role=Role.PATROL)
    await patrol.say("打卡")
    assert "打卡好了" in (await patrol.locate(*HERE)).text
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await hand_back(stage, officer, case)
    assert (await told(patrol, "说已处理"), await told(dispatcher, "说已处理")) == (1, 0)
    await stage.pass_time(minutes=31)
    assert await told(dispatcher, "等核查，已经超过") == 1
    assert "核查通过" in (await patrol.tap("31" + case.number, "核查通过")).text
    await stage.run_jobs()
    await case.refresh_from_db()
    assert case.state == "closed"
    assert await told(phone, "处理好了") == 1


async def test_closing_drawn_for_a_second_look_needs_another_person(stage, people):
    phone, officer, dispatcher = people
    second = await stage.dispatcher("钱小禾")
    town = with_settings(stage.town, second_look_share=1)
    stage.town.city.settings["second_look_share"] = town.city.settings["second_look_share"]
    try:
        case = await report(phone)
        await officer.say(f"接单 {case.number}")
        await hand_back(stage, officer, case)
        assert "抽到复核" in (await dispatcher.say(f"核查通过 {case.number}")).text
        await stage.run_jobs()
        assert await told(second, "抽到复核") == 1
        assert "另一位同事" in (await dispatcher.say(f"核查通过 {case.number}")).text
        assert "已办结" in (await second.say(f"核查通过 {case.number}")).text
    finally:
        stage.town.city.settings["second_look_share"] = 0
    assert (await steps_of(case))[-3:] == ["verify", "second_look", "close"]


async def test_second_reopening_goes_to_supervision(stage, people):
    phone, officer, dispatcher = people
    leader = await stage.officer(name="老陈", role=Role.LEADER)
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await hand_back(stage, officer, case)
    await dispatcher.say(f"核查通过 {case.number}")
    await phone.say("不满意 还在响")
    await hand_back(stage, officer, case)
    await dispatcher.say(f"核查通过 {case.number}")
    await stage.run_jobs()
    await phone.say("不满意 又响了")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert (case.state, case.reopened) == ("disputed", 2)
    assert await told(leader, "督办单") == 1
    assert await told(dispatcher, "请您决定") == 1


async def test_shop_case_is_looked_at_again_and_found_again(stage, people):
    _, _, dispatcher = people
    phone = await stage.citizen("李大姐")
    officer = await stage.officer("zhongdui-1", name="华队")
    case = await report(phone, "沿街饭店把桌子摆到人行道上了，出店经营")
    await stage.run_jobs()
    case = await Case.get(id=case.id)
    worker = officer if case.unit == "zhongdui-1" else await stage.officer(case.unit, name="丁队")
    await worker.say(f"接单 {case.number}")
    assert "这家店名下" in (await worker.say(f"店铺 {case.number} 老王面馆")).text
    await hand_back(stage, worker, case)
    await dispatcher.say(f"核查通过 {case.number}")
    assert await LookBack.filter(case_id=case.id).count() == 3
    await case.refresh_from_db()
    await stage.pass_time(days=3, minutes=1)
    assert await told(worker, "回头看（3 天）") == 1
    await worker.say("帮助")
    assert "又有了" in (await worker.tap("45" + case.number, "又有了")).text
    again = await Case.all().order_by("-id").first()
    assert (again.shop_id, again.source) == (case.shop_id, "巡查")
    assert again.id != case.id


async def test_officer_opens_a_case_from_the_street_in_two_messages(stage, people):
    *_, officer, _ = people
    await officer.photo(photo("垃圾"))
    said = await officer.say("安泰路和胡埭路路口一堆垃圾没人管")
    assert "案件编号" in said.text
    case = await Case.all().order_by("-id").first()
    assert case.source == "巡查"


async def test_plan_of_the_day_is_told_once_at_eight(stage, people):
    phone, officer, _ = people
    await report(phone)
    await stage.pass_time(hours=22, minutes=40)
    assert await told(officer, "早上好") == 0
    await stage.pass_time(minutes=30)
    await stage.pass_time(minutes=30)
    assert await told(officer, "早上好") == 1


async def test_paused_case_promises_no_day_that_has_gone(stage):
    phone, officer, desk = await stage.citizen(), await stage.officer(), await stage.dispatcher()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("路边的井盖坏了，一走就响")
    await phone.say("提交")
    case = await Case.get()
    await officer.say(f"接单 {case.number}")
    await officer.say(f"问 {case.number} 靠马路那个吗？")
    assert "时限先停着" in (await phone.say(case.number)).text
    await phone.say("对")
    await officer.say(f"暂缓 {case.number} 7月20日 等管线迁改")
    await desk.say(f"同意 {case.number}")
    said = (await phone.say(case.number)).text
    assert "7月20日" in said
    assert "前办好" not in said
    await stage.pass_time(hours=5)
    assert "超时" not in (await phone.say(case.number)).text
