"""Who walks the streets: what to look at, checking in, and saying what was seen."""

from dataclasses import replace
from datetime import timedelta

from handlers.chat.case_talk import (
    Command,
    Said,
    chosen,
    find_whole,
    is_other_word,
    label,
    stops,
    warm,
    words_of,
)
from handlers.chat.drafting import draft_of
from handlers.chat.which_case import Sought, find_sought, picked, read_pick
from handlers.kit.filters import chose, either, is_a, kind, never, says
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, Move
from models.cases.patrols import answer_look_back, list_look_backs, list_on_road, list_to_check, note_visit
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.taps import ALL_WELL, CHECKED, FOUND_AGAIN, NOT_DONE, SEEN_FALSE, SEEN_TRUE, SHOW_WORK
from models.city.city import GcjPoint
from models.clock import local
from models.errors import Refusal
from models.lifecycle import Role

router = Router("patrol")

SHOWN = 5
PATROL_LIFE = timedelta(minutes=30)  # a place sent so soon after 「打卡」 is the check-in
ROUND = "今天要看的有 {count} 件。点一下看详情；到了地方，发个位置就算打卡。"
NOTHING = "现在没有要看的。路上看到什么，发照片和一句话就行；到了地方，回复「打卡」再发位置。"
SEND_PLACE = "好，请发位置（点「+」选「位置」），就算打卡。只记这一个点，不记路线。"
CHECKED_IN = "打卡好了：{place}，{time}。看到什么，发照片和一句话。"
OUTSIDE = "这个位置不在{town}范围内，没有记。请到巡查的地方再发一次。"
WHY_NOT = "{number}「{type}」哪里没处理好？打几个字，处理人员会看到。"
TOLD = {
    "verify": "{number}「{type}」核查通过，谢谢。",
    "fail": "{number}「{type}」已让处理人员再去。",
    "inquired": "{number}「{type}」现场情况交上去了，谢谢。",
}
SEEN_WORDS = {SEEN_TRUE: "情况属实。", SEEN_FALSE: "现场没有看到。"}
FOUND = "记下了，又有了：已立案 {number}，派给{unit}。"
WELL = "记下了，没有再出现。谢谢。"
DROPPED = "好，先不说。回复「巡查」再看。"

PASSED, FAILED = "核查通过", "没处理好"
TRUE, FALSE = "属实", "不属实"
WALKERS = (Role.PATROL, Role.ROAD_CHIEF)
PASSES = Command("核查通过", "通过", roles=WALKERS)
FAILS = Command("没处理好", "核查未通过", "不通过", roles=WALKERS)
IS_TRUE = Command("情况属实", "属实", roles=WALKERS)
IS_FALSE = Command("不属实", "没有这回事", roles=WALKERS)

is_walker = is_a(*WALKERS)
asks_round = says("巡查", "巡查任务", "今天看哪里")
asks_work = says("待办", "我的待办", "任务", "我的任务")


def only_walks(scene: Scene) -> bool:
    """Tell whether 「待办」 means the round: officers and dispatchers have other work."""
    works = is_a(Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.ADMIN)
    return asks_work(scene) and not works(scene)


@router.on(is_walker, either(asks_round, only_walks))
async def show_round(scene: Scene) -> Reply:
    """List what waits to be looked at: checks, look-backs, open cases on one's road."""
    cases = await list_to_check(scene.person)
    backs = await list_look_backs(scene.person)
    road = await list_on_road(scene.person) if scene.person.is_a(Role.ROAD_CHIEF) else []
    lines = [Choice(SHOW_WORK + case.number, label(scene, case, "核查")) for case in cases]
    lines += [Choice(SHOW_WORK + back.case.number, label(scene, back.case, "回头看")) for back in backs]
    known = {line.id for line in lines}
    lines += [
        Choice(SHOW_WORK + case.number, label(scene, case))
        for case in road
        if SHOW_WORK + case.number not in known
    ]
    scene.talk.begin("patrol", scene.now)
    return Text(ROUND.format(count=len(lines)), tuple(lines[:SHOWN])) if lines else Text(NOTHING)


@router.on(is_walker, says("打卡", "巡查打卡", "签到"))
async def begin_check_in(scene: Scene) -> Reply:
    """Ask for the place."""
    scene.talk.begin("patrol", scene.now)
    return Text(SEND_PLACE)


@router.on(is_walker, warm("patrol", within=PATROL_LIFE), kind("location"))
async def check_in(scene: Scene) -> Reply:
    """Keep that they were there: one point, never a track."""
    point = GcjPoint(scene.incoming.lat or 0.0, scene.incoming.lng or 0.0)
    place = scene.town.atlas.areas_at(point)
    if not place.inside:
        return Text(OUTSIDE.format(town=scene.town.city.name))
    await note_visit(scene.person, point, place, now=scene.now)
    time = f"{local(scene.now):%H:%M}"
    return Text(CHECKED_IN.format(place=place.name, time=time))


@router.on(is_walker, either(PASSES, chose(CHECKED), picked(PASSED)))
async def pass_check(scene: Scene) -> Reply:
    """The work is done as it should be."""
    found = await _find(scene, PASSED, "verify", _said(scene, PASSED, PASSES, CHECKED))
    return found if isinstance(found, Text) else await _check(scene, found.number, "verify", "")


@router.on(is_walker, either(FAILS, chose(NOT_DONE), picked(FAILED)))
async def ask_why(scene: Scene) -> Reply:
    """Send the work back with what is wrong; ask for it where it is not said."""
    said = _said(scene, FAILED, FAILS, NOT_DONE)
    if not said.number and warm("patrol_fail")(scene):
        said = replace(said, number=scene.talk.data["number"])
    found = await _find(scene, FAILED, "fail", said)
    if isinstance(found, Text):
        return found
    if said.words:
        return await _check(scene, found.number, "fail", said.words)
    await check_move(found, _move(scene, "fail"), town=scene.town, now=scene.now)
    scene.talk.begin("patrol_fail", scene.now, number=found.number)
    return Text(WHY_NOT.format(**words_of(scene, found)))


@router.on(is_walker, warm("patrol_fail"), stops)
async def drop(scene: Scene) -> Reply:
    """Leave it open."""
    scene.talk.end(scene.now)
    return Text(DROPPED)


@router.on(is_walker, warm("patrol_fail"), kind("text"), never(is_other_word))
async def fail_check(scene: Scene) -> Reply:
    """Send the work back with what is wrong."""
    return await _check(scene, scene.talk.data["number"], "fail", scene.text)


@router.on(is_walker, either(IS_TRUE, IS_FALSE, chose(SEEN_TRUE, SEEN_FALSE), picked(TRUE, FALSE)))
async def say_seen(scene: Scene) -> Reply:
    """Say whether it is as reported, in the words that came with it or our own."""
    true = IS_TRUE(scene) or chose(SEEN_TRUE)(scene) or picked(TRUE)(scene)
    order, command, tap = (TRUE, IS_TRUE, SEEN_TRUE) if true else (FALSE, IS_FALSE, SEEN_FALSE)
    said = _said(scene, order, command, tap)
    found = await _find(scene, order, "inquired", said)
    if isinstance(found, Text):
        return found
    draft = draft_of(scene)
    photos = draft.evidence if not draft.text else ()  # sent before the answer: they show what was seen
    words = SEEN_WORDS[tap] + said.words
    return await _check(scene, found.number, "inquired", words, photos=photos)


@router.on(chose(FOUND_AGAIN, ALL_WELL))
async def say_again(scene: Scene) -> Reply:
    """Say whether the thing at the shop is there again; if so, a case is opened."""
    found = scene.choice.startswith(FOUND_AGAIN)
    opened = await answer_look_back(
        scene.person, scene.choice[2:], found=found, town=scene.town, now=scene.now
    )
    return Text(FOUND.format(**words_of(scene, opened))) if opened else Text(WELL)


def _said(scene: Scene, order: str, command: Command, tap: str) -> Said:
    """Return the number and the words of the order, however it was given."""
    if picked(order)(scene):
        return read_pick(scene)
    return Said(chosen(scene, tap)) if scene.choice else command.read(scene.text)


async def _find(scene: Scene, order: str, step: str, said: Said) -> Case | Text:
    """Return the case that this person was asked to look at and means, or the question which one."""
    sought = Sought(order, (CASE_FLOW.steps[step].source,), await list_to_check(scene.person))
    return await find_sought(scene, sought, said)


async def _check(scene: Scene, number: str, step: str, words: str, *, photos: tuple[int, ...] = ()) -> Reply:
    case = await find_whole(number)
    scene.talk.end(scene.now)
    move = replace(_move(scene, step), note=words, evidence=photos)
    try:
        case = await move_case(case.id, move, town=scene.town, now=scene.now)
    except Refusal as refusal:
        return Text(refusal.sentence)
    return Text(TOLD[step].format(**words_of(scene, case)))


def _move(scene: Scene, step: str) -> Move:
    role = Role.PATROL if scene.person.is_a(Role.PATROL) else Role.ROAD_CHIEF
    return Move(step, Actor(role, scene.person))
