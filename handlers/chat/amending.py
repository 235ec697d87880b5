"""Puts right and takes back what was told, in people's own words: the place, the words, the photos, the whole case."""

from handlers.chat.case_talk import ask_which, words_of
from handlers.chat.drafting import ask_type, draft_of, keep_and_ask
from handlers.chat.follow import WHICH_BACK, ask_to_withdraw
from handlers.chat.own_words import AT_EASE, is_about
from handlers.chat.report_words import say_place_heard
from handlers.chat.verdict import ask_verdict
from handlers.kit.filters import Filter, says, topic
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import supplement_case
from models.cases.correcting import RightPlace, correct_case
from models.cases.draft import PLACE_SURE
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, Move
from models.cases.queries import find_latest, find_unrated, list_open
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.taps import WITHDRAW
from models.cases.undoing import UNDO_LIFE, undo_step
from models.city.spots import Spot
from models.classify.amends import corrected_place, is_slip, takes_back
from models.errors import Refusal
from models.lifecycle import Role
from models.links import without_markup

router = Router("amending")

REWRITES = (
    *("重写", "重新写", "重说", "重新说", "改内容", "改文字", "删内容", "改一下内容"),
    *("内容不对", "内容错了", "说错了", "写错了", "打错了"),
)
DROPS_PIECES = (
    *("删照片", "删除照片", "去掉照片", "不要照片", "照片不要", "照片不要了", "换照片", "删图", "删视频"),
    *("照片错了", "照片不对", "照片发错了", "发错照片了", "图片发错了"),
)
WORDS_GONE = "好，刚才的话去掉了。"
PIECES_GONE = "好，照片去掉了。要换就再发。"
MORE_EXACT = "好，地点改成「{place}」。能再发个位置（点「+」选「位置」）更好找。"
WHERE_INSTEAD = "好，那在哪里？"
RIGHT_PLACE = "改好了：{number}「{type}」，{place}。\n由{unit}处理，{due} 前给您结果。"
SEND_RIGHT_PLACE = (
    "好，{number}「{type}」的地点有误，已经告诉{unit}。请再发个位置（点「+」选「位置」），免得找错。"
)
NOT_SENT = "还没有提交，可以接着改。"
ASK_ANEW = "好，刚才那下不算。{number}「{type}」处理得您满意吗？点一下或回复数字："
NOTHING_KEPT = "好，刚才那下不算，什么也没有记。"
UNDONE = "好，刚才的「{step}」不算了。{number}「{type}」现在是「{state}」。"


@router.on(topic("report"), says(*REWRITES))
async def rewrite(scene: Scene) -> Reply:
    """Take away what was said so far, and listen anew."""
    return keep_and_ask(scene, draft_of(scene).without_words(), WORDS_GONE)


@router.on(topic("report"), says(*DROPS_PIECES))
async def drop_pieces(scene: Scene) -> Reply:
    """Take away the photos, videos and voices that were sent so far."""
    return keep_and_ask(scene, draft_of(scene).without_pieces(), PIECES_GONE)


def puts_place_right(scene: Scene) -> bool:
    """Tell whether the words say that the place told before was wrong."""
    return scene.incoming.kind == "text" and corrected_place(scene.said) is not None


@router.on(topic("report"), puts_place_right)
async def replace_place(scene: Scene) -> Reply:
    """Put another place into the report; where none is told, ask for it."""
    draft, words = draft_of(scene), _right_place(scene)
    if not words:
        return keep_and_ask(scene, draft.with_place(None, ""), WHERE_INSTEAD)
    spot = _spot(scene, words)
    if spot is None:
        return keep_and_ask(
            scene, draft.with_place(None, words), MORE_EXACT.format(place=without_markup(words))
        )
    draft = draft.with_place((spot.point.lat, spot.point.lng), spot.address)
    return keep_and_ask(scene, draft, say_place_heard(draft.address))


def is_free(*more: str) -> Filter:
    """Take messages while nothing is being put together: a new subject may begin."""
    return lambda scene: not scene.choice and scene.talk.topic in {*AT_EASE, *more}


@router.on(is_free("supplement", "correct"), puts_place_right)
async def correct_place(scene: Scene) -> Reply | None:
    """Put the place of the case right that this person opened last, as long as it may be corrected."""
    last = await find_latest(scene.person)
    if last is None or CASE_FLOW.find("correct", last.state) is None:
        return None
    words = _right_place(scene)
    spot = _spot(scene, words) if words else None
    if spot is None:
        return await _ask_place(scene, last)
    place = RightPlace(spot.point, spot.address)
    move = Move("correct", _reporter(scene))
    case = await correct_case(last.id, move, town=scene.town, now=scene.now, place=place)
    scene.talk.end(scene.now)
    return Text(RIGHT_PLACE.format(**words_of(scene, case)))


def says_no_need(scene: Scene) -> bool:
    """Tell whether the words say that what was reported need not be done."""
    return scene.incoming.kind == "text" and takes_back(scene.said)


@router.on(is_free("supplement"), says_no_need)
async def offer_to_withdraw(scene: Scene) -> Reply | None:
    """Ask whether the case need not be done any more that the words are about."""
    mine = [case for case in await list_open(scene.person) if _is_own(scene, case)]
    cases = mine if len(mine) == 1 else [case for case in mine if is_about(scene, case)]
    if not cases:
        return None
    return (
        await ask_to_withdraw(scene, cases[0])
        if len(cases) == 1
        else ask_which(scene, cases, WITHDRAW, WHICH_BACK)
    )


def slipped(scene: Scene) -> bool:
    """Tell whether the words say that something was tapped by mistake."""
    return scene.incoming.kind == "text" and is_slip(scene.said)


@router.on(topic("report"), slipped)
async def choose_anew(scene: Scene) -> Reply:
    """Another type was meant, or it was not to go yet: nothing has been sent so far."""
    draft = draft_of(scene)
    return ask_type(scene, draft) if draft.chosen else keep_and_ask(scene, draft, NOT_SENT)


@router.on(topic("unhappy"), slipped)
async def ask_verdict_again(scene: Scene) -> Reply:
    """「不满意」 was tapped by mistake, and nothing has been kept of it."""
    case = await find_unrated(scene.person, now=scene.now)
    scene.talk.end(scene.now)
    return ask_verdict(scene, case, ASK_ANEW) if case else Text(NOTHING_KEPT)


@router.on(is_free("supplement", "withdraw"), slipped)
async def take_back_tap(scene: Scene) -> Reply:
    """Undo what this person tapped last; a report that went too early may be taken back whole."""
    try:
        case, step = await undo_step(_reporter(scene), town=scene.town, now=scene.now)
    except Refusal as refusal:
        last = await find_latest(scene.person)
        if last is not None and last.state in OPEN and scene.now - last.opened_at < UNDO_LIFE:
            return await ask_to_withdraw(scene, last)
        return Text(refusal.sentence)
    scene.talk.end(scene.now)
    if case.state == "closed":
        return ask_verdict(scene, case, ASK_ANEW)
    return Text(UNDONE.format(step=step, **words_of(scene, case)))


def _reporter(scene: Scene) -> Actor:
    return Actor(Role.REPORTER, scene.person)


async def _ask_place(scene: Scene, case: Case) -> Reply:
    """Pass the words on at once, for they may tell a person enough, and ask for the place itself."""
    move = Move("supplement", _reporter(scene), scene.text)
    await supplement_case(case.id, move, town=scene.town, now=scene.now)
    scene.talk.begin("correct", scene.now, number=case.number, offered=[])
    return Text(SEND_RIGHT_PLACE.format(**words_of(scene, case)))


def _is_own(scene: Scene, case: Case) -> bool:
    return bool(case.reporter_id == scene.person.id)


def _right_place(scene: Scene) -> str:
    """Return the place that the words name instead of the wrong one, as written; "" where they name none."""
    start, end = corrected_place(scene.said) or (0, 0)
    return scene.text[start:end].strip()


def _spot(scene: Scene, words: str) -> Spot | None:
    spot = scene.town.atlas.find_words(words)
    return spot if spot is not None and spot.sure >= PLACE_SURE else None
