"""The desk for template messages and subscribe notifications: fields, credits, re-entry, results."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.simulator.calls import OK, ApiRequest, Handler
from bot.simulator.envelope import build_xml
from bot.simulator.people import Person
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

GUARD = timedelta(minutes=10)
SAME_AGAIN = timedelta(seconds=60)
# What a value may be, by the kind of its key (thing1 → thing).
SHAPES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r"(?s).{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "name": re.compile(r"(?:[\u4e00-\u9fff·]{1,10}|[A-Za-z .'\-]{1,20}|[\u4e00-\u9fffA-Za-z .·'\-]{1,10})"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "number": re.compile(r"-?\d{1,32}(?:\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "phone_number": re.compile(r"[\d+\-]{1,17}"),
    "car_number": re.compile(r"[\u4e00-\u9fffA-Z\d]{1,8}"),
    "amount": re.compile(r"[¥￥$€]?\d{1,10}(?:\.\d+)?元?"),
    "time": re.compile(r".*\d{1,2}[:：]\d{2}.*|\d{4}(?:年|-|/).+"),
    "date": re.compile(r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}).*"),
    "const": re.compile(r"(?s).{1,20}"),
}


def _send_template(platform: Platform, call: ApiRequest) -> JsonObject:
    person = platform.find_person(call.field("touser"))
    template = _known(platform.templates, call.field("template_id"))
    if not person.following:
        raise ApiError(43004)
    fields = _read_fields(template, call.field("data"))
    earlier = _earlier(platform, person, call.field("client_msg_id"))
    card = _card(template, fields, call.field("url"))
    if not earlier:
        _check_new(platform, person, {**card, "template_id": call.field("template_id")})
    msg_id = earlier or _deliver_template(platform, person, card)
    if call.field("client_msg_id"):
        platform.guarded.setdefault(
            (person.openid, str(call.field("client_msg_id"))), (msg_id, platform.clock.now())
        )
    return {**OK, "msgid": msg_id}


def _deliver_template(platform: Platform, person: Person, card: JsonObject) -> int:
    msg_id = platform.next_id()
    if not person.blocks_templates:
        platform.show(person, "account", "template", card)
    status = "failed:user block" if person.blocks_templates else "success"
    platform.announce(
        build_event(platform, person, "TEMPLATESENDJOBFINISH", {"MsgID": msg_id, "Status": status})
    )
    return msg_id


def _check_new(platform: Platform, person: Person, sent: JsonObject) -> None:
    """Raise ApiError 40241 when this person was sent the very same template message within 60 seconds."""
    now, key = platform.clock.now(), (person.openid, json.dumps(sent, sort_keys=True))
    last = platform.sent_templates.get(key)
    if last is not None and now - last < SAME_AGAIN:
        raise ApiError(40241)
    platform.sent_templates[key] = now


def _earlier(platform: Platform, person: Person, client_msg_id: object) -> int | None:
    key = (person.openid, str(client_msg_id))
    now = platform.clock.now()
    if client_msg_id and key in platform.guarded:
        msg_id, at = platform.guarded[key]
        if now - at < GUARD:
            return msg_id
        del platform.guarded[key]
    return None


def _send_notice(platform: Platform, call: ApiRequest) -> JsonObject:
    person = platform.find_person(call.field("touser"))
    template_id = str(call.field("template_id"))
    notice = _known(platform.notices, template_id)
    fields = _read_fields(notice, call.field("data"))
    if person.credits.get(template_id, 0) < 1:
        raise ApiError(43101)
    person.credits[template_id] -= 1
    platform.show(person, "account", "template", _card(notice, fields, call.field("page")))
    sent = {"TemplateId": template_id, "MsgID": platform.next_id(), "ErrorCode": 0, "ErrorStatus": "success"}
    rest = {"SubscribeMsgSentEvent": {"List": sent}}
    platform.announce(build_event(platform, person, "subscribe_msg_sent_event", rest))
    return OK


def build_event(platform: Platform, person: Person, event: str, rest: Mapping[str, Any]) -> str:
    """The XML of an event about this person."""
    return build_xml(
        {
            "ToUserName": platform.account.original_id,
            "FromUserName": person.openid,
            "CreateTime": platform.clock.timestamp(),
            "MsgType": "event",
            "Event": event,
            **rest,
        }
    )


def _known(templates: Mapping[str, JsonObject], template_id: object) -> JsonObject:
    template = templates.get(template_id) if isinstance(template_id, str) else None
    if template is None:
        raise ApiError(40037)
    return template


def _read_fields(template: JsonObject, data: object) -> list[JsonObject]:
    if not isinstance(data, dict):
        raise ApiError(47003, "data is empty")
    return [{"name": name, "value": _value(key, data.get(key))} for key, name in template["fields"].items()]


def _value(key: str, given: object) -> str:
    value = given.get("value") if isinstance(given, dict) else None
    if value is None or value == "":
        raise ApiError(47003, f"data.{key}.value is empty")
    shape = SHAPES.get(re.sub(r"\d+$", "", key))
    if not isinstance(value, str) or (shape is not None and not shape.fullmatch(value)):
        raise ApiError(47003, f"data.{key}.value invalid")
    return value


def _card(template: JsonObject, fields: list[JsonObject], url: object) -> JsonObject:
    return {"title": template["title"], "fields": fields, "url": str(url or "")}


def _list_templates(platform: Platform, _call: ApiRequest) -> JsonObject:
    return {"template_list": [_row("template_id", *pair) for pair in platform.templates.items()]}


def _list_notices(platform: Platform, _call: ApiRequest) -> JsonObject:
    return {**OK, "data": [{**_row("priTmplId", *pair), "type": 2} for pair in platform.notices.items()]}


def _row(id_name: str, template_id: str, template: JsonObject) -> JsonObject:
    lines = [f"{name}:{{{{{key}.DATA}}}}" for key, name in template["fields"].items()]
    return {id_name: template_id, "title": template["title"], "content": "\n".join(lines), "example": ""}


def _blocked(_platform: Platform, _call: ApiRequest) -> JsonObject:
    return {**OK, "msginfo": []}


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/cgi-bin/message/template/send"): _send_template,
    ("GET", "/cgi-bin/template/get_all_private_template"): _list_templates,
    ("POST", "/cgi-bin/message/subscribe/bizsend"): _send_notice,
    ("GET", "/wxaapi/newtmpl/gettemplate"): _list_notices,
    ("POST", "/wxa/sec/queryblocktmplmsg"): _blocked,
}
