"""A talk with a person at the desk, as the citizen has it: all they say goes there, until one of both ends it."""

import re
import unicodedata

from handlers.chat.case_talk import (
    PIECE_WORDS,
    PIECES,
    THANKS,
    chosen,
    find_whole,
    is_other_word,
    keep_piece,
    stops,
    words_of,
)
from handlers.chat.drafting import keep_and_ask
from handlers.kit.filters import chose, either, kind, never, says, topic
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case, open_case, supplement_case
from models.cases.draft import KEPT, load_draft
from models.cases.flows import CASE_FLOW
from models.cases.limits import count_questions
from models.cases.moves import Actor, Move, Report
from models.cases.queries import is_talk
from models.cases.sentences import TALK_ENDED
from models.cases.sources import HUMAN
from models.cases.states import CONSULTATION, OPEN
from models.cases.tables import Case
from models.cases.talking import TOPIC, begin_talk, find_talk, leave_talk, opens_at
from models.cases.taps import ASK_ENDED, TALK_ON, TALK_OVER
from models.cases.words import say_moment
from models.errors import Refusal
from models.lifecycle import Role

router = Router("talking")

HUMAN_SENT = "已转给工作人员（编号 {number}），{soon}还有要说的，接着打字、发照片就行。着急请打 {hotline}。"
CONSULTED_ENOUGH = "您今天已经问了{count}件，工作人员会一件件答复。急事请打 {hotline}。"
CONSULTATIONS_A_DAY = 5
SOON = "现在有人在。"
LATER = "现在不是上班时间，{moment} 上班后回您。"
GO_ON = "好，请说，文字、照片、位置都行，都会转给工作人员。说完了回复「结束」。"
PASSED_ON = "转给工作人员了。{soon}"
VOICE_TOO = "语音转过去了，但听不出字来，请再打几个字说说。"
NOT_NOW = "这次对话已经结束了。还想说，回复「人工」。"
LEFT = "好，这次就说到这里。以后想说，随时回复「人工」。"
PLACE = "位置：{label} {lat}，{lng}"
_THANKS = r"(?:非常|十分|太|多)?(?:感谢|谢谢|多谢|谢)(?:您|你|你们|大家)?|(?:辛苦|麻烦)(?:您|你|你们)?"
_NO_MORE = (
    r"没(?:有)?(?:了|事了|问题了|别的(?:事|问题)?了|什么(?:事|问题)?了|要(?:说|问)的了|其他(?:事|问题)?了)"
)
# Never a mere yes or 知道了: the desk may have asked something. The end is possessive: 谢谢谢谢 is cut in many ways.
ENDS = re.compile(
    rf"(?:好的?|嗯|行|那|哦|我|知道了|明白了|清楚了|了解了|暂时|先|就)*(?:结束|(?:说|问)完了|{_NO_MORE}|不(?:问|说|聊)了|再见|拜拜|就?这(?:些|样)|{_THANKS})"
    rf"(?:对话|聊天|您|吧|啊|呀|哈|哦|啦|了|的|就|再见|拜拜|{_THANKS})*+"
)
LEFT_FOR_REPORT = "好，这次就说到这里。没报完的那件给您留着，回复「继续」接着报。"
TAKEN_UP = "好，接着上次的。"
GESTURES = "🙏🌹"
GREETS = ("你好", "您好", "在吗", "在不在", "有人吗", "?", "提交", "提交吧")


def ends(scene: Scene) -> bool:
    """Tell whether the words end the talk: nothing more to say, thanks, good-bye."""
    if scene.incoming.kind != "text":
        return False
    bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", scene.text))
    return ENDS.fullmatch(bare) is not None or (
        not bare and any(mark in scene.incoming.text for mark in GESTURES)
    )


def say_soon(scene: Scene) -> str:
    """Say how soon a person answers: now, or when the desk opens next."""
    moment = opens_at(scene.now, scene.town.city.calendar)
    return LATER.format(moment=say_moment(moment, scene.now)) if moment else SOON


@router.on(chose(TALK_ON))
async def go_on(scene: Scene) -> Reply:
    """Take the talk up again, also after its end."""
    case = await _own(scene, chosen(scene, TALK_ON))
    if not CASE_FLOW.find("say", case.state):
        return Text(NOT_NOW)
    begin_talk(scene.talk, case, scene.now)
    return Text(GO_ON)


@router.on(chose(TALK_OVER))
@router.on(topic(TOPIC), either(ends, says(*THANKS), stops))
async def end(scene: Scene) -> Reply:
    """End the talk, asking once whether it was clear; a report that was half done rests behind it."""
    case = await _own(scene, chosen(scene, TALK_OVER) or scene.talk.data["number"])
    if scene.talk.topic == TOPIC:
        leave_talk(scene.talk, scene.now)
    if not CASE_FLOW.find("end_talk", case.state):
        return Text(LEFT)
    case = await move_case(case.id, _move(scene, "end_talk"), town=scene.town, now=scene.now)
    if scene.talk.topic == KEPT:  # 「继续」 is about the report, not about what we would ask
        return Text(LEFT_FOR_REPORT)
    choices = tuple(Choice(prefix + case.number, words) for prefix, words in ASK_ENDED)
    return Text(TALK_ENDED.format(**words_of(scene, case)), choices)


@router.on(topic(TOPIC), says("继续", "接着报", "继续上报"))
async def take_up_report(scene: Scene) -> Reply | None:
    """Take up the report that rests behind the talk, as we said they may; the desk can still be answered by a tap."""
    draft = scene.talk.data.get("draft")
    return keep_and_ask(scene, load_draft(draft), TAKEN_UP) if draft else None


@router.on(topic(TOPIC), says(*GREETS))
@router.on(topic(TOPIC), kind("text", "voice", "location", *PIECES), never(is_other_word))
async def pass_on(scene: Scene) -> Reply:
    """Pass on what they say, show or send to who talks with them."""
    case = await _own(scene, scene.talk.data["number"])
    try:
        return await say_in_talk(scene, case, *await read_said(scene))
    except Refusal as refusal:  # it ended another way: leave the topic, or every word would end here
        leave_talk(scene.talk, scene.now)
        return Text(refusal.sentence)


async def hand_over(
    scene: Scene, words: str, told: str = HUMAN_SENT, *, always: bool = False, evidence: tuple[int, ...] = ()
) -> Reply:
    """Begin a talk with the desk; while one is under way the words go there."""
    if going_on := await find_talk(scene.person):
        return await say_in_talk(scene, going_on, words, evidence)
    asked = await count_questions(scene.person, town=scene.town, now=scene.now)
    if asked >= CONSULTATIONS_A_DAY:
        last = await find_talk(scene.person, states=("closed",)) if always else None
        if last is not None:  # never turned away: it goes where the last one went
            return await say_in_talk(scene, last, words, evidence)
        leave_person(scene)
        return Text(CONSULTED_ENOUGH.format(count=asked, hotline=scene.town.city.hotline))
    report = Report(
        type=CONSULTATION,
        text=words,
        point=None,
        source=HUMAN,
        origin=f"wx-{scene.incoming.key}",
        evidence=evidence,
    )
    case = await open_case(report, reporter=scene.person, town=scene.town, now=scene.now)
    begin_talk(scene.talk, case, scene.now)
    return Text(told.format(number=case.number, hotline=scene.town.city.hotline, soon=say_soon(scene)))


def leave_person(scene: Scene) -> None:
    """End the call for a person; a report that was half done rests, and may be taken up again."""
    talk = scene.talk
    draft = talk.data if talk.topic in {"report", KEPT} else talk.data.get("draft")
    if draft:
        talk.begin(KEPT, scene.now, **draft)
    else:
        talk.end(scene.now)


async def say_in_talk(scene: Scene, case: Case, words: str, evidence: tuple[int, ...] = ()) -> Reply:
    """Add words to the talk, or to the case that was made of it."""
    if CASE_FLOW.find("say", case.state) or case.state not in OPEN:
        await move_case(case.id, _move(scene, "say", words, evidence), town=scene.town, now=scene.now)
    else:
        move = Move("supplement", Actor(Role.REPORTER, scene.person), words, evidence)
        await supplement_case(case.id, move, town=scene.town, now=scene.now)
    begin_talk(scene.talk, case, scene.now)
    return Text(VOICE_TOO if scene.incoming.kind == "voice" else PASSED_ON.format(soon=say_soon(scene)))


async def read_said(scene: Scene) -> tuple[str, tuple[int, ...]]:
    """Return the words and the evidence of this message."""
    incoming = scene.incoming
    match incoming.kind:
        case "text":
            return scene.text, ()
        case "location":
            return PLACE.format(label=incoming.label, lat=incoming.lat, lng=incoming.lng), ()
        case kind_:
            return PIECE_WORDS[kind_], (await keep_piece(scene),)


async def _own(scene: Scene, number: str) -> Case:
    case = await find_whole(number)
    if case.reporter_id != scene.person.id or not is_talk(case):
        raise Refusal(NOT_NOW)
    return case


def _move(scene: Scene, step: str, note: str = "", evidence: tuple[int, ...] = ()) -> Move:
    return Move(step, Actor(Role.REPORTER, scene.person), note, evidence)
