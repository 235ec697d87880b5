"""What people told us is kept whatever they say next, or do not say."""

import pytest
from closed_loop import WORDS, closed, report
from stage import HERE, photo

from models.cases.draft import load_draft
from models.cases.tables import Case, CaseEvent
from models.talks import Talk


async def draft_of(phone):
    talk = await Talk.get(person__openid=phone.openid)
    return load_draft(talk.data) if talk.topic == "report" else None


@pytest.mark.parametrize("pieces", ["photo place", "photo photo place", "photo voice place", "place photo"])
async def test_pieces_before_any_word_are_all_kept(stage, pieces):
    phone = await stage.citizen()
    pieces = pieces.split()
    for number, piece in enumerate(pieces):
        if piece == "place":
            await phone.locate(*HERE)
        else:
            await (phone.photo if piece == "photo" else phone.voice)(photo(str(number)))
    draft = await draft_of(phone)
    assert draft.point == HERE
    assert len(draft.evidence) == len(pieces) - 1
    assert draft.text == ()


WAITS = [
    "等等",
    "等一下",
    "等会儿",
    "先别交，我再拍张照",
    "先别发",
    "别急着交",
    "先不要提交，我再补张照片",
    "慢点",
    "我再拍一张",
    "还没说完",
    "稍等！",
    "等下再交",
]


@pytest.mark.parametrize("said", WAITS)
async def test_not_yet_keeps_everything_and_is_no_word_of_the_case(stage, said):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say(WORDS)
    assert "不急" in (await phone.say(said)).text
    await phone.photo(photo("再拍"))
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


@pytest.mark.parametrize("said", ["还是报吧", "继续", "不取消了", "刚才那件还报"])
async def test_who_thinks_better_of_leaving_finds_all_of_it(stage, said):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await phone.say("不报了")
    assert WORDS in (await phone.say(said)).text
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


ASIDES = [
    "多久能修好？",
    "能匿名吗",
    "会不会告诉别人我是谁？",
    "报了要钱吗",
    "怎么提交？",
    "谁来修",
    "几点上班",
]


@pytest.mark.parametrize("said", ASIDES)
async def test_a_question_in_between_is_answered_and_no_part_of_the_case(stage, said):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    await phone.say(WORDS)
    assert (await phone.say(said)).text
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


ORDINARY = [
    "健身器材断了，小孩玩不安全",
    "隔壁店又重新来摆摊了",
    "停车位划错位置了",
    "红绿灯按快了也没用",
    "邻居把楼道杂物清了",
    "人家把车开走了",
    "指路牌写错路名了",
    "公交站牌位置不对，挡住盲道",
    "停车位取消了还有人在收费",
    "不是我家，是隔壁店门口堆垃圾",
]


@pytest.mark.parametrize("said", ORDINARY)
async def test_ordinary_words_after_a_case_change_nothing_of_it(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    before = (case.state, case.type, case.address, case.lat)
    reply = (await phone.say(said)).text
    assert "确定吗" not in reply
    await phone.say("好")
    case = await Case.get(id=case.id)
    assert (case.state, case.type, case.address, case.lat) == before
    assert not await CaseEvent.filter(case_id=case.id, step="supplement").exists()


@pytest.mark.parametrize("said", ["不是井盖，是路灯", "不是井盖，是路灯坏了", "你们搞错了，这是路灯"])
async def test_another_type_named_after_the_case_is_put_right(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await phone.say(said)
    case = await Case.get(id=case.id)
    assert (case.type, case.lat) == ("street_light", HERE[0])


NOT_SEEN = ["还没去看", "我还没去看呢", "在外地，没看到", "等我回去看看", "明天过去看看"]


@pytest.mark.parametrize("said", NOT_SEEN)
async def test_who_has_not_looked_yet_gives_no_verdict(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    assert "看过以后" in (await phone.say(said)).text
    case = await Case.get(id=case.id)
    assert (case.state, case.rating) == ("closed", "")


@pytest.mark.parametrize("shown", [False, True])
async def test_unhappy_without_a_reason_counts_after_two_hours(stage, shown):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("不满意")
    if shown:
        await phone.photo(photo("还是坏"))
    await stage.pass_time(minutes=90)
    assert (await Case.get(id=case.id)).state == "closed"
    await stage.pass_time(minutes=60)
    case = await Case.get(id=case.id)
    assert case.state in {"dispatched", "handling"}
    event = await CaseEvent.filter(case_id=case.id, step="rework").first()
    assert "没有说原因" in event.note
    await stage.pass_time(hours=3)
    assert await CaseEvent.filter(case_id=case.id, step="rework").count() == 1


@pytest.mark.parametrize(
    "said", ["是", "对，就是那个", "都是那个井盖的", "就是刚才那个", "这是现场照片", "嗯"]
)
async def test_a_photo_after_the_case_is_put_with_it_in_any_words(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await phone.photo(photo("一"))
    await phone.photo(photo("二"))
    assert f"已补充到 {case.number}" in (await phone.say(said)).text
    assert await Case.all().count() == 1


async def test_a_location_answers_the_officers_question(stage):
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await officer.say(f"问 {case.number} 具体位置在哪")
    await stage.run_jobs()
    await phone.say("1")
    await phone.locate(31.5566, 120.1455, label="菜场后门")
    assert (await Case.get(id=case.id)).state == "handling"
    assert "菜场后门" in (await CaseEvent.filter(case_id=case.id, step="reply").first()).note


async def test_danger_beside_a_report_of_something_else_is_a_case_of_its_own(stage):
    phone, _ = await stage.citizen(), await stage.officer()
    await phone.locate(*HERE)
    await phone.say(WORDS)
    assert "119" in (await phone.say("这边着火了快来人")).text
    case = await Case.get()
    assert (case.urgent, case.text) == (True, "这边着火了快来人")
    assert "继续" in (await phone.say("好了")).text
    assert WORDS in (await phone.say("继续")).text
