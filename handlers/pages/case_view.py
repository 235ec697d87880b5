"""Makes one case ready to be shown to one reader: everything is chosen and worded here, the template only sets it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.pages import case_words as say
from models.cases.queries import list_history
from models.cases.reading import (
    Reader,
    Reading,
    accepted_work,
    evidence_for,
    list_units,
    note_for,
    text_for,
)
from models.cases.states import CONSULTATION
from models.cases.tables import Case, CaseEvent
from models.cases.words import case_words, for_public, say_clock, say_moment, say_pause
from models.evidence import Evidence, Keeping, list_evidence
from models.lifecycle import Role
from models.town import Town


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its column; ``digest`` names it in the page's own address."""

    digest: str
    alt: str
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the timeline."""

    at: str
    moment: str  # for machines
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures before and after, other evidence to fetch, and what is still missing."""

    before: list[Picture] = field(default_factory=list)
    after: list[Picture] = field(default_factory=list)
    no_before: str = ""
    no_after: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)  # (digest, label)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that the page of a case shows."""

    number: str
    type: str
    urgent: bool
    look: str
    mark: str
    state: str
    behind: int  # stages done; 0 shows none
    facts: list[tuple[str, str]]
    text: str
    is_staff: bool
    gallery: Gallery
    shows_photos: bool  # even where there are none: their places say why
    lines: list[Line]
    next: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What all parts of a view are made from."""

    case: Case
    reader: Reader
    town: Town
    now: datetime
    history: list[CaseEvent]
    accepted: frozenset[int]

    @property
    def worked(self) -> bool:
        """Tell whether somebody goes to the place: a question is answered from the desk."""
        kind = self.town.city.case_types.get(self.case.type)
        if self.case.type == CONSULTATION:
            return False
        return self.case.handler_id is not None or (kind is not None and kind.handled and not self.answered)

    @property
    def answered(self) -> bool:
        """Tell whether the desk answered in words."""
        return any(event.step in {"answer", "tell"} for event in self.history)


async def view_case(case: Case, reader: Reader, *, town: Town, now: datetime) -> CaseView:
    """Return the case as this reader may see it."""
    history = await list_history(case)
    told = Told(case, reader, town, now, history, accepted_work(history))
    words = case_words(case, town, note="", now=now, handler=None)
    words = words if reader.is_staff else for_public(case, words)
    shown = "accepted" if case.is_unassigned() and not reader.is_staff else case.state
    look, behind, state = say.STATES.get(shown, (say.UNDER_WAY, 0, words["state"]))
    if case.back_to in say.STATES:  # a pause stands where the work had come to
        behind = say.STATES[case.back_to][1]
    return CaseView(
        number=case.number,
        type=words["type"],
        urgent=case.urgent,
        look=look,
        mark=say.MARKS[look],
        state=state,
        behind=behind if told.worked else 0,
        facts=_facts(told, words, look),
        text=text_for(case, reader),
        is_staff=reader.is_staff,
        gallery=_gallery(told, await list_evidence(case.id)),
        shows_photos=told.worked,
        lines=_lines(told, await list_units(history)),
        next=[line.format(number=case.number) for line in _next(told, look)],
    )


async def find_shown(case: Case, reader: Reader, digest: str) -> Evidence | None:
    """Return the kept piece of this case that the reader may see under that hash."""
    evidence = await list_evidence(case.id)
    shown = evidence_for(evidence, reader, accepted_work(await list_history(case)))
    return next((piece for piece in shown if piece.digest == digest and piece.state is Keeping.KEPT), None)


def _facts(told: Told, words: dict[str, str], look: str) -> list[tuple[str, str]]:
    case, now = told.case, told.now
    masked = told.reader.reading is Reading.FOLLOWER
    facts = [
        ("地点", words["area"] if masked else words["place"]),
        ("处理单位", words["unit"]),
    ]
    silent = not told.reader.is_staff and (case.urgent or case.is_unassigned())
    if look == say.UNDER_WAY and not silent:  # danger promises no moment, nor may we where nobody is there
        late = now > case.due_at and case.state != "handed_back"
        pause = say_pause(case, told.town, now)
        due = pause or (say.LATE if late else say.DUE).format(due=words["due"])
        if told.reader.is_staff and not pause:
            due = say.WITH_CLOCK.format(due=due, clock=say_clock(case, now))
        facts.append(("时间", due))
    elif case.closed_at:
        facts.append(("时间", say.CLOSED_AT.format(at=say_moment(case.closed_at, now))))
    if case.followers:
        facts.append(("一起跟进", f"{case.followers} 人"))
    return facts


def _next(told: Told, look: str) -> Sequence[str]:
    if told.case.state == "closed" and not told.worked and told.reader.reading is Reading.REPORTER:
        return say.ANSWERED
    known = say.NEXT[told.reader.reading].get(told.case.state)
    if known is not None:
        return known
    if told.reader.is_staff:
        return say.STAFF_ENDED
    return say.FOLLOWER_OPEN if look == say.UNDER_WAY else ()


def _lines(told: Told, units: dict[int, str]) -> list[Line]:
    """Return the timeline, the latest step first."""
    return [
        Line(
            at=say_moment(event.at, told.now),
            moment=event.at.isoformat(timespec="seconds"),
            what=say.STEPS.get(event.step, say.SOME_STEP).format(who=_who(event, told, units)),
            note="" if event.step == "report" else note_for(event, told.reader, told.accepted),
        )
        for event in reversed(told.history)
    ]


def _who(event: CaseEvent, told: Told, units: dict[int, str]) -> str:
    """Say who took a step: 您, a unit, or a role; never a name."""
    if event.person_id is not None and event.person_id == told.reader.person_id:
        return say.YOU
    if event.role in (Role.OFFICER, Role.DISPATCHER, Role.ADMIN):
        unit = told.town.city.units.get(units.get(event.person_id or 0, ""))
        return unit.name if unit else say.STAFF
    if event.step == "report":
        return say.SOMEBODY
    if event.step == "join":
        return say.ANOTHER
    return say.CITIZEN if event.role == Role.CITIZEN else say.REPORTER


def _gallery(told: Told, evidence: list[Evidence]) -> Gallery:
    shown = evidence_for(evidence, told.reader, told.accepted)
    kept = [piece for piece in shown if piece.state is Keeping.KEPT]
    images = [piece for piece in kept if piece.kind == "image"]
    hidden = any(piece.stage != "after" for piece in evidence if piece not in shown)
    ended = told.case.state in ("closed", "rated", "rejected", "withdrawn")
    return Gallery(
        before=_pictures([piece for piece in images if piece.stage != "after"], say.BEFORE, told.now),
        after=_pictures([piece for piece in images if piece.stage == "after"], say.AFTER, told.now),
        no_before=say.BEFORE_KEPT if hidden else say.NO_BEFORE,
        no_after=say.NEVER_AFTER if ended else say.NO_AFTER,
        others=[(piece.digest, _label(piece, told.now)) for piece in kept if piece.kind != "image"],
        missing=_missing(shown),
    )


def _pictures(pieces: list[Evidence], stage: str, now: datetime) -> list[Picture]:
    return [
        Picture(piece.digest, say.PICTURE.format(stage=stage, place=place), say_moment(piece.at, now))
        for place, piece in enumerate(pieces, 1)
    ]


def _label(piece: Evidence, now: datetime) -> str:
    stage = say.AFTER if piece.stage == "after" else say.BEFORE
    kind = say.KINDS.get(piece.kind, "文件")
    return say.ATTACHMENT.format(stage=stage, kind=kind, at=say_moment(piece.at, now))


def _missing(shown: list[Evidence]) -> list[str]:
    states = [piece.state for piece in shown]
    told = ((say.COMING, states.count(Keeping.WANTED)), (say.LOST, states.count(Keeping.LOST)))
    return [words.format(count=count) for words, count in told if count]
