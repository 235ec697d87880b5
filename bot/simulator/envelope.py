"""XML as WeChat writes and reads it: pushes are built, passive replies are read."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET


class EnvelopeError(ValueError):
    """A text that is not the XML it should be."""


def build_xml(fields: Mapping[str, Any]) -> str:
    """The `<xml>` text of `fields`: numbers bare, words in CDATA, mappings nested, lists repeated."""
    return f"<xml>{_inside(fields)}</xml>"


def parse_xml(text: str) -> dict[str, Any]:
    """The fields of an `<xml>` text, repeated elements as a list; EnvelopeError if it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise EnvelopeError("a document type is not allowed")
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities are refused above
    except (ET.ParseError, ValueError) as error:
        raise EnvelopeError(f"not XML: {error}") from error
    fields = _fields(root)
    if root.tag != "xml" or not isinstance(fields, dict):
        raise EnvelopeError("not an <xml> element with fields")
    return fields


def _inside(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    if isinstance(value, (int, float)):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{_split_cdata(str(value))}]]></{name}>"


def _split_cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")


def _fields(element: ET.Element) -> dict[str, Any] | str:
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        value = _fields(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found
