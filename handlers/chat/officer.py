"""Officers' work in chat: see what waits, take it, hand it back with photo and words, or send it back."""

from dataclasses import replace
from datetime import timedelta

from handlers.chat.case_talk import (
    PIECES,
    Command,
    Said,
    ask_which,
    chosen,
    find_visible,
    find_whole,
    is_another_word,
    is_no_reason,
    is_number,
    is_other_word,
    is_tail,
    keep_piece,
    read_number,
    stops,
    warm,
    words_of,
)
from handlers.chat.follow_words import show_case
from handlers.chat.handing_back import (
    add_proof,
    ask_missing,
    begin_report,
    gather_pieces,
    read_done,
    says_done,
    sort_pieces,
    take_up,
)
from handlers.chat.templates import chosen_words, offer_words
from handlers.chat.which_case import SHOWN, Sought, find_sought, picked, read_pick
from handlers.chat.work_words import list_lines, show_card
from handlers.kit import keys
from handlers.kit.filters import chose, either, is_a, kind, menu, never, says, topic
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case
from models.cases.audience import is_theirs, reach_of, units_of
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, Move
from models.cases.queries import is_involved, list_by_tail, list_in_hand, list_work
from models.cases.states import DESK
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.taps import HAND_BACK, NEW_REPORT, SEND_BACK, SHOW_WORK, TAKE, TEMPLATE
from models.cases.words import metres_from
from models.city.settings import setting
from models.errors import Refusal
from models.lifecycle import Role

router = Router("officer")

OUTSIDE = (Role.OFFICER, Role.LEADER)
PROOF_LIFE = timedelta(minutes=2)  # photos of one roll arrive one by one, some of them after the words
LOOKED_AT = 50
TAKES = Command("接单", "接", roles=OUTSIDE)
HANDS_BACK = Command("办结", "处理完成", roles=OUTSIDE)
SENDS_BACK = Command("退回", "退回重派", "退单", roles=OUTSIDE)

NOT_STAFF = "「待办」是工作人员用的。看您报的案件，回复「进度」。工作人员请先发「绑定 绑定码」。"
NO_WORK = "现在没有要办的案件，辛苦了。有新的会发到这里。"
WORK = "要办的有 {count} 件，急的在前。点一下或回复数字："
WHICH_ONE = "{what}哪一件？点一下或回复数字："
TAKEN = "接好了，这件归您。办完发照片和几句话，回复「办结 {tail}」。"
FAR = "您离案件的位置有 {metres} 米，请看看是不是这一件。"
NEAR = "位置对得上。"
NO_HELP = "这种消息帮不上。"
DROPPED = "好，先不办。回复「待办」再看。"
ASK_REASON = "{number}「{type}」为什么退回？打几个字，例如「不归我们管，该找市政」。"
SENT_BACK = "{number}「{type}」已退回，派遣员会重新安排。"
NAMES = {"take": "接单", "hand_back": "办结", "return": "退回"}

is_officer = is_a(*OUTSIDE)
is_staff = is_a(Role.OFFICER, Role.LEADER, Role.PATROL, Role.ROAD_CHIEF, *sorted(DESK))
asks_work = either(says("待办", "我的待办", "任务", "我的任务"), menu(keys.WORK))
is_elsewhere = topic(
    "report", "supplement", "unhappy", "send_back", "human", "talk"
)  # a photo has its place there


@router.on(is_officer, asks_work)
async def show_work(scene: Scene) -> Reply:
    """List what waits, each with its clock."""
    return await _list(scene, await _work(scene))


@router.on(asks_work)
async def decline_work(scene: Scene) -> Reply:
    """Tell others that this is for the staff."""
    return Text(NOT_STAFF)


@router.on(is_staff, either(is_number, chose(SHOW_WORK)))
async def show_one(scene: Scene) -> Reply:
    """Open one case; somebody of the staff who reported it themselves sees it as its reporter."""
    case = await find_visible(scene, chosen(scene, SHOW_WORK) or read_number(scene.text))
    if await is_involved(case, scene.person) and not await _may_work(scene, case):
        return await show_case(scene, case)
    return await show_card(scene, case)


@router.on(is_staff, topic("", "which"), is_tail)
async def show_by_tail(scene: Scene) -> Reply | None:
    """Open a case by its last four digits: any within reach, those under way first."""
    reach = reach_of(scene.person, city=scene.town.city, now=scene.now)
    found = await list_by_tail(read_number(scene.text), reach=reach)
    found = [case for case in found if case.is_open] or found
    if len(found) > 1:
        return ask_which(scene, found[:SHOWN], SHOW_WORK, WHICH_ONE.format(what="看"))
    return await show_card(scene, found[0]) if found else None


@router.on(is_officer, either(TAKES, chose(TAKE), picked(NAMES["take"])))
async def take(scene: Scene) -> Reply:
    """Take a case: from now on it is this officer's."""
    found = await _meant(scene, "take", _said(scene, "take", TAKES, TAKE))
    if isinstance(found, Text):
        return found
    case = await move_case(found.id, _move(scene, "take"), town=scene.town, now=scene.now)
    if scene.talk.topic == "handed_back":  # the next photo shows this case, no longer the one handed back
        scene.talk.end(scene.now)
    return await show_card(scene, case, TAKEN.format(tail=case.number[-4:]))


@router.on(is_officer, either(HANDS_BACK, chose(HAND_BACK), picked(NAMES["hand_back"]), says_done))
async def hand_back(scene: Scene) -> Reply:
    """Begin to hand a case back with what is here already: photos sent before, words after the number."""
    said = _said(scene, "hand_back", HANDS_BACK, HAND_BACK)
    if picked(NAMES["hand_back"])(scene):  # the pieces that were here before we asked which
        before, kept = scene.talk.data["before"]
        scene.talk.begin(before, scene.now, **kept)
    goes_on = warm("hand_back")(scene)
    if goes_on and not said.number:
        said = replace(said, number=scene.talk.data["number"])
    found = await _meant(scene, "hand_back", said)
    if isinstance(found, Text):
        return found
    await check_move(found, _move(scene, "hand_back"), town=scene.town, now=scene.now)
    texts, photos = take_up(scene, found)
    return await gather_pieces(scene, found, [*texts, *filter(None, [said.words])], photos)


@router.on(is_officer, either(SENDS_BACK, chose(SEND_BACK), picked(NAMES["return"])))
async def send_back(scene: Scene) -> Reply:
    """Send a case back to the desk; the reason is asked for when it is missing."""
    said = _said(scene, "return", SENDS_BACK, SEND_BACK)
    if not said.number and warm("send_back")(scene):
        said = replace(said, number=scene.talk.data["number"])  # the same order again, now with its reason
    found = await _meant(scene, "return", said)
    if isinstance(found, Text):
        return found
    await check_move(found, _move(scene, "return"), town=scene.town, now=scene.now)
    if said.words:
        return await _send_back(scene, found, said.words)
    scene.talk.begin("send_back", scene.now, number=found.number)
    return Text(ASK_REASON.format(**words_of(scene, found)), offer_words(scene, found, "return"))


@router.on(is_officer, warm("hand_back", "send_back", "photo_for"), stops)
async def drop(scene: Scene) -> Reply:
    """Leave the case as it is."""
    scene.talk.end(scene.now)
    return Text(DROPPED)


@router.on(is_officer, warm("send_back"), is_no_reason)
async def ask_reason_again(scene: Scene) -> Reply:
    """A mere yes is no reason."""
    case = await find_whole(scene.talk.data["number"])
    return Text(ASK_REASON.format(**words_of(scene, case)), offer_words(scene, case, "return"))


@router.on(is_officer, warm("send_back"), either(kind("text"), chose(TEMPLATE)), never(is_another_word))
async def hear_reason(scene: Scene) -> Reply:
    """Take the words as the reason."""
    case = await find_whole(scene.talk.data["number"])
    return await _send_back(scene, case, chosen_words(scene, case, "return"))


@router.on(is_officer, warm("hand_back"), kind("text", *PIECES), never(is_other_word))
async def gather(scene: Scene) -> Reply:
    """Take a photo or words for the case being handed back."""
    case = await find_whole(scene.talk.data["number"])
    return await gather_pieces(scene, case, *await _with_piece(scene))


@router.on(is_officer, warm("hand_back"), kind("location"))
async def check_place(scene: Scene) -> Reply:
    """Say whether the place that was sent is the case's; the work goes on either way, the history keeps how far."""
    data = scene.talk.data
    case = await find_whole(data["number"])
    metres = metres_from(case, scene.incoming.lat, scene.incoming.lng)
    scene.talk.begin("hand_back", scene.now, **{**data, "metres": metres})
    far = metres is not None and metres > setting(scene.town.city, "photo_metres", case.type)
    told = FAR.format(metres=round(metres or 0)) if far else NEAR
    return Text(told + await ask_missing(scene, case, data["text"], data["evidence"]))


@router.on(is_officer, warm("hand_back"), kind("voice", "link"))
async def ask_again(scene: Scene) -> Reply:
    """Ask once more for what helps."""
    data = scene.talk.data
    case = await find_whole(data["number"])
    return Text(NO_HELP + await ask_missing(scene, case, data["text"], data["evidence"]))


@router.on(is_officer, warm("handed_back", within=PROOF_LIFE), kind(*PIECES))
async def prove(scene: Scene) -> Reply:
    """Put a photo that comes right after the words to the same case."""
    return await add_proof(scene, await find_whole(scene.talk.data["number"]), await keep_piece(scene))


@router.on(is_officer, warm("photo_for"), chose(NEW_REPORT))
async def report_it(scene: Scene) -> Reply:
    """The photo shows something new: it begins a report."""
    return begin_report(scene, scene.talk.data["text"], scene.talk.data["evidence"])


@router.on(is_officer, kind(*PIECES), never(is_elsewhere))
async def sort_photo(scene: Scene) -> Reply:
    """Ask what a photo that came alone belongs to; an officer with nothing in hand reports like anybody."""
    texts, photos = await _with_piece(scene) if warm("photo_for")(scene) else ([], [await keep_piece(scene)])
    return await sort_pieces(scene, texts, photos)


@router.on(is_officer, warm("photo_for"), kind("text"), never(is_other_word))
async def keep_words(scene: Scene) -> Reply:
    """Keep words that came with the photo, and ask again what both belong to."""
    return await sort_pieces(scene, *await _with_piece(scene))


async def _with_piece(scene: Scene) -> tuple[list[str], list[int]]:
    """Return words and evidence of the talk with what this message brings."""
    texts, photos = scene.talk.data["text"], scene.talk.data["evidence"]
    if scene.incoming.kind in PIECES:
        return texts, [*photos, await keep_piece(scene)]
    return [*texts, scene.text], photos


def _said(scene: Scene, step: str, command: Command, tap: str) -> Said:
    """Return the number and the words of the order, however it was given."""
    if picked(NAMES[step])(scene):
        return read_pick(scene)
    if scene.choice:
        return Said(chosen(scene, tap))
    return command.read(scene.text) if command(scene) else read_done(scene)


async def _meant(scene: Scene, step: str, said: Said) -> Case | Text:
    """Return the case of this officer's work that is meant, or the question which one."""
    waiting = await _work(scene)
    if step == "hand_back" and not said.number:
        waiting = await list_in_hand(scene.person) or waiting
        fitting = [case for case in waiting if case.state in CASE_FLOW.steps[step].source]
        if len(fitting) > 1:  # the pieces that are here already stay with the talk
            return ask_which(scene, fitting[:SHOWN], HAND_BACK, WHICH_ONE.format(what=NAMES[step]))
    return await find_sought(scene, Sought(NAMES[step], (CASE_FLOW.steps[step].source,), waiting), said)


async def _send_back(scene: Scene, case: Case, reason: str) -> Reply:
    scene.talk.end(scene.now)
    try:
        await move_case(case.id, _move(scene, "return", reason), town=scene.town, now=scene.now)
    except Refusal as refusal:  # it went on meanwhile: leave the topic, or every word would end here
        return Text(refusal.sentence)
    return Text(SENT_BACK.format(**words_of(scene, case)))


async def _work(scene: Scene) -> list[Case]:
    units = units_of(scene.person, city=scene.town.city, now=scene.now)
    return await list_work(scene.person, units=units, limit=LOOKED_AT)


async def _may_work(scene: Scene, case: Case) -> bool:
    if any(scene.person.is_a(role) for role in DESK):
        return True
    officer = Actor(Role.OFFICER, scene.person)
    return await is_theirs(case, officer, city=scene.town.city, now=scene.now)


async def _list(scene: Scene, cases: list[Case]) -> Reply:
    return await list_lines(scene, cases, WORK.format(count=len(cases))) if cases else Text(NO_WORK)


def _move(scene: Scene, step: str, note: str = "") -> Move:
    return Move(step, Actor(Role.OFFICER, scene.person), note)
