"""A reporter answers a question about their case, and puts right its type or its place."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.chat.adding import ADDED, add_to_case
from handlers.chat.adding import TOPIC as ADDING
from handlers.chat.case_talk import (
    ADDS,
    AT_EASE,
    PIECE_SEEN,
    PIECES,
    chosen,
    citizen_of,
    find_whole,
    is_choice,
    is_other_word,
    keep_piece,
    stops,
    thanks,
    warm,
    words_of,
)
from handlers.chat.drafting import is_about_something, says_no_type
from handlers.kit.filters import chose, kind, never, says, topic
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case
from models.cases.asking import TOPIC, is_unanswered
from models.cases.correcting import RightPlace, correct_case
from models.cases.flows import CASE_FLOW
from models.cases.moves import Move
from models.cases.queries import find_latest, is_involved
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.taps import CORRECT, REPLY, RIGHT_TYPE
from models.city.city import GcjPoint
from models.classify.forms import asks, complains
from models.classify.replies import Meaning
from models.errors import Refusal

router = Router("answers")

LIFE = timedelta(days=5)  # as long as the clock waits for the answer
OFFERED = 3
ANSWER_NOW = "请说，文字、照片都可以，说完就转给处理人员。"
ANSWER_LATE = (
    "这个问题等了好些天，{number}「{type}」已经先接着办了。还能补充：请发文字或照片，马上转给处理人员。"
)
ANSWER_LATER = "{number}「{type}」已经先接着办了。还能补充：回复「补充 {number}」，后面写上要说的话。"
ANSWERED = "谢谢，已经转给处理人员，{number}「{type}」接着办。"
ANSWERED_MORE = "谢谢，已经转给处理人员，{number}「{type}」接着办。还想说几句就接着发，发完回复「好了」。"
LEFT = "好，想好了再说。回复「进度」可以找到这个问题。"
WHICH_TYPE = "{number} 应该是哪一类？回复数字；位置不对，就重新发一个位置。"
NOT_HEARD = "没听出是哪一类，先不改。回复数字；都不是，就说说是什么事。"
ANOTHER = "都不是"
SAY_TYPE = "那请打几个字，说说是什么事；或者重新发一个位置。"
CORRECTED = "改好了：{number}「{type}」，{place}。\n由{unit}处理，{due}前给您结果。"
CORRECTED_UNASSIGNED = "改好了：{number}「{type}」，{place}。\n还没有安排到人，安排好就告诉您。"
TYPE_SLIPS = ("类别选错了", "类型选错了", "分类错了", "选错类别了")
ASKED_BACK = 12  # characters
STILL_WAITING = "处理人员在等您回答刚才的问题，打几个字、发照片或位置都行；想找人说，回复「人工」。"
SENT_PLACE = "位置：{label} {lat}，{lng}"
LEFT_AS_IS = "好，不改了，照常办。"


def asks_back(scene: Scene) -> bool:
    """Tell whether the words only ask something back: 你说什么？, 多久能修好."""
    asked = (
        "?" in scene.said
        or asks(scene.text)
        or scene.meaning in {Meaning.THANKS, Meaning.GREETING, Meaning.WAIT}
    )
    return asked and len(scene.text) <= ASKED_BACK and not is_about_something(scene)


def begins_something(scene: Scene) -> bool:
    """Tell whether the words complain of something, ask, or thank: days later they answer nothing."""
    reports = complains(scene.text) and is_about_something(scene)
    return reports or scene.verdict.consultation or thanks(scene)


@router.on(chose(REPLY))
async def begin_answer(scene: Scene) -> Reply:
    """Listen to the answer."""
    case = await find_whole(chosen(scene, REPLY))
    if case.is_open and await is_involved(case, scene.person) and await is_unanswered(case):
        if scene.talk.topic == "report":  # the report goes on; what was asked can wait
            return Text(ANSWER_LATER.format(**words_of(scene, case)), keeps_question=True)
        scene.talk.begin(ADDING, scene.now, number=case.number)
        return Text(ANSWER_LATE.format(**words_of(scene, case)))
    await check_move(case, Move("reply", citizen_of(case, scene.person)), town=scene.town, now=scene.now)
    scene.talk.begin(TOPIC, scene.now, number=case.number)
    return Text(ANSWER_NOW)


@router.on(warm(TOPIC, "correct", within=LIFE), stops)
async def leave(scene: Scene) -> Reply:
    """Leave it for now."""
    told = LEFT if scene.talk.topic == TOPIC else LEFT_AS_IS
    scene.talk.end(scene.now)
    return Text(told)


@router.on(warm(TOPIC, within=LIFE), kind("text"), asks_back)
async def ask_once_more(scene: Scene) -> Reply:
    """A question is no answer: the one who asked still waits."""
    return Text(STILL_WAITING, keeps_question=True)


@router.on(warm(TOPIC, within=LIFE), kind("text", "location", *PIECES), never(is_other_word), never(ADDS))
@router.on(topic(TOPIC), kind("text"), never(is_other_word), never(ADDS), never(begins_something))
async def hear_answer(scene: Scene) -> Reply:
    """Pass the answer on; the clock of the case runs again."""
    case = await find_whole(scene.talk.data["number"])
    is_piece = scene.incoming.kind in PIECES
    evidence = (await keep_piece(scene),) if is_piece else ()
    scene.talk.end(scene.now)
    words = PIECE_SEEN[scene.incoming.kind] if is_piece else _said(scene)
    move = Move("reply", citizen_of(case, scene.person), words, evidence)
    try:
        case = await move_case(case.id, move, town=scene.town, now=scene.now)
    except Refusal:  # its time was over meanwhile: what was said belongs to the case all the same
        return await add_to_case(scene, case, ADDED, words=words, evidence=evidence)
    # A photo and the words for it are one answer; so are 嗯 and what it was that they meant.
    scene.talk.begin(ADDING, scene.now, number=case.number, answers="photo" if is_piece else "words")
    return Text((ANSWERED_MORE if is_piece else ANSWERED).format(**words_of(scene, case)))


def _said(scene: Scene) -> str:
    """Return the answer as words: a place by its name and point."""
    incoming = scene.incoming
    if incoming.kind != "location":
        return scene.text
    return SENT_PLACE.format(label=incoming.label, lat=incoming.lat, lng=incoming.lng)


@router.on(chose(CORRECT))
async def begin_correcting(scene: Scene) -> Reply:
    """Offer the next likely types; a place may be sent instead."""
    case = await find_whole(chosen(scene, CORRECT))
    await check_move(case, Move("correct", citizen_of(case, scene.person)), town=scene.town, now=scene.now)
    return _offer(scene, case, case.text)


@router.on(
    topic(*AT_EASE),
    says(
        "类别不对",
        "类型不对",
        "分类不对",
        "不是这一类",
        "类别错了",
        "改类别",
        "类别选错了",
        "类型选错了",
        "分类错了",
        "选错类别了",
    ),
)
async def begin_correcting_last(scene: Scene) -> Reply | None:
    """Offer other types for the case that this person opened last, as long as it may be corrected."""
    last = await find_latest(scene.person)
    if last is None or CASE_FLOW.find("correct", last.state) is None:
        return None
    return _offer(scene, last, last.text)


@router.on(warm("correct"), chose(RIGHT_TYPE))
async def put_type(scene: Scene) -> Reply:
    """Give the case the chosen type."""
    place = int(scene.choice.removeprefix(RIGHT_TYPE)[:1] or 0)
    offered = scene.talk.data["offered"]
    if not 1 <= place <= len(offered):
        return Text(SAY_TYPE)
    return await _correct(scene, type_code=offered[place - 1])


@router.on(warm("correct"), kind("location"))
async def put_place(scene: Scene) -> Reply:
    """Give the case the place that was sent."""
    incoming = scene.incoming
    point = GcjPoint(incoming.lat or 0.0, incoming.lng or 0.0)
    return await _correct(scene, place=RightPlace(point, incoming.label))


@router.on(warm("correct"), kind("text"), never(is_other_word), never(is_choice))
async def hear_type(scene: Scene) -> Reply:
    """Offer the types that these words sound like."""
    data = scene.talk.data
    if says_no_type(scene):  # what was offered stays, or a number would mean something else
        return Text(NOT_HEARD, _choices(scene, data["number"], data["offered"]))
    return _offer(scene, await find_whole(data["number"]), scene.text)


def _offer(scene: Scene, case: Case, words: str) -> Reply:
    """Ask which type it is: the likeliest for these words, without the present one."""
    kinds = scene.town.city.case_types
    verdict = scene.town.classifier.classify(words)
    heard = (verdict.type, *(code for code, _ in verdict.alternatives))
    likely = [code for code in heard if code != case.type]
    common = [code for code in kinds if code != case.type and code not in likely]
    offered = [code for code in [*likely, *common] if kinds[code].handled][:OFFERED]
    scene.talk.begin("correct", scene.now, number=case.number, offered=offered)
    return Text(WHICH_TYPE.format(number=case.number), _choices(scene, case.number, offered))


def _choices(scene: Scene, number: str, offered: Sequence[str]) -> tuple[Choice, ...]:
    kinds = scene.town.city.case_types
    types = [
        Choice(f"{RIGHT_TYPE}{place}{number}", kinds[code].short)
        for place, code in enumerate(offered, start=1)
    ]
    return (*types, Choice(f"{RIGHT_TYPE}9{number}", ANOTHER))


async def _correct(scene: Scene, *, type_code: str = "", place: RightPlace | None = None) -> Reply:
    case = await find_whole(scene.talk.data["number"])
    scene.talk.end(scene.now)
    move = Move("correct", citizen_of(case, scene.person))
    try:
        case = await correct_case(
            case.id, move, town=scene.town, now=scene.now, type_code=type_code, place=place
        )
    except Refusal as refusal:
        return Text(refusal.sentence)
    told = CORRECTED_UNASSIGNED if case.is_unassigned() else CORRECTED
    return Text(told.format(**words_of(scene, case)))
