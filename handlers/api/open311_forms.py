"""Writes Open311 answers as XML or JSON: one tree for both, as the specification maps them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from aiohttp import web

XML, JSON = "text/xml", "application/json"
EXTENSIONS = {"": "", ".xml": XML, ".json": JSON}
Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

# What XML 1.0 forbids, escaped or not; lone surrogates cannot even be encoded.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADERS = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Something to be written: ``root`` and ``items`` name the XML elements of a whole and of its parts."""

    root: str
    content: Value
    items: Mapping[str, str]
    status: int = 200


class Wrong(Exception):  # noqa: N818 - names the fact
    """A request that cannot be answered as asked; told in the specification's own form."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    def answer(self) -> Answer:
        """Return the list of errors to write; it has one."""
        content: list[Value] = [{"code": self.code, "description": self.description}]
        return Answer("errors", content, {"errors": "error"}, self.code)


def choose_form(request: web.Request) -> str:
    """Return the MIME type to answer in: by extension, else JSON where only that is accepted, else XML.

    XML is what the specification requires of every server. Raises Wrong for an extension that we do not write.
    """
    extension = request.match_info.get("extension", "")
    if extension not in EXTENSIONS:
        raise Wrong(404, f"没有 {extension} 格式，请用 .xml 或 .json。")
    accepted = request.headers.get("Accept", "")
    return EXTENSIONS[extension] or (JSON if JSON in accepted and "xml" not in accepted else XML)


def guess_form(request: web.Request) -> str:
    """Return the MIME type for an answer to what no handler took."""
    ending = "." + request.path.rpartition(".")[2]
    accepted = request.headers.get("Accept", "")
    return EXTENSIONS.get(ending) or (JSON if JSON in accepted and "xml" not in accepted else XML)


def written(answer: Answer, form: str) -> web.Response:
    """Return the answer as a response; both forms are UTF-8 and say so."""
    if form == JSON:
        body = json.dumps(_clean(answer.content), ensure_ascii=False).encode()
    else:
        root = _element(answer.root, answer.content, answer.items)
        body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")
        body = body.replace(b"\r", b"&#13;")
    return packed(body, form, answer.status)


def packed(body: bytes, form: str, status: int) -> web.Response:
    """Return what is written already as a response; both forms are UTF-8 and say so."""
    headers = {**_HEADERS, "Content-Type": f"{form}; charset=utf-8"}
    return web.Response(body=body, status=status, headers=headers)


def _element(name: str, content: Value, items: Mapping[str, str]) -> ET.Element:
    element = ET.Element(name)
    if isinstance(content, Mapping):
        element.extend(_element(key, value, items) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        element.extend(_element(items[name], value, items) for value in content)
    elif content is not None:
        element.text = _plain(content)
    return element


def _plain(content: str | float | bool) -> str:
    if isinstance(content, bool):
        return "true" if content else "false"
    return _FORBIDDEN.sub("", content) if isinstance(content, str) else str(content)


def _clean(content: Value) -> Value:
    """Return the content without characters that the other form could not carry either."""
    if isinstance(content, str):
        return _FORBIDDEN.sub("", content)
    if isinstance(content, Mapping):
        return {key: _clean(value) for key, value in content.items()}
    if isinstance(content, Sequence):
        return [_clean(value) for value in content]
    return content
