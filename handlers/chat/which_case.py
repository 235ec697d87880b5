"""Finds the case that an order of the staff means: by its number, its last four digits, or as the only one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handlers.chat.case_talk import WHOLE, Said, chosen, find_visible, label, warm
from handlers.kit.filters import Filter
from handlers.kit.reply import Choice, Text
from handlers.kit.scene import Scene
from models.cases.audience import reach_of
from models.cases.queries import list_by_tail, list_in_states
from models.cases.states import ENDED
from models.cases.tables import Case
from models.cases.taps import WHICH
from models.errors import Refusal

TOPIC = "which"  # of whom we asked which case an order means; the order and its words are kept
SHOWN = 5
ASK = "{what}哪一件？点一下或回复数字："
NOTHING = "没有可以{what}的案件。回复「待办」看看。"
NO_TAIL = "没有找到尾号 {number} 的案件。请核对一下，或回复「待办」看手上有什么。"
OTHERS = "没有找到尾号 {number} 的案件。可以{what}的有，点一下或回复数字："


def every(_case: Case) -> bool:
    """Any case will do."""
    return True


@dataclass(frozen=True, slots=True)
class Sought:
    """What an order is about.

    ``tiers`` are the states from which it can be carried out, what is meant more often before what is meant less;
    ``waiting`` is what waits for the speaker, among which one is meant that is not named at all.
    """

    order: str
    tiers: tuple[frozenset[str], ...]
    waiting: Sequence[Case] = ()
    fits: Callable[[Case], bool] = every

    @property
    def states(self) -> frozenset[str]:
        """Return all states from which the order can be carried out."""
        return frozenset().union(*self.tiers)


async def find_sought(scene: Scene, sought: Sought, said: Said) -> Case | Text:
    """Return the case that is meant, or the question which one, with the order and its words kept behind it.

    A case that is named but does not fit is returned too: its step says best why not. Raises Refusal for a number
    that nobody has.
    """
    if len(said.number) >= WHOLE:
        return await find_visible(scene, said.number)
    if said.number:
        return await _by_tail(scene, sought, said)
    waiting = _waiting(sought)
    if len(waiting) == 1:
        return waiting[0]
    fitting = waiting or await _elsewhere(
        scene, sought
    )  # what waits for nobody is asked about, also a single one
    return _ask(scene, sought, said, fitting) if fitting else Text(NOTHING.format(what=sought.order))


def picked(*orders: str) -> Filter:
    """Take the answer to our question which case one of these orders means."""
    asked = warm(TOPIC)
    return lambda scene: (
        scene.choice.startswith(WHICH) and asked(scene) and scene.talk.data["order"] in orders
    )


def read_pick(scene: Scene) -> Said:
    """Return the case that was picked, with the words that the order had."""
    return Said(chosen(scene, WHICH), scene.talk.data["words"])


async def _by_tail(scene: Scene, sought: Sought, said: Said) -> Case | Text:
    reach = reach_of(scene.person, city=scene.town.city, now=scene.now)
    found = await list_by_tail(said.number, states=sought.states, reach=reach)
    for tier in sought.tiers:
        fitting = [case for case in found if case.state in tier and sought.fits(case)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else _ask(scene, sought, said, fitting)
    if named := await list_by_tail(said.number, reach=reach, limit=1):
        return named[0]
    others = _waiting(sought) or await _elsewhere(scene, sought)
    if not others:
        raise Refusal(NO_TAIL.format(number=said.number))
    return replace(
        _ask(scene, sought, said, others), text=OTHERS.format(what=sought.order, number=said.number)
    )


def _waiting(sought: Sought) -> list[Case]:
    """Return what waits for the speaker and fits the order."""
    for tier in sought.tiers:
        waiting = [case for case in sought.waiting if case.state in tier and sought.fits(case)]
        if waiting:
            return waiting
    return []


async def _elsewhere(scene: Scene, sought: Sought) -> list[Case]:
    """Return what is still under way and fits the order, whoever it waits for."""
    going_on = sought.states - ENDED
    if not going_on:
        return []
    reach = reach_of(scene.person, city=scene.town.city, now=scene.now)
    return [case for case in await list_in_states(going_on, reach=reach) if sought.fits(case)]


def _ask(scene: Scene, sought: Sought, said: Said, cases: Sequence[Case]) -> Text:
    before = [scene.talk.topic, scene.talk.data] if scene.talk.topic != TOPIC else scene.talk.data["before"]
    scene.talk.begin(TOPIC, scene.now, order=sought.order, words=said.words, before=before)
    choices = tuple(Choice(WHICH + case.number, label(scene, case)) for case in cases[:SHOWN])
    return Text(ASK.format(what=sought.order), choices)
