"""Owes people their words about a step: used by the actions, inside their transactions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from models.cases import sentences as say
from models.cases.audience import is_field, list_told
from models.cases.headlines import fields_for
from models.cases.masking import mask_personal
from models.cases.tables import Case, CaseEvent
from models.cases.words import case_words, for_public, for_strangers
from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.evidence import Keeping, list_evidence
from models.lifecycle import Told, Words
from models.people import Person
from models.town import Town

# Whose words a step without any of its own passes on.
NOTE_OF = {"close": "hand_back", "order_rework": "complain", "second_look": "hand_back"}
NO_NOTE = {
    "hand_back": "已处理。",
    "close": "已处理。",
    "second_look": "已处理。",
    "reassign": "请您接着办。",
}
# Work that nobody of the unit could hear goes to the desk, in words of its own.
AT_DESK = dict.fromkeys((say.NEW_WORK, say.NOT_TAKEN, say.PASSED_ON), say.NOBODY_THERE)
AT_DESK |= {say.WARNED: say.WARNED_AT_DESK, say.OVERDUE: say.OVERDUE_AT_DESK}
AT_DESK |= {say.URGENT_NOT_TAKEN: say.UNTAKEN}
# What those who reported read where it is dangerous: no word that promises a moment.
IN_DANGER = {
    say.TAKEN: say.TAKEN_URGENT,
    say.LATE: say.LATE_URGENT,
    say.LATE_TOO: say.LATE_URGENT_TOO,
    say.DELAYED: say.DELAYED_URGENT,
    say.RESUMED: say.RESUMED_URGENT,
}
PHOTOS_SHOWN = 1  # each costs one of the few messages that a person may get
LINK_KEPT = "（链接）"  # a signed link opens the case for whoever holds it: the history keeps none


@dataclass(frozen=True, slots=True)
class Telling:
    """What all sentences of one step share."""

    case: Case
    event: CaseEvent
    words: dict[str, str]
    town: Town
    now: datetime


async def tell_people(
    case: Case,
    event: CaseEvent,
    tells: tuple[Words, ...],
    *,
    town: Town,
    now: datetime,
    more: Mapping[str, str] | None = None,
) -> None:
    """Owe each audience its words, one delivery a person, and note in the event, not yet written, who was told what.

    ``more`` adds to the words of the case.
    """
    if not tells:
        return
    handler = await Person.get_or_none(id=case.handler_id) if case.handler_id else None
    note = event.note or await _note_before(case, event.step) or NO_NOTE.get(event.step, "（没有写原因）")
    words = case_words(case, town, note=note, now=now, handler=handler) | dict(more or {})
    telling = Telling(case, event, words, town, now)
    owed: list[Delivery] = []
    for person, said in await _readers(telling, tells):
        owed.extend([*await _pictures(telling, person, said), _delivery(telling, person, said)])
        kept = said.text.format(**words_for(telling, said), link=LINK_KEPT)
        event.said.append({"to": said.to.value, "person": person.id, "text": kept})
    if owed:
        await queue_deliveries(owed)


async def _readers(telling: Telling, tells: tuple[Words, ...]) -> list[tuple[Person, Words]]:
    """Return who reads which words; nobody twice, and not who took the step."""
    readers: dict[int, tuple[Person, Words]] = {}
    for told in tells:
        text = IN_DANGER.get(told.text, told.text) if telling.case.urgent else told.text
        said = replace(told, text=text)
        for person in await list_told(telling.case, said.to, city=telling.town.city, now=telling.now):
            if person.id != telling.event.person_id:
                readers.setdefault(person.id, (person, _fitted(person, said)))
    return list(readers.values())


def _fitted(person: Person, said: Words) -> Words:
    """Return the words for this person: who sits at the desk cannot go there, and reads what a dispatcher can do."""
    whose = {Told.HANDLER, Told.UNIT} | ({Told.LEADERS} if said.text == say.URGENT_NOT_TAKEN else set())
    if said.to not in whose or is_field(person) or said.text not in AT_DESK:
        return said
    return replace(said, text=AT_DESK[said.text], choices=())


def _delivery(telling: Telling, person: Person, said: Words) -> Delivery:
    case = telling.case
    links = telling.town.links
    words = links.case_words(case.id, person.id, now=telling.now)
    shown = words_for(telling, said)
    return Delivery(
        key=f"s{case.id}-{telling.event.seq}-{person.id}",
        person_id=person.id,
        case_id=case.id,
        use=said.use,
        text=said.text.format(**words_for(telling, said), link=words),
        choices=[[prefix + case.number, label] for prefix, label in said.choices],
        fields_=fields_for(telling.event.step, said.to, case.type, shown),
        url=links.case(case.id, person.id, now=telling.now),
        due_at=telling.now,
        owed_at=telling.now,
    )


def words_for(telling: Telling, said: Words) -> dict[str, str]:
    """Return the words as this audience may read them: citizens no numbers of others, who joined no address."""
    public = for_public(telling.case, telling.words)
    if said.to in {Told.JOINED, Told.FOLLOWERS}:
        return for_strangers(public)
    if said.to is Told.REPORTER:
        return public | {"note": mask_personal(telling.words["note"])}
    return telling.words


async def _pictures(telling: Telling, person: Person, said: Words) -> list[Delivery]:
    """Owe the picture of the finished work before the words about it."""
    if telling.event.step != "close" or said.to not in {Told.REPORTER, Told.JOINED}:
        return []
    after = await list_evidence(telling.case.id, stage="after")
    shown = [piece for piece in after if piece.state is Keeping.KEPT and piece.kind == "image"][
        -PHOTOS_SHOWN:
    ]
    return [
        Delivery(
            key=f"q{telling.case.id}-{telling.event.seq}-{person.id}-{piece.id}",
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
    earlier = NOTE_OF.get(step)
    if earlier is None:
        return ""
    event = await CaseEvent.filter(case_id=case.id, step=earlier).order_by("-id").first()
    return event.note if event else ""
