"""Writes a case's history and owes people their words: used by the actions, inside their transactions."""

from dataclasses import dataclass
from datetime import datetime

from models.cases.audience import list_told
from models.cases.moves import Actor
from models.cases.tables import Case, CaseEvent
from models.cases.words import case_words
from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.evidence import Keeping, list_evidence
from models.lifecycle import Words
from models.people import Person
from models.town import Town

NOTE_OF = {"close": "hand_back", "order_rework": "complain"}  # whose words a step without any passes on
PHOTOS_SHOWN = 1  # each costs one of the few messages that a person may get


@dataclass(frozen=True, slots=True)
class Telling:
    """What all sentences of one step share."""

    case: Case
    event: CaseEvent
    words: dict[str, str]
    town: Town
    now: datetime


async def append_event(case: Case, step: str, actor: Actor, *, note: str, now: datetime) -> CaseEvent:
    """Append one row to the history; the state is the case's at this moment."""
    person_id = actor.person.id if actor.person else None
    return await CaseEvent.create(
        case_id=case.id, at=now, step=step, state=case.state, role=actor.role, person_id=person_id, note=note
    )


async def tell_people(
    case: Case, event: CaseEvent, tells: tuple[Words, ...], *, town: Town, now: datetime
) -> None:
    """Owe each audience its words, one delivery a person, and write into the history what was said to whom."""
    if not tells:
        return
    handler = await Person.get_or_none(id=case.handler_id) if case.handler_id else None
    note = event.note or await _note_before(case, event.step)
    words = case_words(case, town, note=note, now=now, handler=handler)
    telling = Telling(case, event, words, town, now)
    owed: list[Delivery] = []
    for person, said in await _readers(telling, tells):
        owed.extend([*await _pictures(telling, person), _delivery(telling, person, said)])
        event.said.append({"to": said.to.value, "person": person.id, "text": owed[-1].text})
    if owed:
        await queue_deliveries(owed)
        await event.save(update_fields=["said"])


async def _readers(telling: Telling, tells: tuple[Words, ...]) -> list[tuple[Person, Words]]:
    """Return who reads which words; nobody twice, and not who took the step."""
    readers: dict[int, tuple[Person, Words]] = {}
    for said in tells:
        for person in await list_told(telling.case, said.to, city=telling.town.city, now=telling.now):
            if person.id != telling.event.person_id:
                readers.setdefault(person.id, (person, said))
    return list(readers.values())


def _delivery(telling: Telling, person: Person, said: Words) -> Delivery:
    case = telling.case
    links = telling.town.links
    words = links.case_words(case.id, person.id, now=telling.now)
    return Delivery(
        key=f"c{case.id}-{telling.event.id}-{person.id}",
        person_id=person.id,
        case_id=case.id,
        use=said.use,
        text=said.text.format(**telling.words, link=words),
        choices=[[prefix + case.number, label] for prefix, label in said.choices],
        fields_={name: telling.words[name] for name in ("number", "type", "state", "place", "due", "note")},
        url=links.case(case.id, person.id, now=telling.now),
        due_at=telling.now,
        owed_at=telling.now,
    )


async def _pictures(telling: Telling, person: Person) -> list[Delivery]:
    """Owe the picture of the finished work before the words about it."""
    if telling.event.step != "close":
        return []
    after = await list_evidence(telling.case.id, stage="after")
    shown = [piece for piece in after if piece.state is Keeping.KEPT and piece.kind == "image"][
        -PHOTOS_SHOWN:
    ]
    return [
        Delivery(
            key=f"p{telling.case.id}-{telling.event.id}-{person.id}-{piece.id}",
            person_id=person.id,
            case_id=telling.case.id,
            use="photo",
            photo=piece.digest,
            due_at=telling.now,
            owed_at=telling.now,
        )
        for piece in shown
    ]


async def _note_before(case: Case, step: str) -> str:
    event = await CaseEvent.filter(case_id=case.id, step=NOTE_OF.get(step, "")).order_by("-id").first()
    return event.note if event else ""
