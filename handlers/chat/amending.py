"""Puts right and takes back what was told of a case, in people's own words: its place, a tap, the whole of it."""

from datetime import timedelta

from handlers.chat.case_talk import AT_EASE, ask_which, find_whole, is_other_word, warm, words_of
from handlers.chat.follow import WHICH_BACK, ask_to_withdraw
from handlers.chat.opening import is_urgent_talk
from handlers.chat.own_words import is_about
from handlers.chat.right_words import (
    names_other_type,
    other_type,
    puts_place_right,
    right_place,
    slipped,
    spot_of,
    type_of,
)
from handlers.chat.verdict import ask_verdict, ask_what_is_wrong, keep_praise
from handlers.kit.filters import Filter, kind, never, topic
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import supplement_case
from models.cases.correcting import RightPlace, correct_case
from models.cases.draft import names_place
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, Move
from models.cases.queries import find_latest, find_unrated, list_open
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.taps import CORRECT, WITHDRAW
from models.cases.undoing import UNDO_LIFE, undo_step
from models.city.city import GcjPoint
from models.classify.amends import takes_back
from models.classify.forms import is_settled
from models.classify.judgements import Judgement, judgement_of
from models.classify.replies import clauses_of
from models.errors import Refusal
from models.lifecycle import Role

router = Router("amending")

RIGHT_PLACE = "改好了：{number}「{type}」，{place}。\n由{unit}处理，{due}前给您结果。"
SEND_RIGHT_PLACE = (
    "好，{number}「{type}」的地点有误，已经告诉{unit}。请再发个位置（点「+」选「位置」），免得找错。"
)
SOON_AFTER = timedelta(hours=2)  # after which 不是井盖,是路灯 is about something else
RIGHT_TYPE_TOLD = "改好了：{number} 按「{type}」办，由{unit}处理。"
RIGHT_PLACE_TOPIC = "right_place"
UNNAMED = 6  # characters
SETTLED_LONGEST = 20  # characters
WHAT_IS_WRONG = "{number}「{type}」哪里不对？点一下；地点不对就再发个位置，要补充就回复「补充」。"
ASK_ANEW = "好，刚才那下不算。{number}「{type}」处理得您满意吗？点一下或回复数字："
NOTHING_KEPT = "好，刚才那下不算，什么也没有记。"
UNDONE = "好，刚才的「{step}」不算了。{number}「{type}」现在是「{state}」。"


def is_about_place(scene: Scene) -> bool:
    """Tell whether the words may say where: no reply, and no new matter."""
    return scene.meaning is None and not (names_place(scene.text) is False and type_of(scene, scene.text))


def is_free(*more: str) -> Filter:
    """Take messages while nothing is being put together: a new subject may begin."""
    return lambda scene: not scene.choice and scene.talk.topic in {*AT_EASE, *more}


@router.on(is_free("supplement", "correct", RIGHT_PLACE_TOPIC), puts_place_right)
async def correct_place(scene: Scene) -> Reply | None:
    """Put the place of the case right that the words are about, as long as it may be corrected."""
    right, case = right_place(scene), await _correctable(scene)
    if right is None or case is None:
        return None
    if right.spot is None:
        return await _ask_place(scene, case)
    return await _put_place(scene, case, RightPlace(right.spot.point, right.spot.address))


@router.on(warm("supplement"), is_urgent_talk, kind("location"))
@router.on(warm(RIGHT_PLACE_TOPIC), kind("location"))
async def take_place(scene: Scene) -> Reply:
    """The right place came as a location; after a case of danger it says where to hurry to."""
    incoming = scene.incoming
    point = GcjPoint(incoming.lat or 0.0, incoming.lng or 0.0)
    address = incoming.label or scene.town.atlas.areas_at(point).name
    return await _put_place(scene, await find_whole(scene.talk.data["number"]), RightPlace(point, address))


@router.on(warm(RIGHT_PLACE_TOPIC), kind("text"), never(is_other_word), is_about_place)
async def take_place_in_words(scene: Scene) -> Reply:
    """The right place came in words: exact ones put it right, others are passed on at once."""
    case = await find_whole(scene.talk.data["number"])
    spot = spot_of(scene, scene.text)
    if spot is not None:
        return await _put_place(scene, case, RightPlace(spot.point, spot.address))
    return await _ask_place(scene, case)


@router.on(is_free("supplement", "correct"), names_other_type)
async def correct_type(scene: Scene) -> Reply | None:
    """不是井盖,是路灯 after the case was opened: it gets the type that the person names."""
    case = await find_latest(scene.person)
    other = other_type(scene)
    if case is None or other is None or other.denied not in {"", case.type} or other.code == case.type:
        return None
    if not CASE_FLOW.find("correct", case.state):
        return None
    if scene.now - case.opened_at > SOON_AFTER:
        return None
    case = await correct_case(
        case.id, Move("correct", _reporter(scene)), town=scene.town, now=scene.now, type_code=other.code
    )
    scene.talk.end(scene.now)
    return Text(RIGHT_TYPE_TOLD.format(**words_of(scene, case)))


def says_no_need(scene: Scene) -> bool:
    """Tell whether the words say that what was reported need not be done."""
    return scene.incoming.kind == "text" and (takes_back(scene.said) or _is_settled(scene))


@router.on(is_free("supplement"), says_no_need)
async def offer_to_withdraw(scene: Scene) -> Reply | None:
    """Ask whether the case need not be done any more that the words are about."""
    mine = [case for case in await list_open(scene.person) if _is_own(scene, case)]
    alone = len(mine) == 1 and takes_back(scene.said)
    cases = mine if alone else [case for case in mine if is_about(scene, case) and _names(scene, case)]
    if not cases:
        return None
    return (
        await ask_to_withdraw(scene, cases[0])
        if len(cases) == 1
        else ask_which(scene, cases, WITHDRAW, WHICH_BACK)
    )


@router.on(topic("unhappy"), slipped)
async def ask_verdict_again(scene: Scene) -> Reply:
    """「不满意」 was tapped by mistake, and nothing has been kept of it."""
    case = await find_unrated(scene.person, now=scene.now)
    scene.talk.end(scene.now)
    return await _judge_anew(scene, case) if case else Text(NOTHING_KEPT)


@router.on(is_free("supplement"), slipped)
async def take_back_tap(scene: Scene) -> Reply:
    """Undo what this person tapped last; a report that went too early may be taken back whole."""
    try:
        case, step = await undo_step(_reporter(scene), town=scene.town, now=scene.now)
    except Refusal as refusal:
        last = await find_latest(scene.person)
        if last is not None and last.state in OPEN and scene.now - last.opened_at < UNDO_LIFE:
            return Text(WHAT_IS_WRONG.format(**words_of(scene, last)), _ways_to_mend(last))
        return Text(refusal.sentence)
    scene.talk.end(scene.now)
    if case.state == "closed":
        return await _judge_anew(scene, case)
    return Text(UNDONE.format(step=step, **words_of(scene, case)))


async def _judge_anew(scene: Scene, case: Case) -> Reply:
    """Ask for the verdict again; 点错了,是满意 and 点错了,不满意 give it in the same breath."""
    meant = [judgement_of(clause) for clause in clauses_of(scene.said)[1:]]
    if Judgement.UNHAPPY in meant:
        return await ask_what_is_wrong(scene, case)
    return await keep_praise(scene, case) if Judgement.HAPPY in meant else ask_verdict(scene, case, ASK_ANEW)


def _ways_to_mend(case: Case) -> tuple[Choice, ...]:
    return (Choice(CORRECT + case.number, "类别不对"), Choice(WITHDRAW + case.number, "不用办了"))


def _reporter(scene: Scene) -> Actor:
    return Actor(Role.REPORTER, scene.person)


async def _ask_place(scene: Scene, case: Case) -> Reply:
    """Pass the words on at once, for they may tell a person enough, and ask for the place itself."""
    move = Move("supplement", _reporter(scene), scene.text)
    await supplement_case(case.id, move, town=scene.town, now=scene.now)
    scene.talk.begin(RIGHT_PLACE_TOPIC, scene.now, number=case.number)
    return Text(SEND_RIGHT_PLACE.format(**words_of(scene, case)))


async def _put_place(scene: Scene, case: Case, place: RightPlace) -> Reply:
    move = Move("correct", _reporter(scene))
    case = await correct_case(case.id, move, town=scene.town, now=scene.now, place=place)
    scene.talk.end(scene.now)
    return Text(RIGHT_PLACE.format(**words_of(scene, case)))


async def _correctable(scene: Scene) -> Case | None:
    """Return the newest case of their own that the words may be about and whose place may be corrected."""
    mine = [case for case in await list_open(scene.person) if _is_own(scene, case)]
    may = [case for case in mine if CASE_FLOW.find("correct", case.state)]
    return next((case for case in may if is_about(scene, case)), may[0] if len(may) == 1 else None)


def _is_own(scene: Scene, case: Case) -> bool:
    return bool(case.reporter_id == scene.person.id)


def _names(scene: Scene, case: Case) -> bool:
    """Tell whether the words name the matter of the case, or are too short to name any: 修好了."""
    return len(scene.text) <= UNNAMED or takes_back(scene.said) or type_of(scene, scene.text) == case.type


def _is_settled(scene: Scene) -> bool:
    """Tell whether somebody says that it has been put right, by themselves or others, and nothing besides."""
    return len(scene.text) <= SETTLED_LONGEST and is_settled(scene.text)
