"""How is it going, praise and blame: said about one's own cases in words of one's own, without number or command."""

import re
from datetime import timedelta

from handlers.chat.case_talk import AT_EASE, ask_which, words_of
from handlers.chat.drafting import is_sure
from handlers.chat.follow_words import show_case
from handlers.chat.verdict import ask_verdict, ask_what_is_wrong, keep_praise, take_blame
from handlers.kit.filters import kind, seems
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import PLACE_SURE
from models.cases.queries import find_reopenable, find_unrated, list_history, list_mine
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.taps import SATISFIED, SHOW
from models.cases.words import metres_from
from models.characters import MARKS, bare
from models.city.settings import setting
from models.classify.judgements import Judgement, judgement_of
from models.classify.replies import Meaning

router = Router("own_words")

LOOKED_AT = 20  # of a person's cases
ELSEWHERE = 500.0  # metres: a place named farther from the case is about something else
WHICH = "您问的是哪一件？点一下或回复数字："
REJECTED = (
    "{number}「{type}」没有受理，原因是：{why}。\n您觉得不对，就回复「人工」跟我们的人说，或打 {hotline}。"
)
IN_DOUBT = "谢谢您告诉我们。{number}「{type}」这次算满意吗？点一下或回复数字："
LOOK_FIRST = "好，不急。看过以后，回复「满意」或「不满意」就行。"
WELCOME = "不客气，应该的。以后看到什么，随时发来。"
JUDGED_BY_ANSWER = {
    Meaning.YES: Judgement.HAPPY,
    Meaning.NO: Judgement.UNCLEAR,
}

_WHEN = r"(?:什么|啥|几)(?:时候|时)|多久|多长时间|哪天"
_DEED = r"(?:修|弄|处理|解决|办|清|换|补|来|好|搞)"
HOW = re.compile(
    rf"(?:怎么样|咋样|怎样|如何)了|{_DEED}(?:理|决)?(?:好|完|掉)?了?(?:没有?|吗|不)$|到哪(?:一步|里|儿)?了?|"
    rf"(?:受理|派人|安排|立案|处理|接单|收到|提交|报)(?:好)?了?(?:吗|没|没有)$|(?:现在|目前)?(?:是)?(?:什么|啥)情况$|还要多久|要多久|(?:我的)?编号(?:是)?(?:多少|几)|"
    rf"看(?:一?下|看)?我的(?:案件|单子)|有(?:没有)?(?:什么)?(?:消息|进展|结果|回音)|(?:{_WHEN})(?:才|能|可以|会|来|有人)*{_DEED}|"
    rf"还(?:没有?|不|未)(?:有?人|动静)?(?:来|去)?{_DEED}?|没(?:有)?(?:下文|动静)"
)
WHY_NOT = re.compile(
    r"(?:为什么|为啥|为何|凭什么|凭啥|怎么|干嘛|咋|啥原因|什么原因|什么理由|啥理由)"
    r"(?:就|也|都|会|还|要|给|我的?|你们?|这个?|件|单子|案件|事)*"
    r"(?:不受理|没(?:有)?受理|未受理|不(?:给|帮|肯|愿意?)?(?:我|我们)?(?:办|管|处理|修|弄|理|接|解决)|驳回|拒绝|退(?:回|了|掉))"
    r"|不受理(?:的)?(?:原因|理由)|(?:原因|理由)(?:是)?(?:什么|啥)"
)
REJECTED_LIFE = timedelta(days=30)
HOW_LONGEST = 40  # characters: longer words tell something new


def is_at_ease(scene: Scene) -> bool:
    """Tell whether nothing is being asked or put together just now."""
    return scene.talk.topic in AT_EASE and not scene.choice


def praises(scene: Scene) -> bool:
    """Tell whether the words praise, and nothing besides."""
    return _judges(scene) is Judgement.HAPPY


def blames(scene: Scene) -> bool:
    """Tell whether the words say that something was not put right."""
    return _judges(scene) is Judgement.UNHAPPY


def has_not_seen_it(scene: Scene) -> bool:
    """Tell whether the words say that they have not looked yet."""
    return _judges(scene) is Judgement.NOT_YET


def wavers(scene: Scene) -> bool:
    """Tell whether the words judge something, but not which way."""
    return _judges(scene) is Judgement.UNCLEAR


def asks_how(scene: Scene) -> bool:
    """Tell whether the words ask how something is going."""
    said = bare(scene.said)
    return len(said) <= HOW_LONGEST and bool(HOW.search(said))


def asks_why_not(scene: Scene) -> bool:
    """Tell whether the words ask why something was not taken on."""
    said = bare(scene.said)
    return len(said) <= HOW_LONGEST and bool(WHY_NOT.search(said))


@router.on(is_at_ease, seems(Meaning.THANKS))
async def accept_thanks(scene: Scene) -> Reply:
    """Thanks are no verdict; who owes one is asked for it once more."""
    case = await find_unrated(scene.person, now=scene.now)
    return ask_verdict(scene, case) if case else Text(WELCOME)


@router.on(kind("text"), is_at_ease, praises)
async def hear_praise(scene: Scene) -> Reply | None:
    """Keep the verdict of who has a closed case that waits for one."""
    case = await find_unrated(scene.person, now=scene.now)
    return await keep_praise(scene, case) if case and is_about(scene, case) else None


@router.on(kind("text"), is_at_ease, blames)
async def hear_blame(scene: Scene) -> Reply | None:
    """It was not put right: that is the verdict, with its reason."""
    case = await find_unrated(scene.person, now=scene.now)
    if case is None:  # 满意 yesterday, and today it rattles again: as long as it may be opened again
        days = setting(scene.town.city, "reopen_days")
        case = await find_reopenable(scene.person, since=scene.now - timedelta(days=days))
    if case is None or not is_about(scene, case):
        return None
    return await take_blame(scene, case) if scene.text else await ask_what_is_wrong(scene, case)


@router.on(kind("text"), is_at_ease, has_not_seen_it)
async def wait_for_a_look(scene: Scene) -> Reply | None:
    """They have not seen it yet: the verdict waits."""
    case = await find_unrated(scene.person, now=scene.now)
    return Text(LOOK_FIRST) if case else None


@router.on(kind("text"), is_at_ease, wavers)
async def ask_which_way(scene: Scene) -> Reply | None:
    """In doubt ask once: what is not plainly praise never counts as such."""
    case = await find_unrated(scene.person, now=scene.now)
    return ask_verdict(scene, case, IN_DOUBT) if case and is_about(scene, case) else None


@router.on(kind("text"), is_at_ease, asks_why_not)
async def tell_why_not(scene: Scene) -> Reply | None:
    """Say again why their last case was not taken on, and who can be argued with."""
    mine = await list_mine(scene.person, limit=LOOKED_AT)
    refused = (case for case in mine if case.state == "rejected")
    last = next((case for case in refused if scene.now - case.changed_at < REJECTED_LIFE), None)
    if last is None or not is_about(scene, last):
        return None
    reason = next((step.note for step in reversed(await list_history(last)) if step.step == "reject"), "")
    told = words_of(scene, last) | {"why": reason.strip(MARKS), "hotline": scene.town.city.hotline}
    return Text(REJECTED.format(**told))


@router.on(kind("text"), is_at_ease, asks_how)
async def tell_how(scene: Scene) -> Reply | None:
    """Tell where the case stands that they ask after; who has none says something new."""
    mine = [case for case in await list_mine(scene.person, limit=LOOKED_AT) if is_about(scene, case)]
    asked = [case for case in mine if case.state in OPEN] or [case for case in mine if case.state == "closed"]
    if not asked:
        return None
    return await show_case(scene, asked[0]) if len(asked) == 1 else ask_which(scene, asked[:5], SHOW, WHICH)


def _judges(scene: Scene) -> Judgement | None:
    judged = judgement_of(scene.said, scene.written.gesture)
    if judged is None and was_asked(scene):  # 可以 and 没问题 answer 「您满意吗」
        return JUDGED_BY_ANSWER.get(scene.meaning) if scene.meaning else None
    return judged


def was_asked(scene: Scene) -> bool:
    """Tell whether the verdict was the last thing that we asked."""
    return any(choice.startswith(SATISFIED) for choice, _label in scene.person.offered)


def is_about(scene: Scene, case: Case) -> bool:
    """Tell whether the words may be about this case: no other type, no place far from it."""
    verdict = scene.verdict
    kind_ = scene.town.city.case_types.get(verdict.type)
    named = kind_ is not None and kind_.handled and is_sure(verdict)
    if named and verdict.type != case.type:
        return False
    spot = scene.town.atlas.find_words(scene.text)
    if spot is None or spot.sure < PLACE_SURE:
        return True
    metres = metres_from(case, spot.point.lat, spot.point.lng)
    return metres is None or metres <= ELSEWHERE
