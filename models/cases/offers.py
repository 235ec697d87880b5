"""Which taps count: what was offered to whom, under our replies and deliveries, as long as those are kept."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from models.cases.queries import find_case, is_involved
from models.cases.states import DESK
from models.cases.taps import DIGITS, PUBLIC
from models.people import Person
from models.statements import run

# The text of the JSON only narrows the search: what counts is the id of a choice, never words that look like one.
IN_REPLIES = "SELECT reply AS kept FROM inbox WHERE openid = ? AND CAST(reply AS TEXT) LIKE ?"
IN_DELIVERIES = "SELECT choices AS kept FROM delivery WHERE person_id = ? AND CAST(choices AS TEXT) LIKE ?"


async def may_tap(person: Person, tap: str) -> bool:
    """Tell whether a tap with this id counts for this person.

    A phone can send any id it likes, another's number in it: only our own rows say which ones we handed out. What is
    public by nature counts for everybody, as does an id that is nothing but its two digits: it names no case, and is
    about what the tapper is just talking of. Of one's own case a tap says no more than words with its number do.
    The action behind the tap checks besides who may do what.
    """
    if len(tap) <= DIGITS or tap[:DIGITS] in PUBLIC:
        return True
    return await was_offered(person, tap) or await _is_own(person, tap[DIGITS:])


async def was_offered(person: Person, choice: str) -> bool:
    """Tell whether we ever offered the answer with that id to this person: last, in a reply, or in a delivery.

    Old offers count as long as the letter (180 days) or the delivery is kept; those of somebody forgotten do not.
    """
    if not choice.isascii() or not choice.isdigit():
        return False
    if _holds(person.offered, choice):
        return True
    return await _in_replies(person, choice) or await _in_deliveries(person, choice)


async def _in_replies(person: Person, choice: str) -> bool:
    rows = await run(IN_REPLIES, (person.openid or "", _around(choice)))
    return any(_holds(_read(row["kept"]).get("choices", []), choice) for row in rows)


async def _in_deliveries(person: Person, choice: str) -> bool:
    rows = await run(IN_DELIVERIES, (person.id, _around(choice)))
    return any(_holds(_read(row["kept"]), choice) for row in rows)


def _around(choice: str) -> str:
    return f'%"{choice}"%'


def _read(kept: Any) -> Any:
    """Return the JSON as data: a driver may hand it over as text."""
    return json.loads(kept) if isinstance(kept, str) else kept


def _holds(choices: Iterable[Sequence[str]], choice: str) -> bool:
    return any(offered == choice for offered, _label in choices)


async def _is_own(person: Person, number: str) -> bool:
    """Tell whether this person reported, joined or works on that case; the desk works on all."""
    if any(person.is_a(role) for role in DESK):
        return True
    case = await find_case(number)
    if case is None:
        return False
    return person.id in {case.handler_id, case.assignee_id, case.checker_id} or await is_involved(
        case, person
    )
