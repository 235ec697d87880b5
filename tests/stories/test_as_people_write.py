"""People type with Chinese signs, full-width digits, faces and particles: every word of ours is heard all the same."""

import pytest
from closed_loop import WORDS, closed, report
from stage import HERE, photo

from models.cases.tables import Case, CaseEvent

PLACEHOLDER = "【收到不支持的消息类型，暂无法显示】"


async def pieces(phone, words=WORDS):
    await phone.locate(*HERE)
    return await phone.say(words)


async def fresh(case):
    return await Case.get(id=case.id)


SUBMITS = [
    "提交！",
    "提交。",
    "\u3000提交\u3000",
    "「提交」",
    "提交[抱拳]",
    "提交/:rose",
    "提交，谢谢",
    "提交吧～",
    "好的呀",
    "可以的",
    "嗯呢",
    "发吧",
    "选1",
    "一",
    "１",
    "①",
    "第一个",
    "1。",
    "就这样吧",
    "没有了，交吧",
    "那就提交吧",
    "報上去",
    "对的！",
    "是的，谢谢您",
    "没问题👌",
    "👌",
    "[OK]",
    "ok",
    "ＯＫ",
    "行，发吧",
    "交上去吧",
    "就这些了，麻烦你们了",
    "tijiao",
]


@pytest.mark.parametrize("said", SUBMITS)
async def test_a_report_is_handed_in_however_people_say_so(stage, said):
    phone = await stage.citizen()
    await pieces(phone)
    reply = (await phone.say(said)).text
    case = await Case.get()
    assert case.number in reply
    assert case.text == WORDS


DROPS = [
    "先不报了",
    "还是算了",
    "不用了",
    "算了吧，谢谢",
    "我不想报了，撤回吧",
    "取消！",
    "不报了。",
    "先不发了～",
    "下次再说",
    "算了[叹气]",
    "不用啦谢谢",
    "我不报了",
    "不弄了",
    "以后再说吧",
    "撤回吧",
    "当我没说",
    "放弃",
    "不提交了",
    "没事了",
    "不用麻烦了",
    "算球",
    "不了，算了",
    "暂时不报",
    "改天吧",
    "懒得报了",
    "别报了",
    "不想弄了",
    "不用管了",
    "拉倒",
]


@pytest.mark.parametrize("said", DROPS)
async def test_a_report_is_left_however_people_say_so(stage, said):
    phone = await stage.citizen()
    await pieces(phone)
    assert "先不报了" in (await phone.say(said)).text
    assert "听起来是" not in (await phone.say("提交")).text
    assert await Case.all().count() == 0


NO_SPEECH = (
    f"{PLACEHOLDER} [微笑] /::) 😊 [捂脸][捂脸] [图片] [动画表情] 。。。 ？ … 谢谢 谢谢您了 在吗 您好 收到 "
    "🙏 哦哦 辛苦了！ 拜拜 再见 [语音] 【语音】 哈哈 ~ [收到一条语音消息] 多谢多谢 早 喂"
).split(" ")


@pytest.mark.parametrize("said", NO_SPEECH)
async def test_what_is_no_speech_never_becomes_words_of_the_case(stage, said):
    phone = await stage.citizen()
    await pieces(phone)
    if "提交" not in (reply := (await phone.say(said)).text):
        pytest.fail(f"the report is not offered any more: {reply}")
    await phone.say("提交")
    assert (await Case.get()).text == WORDS


@pytest.mark.parametrize(
    "said",
    [
        PLACEHOLDER,
        "[微笑]",
        "/::)",
        "😊",
        "[图片]",
        "？",
        "。",
        "二",
        "嗯",
        "的",
        "哦",
        "6",
        "啥",
        "无",
        "吃了没",
        "三",
        "一",
    ],
)
async def test_what_says_nothing_gets_no_law_and_begins_nothing(stage, said):
    phone = await stage.citizen()
    reply = (await phone.say(said)).text
    assert "依据" not in reply
    assert "听起来是" not in reply
    assert (await phone.say("提交")).text.startswith("还没收到内容")


URGES = [
    "催办！",
    "催办。",
    "催一下！",
    "麻烦催一下",
    "催办，谢谢",
    "催单～",
    "「催办」",
    "催办[抱拳]",
    "催",
    "催办{n}！",
    "催办：{n}",
    "催办，{n}。",
    "催办【{n}】",
    "催办（{n}）",
    "催办／{n}",
    "催辦",
]


@pytest.mark.parametrize("said", URGES)
async def test_urging_is_heard_with_any_sign(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    assert "已帮您催办" in (await phone.say(said.format(n=case.number[-4:]))).text


@pytest.mark.parametrize(
    "said",
    [
        "补充：靠近学校",
        "补充:靠近学校",
        "补充，靠近学校",
        "补充；靠近学校",
        "补充\u3000靠近学校",
        "补充。靠近学校",
        "补充——靠近学校",
        "我要补充：靠近学校",
    ],
)
async def test_an_addition_keeps_its_words_and_no_sign_before_them(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    assert "已补充" in (await phone.say(said)).text
    assert (await CaseEvent.filter(case_id=case.id, step="supplement").first()).note == "靠近学校"


TAKES = [
    "接单：{n}",
    "接单{n}！",
    "接单，{n}",
    "接单（{n}）",
    "接单\u3000{n}",
    "接单、{n}",
    "接单。{n}",
    "接单#{n}",
    "接单－{n}",
    "「接单{n}」",
    "接单／{n}",
    "接單{n}",
]


@pytest.mark.parametrize("said", TAKES)
async def test_an_order_is_heard_with_any_sign_and_width(stage, said):
    phone, officer = await stage.citizen(), await stage.officer()
    case = await report(phone)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    await officer.say(said.format(n=case.number[-4:].translate(wide)))
    assert (await fresh(case)).state == "handling"


BLAMES = [
    "不满意，太慢了",
    "不满意！",
    "我不满意",
    "不满意啊",
    "修是修了但是还是响",
    "满意个屁",
    "好评？做梦吧",
    "不满意[发怒]",
    "👎",
    "[弱]",
    "２",
    "二",
    "第二个",
    "不太满意。",
    "根本没修",
    "跟没修一样",
    "谁满意啊",
    "一点都不满意",
    "差评！",
    "还是响",
    "敷衍",
    "又坏了",
    "白报了",
    "不行，没修好",
    "糊弄人",
    "越修越响",
    "没人来修啊",
    "不满意～",
    "说不上满意",
    "满意才怪",
]


@pytest.mark.parametrize("said", BLAMES)
async def test_blame_is_never_counted_as_praise(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say(said)
    assert (await fresh(case)).rating != "satisfied"
    await phone.say("井盖还在响")
    assert (await fresh(case)).state in {"handling", "dispatched", "disputed"}, "sent back for rework"


PRAISES = [
    "满意！",
    "很满意。",
    "满意👍",
    "👍",
    "[强]",
    "１",
    "一",
    "满意的，谢谢",
    "非常满意～",
    "修得很好",
    "不错，谢谢",
    "好评！",
    "挺好的",
    "第一个",
    "满意/:rose",
    "速度真快",
]


@pytest.mark.parametrize("said", PRAISES)
async def test_praise_is_counted_however_it_is_written(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say(said)
    assert (await fresh(case)).rating == "satisfied"


@pytest.mark.parametrize(
    "said", ["还行吧", "一般般", "说不上来", "凑合", "不错？", "好是好，就那样", "马马虎虎吧", "还可以"]
)
async def test_in_doubt_the_verdict_is_asked_for_once(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    reply = (await phone.say(said)).text
    assert "满意" in reply
    assert "？" in reply
    assert (await fresh(case)).state == "closed"
    await phone.say("2")
    await phone.say("还在响")
    assert (await fresh(case)).rating != "satisfied"


@pytest.mark.parametrize(
    "said", ["点错了", "点错了！", "按错了", "手滑了", "不好意思点错了", "我选错了", "误点"]
)
async def test_a_verdict_tapped_by_mistake_is_taken_back_within_ten_minutes(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("满意")
    assert (await fresh(case)).state == "rated"
    assert "刚才那下不算" in (await phone.say(said)).text
    again = await fresh(case)
    assert (again.state, again.rating) == ("closed", "")
    await phone.say("2")
    await phone.say("还在响")
    assert (await fresh(case)).rating != "satisfied"


async def test_after_ten_minutes_a_verdict_stands(stage):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("满意")
    await stage.pass_time(minutes=11)
    assert "没有可以撤销" in (await phone.say("点错了")).text
    assert (await fresh(case)).state == "rated"


@pytest.mark.parametrize("said", ["点错了", "按错了"])
async def test_unhappy_tapped_by_mistake_is_asked_again(stage, said):
    phone = await stage.citizen()
    case = await closed(stage, phone)
    await phone.say("2")
    assert "刚才那下不算" in (await phone.say(said)).text
    await phone.say("1")
    assert (await fresh(case)).rating == "satisfied"


@pytest.mark.parametrize(
    "said",
    [
        "水已经退了不用来了",
        "已经自己弄好了，不用来了",
        "撤回吧，我不想报了",
        "不用派人了，已经没事了",
        "我那个不用处理了",
        "撤回那个",
        "把刚才那件撤了吧",
        "井盖自己盖回去了，不用来了谢谢",
        "搞错了，看错了",
    ],
)
@pytest.mark.parametrize("adding", [False, True])
async def test_who_needs_it_no_more_is_led_to_taking_it_back(stage, said, adding):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    if adding:
        await phone.say("补充")
    assert "确定" in (await phone.say(said)).text
    await phone.say("是的")
    assert (await fresh(case)).state == "withdrawn"


@pytest.mark.parametrize(
    "said", ["不撤，照常办", "不要", "不撤！", "先不撤回", "２", "别撤", "算了", "继续办吧"]
)
async def test_a_case_is_kept_where_its_withdrawal_is_not_confirmed(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    await phone.say("撤回")
    await phone.say(said)
    assert (await fresh(case)).state == "dispatched"


@pytest.mark.parametrize(
    "said",
    [
        "刚才地点发错了，是安泰路不是胡埭路",
        "地址错了，应该是安泰路",
        "不是胡埭路，是安泰路",
        "位置改成安泰路",
        "我说错了，是安泰路",
        "更正一下，在安泰路",
    ],
)
async def test_a_wrong_place_is_put_right_in_a_case_and_in_a_report(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    await phone.say("胡埭路的井盖坏了，一走就响")
    assert "安泰路" in (await phone.say(said)).text
    await phone.say("提交")
    case = await Case.get()
    assert "安泰路" in case.address
    assert case.text == "胡埭路的井盖坏了，一走就响"
    again = await phone.say(said.replace("安泰路", "富安路"))
    assert (await fresh(case)).address != case.address or "请再发个位置" in again.text


async def test_a_wrong_place_without_the_right_one_is_asked_for_and_nothing_is_lost(stage):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    assert "请再发个位置" in (await phone.say("地点不对")).text
    assert (await CaseEvent.filter(case_id=case.id, step="supplement").first()).note == "地点不对"
    await phone.locate(31.5570, 120.1460)
    assert (await fresh(case)).lat == pytest.approx(31.5570)


async def test_the_card_shows_words_place_and_pieces_and_how_to_change_each(stage):
    phone = await stage.citizen()
    await phone.photo(photo("一"))
    await phone.photo(photo("二"))
    await phone.video(b"\x00\x00\x00\x18ftypmp42")
    card = (await pieces(phone)).text
    for shown in (WORDS, "地点：", "照片 2 张，视频 1 段", "重写", "删照片", "先不报"):
        assert shown in card
    assert "照片：还没有" in (await phone.say("删照片")).text
    assert "请打一句话" in (await phone.say("重写")).text
    assert "路灯" in (await phone.say("路口的路灯不亮了")).text
    await phone.say("提交")
    case = await Case.get()
    assert (case.text, case.type) == ("路口的路灯不亮了", "street_light")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("谢谢您了", "不客气"),
        ("在吗", "我在"),
        ("早", "我在"),
        ("拜拜", "再见"),
        ("电话多少", "热线"),
        ("你们的电话是多少？", "热线"),
        ("几点上班", "上班时间"),
        ("你是机器人吗", "程序"),
        ("谁在处理", "没有正在办的案件"),
    ],
)
async def test_what_is_asked_about_us_has_an_answer_of_its_own(stage, said, told):
    phone = await stage.citizen()
    assert told in (await phone.say(said)).text


@pytest.mark.parametrize("said", ["谁在处理", "谁负责啊？", "派给谁了", "现在谁在弄", "负责人是谁"])
async def test_who_has_the_case_is_told(stage, said):
    phone, _ = await stage.citizen(), await stage.officer()
    case = await report(phone)
    reply = (await phone.say(said)).text
    assert case.number in reply
    assert "处理：" in reply
