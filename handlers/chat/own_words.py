"""How is it going, praise and blame: said about one's own cases in words of one's own, without number or command."""

import re

from handlers.chat.case_talk import ask_which, thanks
from handlers.chat.drafting import is_sure
from handlers.chat.follow_words import show_case
from handlers.chat.verdict import ask_verdict, keep_praise, take_blame
from handlers.kit.filters import kind
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import KEPT, PLACE_SURE
from models.cases.queries import find_unrated, list_mine
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.taps import SHOW
from models.cases.words import metres_from
from models.characters import bare
from models.classify.judgements import Judgement, judgement_of

router = Router("own_words")

LOOKED_AT = 20  # of a person's cases
ELSEWHERE = 500.0  # metres: a place named farther from the case is about something else
WHICH = "您问的是哪一件？点一下或回复数字："
IN_DOUBT = "谢谢您告诉我们。{number}「{type}」这次算满意吗？点一下或回复数字："
WELCOME = "不客气，应该的。以后看到什么，随时发来。"
AT_EASE = ("", "question", "also", KEPT)  # topics that a new subject may push aside

_WHEN = r"(?:什么|啥|几)(?:时候|时)|多久|多长时间|哪天"
_DEED = r"(?:修|弄|处理|解决|办|清|换|补|来|好|搞)"
HOW = re.compile(
    rf"(?:怎么样|咋样|怎样|如何)了|{_DEED}(?:理|决)?(?:好|完|掉)?了?(?:没有?|吗|不)$|到哪(?:一步|里|儿)?了?|"
    rf"有(?:没有)?(?:什么)?(?:消息|进展|结果|回音)|(?:{_WHEN})(?:才|能|可以|会|来|有人)*{_DEED}|"
    rf"还(?:没有?|不|未)(?:有?人|动静)?(?:来|去)?{_DEED}?|没(?:有)?(?:下文|动静)"
)
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


def wavers(scene: Scene) -> bool:
    """Tell whether the words judge something, but not which way."""
    return _judges(scene) is Judgement.UNCLEAR


def asks_how(scene: Scene) -> bool:
    """Tell whether the words ask how something is going."""
    said = bare(scene.said)
    return len(said) <= HOW_LONGEST and bool(HOW.search(said))


@router.on(is_at_ease, thanks)
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
    return await take_blame(scene, case) if case and is_about(scene, case) else None


@router.on(kind("text"), is_at_ease, wavers)
async def ask_which_way(scene: Scene) -> Reply | None:
    """In doubt ask once: what is not plainly praise never counts as such."""
    case = await find_unrated(scene.person, now=scene.now)
    return ask_verdict(scene, case, IN_DOUBT) if case and is_about(scene, case) else None


@router.on(kind("text"), is_at_ease, asks_how)
async def tell_how(scene: Scene) -> Reply | None:
    """Tell where the case stands that they ask after; who has none says something new."""
    mine = [case for case in await list_mine(scene.person, limit=LOOKED_AT) if is_about(scene, case)]
    asked = [case for case in mine if case.state in OPEN] or [case for case in mine if case.state == "closed"]
    if not asked:
        return None
    return await show_case(scene, asked[0]) if len(asked) == 1 else ask_which(scene, asked[:5], SHOW, WHICH)


def _judges(scene: Scene) -> Judgement | None:
    return judgement_of(scene.said, scene.written.gesture)


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
