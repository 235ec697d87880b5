"""What is no matter of the town: greetings, and what people ask about us."""

from handlers.chat.drafting import draft_of, keep_and_ask
from handlers.chat.follow_words import show_case
from handlers.chat.own_words import is_at_ease
from handlers.kit.filters import seems
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.queries import list_mine
from models.cases.states import OPEN
from models.city.city import WorkingCalendar
from models.classify.replies import Meaning
from models.classify.small_talk import AboutUs, about_us

router = Router("small_talk")

HELLO = "您好，我在。看到什么问题，发照片、位置和一句话；想问什么，直接打字；找人回复「人工」。"
GOOD_BYE = "好的，再见。以后看到什么，随时发来。"
HEARD = "好的。有事随时说；查进展回复「进度」。"
STILL_ASKED = "好的。刚才问您的，回复前面的数字就行。"
PHONE = "城管热线 {hotline}，全市热线 12345，都可以打。不方便打字，回复「人工」也能找到人。"
HOURS = "这里夜里也收，随时发。工作人员上班时间 {hours}，周末和节假日有人值班；急事请打 {hotline}。"
WHO_WE_ARE = "这里是{account}，城管的服务号。收消息的是程序，办事和答复的是人；想直接找人，回复「人工」或打 {hotline}。"
WHO_WILL = "提交以后，按地点和类别派给负责的单位，会告诉您是谁。\n"
NOT_YOURS = "您现在没有正在办的案件。要反映问题，发照片、位置和一句话；想找人问，回复「人工」或打 {hotline}。"


def asks_about_us(scene: Scene) -> bool:
    """Tell whether the words ask about us and nothing besides."""
    return scene.incoming.kind == "text" and scene.meaning is None and about_us(scene.said) is not None


@router.on(asks_about_us)
async def tell_about_us(scene: Scene) -> Reply:
    """Say our phone, our hours, who we are, or who has their case; what was asked before still waits."""
    city, asked = scene.town.city, about_us(scene.said)
    if asked is AboutUs.WHO_HAS_IT:
        return await _tell_who(scene)
    told = {AboutUs.PHONE: PHONE, AboutUs.HOURS: HOURS}.get(asked or AboutUs.WHO_ARE_YOU, WHO_WE_ARE)
    words = told.format(hotline=city.hotline, account=city.account, hours=_hours(city.calendar))
    return Text(words, keeps_question=True)


@router.on(is_at_ease, seems(Meaning.GREETING))
async def greet(_scene: Scene) -> Reply:
    """Greet back, and say what one can do here."""
    return Text(HELLO, keeps_question=True)


@router.on(is_at_ease, seems(Meaning.BYE))
async def say_good_bye(_scene: Scene) -> Reply:
    """Say good-bye."""
    return Text(GOOD_BYE, keeps_question=True)


@router.on(is_at_ease, seems(Meaning.HEARD))
async def nod_back(scene: Scene) -> Reply:
    """Whoever has understood needs nothing more."""
    return Text(STILL_ASKED if scene.person.offered else HEARD, keeps_question=True)


async def _tell_who(scene: Scene) -> Reply:
    if scene.talk.topic == "report":
        return keep_and_ask(scene, draft_of(scene), WHO_WILL)
    mine = [case for case in await list_mine(scene.person) if case.state in OPEN]
    if mine:
        return await show_case(scene, mine[0])
    return Text(NOT_YOURS.format(hotline=scene.town.city.hotline), keeps_question=True)


def _hours(calendar: WorkingCalendar) -> str:
    return "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.periods)
