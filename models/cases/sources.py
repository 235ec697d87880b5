"""Where cases come from: 来源."""

from models.cases.tables import Case
from models.lifecycle import Role
from models.people import Person

SNAP, PATROL, ROAD_CHIEF = "随手拍", "巡查", "路长"
HUMAN = "人工"  # somebody asked for a person: a talk with the desk (talking.py)
BY_RULE = "规则"  # opened against the cause of what keeps coming back (patterns.py)
SHEETS = ("12345", "12319", "网络", "第三方")  # whose sheets are imported
SOURCES = (SNAP, PATROL, ROAD_CHIEF, "12345", "12319", "网络", "第三方", BY_RULE)


def origin_number(case: Case) -> str | None:
    """Return the number that the case has at the office whose sheet it came in, None for any other case."""
    source, _, number = (case.origin or "").partition(":")
    return number if source in SHEETS and source == case.source and number else None


def source_of(person: Person) -> str:
    """Return the source of a report that this person sends from the street."""
    if person.is_a(Role.ROAD_CHIEF):
        return ROAD_CHIEF
    return PATROL if person.is_staff else SNAP
