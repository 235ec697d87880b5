"""Turns what the platform pushes, XML or JSON, into one Incoming: 来信."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from handlers.kit.incoming import Incoming
from models.characters import bounded

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16  # the deepest real push, a finished publication, has five levels
MAX_ELEMENTS = 2000
MAX_ID = 64  # an openid has 28 characters, a WeCom user id at most 64

# Elements that come once or many times: always a list, so that nobody meets the two shapes.
LISTS = frozenset({"item", "List", "fail_idx", "msg_item"})

# Events that the platform sends in its own name: whom they are about stands in ``OpenID``.
ABOUT_OTHERS = frozenset(
    {"user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"}
)

# A phone may send a raw control character in its text; XML 1.0 forbids it, and losing a person's whole
# message over one would be worse than losing the character. UTF-8 never uses these bytes in longer forms.
_CONTROL_BYTES = bytes(code for code in range(0x20) if code not in {0x09, 0x0A, 0x0D})
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGITS = re.compile(r"[0-9]{1,11}")
_MENTION = re.compile(r"^@\S+\s*")


class BadMessage(Exception):  # noqa: N818 - the name says what it is
    """A push that cannot be read; its text says why and never quotes the person's words."""


def parse(xml: bytes) -> Incoming:
    """Read a decrypted XML push. Kinds and events that nobody knows are kept; raises only BadMessage."""
    return _incoming(read_xml(xml))


def parse_json(body: bytes, now: datetime) -> Incoming:
    """Read a decrypted JSON push, of a service account or of a WeCom smart robot; raises only BadMessage.

    ``now`` stands in for the time of sending, which a robot's push may leave out.
    """
    fields = read_json(body)
    return _from_robot(fields, now) if "msgtype" in fields else _incoming(fields)


def read_xml(xml: bytes) -> dict[str, Any]:
    """Return the children of ``<xml>`` as text, dict, or list (repeated, or named in LISTS).

    Safe with a stranger's bytes: DTD and entities are refused; size, depth and number of elements bounded,
    attributes are ignored, text is stripped outside only. Raises only BadMessage.
    """
    _check_size(xml)
    reader = _Reader()
    try:
        # Given text, expat takes it for UTF-8 whatever the XML declaration claims.
        reader.parser.Parse(xml.translate(None, _CONTROL_BYTES).decode("utf-8-sig", "replace"), True)
    except expat.ExpatError as error:
        raise BadMessage(f"not XML: {error}") from None
    if reader.name != "xml" or not isinstance(reader.root, dict):
        raise BadMessage("no <xml> with elements")
    return reader.root


def read_json(body: bytes) -> dict[str, Any]:
    """Return a JSON object in the shape of ``read_xml``: all scalars are text. Raises only BadMessage."""
    _check_size(body)
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    if not isinstance(value, dict):
        raise BadMessage("not a JSON object")
    return {legal(key): _cleaned(key, child, MAX_DEPTH) for key, child in value.items()}


def legal(text: str) -> str:
    """Return ``text`` without what XML 1.0 or PostgreSQL cannot hold: NUL, controls, lone surrogates."""
    return _NOT_IN_XML.sub("", text)


class _Reader:
    """Builds the tree from expat's calls; xmltodict bounds neither depth nor number, and lets a DTD pass."""

    __slots__ = ("count", "name", "parser", "root", "stack")

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype  # entities can be declared nowhere else
        self.stack: list[tuple[dict[str, Any], list[str]]] = []
        self.root: dict[str, Any] | str = ""
        self.name = ""
        self.count = 0

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.stack) >= MAX_DEPTH:
            raise BadMessage("too many elements or levels")
        self.name = self.name or name
        self.stack.append(({}, []))

    def _end(self, name: str) -> None:
        children, words = self.stack.pop()
        value = children or "".join(words).strip()
        if not self.stack:
            self.root = value
            return
        siblings = self.stack[-1][0]
        if name in LISTS:
            siblings.setdefault(name, []).append(value)
        elif name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def _data(self, words: str) -> None:
        self.stack[-1][1].append(words)

    def _doctype(self, *_declaration: object) -> None:
        raise BadMessage("a DTD is not accepted")


def _incoming(fields: dict[str, Any]) -> Incoming:
    kind = _word(fields, "MsgType").lower()[:MAX_ID]
    event = _word(fields, "Event").lower()[:MAX_ID] if kind == "event" else ""
    if not kind or (kind == "event" and not event):
        raise BadMessage("no MsgType or no Event")
    scene = _word(fields, "EventKey")
    lat, lng, label = _place(fields)
    return Incoming(
        key=_event_key(fields, event) if event else _message_key(fields, kind),
        openid=_id(fields, "OpenID" if event in ABOUT_OTHERS else "FromUserName"),
        account=_id(fields, "ToUserName"),
        at=_moment(_word(fields, "CreateTime")),
        kind=kind,
        text=bounded(_word(fields, "Content")),
        event=event,
        event_key=scene.removeprefix("qrscene_") if event == "subscribe" else scene,
        ticket=_word(fields, "Ticket"),
        media_id=_word(fields, "MediaId"),
        thumb_media_id=_word(fields, "ThumbMediaId"),
        picture_url=_word(fields, "PicUrl"),
        format=_word(fields, "Format"),
        lat=lat,
        lng=lng,
        label=bounded(label),
        title=_word(fields, "Title"),
        url=_word(fields, "Url"),
        menu_id=_word(fields, "bizmsgmenuid"),
        fields=fields,
    )


def _from_robot(fields: dict[str, Any], now: datetime) -> Incoming:
    kind = _word(fields, "msgtype").lower()[:MAX_ID]
    sender, account, number = (
        _id(_part(fields, "from"), "userid"),
        _id(fields, "aibotid"),
        _id(fields, "msgid"),
    )
    happened = _part(fields, "event")
    event = _word(happened, "eventtype").lower()[:MAX_ID] if kind == "event" else ""
    if not kind or (kind == "event" and not event):
        raise BadMessage("no msgtype or no eventtype")
    items = _parts(_part(fields, "mixed"), "msg_item") if kind == "mixed" else [fields]
    words = [_word(_part(item, name), "content") for item in items for name in ("text", "voice")]
    pictures = [_word(_part(item, "image"), "url") for item in items]
    text = "\n".join(filter(None, words))
    if _word(fields, "chattype") == "group":
        text = _MENTION.sub("", text, count=1)  # the robot's own name is no part of what is meant
    sent = _word(fields, "create_time")
    return Incoming(
        key=_short("r", number, sender, account),
        openid=sender,
        account=account,
        at=_moment(sent) if sent else now,
        kind=kind,
        text=bounded(text),
        event=event,
        event_key=_word(_part(happened, "template_card_event"), "event_key"),
        picture_url=next(filter(None, pictures), ""),
        url=_word(_part(fields, "file"), "url") or _word(_part(fields, "video"), "url"),
        fields=fields,
    )


def _message_key(fields: Mapping[str, Any], kind: str) -> str:
    # MsgId alone was seen to repeat across people (WxJava #333).
    number = _word(fields, "MsgId") or "\0".join((kind, _word(fields, "Content"), _word(fields, "MediaId")))
    return _short("m", number, _word(fields, "CreateTime"), _word(fields, "FromUserName"))


def _event_key(fields: Mapping[str, Any], event: str) -> str:
    # LOCATION shares its second with other events (weixin-java-tools #66), jobs may end in the same second.
    sent = [_word(one, "MsgID") for one in _parts(_part(fields, "SubscribeMsgSentEvent"), "List")]
    job = [
        _word(fields, "OpenID"),
        _word(fields, "MsgID"),
        _word(_part(fields, "PublishEventInfo"), "publish_id"),
        *sent,
    ]
    names = (_word(fields, "FromUserName"), _word(fields, "CreateTime"), event, _word(fields, "EventKey"))
    return _short("e", *names, *filter(None, job))


def _short(prefix: str, *parts: str) -> str:
    # NUL never stands in a cleaned text, so different parts never make the same whole.
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{prefix}-{digest[:40]}"


def _place(fields: Mapping[str, Any]) -> tuple[float | None, float | None, str]:
    chosen = _part(fields, "SendLocationInfo") or fields
    label = _word(chosen, "Label") or _word(chosen, "Poiname")
    lat = _degrees(_word(chosen, "Location_X") or _word(chosen, "Latitude"), 90)
    lng = _degrees(_word(chosen, "Location_Y") or _word(chosen, "Longitude"), 180)
    return (None, None, label) if lat is None or lng is None else (lat, lng, label)


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= limit else None  # false for NaN too


def _moment(text: str) -> datetime:
    if not _DIGITS.fullmatch(text):
        raise BadMessage("CreateTime is not a number of seconds")
    return datetime.fromtimestamp(int(text), UTC)


def _id(fields: Mapping[str, Any], name: str) -> str:
    value = _word(fields, name)
    if not 0 < len(value) <= MAX_ID:
        raise BadMessage(f"{name} is missing or too long")
    return value


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if isinstance(value, list):
        value = value[0] if value else ""  # a repeated element: the first one counts
    return value if isinstance(value, str) else ""


def _part(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _parts(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = fields.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _cleaned(name: str, value: object, depth: int) -> Any:
    if depth <= 0:
        raise BadMessage("too many levels")
    if isinstance(value, list):
        return [_cleaned("", child, depth - 1) for child in value]
    if name in LISTS:
        return [_cleaned("", value, depth - 1)]
    if isinstance(value, dict):
        return {legal(key): _cleaned(key, child, depth - 1) for key, child in value.items()}
    return "" if value is None else legal(str(value)).strip()


def _check_size(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise BadMessage("more than 256 KiB")
