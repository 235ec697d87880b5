"""What a subscriber is told of one change of a case: what anybody may read of it, never who reported. Pure."""

import json
from datetime import datetime
from typing import Any

from models.cases.masking import mask_personal
from models.cases.public import is_open, public_text
from models.cases.reading import TOLD_ALL
from models.cases.states import STATE_NAMES, STEP_NAMES
from models.cases.tables import Case, CaseEvent
from models.cases.words import is_due_provisional, say_place
from models.city.city import GcjPoint
from models.city.coordinates import gcj_to_wgs
from models.clock import local
from models.town import Town

PLACES = 6  # decimals of a degree: about 0.1 m


def payload_of(case: Case, event: CaseEvent, town: Town, *, note: str = "") -> dict[str, Any]:
    """Return one step and the case as it stands after it, as JSON data.

    The words of a step are in it only where all who follow the case were told them (masked); ``note`` are words that
    the step passes on from an earlier one. No person, no photo, no link.
    """
    said = event.note if event.step in TOLD_ALL else ""
    return {
        "seq": event.seq,
        "at": _moment(event.at),
        "step": event.step,
        "step_name": STEP_NAMES.get(event.step, event.step),
        "state": event.state,
        "state_name": STATE_NAMES.get(event.state, event.state),
        "note": mask_personal(said or note),
        "case": _case_row(case, town) | {"due_provisional": is_due_provisional(case, town, event.at)},
    }


def body_of(payload: dict[str, Any]) -> bytes:
    """Return the bytes that are sent and signed: the same for the same payload, whatever the database made of it."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _case_row(case: Case, town: Town) -> dict[str, Any]:
    kind, unit = town.city.case_types.get(case.type), town.city.units.get(case.unit)
    return {
        "id": case.number,
        "state": case.state,
        "state_name": STATE_NAMES.get(case.state, case.state),
        "open": is_open(case),
        "type": case.type,
        "type_name": kind.name if kind else case.type,
        "small_class": case.small_class,
        "source": case.source,
        "urgent": case.urgent,
        "text": public_text(case),
        "address": mask_personal(say_place(case, town)),
        **_points(case),
        "unit": case.unit,
        "unit_name": unit.name if unit else "",
        "late": case.late,
        "rating": case.rating,
        "opened_at": _moment(case.opened_at),
        "due_at": _moment(case.due_at),
        "closed_at": _moment(case.closed_at) if case.closed_at else None,
    }


def _points(case: Case) -> dict[str, list[float] | None]:
    """Return the place in both systems, [lat, lng] each."""
    if case.lat is None or case.lng is None:
        return {"gcj02": None, "wgs84": None}
    gps = gcj_to_wgs(GcjPoint(case.lat, case.lng))
    pairs = {"gcj02": (case.lat, case.lng), "wgs84": (gps.lat, gps.lng)}
    return {system: [round(lat, PLACES), round(lng, PLACES)] for system, (lat, lng) in pairs.items()}


def _moment(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")
