"""Who may read a case on its page, and what of it each may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.cases.masking import mask_personal
from models.cases.queries import is_involved
from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence
from models.people import Person

TOLD_ALL = frozenset(
    {"reject", "close", "extend", "suspend"}
)  # whose words all who follow the case were told
TOLD_REPORTER = TOLD_ALL | {"answer", "explain", "ask_back", "tell"}


# Steps between the staff: who reported or joined need not read them.
INTERNAL = frozenset(
    {
        "queue",
        "prompt",
        "alert",
        "hand_up",
        "hand_on",
        "entrust",
        "note",
        "ask_extension",
        "refuse_extension",
        "ask_suspension",
        "warn",
    }
    | {"refuse_suspension", "supervise", "answer_supervision", "call_in", "late_dispatch", "late_check"}
    | {"wake_higher", "flag", "progress", "unflag", "inquire", "inquired", "second_look", "appeal"}
    | {"grant_appeal", "refuse_appeal", "reassign", "late_inquiry", "call_back", "no_proof"}
)


class Reading(StrEnum):
    """As what somebody reads a case."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Reader:
    """A person before one case."""

    person_id: int
    reading: Reading

    @property
    def is_staff(self) -> bool:
        """Tell whether they read it for work."""
        return self.reading is Reading.STAFF


async def find_reader(case_id: int, person_id: int) -> tuple[Case, Reader] | None:
    """Return the case and as what this person reads it; None when they may not, or are known to us no more.

    A role taken away or an identity erased closes every link that was sent before.
    """
    case = await Case.get_or_none(id=case_id)
    person = await Person.get_or_none(id=person_id)
    if case is None or person is None or not person.openid:
        return None
    if person.is_staff:
        return case, Reader(person.id, Reading.STAFF)
    if case.reporter_id == person.id:
        return case, Reader(person.id, Reading.REPORTER)
    if await is_involved(case, person):
        return case, Reader(person.id, Reading.FOLLOWER)
    return None


def is_public(event: CaseEvent) -> bool:
    """Tell whether the people of a case may read that this step was taken."""
    return event.step not in INTERNAL


def text_for(case: Case, reader: Reader) -> str:
    """Return the report's words: as they are for their author and the staff, masked for who joined."""
    return mask_personal(case.text) if reader.reading is Reading.FOLLOWER else case.text


def note_for(event: CaseEvent, reader: Reader, accepted: frozenset[int]) -> str:
    """Return what this reader may see of a step's note: all for staff, else their own words and what was told.

    ``accepted`` is what ``accepted_work`` says of the history.
    """
    if reader.is_staff or event.person_id == reader.person_id:
        return event.note
    told = TOLD_REPORTER if reader.reading is Reading.REPORTER else TOLD_ALL
    return mask_personal(event.note) if event.step in told or event.id in accepted else ""


def evidence_for(evidence: Sequence[Evidence], reader: Reader, accepted: frozenset[int]) -> list[Evidence]:
    """Return what this reader may see: all for staff, else what they sent and the work that passed its check.

    What another citizen photographed may show faces: it is released by a person, or by nobody.
    """
    if reader.is_staff:
        return list(evidence)
    return [
        piece
        for piece in evidence
        if (piece.event_id in accepted if piece.stage == "after" else piece.person_id == reader.person_id)
    ]


def accepted_work(history: Sequence[CaseEvent]) -> frozenset[int]:
    """Return the ids of the steps of work that a case was closed upon: what failed its check is not shown as done."""
    accepted: set[int] = set()
    waiting: set[int] = set()
    stood = {0: (frozenset[int](), frozenset[int]())}  # after each row
    for event in history:
        if event.step == "hand_back":
            waiting = {event.id}
        elif event.step == "proof":
            waiting.add(event.id)
        elif event.step in {"fail", "no_proof"}:
            waiting.clear()
        elif event.step == "undo":
            accepted, waiting = map(set, stood.get(event.data.get("after", 0), stood[0]))
        elif event.step == "close":
            accepted |= waiting
        stood[event.seq] = (frozenset(accepted), frozenset(waiting))
    return frozenset(accepted)


async def list_units(history: Sequence[CaseEvent]) -> dict[int, str]:
    """Return the unit codes of the staff who took these steps, by person id."""
    ids = {event.person_id for event in history if event.person_id is not None}
    staff = await Person.filter(id__in=ids, is_staff=True).values_list("id", "unit") if ids else []
    return dict(staff)
