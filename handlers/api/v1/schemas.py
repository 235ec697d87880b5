"""The shapes that the API takes and gives, as JSON Schema: one source for checking bodies and for OpenAPI."""

from typing import Any

from models.cases.sources import SOURCES
from models.cases.states import STATE_NAMES, STEP_NAMES
from models.city.city import City
from models.deliveries.actions import Decision
from models.deliveries.tables import Owing

TEXT = 2000  # characters of a report
NOTE = 1000
MOMENT = {"type": "string", "format": "date-time"}
POINT = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
    "description": "[lat, lng]",
}
OR_NONE: dict[str, Any] = {"type": "null"}


def new_case(city: City) -> dict[str, Any]:
    """Return the shape of what opens a case."""
    return {
        "type": "object",
        "required": ["text"],
        "additionalProperties": False,
        "properties": {
            "text": {"type": "string", "minLength": 1, "maxLength": TEXT, "pattern": r"\S"},
            "type": {
                "type": "string",
                "enum": [*city.case_types],
                "description": "found from the text if missing",
            },
            "small_class": {"type": "string", "maxLength": 12},
            "place": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "gcj02": POINT,
                    "wgs84": POINT,
                    "address": {"type": "string", "maxLength": 200},
                },
            },
            "urgent": {"type": "boolean"},
            "source": {"type": "string", "enum": [source for source in SOURCES if source != "规则"]},
        },
    }


NEW_STEP: dict[str, Any] = {
    "type": "object",
    "required": ["step"],
    "additionalProperties": False,
    "properties": {
        "step": {"type": "string", "enum": sorted(STEP_NAMES)},
        "note": {"type": "string", "maxLength": NOTE},
        "unit": {"type": "string", "maxLength": 40, "description": "dispatch: to this unit"},
        "to": {"type": "integer", "minimum": 1, "maximum": 2**53, "description": "reassign: to this person"},
        "until": {**MOMENT, "description": "suspend: until then"},
        "contractor": {"type": "string", "maxLength": 60, "description": "entrust: to whom"},
        "evidence": {
            "type": "array",
            "maxItems": 9,
            "items": {"type": "integer", "minimum": 1, "maximum": 2**53},
            "description": "ids of photos sent before",
        },
    },
}

PLACE: dict[str, Any] = {
    "type": "object",
    "required": ["gcj02", "wgs84", "area", "road", "address"],
    "properties": {
        "gcj02": {"anyOf": [POINT, OR_NONE]},
        "wgs84": {"anyOf": [POINT, OR_NONE]},
        "area": {"type": ["string", "null"]},
        "road": {"type": ["string", "null"]},
        "address": {"type": "string"},
    },
}
STEP_TAKEN: dict[str, Any] = {
    "type": "object",
    "required": ["at", "step", "by", "note"],
    "properties": {
        "at": MOMENT,
        "step": {"type": "string"},
        "step_name": {"type": "string"},
        "state": {"type": "string"},
        "by": {"type": "string", "description": "a role, never a person"},
        "client": {"type": ["string", "null"]},
        "note": {"type": "string"},
    },
}
_COUNTS = ("followers", "urged", "returned", "reworked", "extended", "reopened")
_FLAGS = ("urgent", "late", "excused", "flagged")
CASE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state", "type", "text", "place", "source", "unit", "handler", "due_at", "opened_at"],
    "properties": {
        "id": {"type": "string", "description": "the number that people see"},
        "state": {"type": "string", "enum": [*STATE_NAMES]},
        "state_name": {"type": "string"},
        "type": {"type": "string"},
        "small_class": {"type": "string"},
        "text": {"type": "string"},
        "place": PLACE,
        "source": {"type": "string"},
        "origin_number": {
            "type": ["string", "null"],
            "description": "its number at the office whose sheet it came in (工单编号)",
        },
        "unit": {"type": "string"},
        "handler": {"type": ["string", "null"], "description": "name of the officer"},
        "due_at": {"anyOf": [MOMENT, OR_NONE], "description": "null while nothing is due"},
        "due_provisional": {
            "type": "boolean",
            "description": "true while the holidays of the year of due_at are not announced: it may still move",
        },
        "opened_at": MOMENT,
        "closed_at": {"anyOf": [MOMENT, OR_NONE]},
        "changed_at": MOMENT,
        **{name: {"type": "integer", "minimum": 0} for name in _COUNTS},
        **{name: {"type": "boolean"} for name in _FLAGS},
        "rating": {"type": ["string", "null"], "enum": ["satisfied", "unsatisfied", "unrated", None]},
        "asked": {"type": "array", "items": {"type": "string"}},
        "history": {"type": "array", "items": STEP_TAKEN},
    },
}
CASES: dict[str, Any] = {
    "type": "object",
    "required": ["cases", "next_cursor"],
    "properties": {"cases": {"type": "array", "items": CASE}, "next_cursor": {"type": ["string", "null"]}},
}
DELIVERY: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state", "reason", "person", "case", "use", "tries", "code", "owed_at", "due_at"],
    "properties": {
        "id": {"type": "integer"},
        "state": {"type": "string", "enum": [state.value for state in Owing]},
        "reason": {"type": "string", "description": "why it stands there, in words"},
        "person": {"type": "integer", "description": "our own number of the person, never an openid"},
        "case": {"type": ["string", "null"]},
        "use": {"type": "string"},
        "channel": {"type": ["string", "null"]},
        "way": {"type": ["string", "null"], "description": "held: the way that is stopped"},
        "tries": {"type": "integer", "minimum": 0},
        "code": {"type": "integer", "description": "WeChat's, 0 where it gave none"},
        "rid": {"type": "string"},
        "owed_at": MOMENT,
        "due_at": MOMENT,
        "sent_at": {"anyOf": [MOMENT, OR_NONE]},
    },
}
STOP: dict[str, Any] = {
    "type": "object",
    "required": ["way", "why", "code", "words", "since", "next_at"],
    "properties": {
        "way": {"type": "string", "description": "* is everything"},
        "why": {"type": "string"},
        "code": {"type": "integer"},
        "rid": {"type": "string"},
        "words": {"type": "string", "description": "what is stopped, why, and what to do"},
        "since": MOMENT,
        "next_at": {**MOMENT, "description": "when it is tried again"},
    },
}
DELIVERIES: dict[str, Any] = {
    "type": "object",
    "required": ["deliveries", "next_cursor", "counts", "stops"],
    "properties": {
        "deliveries": {"type": "array", "items": DELIVERY},
        "next_cursor": {"type": ["string", "null"]},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "stops": {"type": "array", "items": STOP},
    },
}
DELIVERY_STEP: dict[str, Any] = {
    "type": "object",
    "required": ["step"],
    "additionalProperties": False,
    "properties": {
        "step": {"type": "string", "enum": [one.value for one in Decision]},
        "reason": {"type": "string", "maxLength": NOTE, "description": "drop: why; needed"},
        "may_repeat": {
            "type": "boolean",
            "description": "retry: send uncertain ones again although the person may read them twice",
        },
    },
}
DELIVERIES_STEP: dict[str, Any] = {
    **DELIVERY_STEP,
    "required": ["step", "state"],
    "properties": {
        **DELIVERY_STEP["properties"],
        "state": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "string",
                "enum": [state.value for state in Owing if state not in {"sending", "sent", "dropped"}],
            },
        },
    },
}
CHANGED: dict[str, Any] = {
    "type": "object",
    "required": ["changed"],
    "properties": {"changed": {"type": "integer", "minimum": 0}},
}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "message"],
                        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                    },
                },
            },
        }
    },
}
