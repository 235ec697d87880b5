"""What is asked of a case, and what each step changes on its row besides the state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from models.cases.tables import Case
from models.city.city import GcjPoint
from models.lifecycle import Role
from models.people import Person


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, and as what."""

    role: Role
    person: Person | None = None


RULE = Actor(Role.RULE)
TIMER = Actor(Role.CLOCK)


@dataclass(frozen=True, slots=True)
class Report:
    """All that is needed to open a case; ``point`` is None where only words tell the place."""

    type: str
    text: str
    point: GcjPoint | None
    address: str = ""
    evidence: tuple[int, ...] = ()
    urgent: bool = False
    small_class: str = ""
    source: str = "随手拍"
    origin: str | None = None  # a key: the same origin never opens a second case


@dataclass(frozen=True, slots=True)
class Move:
    """One step as asked for."""

    step: str
    actor: Actor
    note: str = ""
    evidence: tuple[int, ...] = field(default_factory=tuple)
    unit: str = ""  # dispatch only: to this unit instead of the case's own


def unhappy_step(case: Case) -> str:
    """Return what a 不满意 does: nobody worked on it, ask again; the first time, rework; then a person decides."""
    if case.handler_id is None:
        return "ask_again"
    return "rework" if case.reworked == 0 else "complain"


def _dispatched(case: Case, move: Move, _now: datetime) -> None:
    case.unit = move.unit or case.unit


def _taken(case: Case, move: Move, _now: datetime) -> None:
    case.handler_id = move.actor.person.id if move.actor.person else None


def _handed_back(case: Case, move: Move, now: datetime) -> None:
    case.handed_back_at = now
    if case.handler_id is None and move.actor.person:
        case.handler_id = move.actor.person.id


def _returned(case: Case, _move: Move, _now: datetime) -> None:
    case.handler_id = None


def _closed(case: Case, _move: Move, now: datetime) -> None:
    case.closed_at = now


def _reworked(case: Case, _move: Move, _now: datetime) -> None:
    case.reworked, case.closed_at, case.rating = case.reworked + 1, None, "unsatisfied"


def _reopened(case: Case, _move: Move, _now: datetime) -> None:
    case.closed_at, case.rating = None, "unsatisfied"


def _rated(case: Case, move: Move, _now: datetime) -> None:
    case.rating = {"rate": "satisfied", "complain": "unsatisfied", "lapse": "unrated"}[move.step]


Effect = Callable[[Case, Move, datetime], None]
EFFECTS: dict[str, Effect] = {
    "dispatch": _dispatched,
    "take": _taken,
    "hand_back": _handed_back,
    "return": _returned,
    "close": _closed,
    "answer": _closed,
    "ask_again": _reopened,
    "rework": _reworked,
    "order_rework": _reworked,
    "rate": _rated,
    "complain": _rated,
    "lapse": _rated,
}
