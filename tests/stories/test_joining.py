"""A case that several follow: on every path each person is told each step that concerns them, once, and nobody else."""

import pytest
from hearing import PICTURE, cast, hand_back, join, report, state_of
from stage import HERE

from models.cases.tables import Case
from models.people import Person

AWAY = (HERE[0] + 0.002, HERE[1])
CLOSED = [PICTURE, "您满意吗"]
CLOSED_TOO = [PICTURE, "您关注的"]


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


@pytest.fixture
async def followed(town):
    """A case that a second person joined and nobody took yet; what was told so far is heard."""
    case = await report(town.reporter)
    await town.expect(officer="回复 1 接单")
    await join(town.joined)
    await town.expect()
    return case


@pytest.fixture
async def taken(town, followed):
    """The same case in the officer's hands."""
    assert "归您" in (await town.officer.say(f"接单 {followed.number}")).text
    await town.expect(reporter="已有人去处理", joined="已有人去处理")
    return followed


@pytest.fixture
async def closed(town, taken):
    """The same case handed back, checked by the patrol and closed."""
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理：已换新井盖")
    assert "核查通过" in (await town.patrol.say("1")).text
    await town.expect(reporter=CLOSED, joined=CLOSED_TOO)
    return taken


async def test_happy_path_tells_everybody_their_own_part_once(stage, town, closed):
    assert await state_of(closed) == "closed"
    assert "谢谢" in (await town.reporter.say("1")).text
    await stage.pass_time(days=8)
    await town.expect()
    assert (await state_of(closed), closed.rating) == ("rated", "satisfied")


async def test_returned_and_resumed(town, taken):
    await town.officer.say(f"退回 {taken.number} 车坏了，今天去不了")
    await town.expect(desk="被退回：车坏了，今天去不了")
    await town.desk.say(f"派 {taken.number}")
    await town.expect(officer="新案件")
    await town.officer.say("1")
    await town.expect(reporter="已有人去处理", joined="已有人去处理")
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")


async def test_returned_to_another_unit(stage, town, taken):
    town.phones["other"] = await stage.officer("zhongdui-1", name="华队")
    await town.officer.say(f"退回 {taken.number} 是城管的事")
    await town.expect(desk="被退回：是城管的事")
    await town.desk.say(f"派 {taken.number} 一中队")
    await town.expect(other="新案件")
    await town.other.say("1")
    await town.expect(reporter="城管一中队", joined="城管一中队")
    assert "要由负责" in (await town.officer.say(f"办结 {taken.number} 办好了")).text
    await town.expect()


async def test_extended_twice_and_refused_a_third_time(town, taken):
    await town.officer.say(f"延期 {taken.number} 等新井盖到货")
    await town.expect(desk="申请延期：等新井盖到货")
    assert "已同意" in (await town.desk.say("1")).text
    await town.expect(officer="同意延期", reporter="原因：等新井盖到货", joined="要晚一些")
    await town.officer.say(f"延期 {taken.number} 还没到货")
    await town.listen()  # who may grant it: the next test
    await town.admin.say(f"同意 {taken.number}")
    await town.expect(officer="同意延期", reporter="原因：还没到货", joined="要晚一些")
    assert "不能再延" in (await town.officer.say(f"延期 {taken.number} 再等等")).text
    await town.expect()


async def test_second_extension_is_told_to_who_may_grant_it(town, taken):
    await town.officer.say(f"延期 {taken.number} 等新井盖到货")
    await town.desk.say(f"同意 {taken.number}")
    await town.listen()
    await town.officer.say(f"延期 {taken.number} 还没到货")
    heard = await town.listen()
    assert "申请延期" in heard.get("admin", [""])[0]


async def test_suspended_and_back(stage, town, taken):
    await town.officer.say(f"暂缓 {taken.number} 7月8日 等管线迁改")
    await town.expect(desk="申请暂缓到 7月8日（周三）08:00：等管线迁改")
    await town.desk.say("1")
    await town.expect(officer="已暂缓", reporter="原因：等管线迁改", joined="要先缓一缓")
    await stage.pass_time(days=2)
    await town.expect(officer="恢复计时", reporter="恢复处理了", joined="恢复处理了")
    await stage.pass_time(minutes=10)
    await town.expect()


async def test_suspension_refused_is_told_to_who_asked_alone(town, taken):
    await town.officer.say(f"暂缓 {taken.number} 7月8日 等管线迁改")
    await town.expect(desk="申请暂缓")
    await town.desk.say("2")
    await town.desk.say("先围起来，今天要修")
    await town.expect(officer="不同意暂缓：先围起来，今天要修")


async def test_merged_then_told_with_the_main_one_and_not_twice(stage, town, taken):
    town.phones["third"] = await stage.citizen("赵师傅")
    case = await report(town.third, "人行道上一个井盖松动", AWAY)
    await town.expect(colleague="新案件")
    await town.desk.say(f"合并 {case.number} {taken.number}")
    await town.expect(third="是同一件事", colleague="改派了")
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await town.patrol.say("1")
    await town.expect(reporter=CLOSED, joined=CLOSED_TOO, third=CLOSED_TOO)


async def test_merged_case_ends_with_its_main_case(stage, town, taken):
    town.phones["third"] = await stage.citizen("赵师傅")
    case = await report(town.third, "人行道上一个井盖松动", AWAY)
    await town.desk.say(f"合并 {case.number} {taken.number}")
    await hand_back(town.officer, taken)
    await stage.run_jobs()
    await town.patrol.say("1")
    await stage.pass_time(days=8)
    assert "接下来：和相同的那一件一起办" not in (await town.third.say(f"进度 {case.number}")).text


async def test_unlinked_case_tells_its_people_and_its_work_again(stage, town, taken):
    town.phones["third"] = await stage.citizen("赵师傅")
    case = await report(town.third, "人行道上一个井盖松动", AWAY)
    await town.desk.say(f"合并 {case.number} {taken.number}")
    await town.listen()
    await town.desk.say(f"分开 {case.number}")
    await town.expect(third="改为单独处理", colleague="恢复计时")
    await town.officer.say(f"备注 {taken.number} 已到场")
    await hand_back(town.officer, taken)
    await town.patrol.say("1")
    assert "third" not in await town.listen()


async def test_withdrawn_tells_who_was_asked_and_is_refused_once_others_follow(town):
    case = await report(town.reporter)
    await town.expect(officer="新案件")
    await town.reporter.say("撤回")
    assert "已撤回" in (await town.reporter.say("1")).text
    await town.expect(officer="上报人已撤回")
    assert await state_of(case) == "withdrawn"
    again = await report(town.reporter, "人行道上一个井盖松动", AWAY)
    await town.expect(officer="新案件")
    await join(town.joined, "人行道上一个井盖松动", AWAY)
    assert "还有1人" in (await town.reporter.say(f"撤回 {again.number}")).text
    await town.expect()


async def test_rejected_with_its_reason(town, followed):
    await town.officer.say(f"退回 {followed.number} 小区里面的，物业管")
    await town.expect(desk="被退回")
    await town.desk.say(f"不受理 {followed.number} 小区内的井盖由物业维修")
    await town.expect(reporter="原因：小区内的井盖由物业维修", joined="原因：小区内的井盖由物业维修")
    assert await state_of(followed) == "rejected"


async def test_failed_check_sends_it_back_with_the_reason(town, taken):
    await hand_back(town.officer, taken)
    await town.expect(patrol="说已处理")
    await town.patrol.say("2")
    assert "已让处理人员再去" in (await town.patrol.say("盖子没盖平")).text
    await town.expect(
        officer="核查没通过：盖子没盖平", reporter="核查后还没处理好", joined="核查后还没处理好"
    )
    await hand_back(town.officer, taken, "垫平了")
    await town.expect(patrol="说已处理：垫平了")


@pytest.mark.parametrize(("unhappy", "other"), [("reporter", "joined"), ("joined", "reporter")])
async def test_reworked_because_somebody_is_unhappy(town, closed, unhappy, other):
    said = await town.phones[unhappy].say(f"不满意 {closed.number} 晚上还是响")
    assert "再去处理" in said.text
    await town.expect(officer="不满意：晚上还是响", **{other: "再去一次"})
    await hand_back(town.officer, closed, "加了胶圈")
    await town.expect(desk="说已处理：加了胶圈")  # the only patrol passed it before
    await town.desk.say(f"核查通过 {closed.number}")
    await town.expect(reporter=CLOSED, joined=CLOSED_TOO)


async def test_taken_away_by_a_correction_is_told_to_old_and_new_hands(stage, town, taken):
    town.phones["other"] = await stage.officer("yuanlin", name="倪震")
    assert "改为「绿化」" in (await town.desk.say(f"改类 {taken.number} 绿化")).text
    await town.expect(officer="改派了", other="新案件")


async def test_case_with_parts_is_told_as_one_to_those_who_follow_it(stage, town, followed):
    town.phones["other"] = await stage.officer("huanwei", name="蒋阿娣")
    await town.desk.say(f"拆分 {followed.number} 环卫所、市政养护队")
    heard = await town.listen()
    assert "分头去做" in heard["reporter"][0]
    assert "分头去做" in heard["joined"][0]
    assert [len(heard[name]) for name in ("reporter", "joined", "other")] == [1, 1, 1]
    for part in await Case.filter(parent_id=followed.id).order_by("id"):
        worker = town.other if part.unit == "huanwei" else town.phones[await name_of(town, part)]
        await worker.say(f"接单 {part.number}")
        await hand_back(worker, part)
        await town.expect(patrol="说已处理")
        await town.patrol.say("1")
    await town.expect(desk="各部分都已办好")
    await town.desk.say("1")
    await town.expect(reporter="您满意吗", joined="您关注的")


async def name_of(town, case):
    """Return which of the cast was asked to take the case."""
    asked = await Person.get(id=case.assignee_id)
    return next(name for name, phone in town.phones.items() if phone.openid == asked.openid)
