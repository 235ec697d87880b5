"""A case as JSON: what programs read of it; never who reported it."""

from collections.abc import Sequence
from typing import Any

from models.access import Access
from models.cases.masking import mask_personal
from models.cases.sources import origin_number
from models.cases.states import ENDED, STATE_NAMES, STEP_NAMES
from models.cases.tables import Case, CaseEvent
from models.city.city import GcjPoint
from models.city.coordinates import gcj_to_wgs
from models.clock import local
from models.people import Person

STOPPED = ENDED | {"suspended", "asking", "merged", "returned"}  # states in which nothing is due
PUBLIC = frozenset({"reporter", "follower", "citizen"})


def case_row(
    case: Case, *, role: Access, handler: Person | None = None, provisional: bool = False
) -> dict[str, Any]:
    """Return the case without its history; readers get texts without numbers of people.

    ``provisional``: its due moment still waits for holidays to be announced.
    """
    return {
        "id": case.number,
        "state": case.state,
        "state_name": STATE_NAMES[case.state],
        "type": case.type,
        "small_class": case.small_class,
        "text": _shown(case.text, role),
        "place": _place(case, role),
        "source": case.source,
        "origin_number": origin_number(case),
        "unit": case.unit,
        "handler": handler.name if handler else None,
        "due_at": None if case.state in STOPPED else _moment(case.due_at),
        "due_provisional": provisional and case.state not in STOPPED,
        "opened_at": _moment(case.opened_at),
        "closed_at": _moment(case.closed_at),
        "changed_at": _moment(case.changed_at),
        "urgent": case.urgent,
        "late": case.late,
        "excused": case.excused,
        "flagged": case.flagged,
        "followers": case.followers,
        "urged": case.urged,
        "returned": case.returned,
        "reworked": case.reworked,
        "extended": case.extended,
        "reopened": case.reopened,
        "rating": case.rating or None,
        "asked": sorted(kind for kind in ("extension", "suspension", "appeal") if kind in case.asked),
    }


def history_rows(history: Sequence[CaseEvent], *, role: Access) -> list[dict[str, Any]]:
    """Return the steps, oldest first; ``by`` is a role, and for staff nothing more."""
    return [
        {
            "at": _moment(event.at),
            "step": event.step,
            "step_name": STEP_NAMES.get(event.step, event.step),
            "state": event.state,
            "by": "citizen" if event.role in PUBLIC else str(event.role),
            "client": event.client or None,
            "note": _shown(event.note, role),
        }
        for event in history
    ]


def _place(case: Case, role: Access) -> dict[str, Any]:
    point = GcjPoint(case.lat, case.lng) if case.lat is not None and case.lng is not None else None
    wgs = gcj_to_wgs(point) if point else None
    return {
        "gcj02": [point.lat, point.lng] if point else None,
        "wgs84": [round(wgs.lat, 6), round(wgs.lng, 6)] if wgs else None,
        "area": case.grid or case.street or case.district or None,
        "road": case.road or None,
        "address": _shown(case.address, role),
    }


def _shown(text: str, role: Access) -> str:
    return mask_personal(text) if role is Access.READER else text


def _moment(moment: Any) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment else None
