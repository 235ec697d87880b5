"""What is asked of a case, and what each step changes on its row besides the state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.cases.clocks import dump_clock, extend_clock, is_late, load_clock
from models.cases.states import CONSULTATION
from models.cases.tables import Case
from models.cases.timings import HANDLING
from models.city.city import GcjPoint
from models.city.settings import setting
from models.lifecycle import Role
from models.people import Person
from models.town import Town


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, and as what; ``client`` names the token, system or contractor through which it came."""

    role: Role
    person: Person | None = None
    client: str = ""
    unit: str = ""  # a program's: the only unit that it may act for, "" for every unit


REQUESTS = {"extension": ("extend", "refuse_extension"), "suspension": ("suspend", "refuse_suspension")}
REQUESTS |= {"appeal": ("grant_appeal", "refuse_appeal")}  # kind -> the steps that grant and refuse it

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
    client: str = ""  # the token or system through which it came
    shop_id: int | None = None
    note: str = ""  # what the desk reads of it besides
    instances: tuple[int, ...] = ()  # ids of the cases whose common cause this one is about
    guessed: str = ""  # the type that we had said before the person named another


@dataclass(frozen=True, slots=True)
class Move:
    """One step as asked for."""

    step: str
    actor: Actor
    note: str = ""
    evidence: tuple[int, ...] = ()
    unit: str = ""  # dispatch: to this unit instead of the case's own
    person_id: int | None = None  # reassign: to whom
    until: datetime | None = None  # suspend: when the work goes on
    metres: float | None = None  # hand_back: how far from the case its place was sent
    contractor: str = ""  # entrust: to whom
    undone_after: int = 0  # undo: the rows of the history after this one are taken back
    more: Mapping[str, str] = field(default_factory=dict)  # further words for the sentences of this step


def request_kind(case: Case) -> str:
    """Return which kind of request of the case waits for an answer of the desk, or ""."""
    return next((kind for kind in REQUESTS if kind in case.asked), "")


def unhappy_step(case: Case) -> str:
    """Return what a 不满意 does: nobody worked on it, ask again; the first time, rework; then a person decides."""
    if case.type == CONSULTATION or (case.handler_id is None and not case.handed_back_at):
        return "ask_again"
    return "rework" if case.reworked == 0 else "complain"


def _dispatched(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    unit = move.unit or case.unit
    if unit != case.unit:
        case.unit = unit
        case.clocks.pop(HANDLING, None)  # another unit has the whole limit
    case.handler_id, case.assignee_id, case.contractor = None, None, ""
    forget_requests(case, "untaken")


def _taken(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    case.handler_id = move.actor.person.id if move.actor.person else None
    forget_requests(case, "untaken")


def _reassigned(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    case.handler_id, case.assignee_id = None, move.person_id
    forget_requests(case, "untaken")


def _entrusted(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    case.contractor = move.contractor
    if case.handler_id is None and move.actor.person:
        case.handler_id = move.actor.person.id


def _handed_back(case: Case, move: Move, town: Town, now: datetime) -> None:
    case.handed_back_at = now
    if move.actor.person:
        case.asked = {**case.asked, "handed_by": move.actor.person.id}
    case.late = case.late or _is_late(case, town, now)
    if case.handler_id is None and move.actor.person:
        case.handler_id = move.actor.person.id


def _returned(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.handler_id = case.assignee_id = None
    case.returned += 1


def _verified(case: Case, move: Move, town: Town, _now: datetime) -> None:
    case.checker_id = move.actor.person.id if move.actor.person else None
    case.asked = {**case.asked, "checked_by": case.checker_id}
    case.drawn = is_drawn(case.head, setting(town.city, "second_look_share", case.type))


def _looked(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.checker_id = None  # asked and answered


def _failed(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.checker_id, case.drawn = None, False


def _talked(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    if move.step == "tell" and move.actor.person:
        case.handler_id = move.actor.person.id
    case.closed_at, case.rating = None, ""


def _closed(case: Case, _move: Move, _town: Town, now: datetime) -> None:
    case.closed_at, case.rating = now, ""


def _reworked(case: Case, move: Move, town: Town, _now: datetime) -> None:
    case.reworked, case.closed_at, case.rating = case.reworked + 1, None, "unsatisfied"
    case.drawn, case.ladder = False, 0
    if move.actor.role in {Role.REPORTER, Role.FOLLOWER}:
        case.reopened += 1
    if setting(town.city, "rework_fresh", case.type):
        case.clocks.pop(HANDLING, None)


def _reopened(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.closed_at, case.rating = None, "unsatisfied"


def _rated(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    case.rating = {"rate": "satisfied", "complain": "unsatisfied", "lapse": "unrated"}[move.step]
    if move.step == "complain":
        case.reopened += 1
        case.ladder = 3


def _corrected(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.clocks.pop(HANDLING, None)


def _paused(case: Case, move: Move, _town: Town, _now: datetime) -> None:
    case.suspended += 1
    forget_requests(case, "suspension")
    if move.until:
        case.asked = {**case.asked, "until": move.until.isoformat()}


def _resumed(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    forget_requests(case, "until")


def _unlinked(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.same_as_id = None


def _asks(kind: str) -> "Effect":
    def note_request(case: Case, move: Move, _town: Town, now: datetime) -> None:
        case.asked = {**case.asked, kind: {"note": move.note, "at": now.isoformat()}}
        if move.until:
            case.asked[kind]["until"] = move.until.isoformat()
        case.waiting = True

    return note_request


def _refuses(kind: str) -> "Effect":
    def forget_request(case: Case, _move: Move, _town: Town, now: datetime) -> None:
        forget_requests(case, kind)
        if kind == "appeal":
            case.asked = {**case.asked, "appealed": now.isoformat()}

    return forget_request


def _extended(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.extended += 1
    forget_requests(case, "extension")
    case.clocks = {**case.clocks, HANDLING: dump_clock(extend_clock(load_clock(case.clocks[HANDLING])))}
    case.ladder = 0


def _excused(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.excused = True
    forget_requests(case, "appeal")


def _climbs(rung: int) -> "Effect":
    def climb(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
        case.ladder = max(case.ladder, rung)
        case.late = case.late or rung >= 2

    return climb


def _untaken(case: Case, _move: Move, _town: Town, now: datetime) -> None:
    case.asked = {**case.asked, "untaken": now.isoformat()}


def _supervised(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
    case.ladder = 3


def _flags(flagged: bool) -> "Effect":
    def put(case: Case, _move: Move, _town: Town, _now: datetime) -> None:
        case.flagged = flagged

    return put


def is_drawn(head: str, share: float) -> bool:
    """Tell whether a closing gets a second look; ``head`` is the hash of the history so far: nobody can choose it."""
    return int(head[:8] or "0", 16) < share * 16**8


def _is_late(case: Case, town: Town, now: datetime) -> bool:
    clock = case.clocks.get(HANDLING)
    return now > case.due_at if clock is None else is_late(load_clock(clock), now, town.city.calendar)


def forget_requests(case: Case, *kinds: str) -> None:
    """Drop what was asked for, if it was; the desk has no more to answer than what is left."""
    if not any(kind in case.asked for kind in kinds):
        return
    case.asked = {name: told for name, told in case.asked.items() if name not in kinds}
    case.waiting = any(name in case.asked for name in REQUESTS)


Effect = Callable[[Case, Move, Town, datetime], None]
EFFECTS: dict[str, Effect] = {
    "dispatch": _dispatched,
    "take": _taken,
    "reassign": _reassigned,
    "entrust": _entrusted,
    "hand_back": _handed_back,
    "return": _returned,
    "verify": _verified,
    "inquired": _looked,
    "fail": _failed,
    "no_proof": _failed,
    "close": _closed,
    "close_along": _closed,
    "answer": _closed,
    "ask_again": _reopened,
    "tell": _talked,
    "say": _talked,
    "end_talk": _closed,
    "rework": _reworked,
    "order_rework": _reworked,
    "rate": _rated,
    "complain": _rated,
    "lapse": _rated,
    "correct": _corrected,
    "suspend": _paused,
    "resume": _resumed,
    "unlink": _unlinked,
    "ask_extension": _asks("extension"),
    "ask_suspension": _asks("suspension"),
    "appeal": _asks("appeal"),
    "extend": _extended,
    "refuse_extension": _refuses("extension"),
    "refuse_suspension": _refuses("suspension"),
    "grant_appeal": _excused,
    "refuse_appeal": _refuses("appeal"),
    "hand_up": _untaken,
    "warn": _climbs(1),
    "overdue": _climbs(2),
    "supervise": _supervised,
    "flag": _flags(True),
    "unflag": _flags(False),
}
