"""Tells which entries of GONGZHI_WECHAT_TEMPLATES nothing would ever fill or send."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from bot.wechat_templates import LIMITS, Template
from models.cases.flows import CASE_FLOW
from models.cases.words import FIELDS

USES = tuple(dict.fromkeys(said.use for step in CASE_FLOW.steps.values() for said in step.tells))
KINDS = (*LIMITS, "time", "date", "amount", "const")  # of WeChat's keys: the key without its number
UNKNOWN_USE = "没有「{use}」这个用途{meant}。可用：{known}"
UNKNOWN_FIELD = "{use} 的 {key} 要填「{name}」，没有这个字段{meant}。可用：{known}"
UNKNOWN_KEY = "{use} 的「{key}」不是微信模板里的字段{meant}，请照模板详情写，例如 thing1、time2"
MEANT = "，是不是 {close}"
_NUMBER = re.compile(r"\d{0,3}$")


def faults_of_templates(templates: Mapping[str, Template]) -> list[str]:
    """Return what is wrong with the uses, WeChat's keys and our names, in Chinese; nothing when all fit."""
    return [fault for use, template in templates.items() for fault in _faults(use, template)]


def _faults(use: str, template: Template) -> Iterator[str]:
    if use not in USES:
        yield UNKNOWN_USE.format(use=use, meant=_meant(use, USES), known="、".join(USES))
    for key, name in {**template.fields, **template.subscribe_fields}.items():
        kind = _NUMBER.sub("", key)
        if kind not in KINDS:
            yield UNKNOWN_KEY.format(use=use, key=key, meant=_meant(kind, KINDS))
        if name not in FIELDS:
            meant = _meant(name, FIELDS)
            yield UNKNOWN_FIELD.format(use=use, key=key, name=name, meant=meant, known="、".join(FIELDS))


def _meant(given: str, known: Iterable[str]) -> str:
    close = get_close_matches(given, list(known), n=1)
    return MEANT.format(close=close[0]) if close else ""
