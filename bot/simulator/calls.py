"""One API call as the desks behind the API see it, and the small checks they share."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiohttp import web

from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

OK: JsonObject = {"errcode": 0, "errmsg": "ok"}
# WeChat does not read \uXXXX in JSON bodies: people see the six signs. Control characters are spared.
UNICODE_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u(?!00[0-7])")


@dataclass(frozen=True)
class ApiRequest:
    """One call: its query, and its body as raw JSON or as an uploaded file."""

    method: str
    path: str
    query: Mapping[str, str]
    raw: bytes = b""
    upload: bytes | None = None

    @cached_property
    def body(self) -> Any:
        """The JSON of the body, None if there is none; ApiError 47001 if it is not JSON."""
        return parse_body(self.raw)

    @property
    def readable_body(self) -> Any:
        """The body for the list of calls: never an error."""
        if self.upload is not None:
            return {"upload": len(self.upload)}
        try:
            return self.body
        except ApiError:
            return self.raw.decode(errors="replace")

    def field(self, name: str) -> Any:
        """A field of the JSON body; ApiError 47001 when the body is no object, None when it has no such field."""
        return as_object(self.body).get(name)


Handler = Callable[[Platform, ApiRequest], JsonObject | web.Response]


def parse_body(raw: bytes) -> Any:
    """The JSON of a body as WeChat reads it; None for an empty one, ApiError 47001 for anything else."""
    if not raw:
        return None
    try:
        return json.loads(UNICODE_ESCAPE.sub(rb"\1\\\\u", raw))
    except ValueError as error:
        raise ApiError(47001) from error


def as_object(value: object, code: int = 47001) -> JsonObject:
    """The value as a JSON object, or ApiError `code`."""
    if not isinstance(value, dict):
        raise ApiError(code)
    return value


def as_list(value: object, code: int = 47001) -> list[Any]:
    """The value as a JSON list, or ApiError `code`."""
    if not isinstance(value, list):
        raise ApiError(code)
    return value


def as_text(value: object, code: int = 44004) -> str:
    """The value as a text that is not empty, or ApiError `code`."""
    if not isinstance(value, str) or not value:
        raise ApiError(code)
    return value
