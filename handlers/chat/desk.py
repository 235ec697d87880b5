"""The dispatchers' desk in chat: what waits, and one order each to send out, answer, check and decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from handlers.chat.case_talk import (
    Command,
    Said,
    chosen,
    find_whole,
    is_another_word,
    is_no_reason,
    stops,
    warm,
    words_of,
)
from handlers.chat.officer import asks_work
from handlers.chat.templates import chosen_words, offer_words
from handlers.chat.unit_words import find_unit
from handlers.chat.which_case import Sought, find_sought, picked, read_pick
from handlers.chat.work_words import list_lines
from handlers.kit.filters import chose, either, is_a, kind, never
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case, redirect_case
from models.cases.audience import units_of
from models.cases.crews import list_deaf_units
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, Move
from models.cases.queries import is_talk, list_desk, list_talks, list_work
from models.cases.states import AT_WORK, DESK
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.talking import tell_reporter
from models.cases.taps import ANSWER, CHECKED, NOT_DONE, REDO, SEND_OUT, TEMPLATE, TURN_DOWN
from models.errors import Refusal
from models.lifecycle import Role
from models.people import Person

router = Router("desk")

LOOKED_AT = 50
NO_WORK = "现在没有等您的案件。有新的会发到这里。"
WORK = "等您的有 {count} 件，急的在前。点一下或回复数字："
DROPPED = "好，先不办。回复「待办」再看。"
ASK_UNIT = "{number}「{type}」派给哪个单位？打单位的名字；还让{unit}去，回复「原单位」。"
NOBODY_THERE = (
    "{number}「{type}」已派给{unit}，可那里现在没有人能接，还在您的待办里。换单位：「派 {number} 单位名」。"
)
SAME_UNIT = ("原单位", "还是原单位", "原来的单位", "还是他们")
ASK_NOTE = {
    "fail": "{number}「{type}」哪里没处理好？打几个字，处理人员会看到。",
    "reject": "{number}「{type}」为什么不受理？打几个字，会告诉上报人。",
    "answer": "{number}「{type}」怎么答复？打在下面，直接发给对方。",
    "tell": "{number}「{type}」怎么答复？打在下面，直接发给对方。",
    "explain": "{number}「{type}」怎么向对方说明？打在下面，直接发给对方。",
}
DONE = {
    "close": "{number}「{type}」核查通过，已办结，已请上报人评价。",
    "second_look": "{number}「{type}」核查通过。这件抽到复核，由另一位同事再看一次。",
    "fail": "{number}「{type}」已让{unit}再去处理。",
    "dispatch": "{number}「{type}」已派给{unit}。",
    "reject": "{number}「{type}」不受理，原因已告诉上报人。",
    "answer": "{number}「{type}」已答复。",
    "tell": "{number}「{type}」已答复，对方接着说的会发给您。说完了回复「结束 {number}」。",
    "explain": "{number}「{type}」已向对方说明。",
    "order_rework": "{number}「{type}」已让{unit}返工。",
}
ANSWERED_BY = "{name}正在答这一件，您也可以接着答，对方的话以后会发给您。\n"


@dataclass(frozen=True, slots=True)
class Order:
    """What may be ordered: its step (or another in some states), the words for it, its choice.

    ``rarely``: the states from which it can be ordered too, where nothing else is meant.
    """

    step: str
    said: Command
    prefix: str
    name: str
    other: Mapping[str, str] = field(default_factory=dict)
    rarely: frozenset[str] = frozenset()


def _said(*words: str) -> Command:
    return Command(*words, roles=DESK)


ORDERS = (
    Order("verify", _said("核查通过", "通过"), CHECKED, "核查通过", {"verified": "close"}),
    Order("fail", _said("没处理好", "核查未通过", "不通过"), NOT_DONE, "退回处理"),
    Order("dispatch", _said("派", "派单", "派给", "派人"), SEND_OUT, "派人", rarely=AT_WORK),
    Order("reject", _said("不受理"), TURN_DOWN, "不受理"),
    Order("answer", _said("答", "答复"), ANSWER, "答复", {"disputed": "explain"}, frozenset({"closed"})),
    Order("order_rework", _said("返工"), REDO, "返工", rarely=frozenset({"rated"})),
)
TELL = {"answer": "tell"}
is_desk = is_a(*sorted(DESK))


def step_of(given: Order, case: Case) -> str:
    """Return the step that the order means for this case: an answer in a talk leaves it open."""
    if given.step in TELL and is_talk(case):
        return TELL[given.step]
    return given.other.get(case.state, given.step)


def is_order(scene: Scene) -> bool:
    """Tell whether the message orders something, in words or by a tap."""
    return _heard(scene) is not None


@router.on(is_desk, asks_work)
async def show_desk(scene: Scene) -> Reply:
    """List what waits at the desk, and for who is an officer too, what waits outside."""
    cases = await _waiting(scene)
    if scene.person.is_a(Role.OFFICER):
        units = units_of(scene.person, city=scene.town.city, now=scene.now)
        cases += await list_work(scene.person, units=units, limit=LOOKED_AT)
    unique = {case.id: case for case in cases}.values()
    cases = sorted(unique, key=lambda case: not case.urgent)
    return await list_lines(scene, cases, WORK.format(count=len(cases))) if cases else Text(NO_WORK)


@router.on(is_desk, is_order)
async def order(scene: Scene) -> Reply:
    """Carry an order out; one without a number is about the only case that it fits, else we ask which."""
    heard = _heard(scene)
    assert heard is not None, "the filter heard one"  # noqa: S101
    given, said = heard
    if not said.number and scene.talk.topic in {given.step, TELL.get(given.step)} and warm(*ASK_NOTE)(scene):
        said = replace(said, number=scene.talk.data["number"])  # the same order again, now with its words
    found = await find_sought(scene, await _sought(scene, given), said)
    if isinstance(found, Text):
        return found
    step = step_of(given, found)
    move = _move(scene, step, said.words)
    if step == "dispatch":
        move = replace(move, note="", unit=find_unit(scene.town.city, said.words, found))
        if (
            found.state in {"returned", *AT_WORK} and scene.choice
        ):  # a tap does not say whether the same unit goes again
            scene.talk.begin("dispatch_to", scene.now, number=found.number)
            return Text(ASK_UNIT.format(**words_of(scene, found)))
        if found.state in AT_WORK:
            return await _carry_out(scene, found, move)
    chain = await check_move(found, move, town=scene.town, now=scene.now)
    if "note" in chain.needs and not said.words:
        scene.talk.begin(step, scene.now, number=found.number)
        asked = await _who_answers(scene, found) + ASK_NOTE[step].format(**words_of(scene, found))
        return Text(asked, offer_words(scene, found, step))
    return await _carry_out(scene, found, move)


@router.on(is_desk, warm(*ASK_NOTE, "dispatch_to"), stops)
async def drop(scene: Scene) -> Reply:
    """Leave the case as it is."""
    scene.talk.end(scene.now)
    return Text(DROPPED)


@router.on(is_desk, warm(*ASK_NOTE), is_no_reason)
async def ask_again(scene: Scene) -> Reply:
    """A mere yes is no reason and no answer."""
    case, step = await find_whole(scene.talk.data["number"]), scene.talk.topic
    return Text(ASK_NOTE[step].format(**words_of(scene, case)), offer_words(scene, case, step))


@router.on(is_desk, warm("dispatch_to"), kind("text"), never(is_another_word))
async def hear_unit(scene: Scene) -> Reply:
    """Send what came back to the unit that is named, or to the same one again."""
    case = await find_whole(scene.talk.data["number"])
    same = scene.text.strip("「」。 ") in SAME_UNIT
    unit = case.unit if same else find_unit(scene.town.city, scene.text, case)
    return await _carry_out(scene, case, replace(_move(scene, "dispatch"), unit=unit))


@router.on(is_desk, warm(*ASK_NOTE), either(kind("text"), chose(TEMPLATE)), never(is_another_word))
async def hear_note(scene: Scene) -> Reply:
    """Take the words that the order still needed."""
    case = await find_whole(scene.talk.data["number"])
    move = _move(scene, scene.talk.topic, chosen_words(scene, case, scene.talk.topic))
    scene.talk.end(scene.now)
    try:
        return await _carry_out(scene, case, move)
    except Refusal as refusal:  # it went on meanwhile: leave the topic, or every word would end here
        return Text(refusal.sentence)


async def _who_answers(scene: Scene, case: Case) -> str:
    """Say that a colleague is in the talk already; "" where nobody is, or where it is the speaker."""
    if not is_talk(case) or case.handler_id in {None, scene.person.id}:
        return ""
    colleague = await Person.get_or_none(id=case.handler_id, following=True)
    return ANSWERED_BY.format(name=colleague.name) if colleague else ""


async def _carry_out(scene: Scene, case: Case, move: Move) -> Reply:
    goes_on = move.step == "dispatch" and case.state in AT_WORK
    act = redirect_case if goes_on else tell_reporter if move.step == "tell" else move_case
    case = await act(case.id, move, town=scene.town, now=scene.now)
    scene.talk.end(scene.now)
    if move.step == "dispatch" and case.is_unassigned():
        return Text(NOBODY_THERE.format(**words_of(scene, case)))
    done = {"verify": "second_look" if case.state == "verified" else "close"}.get(move.step, move.step)
    return Text(DONE[done].format(**words_of(scene, case)))


async def _sought(scene: Scene, given: Order) -> Sought:
    """Return what the order may be about: what waits at the desk, then what is elsewhere."""
    sources = (CASE_FLOW.steps[step].source for step in (given.step, *given.other.values()))
    states = frozenset[str]().union(*sources)
    if given.step == "answer":
        states |= CASE_FLOW.steps["tell"].source
    tiers = tuple(filter(None, (states - given.rarely, given.rarely)))
    waiting = [*await _waiting(scene), *await list_talks(scene.person)]
    return Sought(
        given.name, tiers, waiting, lambda case: bool(CASE_FLOW.find(step_of(given, case), case.state))
    )


async def _waiting(scene: Scene) -> list[Case]:
    deaf = await list_deaf_units(scene.town.city, now=scene.now)
    return await list_desk(limit=LOOKED_AT, deaf=deaf)


def _heard(scene: Scene) -> tuple[Order, Said] | None:
    for given in ORDERS:
        if picked(given.name)(scene):
            return given, read_pick(scene)
        if scene.choice.startswith(given.prefix):
            return given, Said(chosen(scene, given.prefix))
        if given.said(scene):
            return given, given.said.read(scene.text)
    return None


def _move(scene: Scene, step: str, note: str = "") -> Move:
    role = Role.DISPATCHER if scene.person.is_a(Role.DISPATCHER) else Role.ADMIN
    return Move(step, Actor(role, scene.person), note)
