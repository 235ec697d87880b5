"""What stands between a tap and a closed case: the photo's place, the patrol, another checker after a reopening."""

from stage import HERE, photo

from models.cases.tables import Case, CaseEvent
from models.deliveries.tables import Delivery
from models.lifecycle import Role

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


async def report(phone):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def told(phone, words):
    return await Delivery.filter(person__openid=phone.openid, text__contains=words).count()


async def test_place_sent_with_the_photo_is_compared_with_the_case(stage):
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await officer.say(f"办结 {case.number} 换了新的")
    assert "有" in (await officer.locate(HERE[0] + 0.01, HERE[1])).text
    assert "位置对得上" in (await officer.locate(HERE[0] + 0.0001, HERE[1])).text
    await officer.photo(photo("修好"))
    event = await CaseEvent.get(case_id=case.id, step="hand_back")
    assert event.data == {"metres": 11}


async def test_after_a_reopening_another_patrol_is_asked(stage):
    phone, officer, dispatcher = await stage.citizen(), await stage.officer(), await stage.dispatcher()
    patrols = [await stage.officer("zhihui", name=name, role=Role.PATROL) for name in ("老吴", "小郑")]
    for patrol in patrols:
        await patrol.say("打卡")
        await patrol.locate(*HERE)
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    for turn, patrol in enumerate(patrols):
        await officer.say(f"办结 {case.number} 换了新的 {turn}")
        await officer.photo(photo("修好"))
        await stage.run_jobs()
        assert await told(patrol, "说已处理") == 1
        await patrol.tap("31" + case.number, "核查通过")
        await stage.run_jobs()
        if turn == 0:
            await phone.say("不满意 还响")
            await stage.run_jobs()
    assert await told(dispatcher, "说已处理") == 0
