"""Who complains of us reaches a person, in whatever words; who reports something near us reports it."""

from datetime import UTC, datetime

import pytest
from stage import HERE, Stage, photo

from models.cases.tables import Case, CaseEvent
from models.classify.grievance import accuses_us, blames_us
from models.deliveries.tables import Delivery

OUTRIGHT = (
    *(
        "我要投诉你们",
        "投诉你们",
        "我要投诉你们！",
        "我要投诉城管",
        "投诉城管局",
        "投诉一下城管",
        "举报城管队员",
        "投诉你们态度",
        "我投诉你们的态度",
    ),
    *(
        "我要投诉你们单位",
        "我要投诉你们的工作人员",
        "我要举报执法队员打人",
        "投诉执法人员",
        "我要投诉客服",
        "投诉你们客服态度",
        "我要投诉处理人员",
    ),
    *(
        "我要告你们",
        "我要去告城管",
        "我要曝光你们",
        "要把你们曝光",
        "我要找你们领导",
        "叫你们领导来",
        "让你们负责人跟我说",
        "找你们局长",
        "喊你们队长来",
    ),
    *(
        "对你们的工作非常不满",
        "我对你们很失望",
        "我要投诉：你们的人乱罚款",
        "我要投诉，城管中队不作为",
        "我想投诉你们这个平台",
        "投诉这个公众号",
    ),
    *(
        "我要向上级投诉你们",
        "我要投诉网格员",
        "我要投诉协管员",
        "给你们差评，投诉你们",
        "12345投诉你们",
        "打12345投诉你们去",
    ),
)
IMPLIED = (
    *(
        "你们态度太差了",
        "城管打人",
        "城管暴力执法",
        "执法队员骂人",
        "工作人员态度恶劣",
        "你们不作为",
        "城管不作为",
        "你们就会踢皮球",
    ),
    *(
        "你们互相推诿",
        "城管收黑钱",
        "你们包庇他们",
        "协管员没素质",
        "客服态度不好",
        "你们敷衍我",
        "你们的服务太差",
        "态度太差了",
        "服务态度真差",
    ),
    *("城管乱罚款", "你们选择性执法", "你们的人骂我", "城管野蛮执法", "你们办事效率太低", "接线员爱理不理"),
)
REPORTS = (
    *(
        "我要投诉楼下烧烤摊",
        "投诉占道经营",
        "我要投诉你们小区门口的垃圾",
        "投诉隔壁饭店油烟",
        "我要举报违章搭建",
        "举报渣土车",
        "城管来了摊贩又跑了",
    ),
    *(
        "路灯不亮",
        "我要投诉",
        "投诉物业",
        "你们好，井盖坏了",
        "门口有人占道，城管管不管",
        "工地半夜施工",
        "你们这边的路灯坏了",
        "我要告诉你们井盖坏了",
    ),
    *(
        "请你们派人来看看",
        "城管电话多少",
        "人行道上停满了车",
        "请城管来处理一下",
        "谢谢你们",
        "城管队员辛苦了",
        "派出所门口有人卖水果",
    ),
    *(
        "你们什么时候来修",
        "工作人员什么时候来",
        "队员来看过了还没修",
        "摊主骂人还打人",
        "老板态度很差",
        "垃圾没人收",
    ),
)


@pytest.mark.parametrize("words", OUTRIGHT)
def test_outright_complaint_of_us_is_heard(words):
    assert accuses_us(words)


@pytest.mark.parametrize("words", IMPLIED)
def test_blame_of_our_people_is_heard(words):
    assert blames_us(words)


@pytest.mark.parametrize("words", REPORTS)
def test_report_and_greeting_are_no_complaint_of_us(words):
    assert not blames_us(words)


@pytest.fixture
async def quick(stage_town, sqlite_url, tmp_path):
    """A stage on one database, for long tables."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=datetime(2026, 7, 6, 1, 0, tzinfo=UTC)) as stage:
        yield stage


async def test_each_of_them_reaches_the_desk_through_the_door(quick):
    desk = await quick.dispatcher()
    lost = []
    for number, words in enumerate((*OUTRIGHT, *IMPLIED)):
        phone = await quick.citizen(f"市民{number}")
        said = (await phone.say(words)).text
        case = await Case.filter(reporter__openid=phone.openid).first()
        if case is None or case.source != "人工" or case.number not in said:
            lost.append(words)
    await quick.run_jobs()
    assert lost == []
    assert "投诉" in "".join(bubble.text for bubble in desk.received)


async def test_complaint_of_us_leaves_a_report_to_rest_and_is_never_turned_away(stage):
    phone, desk = await stage.citizen(), await stage.dispatcher()
    await phone.photo(photo())
    await phone.locate(*HERE)
    assert "转给工作人员" in (await phone.say("我要投诉你们！")).text
    await phone.say("结束")
    assert "好，接着上次的" in (await phone.say("继续")).text
    await phone.say("取消")
    for turn in range(5):
        await phone.say(f"人工 问第 {turn} 件事")
        await phone.say("结束")
    assert "转给工作人员" in (await phone.say("我要投诉你们")).text
    last = await CaseEvent.filter(step="say").order_by("-id").first()
    assert last.note == "我要投诉你们"
    await stage.run_jobs()
    owed = await Delivery.filter(person__openid=desk.openid).order_by("-id").first()
    assert "我要投诉你们" in owed.text


async def test_number_to_call_goes_first_where_the_complaint_tells_of_danger(stage):
    phone = await stage.citizen()
    said = (await phone.say("我要举报执法队员打人")).text
    assert "110" in said.splitlines()[0]
    assert "转给工作人员" in said
