"""Orders about one case, in words or by a tap: more time, a pause, a colleague, and what the desk answers."""

from dataclasses import replace

from handlers.chat.case_talk import (
    Said,
    chosen,
    find_whole,
    is_another_word,
    is_no_reason,
    stops,
    warm,
    words_of,
)
from handlers.chat.order_table import BY_NAME, ORDERS, Order, may_fit, states_of, step_of
from handlers.chat.templates import chosen_words, offer_words
from handlers.chat.which_case import Sought, find_sought, picked, read_pick
from handlers.kit.filters import chose, either, is_a, kind, never, says
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.audience import units_of
from models.cases.crews import list_deaf_units
from models.cases.moves import Actor, Move
from models.cases.queries import list_desk, list_handled, list_talks, list_work
from models.cases.states import DESK
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.talking import TOPIC as TALK
from models.cases.taps import TEMPLATE, UNDO
from models.cases.undoing import undo_step
from models.errors import Refusal
from models.lifecycle import Role

router = Router("orders")

LOOKED_AT = 50
DROPPED = "好，先不办。回复「待办」再看。"
UNDONE = "{number}「{type}」的「{step}」撤销了，现在是「{state}」。"
ENDS_TALK = ("结束", "结束对话")
PAUSED = "，暂缓到 {until}"
NOT_WAITING = "这件没有等您批的申请。回复「待办」看看。"

is_field = is_a(Role.OFFICER, Role.LEADER, *sorted(DESK))


def is_order(scene: Scene) -> bool:
    """Tell whether the message is an order of this table that this person may give."""
    return _heard(scene) is not None


@router.on(is_field, either(says("撤销", "撤销上一步", "点错了"), chose(UNDO)))
async def undo(scene: Scene) -> Reply:
    """Take back the last step, as long as it is fresh and nobody went on from it."""
    case, step = await undo_step(_actor(scene), town=scene.town, now=scene.now)
    scene.talk.end(scene.now)
    return Text(UNDONE.format(step=step, **words_of(scene, case)))


@router.on(is_field, is_order)
async def give(scene: Scene) -> Reply:
    """Carry an order out; one without a number is about the only case that it fits, else we ask which."""
    heard = _heard(scene)
    assert heard is not None, "the filter heard one"  # noqa: S101
    order, said = heard
    if not said.number and warm("order")(scene) and scene.talk.data["order"] == order.name:
        said = replace(said, number=scene.talk.data["number"])  # the same order again, now with its words
    found = await find_sought(scene, await _sought(scene, order), said)
    if isinstance(found, Text):
        return found
    move = _move(scene, order, found)
    if order.ask and order.asks_first:
        await check_move(found, move, town=scene.town, now=scene.now)
    if order.ask and not said.words:
        scene.talk.begin("order", scene.now, order=order.name, number=found.number)
        choices = offer_words(scene, found, step_of(order, found))
        return Text(order.ask.format(**words_of(scene, found)), choices)
    return await _carry_out(scene, order, found, said.words)


@router.on(is_field, warm("order"), stops)
async def drop(scene: Scene) -> Reply:
    """Leave the case as it is."""
    scene.talk.end(scene.now)
    return Text(DROPPED)


@router.on(is_field, warm("order"), is_no_reason)
async def ask_again(scene: Scene) -> Reply:
    """A mere yes does not say what we asked."""
    case, order = await find_whole(scene.talk.data["number"]), BY_NAME[scene.talk.data["order"]]
    return Text(order.ask.format(**words_of(scene, case)), offer_words(scene, case, step_of(order, case)))


@router.on(is_field, warm("order"), either(kind("text"), chose(TEMPLATE)), never(is_another_word))
async def hear_words(scene: Scene) -> Reply:
    """Take the words that the order still needed."""
    case, order = await find_whole(scene.talk.data["number"]), BY_NAME[scene.talk.data["order"]]
    scene.talk.end(scene.now)
    try:
        return await _carry_out(scene, order, case, chosen_words(scene, case, step_of(order, case)))
    except Refusal as refusal:  # leave the topic, or every word would end here
        return Text(refusal.sentence)


async def _carry_out(scene: Scene, order: Order, case: Case, words: str) -> Reply:
    await order.carry(scene, case, _move(scene, order, case), words)
    await case.refresh_from_db()
    scene.talk.end(scene.now)
    link = scene.town.links.contractor(case.id, case.contractor, now=scene.now) if case.contractor else ""
    said = words_of(scene, case)
    paused = PAUSED.format(**said) if case.state == "suspended" else ""
    return Text(order.done.format(**said, work_link=link, paused=paused))


async def _sought(scene: Scene, order: Order) -> Sought:
    """Return what the order may be about: what waits for the speaker, then what else its step can be taken with."""
    waiting = await _at_desk(scene) if order.desk else await _work(scene, order)
    return Sought(order.name, states_of(order), waiting, lambda case: may_fit(order, case))


async def _at_desk(scene: Scene) -> list[Case]:
    deaf = await list_deaf_units(scene.town.city, now=scene.now)
    return [*await list_desk(limit=LOOKED_AT, deaf=deaf), *await list_talks(scene.person)]


async def _work(scene: Scene, order: Order) -> list[Case]:
    units = units_of(scene.person, city=scene.town.city, now=scene.now)
    work = await list_work(scene.person, units=units, limit=LOOKED_AT)
    ended = await list_handled(scene.person) if order.step in {"appeal", "answer_supervision"} else []
    return list({case.id: case for case in [*work, *ended]}.values())


def _heard(scene: Scene) -> tuple[Order, Said] | None:
    is_desk = any(scene.person.is_a(role) for role in DESK)
    for order in ORDERS:
        if (order.desk and not is_desk) or (order.step == "end_talk" and _ends_own(scene)):
            continue
        if picked(order.name)(scene):
            return order, read_pick(scene)
        if scene.choice.startswith(order.tap):
            return order, Said(chosen(scene, order.tap))
        if order.said(scene):
            return order, order.said.read(scene.text)
    return None


def _ends_own(scene: Scene) -> bool:
    """Tell whether a mere 「结束」 ends what this person is telling themselves, as any citizen may."""
    return scene.talk.topic in {"supplement", TALK} and not scene.choice and says(*ENDS_TALK)(scene)


def _move(scene: Scene, order: Order, case: Case) -> Move:
    step = step_of(order, case)
    if not step:
        raise Refusal(NOT_WAITING)
    return Move(step, _actor(scene, desk=order.desk))


def _actor(scene: Scene, *, desk: bool = False) -> Actor:
    """Return the person in the role in which the order is given."""
    person = scene.person
    roles = (
        (Role.ADMIN, Role.DISPATCHER) if desk else (Role.LEADER, Role.OFFICER, Role.DISPATCHER, Role.ADMIN)
    )
    return Actor(next((role for role in roles if person.is_a(role)), Role.OFFICER), person)
