"""Which WeChat template says what (GONGZHI_WECHAT_TEMPLATES), and values cut to WeChat's limits."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Characters per kind of key (the key without its number); a longer value is refused with 47003.
LIMITS = {
    "thing": 20,
    "phrase": 5,
    "name": 10,
    "symbol": 5,
    "letter": 32,
    "number": 32,
    "character_string": 32,
    "phone_number": 17,
    "car_number": 8,
}
EMPTY = {"thing": "无", "phrase": "无", "name": "无", "character_string": "-", "number": "0"}
ELLIPSIS_FROM = 10  # in shorter values every character counts
_KEYS = {"template", "subscribe", "fields", "subscribe_fields", "miniprogram"}
_KEY = re.compile(r"([a-z_]+?)\d{0,3}")
_NOT_TAKEN = {
    "character_string": re.compile(r"[^\x20-\x7e]"),
    "number": re.compile(r"[^\d.-]"),
    "letter": re.compile(r"[^A-Za-z]"),
    "phrase": re.compile(r"[^\u4e00-\u9fff]"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """What carries one use: template ids, and WeChat's keys with the plain names that fill them."""

    template: str = ""  # 类目模板消息; empty: this use has none
    subscribe: str = ""  # 订阅通知; empty: this use has none
    fields: Mapping[str, str] = field(default_factory=dict)
    subscribe_fields: Mapping[str, str] = field(default_factory=dict)  # where they differ from ``fields``
    miniprogram: Mapping[str, str] = field(default_factory=dict)  # appid, pagepath


def read_templates(text: str) -> dict[str, Template]:
    """Return the templates by use; raises ValueError that names every mistake, one a line.

    The shape: ``{"progress": {"template": "ID", "subscribe": "ID", "fields": {"thing1": "type", "phrase2":
    "state"}}}``; ``subscribe_fields`` and ``miniprogram`` (``appid``, ``pagepath``) may be added.
    """
    if not text.strip():
        return {}
    try:
        uses = json.loads(text)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(uses, dict):
        raise ValueError("must be an object: use -> template")  # noqa: TRY004 - one kind of error for a setting
    mistakes = [mistake for use, given in uses.items() for mistake in _mistakes(use, given)]
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return {use: Template(**given) for use, given in uses.items()}


def filled(keys: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Return WeChat's keys with the values of their plain names, each fit for its kind of key."""
    return {key: fitted(key, values.get(name, "")) for key, name in keys.items()}


def fitted(key: str, value: str) -> str:
    """Return the value as this kind of key takes it: one line, not empty, not too long."""
    found = _KEY.fullmatch(key)
    kind = found.group(1) if found else key
    value = " ".join(value.split())
    if kind in _NOT_TAKEN:
        value = _NOT_TAKEN[kind].sub("", value).strip()
    limit = LIMITS.get(kind)
    if limit and len(value) > limit:
        value = value[: limit - 1] + "…" if limit >= ELLIPSIS_FROM and kind == "thing" else value[:limit]
    return value or EMPTY.get(kind, "")


def _mistakes(use: str, given: Any) -> list[str]:
    if not isinstance(given, dict):
        return [f"{use}: must be an object"]
    found = [f"{use}: unknown key {key}" for key in sorted(given.keys() - _KEYS)]
    if not given.get("template") and not given.get("subscribe"):
        found.append(f"{use}: neither template nor subscribe")
    ids = [name for name in ("template", "subscribe") if not isinstance(given.get(name, ""), str)]
    maps = [
        name for name in ("fields", "subscribe_fields", "miniprogram") if not _is_words(given.get(name, {}))
    ]
    found += [f"{use}: {name} must be an id" for name in ids]
    found += [f"{use}: {name} must map words to words" for name in maps]
    if not given.get("fields"):
        found.append(f"{use}: fields are missing")
    return found


def _is_words(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(value, str) for value in given.values())
