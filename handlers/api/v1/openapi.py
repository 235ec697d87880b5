"""The API described for programs: OpenAPI 3.1, built from the schemas that check its bodies and the town's data."""

from typing import Any

from aiohttp import web

from handlers.api.v1.access import written
from handlers.api.v1.schemas import (
    CASE,
    CASES,
    CHANGED,
    DELIVERIES,
    DELIVERIES_STEP,
    DELIVERY,
    DELIVERY_STEP,
    ERROR,
    NEW_STEP,
    new_case,
)
from handlers.web import TOWN
from models.cases.states import STATE_NAMES
from models.city.city import City
from models.deliveries.tables import Owing
from models.town import Town

VERSION = "1"
NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9]{1,20}$"},
}
DELIVERY_ID = {
    "name": "delivery",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 100},
    "description": "the same key opens a case once",
}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}}
LIST: dict[str, Any] = {"type": "object"}
SHAPES = {
    "Case": CASE,
    "Cases": CASES,
    "Error": ERROR,
    "NewStep": NEW_STEP,
    "Delivery": DELIVERY,
    "Deliveries": DELIVERIES,
    "DeliveryStep": DELIVERY_STEP,
    "DeliveriesStep": DELIVERIES_STEP,
    "Changed": CHANGED,
}
ERRORS = {
    "401": "no good token",
    "403": "the role of the token may not do this",
    "404": "no such case or delivery",
    "409": "a rule says no; the message says why",
    "422": "the body or a parameter is wrong; fields says which",
}


def routes() -> list[web.AbstractRouteDef]:
    """Return the address of the description; it needs TOWN of handlers/web.py and no token."""
    return [web.get("/api/openapi.json", describe, allow_head=False)]


async def describe(request: web.Request) -> web.StreamResponse:
    """Answer with the description."""
    return written(document(request.app[TOWN]))


def document(town: Town) -> dict[str, Any]:
    """Return the OpenAPI document of this town."""
    city = town.city
    one = "/api/v1/cases/{number}"
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{city.name} · 共治", "version": VERSION},
        "servers": [{"url": town.links.base}],
        "security": [{"bearer": []}],
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": SHAPES | {"NewCase": new_case(city)},
        },
        "paths": {
            "/api/v1/cases": {
                "get": _operation("listCases", "Cases", [*_filters(city)], without=("404", "403")),
                "post": _operation("openCase", "Case", [KEY], body="NewCase", made=True, without=("404",)),
            },
            one: {"get": _operation("showCase", "Case", [NUMBER], without=("403", "409", "422"))},
            f"{one}/steps": {
                "get": _operation("listSteps", None, [NUMBER], without=("403", "409", "422")),
                "post": _operation("takeStep", "Case", [NUMBER], body="NewStep"),
            },
            f"{one}/evidence": {"post": _photo()},
            "/api/v1/units": {"get": _operation("listUnits", None, [], without=("403", "404", "409", "422"))},
            "/api/v1/areas": {"get": _operation("listAreas", None, [], without=("403", "404", "409", "422"))},
            "/api/v1/audit": {
                "get": _operation("listAudit", None, [_text("before")], without=("404", "409"))
            },
            **_deliveries(),
        },
    }


def _deliveries() -> dict[str, Any]:
    root = "/api/v1/deliveries"
    one, few = f"{root}/{{delivery}}", ("404", "403")
    states = _text("state", f"one or several of {', '.join(Owing)}; what is not settled if missing")
    filters = [states, LIMIT, _text("cursor", "next_cursor of the page before")]
    return {
        root: {"get": _operation("listDeliveries", "Deliveries", filters, without=few)},
        f"{root}/steps": {
            "post": _operation("decideDeliveries", "Changed", [], body="DeliveriesStep", without=("404",))
        },
        one: {"get": _operation("showDelivery", "Delivery", [DELIVERY_ID], without=("403", "409", "422"))},
        f"{one}/steps": {
            "post": _operation("decideDelivery", "Delivery", [DELIVERY_ID], body="DeliveryStep")
        },
    }


def _operation(
    name: str,
    shape: str | None,
    parameters: list[dict[str, Any]],
    *,
    body: str = "",
    made: bool = False,
    without: tuple[str, ...] = (),
) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{shape}"} if shape else LIST
    answers = {"200": _answer("done", schema)} | ({"201": _answer("opened", schema)} if made else {})
    answers |= {
        code: _answer(text, {"$ref": "#/components/schemas/Error"})
        for code, text in ERRORS.items()
        if code not in without
    }
    operation: dict[str, Any] = {"operationId": name, "parameters": parameters, "responses": answers}
    if body:
        answers["400"] = _answer("no JSON", {"$ref": "#/components/schemas/Error"})
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _photo() -> dict[str, Any]:
    operation = _operation("sendPhoto", None, [NUMBER], without=("409",))
    operation["responses"]["201"] = _answer("kept", LIST)
    operation["responses"].pop("200")
    photo = {
        "type": "object",
        "required": ["photo"],
        "properties": {"photo": {"type": "string", "format": "binary"}},
    }
    operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": photo}}}
    return operation


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _filters(city: City) -> list[dict[str, Any]]:
    return [
        _text("state", f"one or several of {', '.join(STATE_NAMES)}"),
        _text("type", f"one or several of {', '.join(city.case_types)}"),
        _text("area", "code of a district, street, grid or road"),
        _text("unit"),
        _text("source"),
        {"name": "urgent", "in": "query", "schema": {"type": "boolean"}},
        {"name": "late", "in": "query", "schema": {"type": "boolean"}},
        {"name": "since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
        {"name": "until", "in": "query", "schema": {"type": "string", "format": "date-time"}},
        {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["opened", "due"]}},
        LIMIT,
        _text("cursor", "next_cursor of the page before"),
    ]


def _text(name: str, description: str = "") -> dict[str, Any]:
    told = {"name": name, "in": "query", "schema": {"type": "string"}}
    return told | ({"description": description} if description else {})
