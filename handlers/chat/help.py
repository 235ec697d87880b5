"""Help, a person to talk to, and one's own data."""

from handlers.chat.case_talk import PIECES, agrees, is_other_word, stops, warm
from handlers.chat.talking import hand_over, read_said, say_soon
from handlers.chat.talking import leave_person as leave
from handlers.kit import keys
from handlers.kit.filters import chose, either, kind, matches, menu, never, says, seems, topic
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import KEPT as KEPT_DRAFT
from models.cases.leaving import leave_town
from models.cases.queries import count_mine
from models.cases.talking import begin_talk, find_talk
from models.city.settings import setting
from models.classify.replies import Meaning
from models.clock import local
from models.lifecycle import Role
from models.links import named_link

router = Router("help")

ERASE, KEEP = "63", "64"
HELP = (
    "您可以：\n· 发照片、位置和一句话，反映问题\n· 回复「进度」看办到哪一步\n"
    "· 直接打字问，例如「门口能摆桌子吗」\n· 回复「人工」找人，或打 {hotline}"
)
_FIELD_HELP = (
    "您可以：\n· 「待办」看手上的活，点开就能接\n· 办完发照片和几句话，回复「办结」\n"
    "· 「延期」「退回」「转派」「备注」加编号后四位\n· 点错了十分钟内回复「撤销」\n"
    "· 路上看到的，发照片和一句话\n找人回复「人工」，或打 {hotline}"
)
_DESK_HELP = (
    "您可以：\n· 「待办」看等您的，点开就能办\n· 「派 0012 单位名」「不受理 0012 原因」「答 0012 内容」\n"
    "· 「核查通过」「没处理好」「同意」「不同意」加编号后四位\n· 点错了十分钟内回复「撤销」\n"
    "找人回复「人工」，或打 {hotline}"
)
_WALK_HELP = (
    "您可以：\n· 「巡查」看今天要去哪里\n· 到了地方回复「打卡」\n"
    "· 看到什么，发照片和一句话，马上立案\n找人回复「人工」，或打 {hotline}"
)
HELP_STAFF = (
    *((role, _DESK_HELP) for role in (Role.DISPATCHER, Role.ADMIN)),
    *((role, _FIELD_HELP) for role in (Role.OFFICER, Role.LEADER)),
    *((role, _WALK_HELP) for role in (Role.PATROL, Role.ROAD_CHIEF)),
)
HUMAN = (
    *(
        "人工",
        "人工服务",
        "转人工",
        "转人工服务",
        "人工客服",
        "客服",
        "找客服",
        "找人工",
        "我要人工",
        "要人工",
    ),
    *("真人", "找真人", "找人", "我要找人", "接线员", "转接人工", "人工坐席", "找工作人员"),
)
HUMAN_ASK = "好，请把要说的事打在下面，工作人员看到就回您。{soon}着急请打 {hotline}。"
DRAFT_KEPT = "没报完的那件给您留着，回复「继续」接着报。"
HUMAN_ON = "您正在和工作人员说（编号 {number}）。{soon}接着打字、发照片就行；说完了回复「结束」。"
MY_DATA = (
    "我们存了：您的微信标识、发来的消息（{days} 天后删）、{count} 个案件{since}。没有存您的手机号和姓名。\n"
    "{link}\n要全部删掉，回复「注销」。"
)
ERASE_ASK = (
    "注销后，您的身份、发来的消息和没报上来的照片都会删掉，案件里的姓名、电话也会隐去；"
    "已报的案件会继续办，但我们没法再告诉您。确定吗？"
)
ERASED = "已注销，我们不再知道您是谁。没报上来的照片一小时内删掉，在办案件的照片办结就删。以后想用，随时发消息来就行。"
HUMAN_LEFT = "好，有需要再回复「人工」。"
KEPT = "好，没有注销，一切照旧。"


@router.on(either(says("帮助", "help", "菜单", "怎么用"), menu(keys.HELP)))
async def explain(scene: Scene) -> Reply:
    """Say in a few lines what one can do here: for the staff, their work."""
    told = next((words for role, words in HELP_STAFF if scene.person.is_a(role)), HELP)
    return Text(told.format(hotline=scene.town.city.hotline))


@router.on(either(says(*HUMAN), menu(keys.HUMAN)))
async def call_person(scene: Scene) -> Reply:
    """Let them say what it is about; what they asked just before goes with it, and a talk under way goes on."""
    if going_on := await find_talk(scene.person):
        begin_talk(scene.talk, going_on, scene.now)
        return Text(HUMAN_ON.format(number=going_on.number, soon=say_soon(scene)))
    before = scene.talk.data.get("question", "") if scene.talk.topic == "question" else ""
    if before:
        return await hand_over(scene, before)
    draft = scene.talk.data if scene.talk.topic in {"report", KEPT_DRAFT} else None
    scene.talk.begin("human", scene.now, **({"draft": draft} if draft else {}))
    asked = HUMAN_ASK.format(hotline=scene.town.city.hotline, soon=say_soon(scene))
    return Text(f"{asked}\n{DRAFT_KEPT}" if draft else asked)


@router.on(matches(r"(?:转|找)?人工(?:客服|服务)?[\W_]+\w.*"))
async def call_person_about(scene: Scene) -> Reply:
    """Somebody says at once what they want a person for."""
    return await hand_over(scene, scene.text)


@router.on(warm("human"), stops)
async def leave_person(scene: Scene) -> Reply:
    """They want nobody any more."""
    leave(scene)
    return Text(HUMAN_LEFT)


@router.on(kind("text", "voice", "location", *PIECES), warm("human"), never(is_other_word))
async def pass_on(scene: Scene) -> Reply:
    """Pass what they say or show to the people at the desk."""
    words, evidence = await read_said(scene)
    return await hand_over(scene, words, evidence=evidence)


@router.on(either(says("我的数据", "我的信息", "隐私"), menu(keys.MY_DATA)))
async def show_data(scene: Scene) -> Reply:
    """Say what we keep about this person."""
    since = scene.person.created_at
    return Text(
        MY_DATA.format(
            count=await count_mine(scene.person),
            days=round(setting(scene.town.city, "chat_days")),
            since=f"，从 {local(since):%Y-%m-%d} 起",
            link=named_link(scene.town.links.page("/h5/privacy"), "隐私说明"),
        )
    )


@router.on(says("注销", "注销账号", "删除我的数据"))
async def ask_erase(scene: Scene) -> Reply:
    """Ask once before erasing."""
    scene.talk.begin("erase", scene.now)
    return Text(ERASE_ASK, (Choice(ERASE, "确定注销"), Choice(KEEP, "先不注销")))


@router.on(topic("erase"), either(chose(ERASE), agrees))
async def erase(scene: Scene) -> Reply:
    """Forget who they are."""
    scene.talk.end(scene.now)
    await leave_town(scene.person, town=scene.town, now=scene.now)
    return Text(ERASED)


@router.on(topic("erase"), either(chose(KEEP), seems(Meaning.NO, Meaning.DROP)))
async def keep(scene: Scene) -> Reply:
    """Leave everything as it is."""
    scene.talk.end(scene.now)
    return Text(KEPT)
