"""A citizen reports: follow, pieces in any order, correction, the number, joining, limits."""

import pytest
from stage import HERE, OUTSIDE, photo

from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence
from models.inbox import Letter

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


async def test_follower_is_welcomed_in_a_few_lines_with_the_privacy_notice(stage):
    phone = stage.simulator.phone("王阿姨")
    answer = await phone.follow()
    assert "拍张照" in answer.text
    assert "/h5/privacy" in answer.text
    assert answer.tries == 1


async def test_photo_place_and_words_become_a_case_with_number_date_and_next_step(stage):
    phone = await stage.citizen()
    assert "照片收到" in (await phone.photo(photo())).text
    assert "是什么事" in (await phone.locate(*HERE, "胡埭路 12 号")).text
    summary = await phone.say(WORDS)
    assert "提交" in summary.text
    opened = await phone.say("提交")
    case = await Case.get()
    assert case.number in opened.text
    assert "结果" in opened.text
    assert "进度" in opened.text
    assert (case.type, case.state) == ("manhole", "dispatched")
    assert await Evidence.filter(case_id=case.id).count() == 1


async def test_words_alone_are_understood_and_the_place_is_asked_for(stage):
    phone = await stage.citizen()
    answer = await phone.say("有人占道经营卖水果，路都走不了")
    assert "占道经营" in answer.text
    assert "位置" in answer.text


async def test_address_in_words_is_enough(stage):
    phone = await stage.citizen()
    await phone.say("路灯不亮")
    answer = await phone.say("就在幸福里后面那条小巷子，三号楼旁边")
    assert "提交" in answer.text
    opened = await phone.say("1")
    assert (await Case.get()).number in opened.text


async def test_wrong_type_is_corrected_by_number(stage):
    phone = await stage.citizen()
    await phone.say("垃圾桶边上流动摊贩卖东西留下一堆垃圾")
    before = (await phone.say("不是")).text
    assert "1" in before
    answer = await phone.say("1")
    assert answer.text.startswith("好，按「")


async def test_place_outside_the_town_is_told_so_and_nothing_sent_is_lost(stage):
    phone = await stage.citizen()
    await phone.say("井盖坏了")
    answer = await phone.locate(*OUTSIDE)
    assert "12345" in answer.text
    await phone.locate(*HERE)
    await phone.say("提交")
    assert "井盖坏了" in (await Case.get()).text


async def test_emergency_number_comes_first_and_the_case_is_urgent(stage):
    phone = await stage.citizen()
    answer = await phone.say("楼道里煤气味很重，怕是漏气了")
    assert "119" in answer.text.splitlines()[0] or "燃气" in answer.text.splitlines()[0]
    await phone.locate(*HERE)
    await phone.say("提交")
    case = await Case.get()
    assert case.urgent
    assert case.type == "gas_safety"


async def test_same_thing_near_by_is_joined_and_both_are_told(stage):
    first, second = await stage.citizen("王阿姨"), await stage.citizen("老张")
    officer = await stage.officer(name="小李")
    for phone in (first, second):
        await phone.say(WORDS)
        await phone.locate(*HERE)
        await phone.photo(photo())
        answer = await phone.say("提交")
    assert "同一件" in answer.text
    joined = await second.say("1")
    case = await Case.get()
    assert case.number in joined.text
    assert case.followers == 1
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    assert "去处理" in first.last_text
    assert "去处理" in second.last_text


async def test_same_push_three_times_is_answered_alike_and_acts_once(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    stage.simulator.order_fault("duplicate_push", times=1)
    await phone.say("提交")
    assert await Case.all().count() == 1
    assert await CaseEvent.filter(step="report").count() == 1


async def test_half_done_report_is_reminded_once_and_kept(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await stage.pass_time(minutes=31)
    assert "没报完" in phone.last_text
    count = len(phone.received)
    await stage.pass_time(minutes=31)
    assert len(phone.received) == count


async def test_leaving_cuts_the_identity_and_keeps_the_case(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await phone.say("提交")
    await phone.unfollow()
    assert not await Letter.filter(openid=phone.openid).exists()
    assert "井盖" not in str(await Letter.all().values_list("content", flat=True))
    case = await Case.get().prefetch_related("reporter")
    assert case.reporter.openid is None
    assert case.state == "dispatched"


async def test_report_left_for_days_is_taken_up_with_one_word(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await stage.pass_time(minutes=31)
    await stage.pass_time(days=2)
    assert "位置" in (await phone.say("继续")).text
    await phone.locate(*HERE)
    await phone.say("提交")
    assert "井盖" in (await Case.get()).text


async def test_question_is_answered_with_its_source_and_a_way_to_a_person(stage):
    phone = await stage.citizen()
    answer = await phone.say("门口能不能摆桌子")
    assert "条例" in answer.text
    assert "人工" in answer.text


async def test_what_is_not_ours_is_told_and_kept_only_when_the_person_insists(stage):
    phone = await stage.citizen()
    answer = await phone.say("家里停水两天了")
    assert "自来水公司" in answer.text
    await phone.say("1")
    await phone.locate(*HERE)
    await phone.say("提交")
    case = await Case.get()
    assert (case.type, case.state) == ("other", "accepted")


async def test_person_at_the_desk_is_reached_and_answers_in_chat(stage):
    phone, desk = await stage.citizen(), await stage.dispatcher()
    await phone.say("人工")
    sent = await phone.say("我想问问老房子加装雨棚的事")
    case = await Case.get()
    assert case.number in sent.text
    await stage.run_jobs()
    assert case.number in desk.last_text
    await desk.say(f"答 {case.number} 雨棚不超出外墙就行，请先到社区登记")
    await stage.run_jobs()
    assert "雨棚不超出外墙" in phone.last_text


async def test_advertisement_is_declined_and_opens_nothing(stage):
    phone = await stage.citizen()
    assert "广告" in (await phone.say("加微信 abc12345 兼职刷单日赚500")).text
    assert await Case.all().count() == 0


async def test_person_sees_and_erases_what_we_keep(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await phone.say("提交")
    assert "1 个案件" in (await phone.say("我的数据")).text
    await phone.say("注销")
    assert "已注销" in (await phone.say("1")).text
    case = await Case.get().prefetch_related("reporter")
    assert case.reporter.openid is None


async def test_scanned_code_brings_its_place_and_keeps_what_was_sent_before(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    landmark = stage.town.city.landmarks[0]
    answer = await phone.scan(landmark.name)
    assert landmark.name in answer.text
    opened = await phone.say("提交")
    assert landmark.name in opened.text
    assert "井盖" in (await Case.get()).text


async def test_scanning_the_code_of_an_area_on_following_brings_it_too(stage):
    phone = stage.simulator.phone("新来的")
    area = next(area for area in stage.town.city.areas.values() if area.kind == "grid")
    answer = await phone.scan(area.name)
    assert area.name in answer.text


async def test_who_only_asked_gets_an_answer_and_no_report(stage):
    phone = await stage.citizen()
    assert "听起来是" in (await phone.say("门口路灯不亮了")).text
    told = (await phone.say("只是咨询一下")).text
    assert "听起来是" not in told
    assert "人工" in told
    assert "不客气" in (await phone.say("谢谢")).text
    assert await Case.all().count() == 0


@pytest.mark.parametrize(
    "said",
    [
        "我就是问问",
        "不是举报，就想知道",
        "咨询一下",
        "我不是投诉的",
        "我只是问问！",
        "我就问问？",
        "我不报，只是问问",
    ],
)
async def test_who_only_asks_is_led_to_an_answer(stage, said):
    phone = await stage.citizen()
    assert "直接打字" in (await phone.say(said)).text
    await phone.say("泡菜坛子能带上公交车吗")
    assert "人工" in (await phone.say(said)).text


async def test_rubbish_in_the_river_is_a_report_of_rubbish(stage):
    phone = await stage.citizen()
    told = (await phone.say("有人往河里倒垃圾")).text
    assert "垃圾" in told
    assert "在哪里" in told


async def test_a_shout_is_not_answered_with_a_rule_about_something(stage):
    phone = await stage.citizen()
    assert "没太听懂" in (await phone.say("你们管不管")).text


@pytest.mark.parametrize("said", ["不是投诉，就是路灯不亮了", "我想问一下", "问问"])
async def test_words_about_asking_never_cost_a_photo(stage, said):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(said)
    await phone.say("路灯不亮了")
    await phone.say("提交")
    case = await Case.get()
    assert case.type == "street_light"
    assert await Evidence.filter(case_id=case.id).count() == 1


async def test_who_got_an_answer_is_invited_to_ask_again(stage):
    phone = await stage.citizen()
    assert "依据" in (await phone.say("换招牌要审批吗")).text
    assert "直接打字" in (await phone.say("我想咨询一下")).text


@pytest.mark.parametrize(
    "said", ["这条街现在真漂亮", "今天下好大的雨", "我住三楼", "车开走了", "桌子收进去了"]
)
async def test_what_tells_of_nothing_wrong_begins_no_report(stage, said):
    phone = await stage.citizen()
    told = (await phone.say(said)).text
    assert "拿不准" not in told
    assert "听起来是" not in told


@pytest.mark.parametrize("said", ["路扫得真干净", "你们辛苦了路扫得很干净", "路修得很平"])
async def test_praise_is_no_report(stage, said):
    phone = await stage.citizen()
    assert "听起来是" not in (await phone.say(said)).text


async def test_wish_for_a_dog_licence_is_no_report_of_a_dog(stage):
    phone = await stage.citizen()
    assert "听起来是" not in (await phone.say("我要办养犬证")).text
