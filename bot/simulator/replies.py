"""The service's answer to a push: opened, checked as the platform does, and read as a bubble."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.crypto import CryptoError, SafeMode, is_signed
from bot.simulator.envelope import EnvelopeError, parse_xml
from bot.simulator.people import bubble_text
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

MAX_TEXT_BYTES = 2048
MAX_ARTICLES = 8
NOTHING = frozenset({"", "success"})


class ReplyError(ValueError):
    """An answer that the platform does not show."""


@dataclass(frozen=True)
class Answer:
    """What became of one push: `outcome` is reply, success or failed; `raw` has the fields of the reply's XML."""

    tries: int
    outcome: str
    reply: JsonObject | None = None
    why: str = ""
    raw: JsonObject = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words of the reply; empty if there is none."""
        return bubble_text(self.reply["kind"], self.reply) if self.reply is not None else ""

    def to_json(self) -> JsonObject:
        """As the page gets it."""
        return {"tries": self.tries, "outcome": self.outcome, "reply": self.reply, "why": self.why}


def read_answer(
    platform: Platform, safe: SafeMode, openid: str, body: str
) -> tuple[JsonObject | None, JsonObject]:
    """The reply as a bubble (None: nothing to show) and as XML fields; ReplyError if it is abnormal."""
    if body in NOTHING:
        return None, {}
    try:
        text = _open(platform, safe, body)
        if text in NOTHING:
            return None, {}
        fields = parse_xml(text)
        _check_names(platform, fields, openid)
        return _as_bubble(platform, fields), fields
    except (EnvelopeError, CryptoError) as error:
        raise ReplyError(str(error)) from error
    except ApiError as error:
        raise ReplyError(f"errcode {error.code}") from error


def _open(platform: Platform, safe: SafeMode, body: str) -> str:
    outer = parse_xml(body)
    try:
        parts = [str(outer[name]) for name in ("TimeStamp", "Nonce", "Encrypt")]
        signature = str(outer["MsgSignature"])
    except KeyError as error:
        raise ReplyError(f"not encrypted: no {error.args[0]}") from error
    if not is_signed(signature, platform.account.token, *parts):
        raise ReplyError("wrong MsgSignature")
    return safe.decrypt(parts[2])


def _check_names(platform: Platform, fields: JsonObject, openid: str) -> None:
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != platform.account.original_id:
        raise ReplyError("ToUserName or FromUserName is wrong")
    if not str(fields.get("CreateTime", "")).isdecimal():
        raise ReplyError("CreateTime is wrong")


def _as_bubble(platform: Platform, fields: JsonObject) -> JsonObject | None:
    kind = fields.get("MsgType")
    if kind == "transfer_customer_service":
        return None
    if kind == "text":
        return {"kind": "text", "content": _text(fields)}
    if kind in {"image", "voice", "video"}:
        inside = fields.get(str(kind).capitalize())
        media_id = inside.get("MediaId") if isinstance(inside, dict) else None
        return {"kind": kind, "media_id": platform.media.take(media_id, str(kind)).media_id}
    if kind == "news":
        return {"kind": "news", "articles": _articles(fields)}
    if kind == "music" and isinstance(fields.get("Music"), dict):
        return {
            "kind": "news",
            "articles": [_article({"Url": fields["Music"].get("MusicUrl"), **fields["Music"]})],
        }
    raise ReplyError(f"MsgType {kind} is wrong")


def _text(fields: JsonObject) -> str:
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise ReplyError("Content is empty")
    if len(content.encode()) > MAX_TEXT_BYTES:
        raise ReplyError("Content is longer than 2048 bytes")
    return content


def _articles(fields: JsonObject) -> list[JsonObject]:
    inside = fields.get("Articles")
    items: Any = inside.get("item") if isinstance(inside, dict) else None
    listed = items if isinstance(items, list) else [items]
    if not 1 <= len(listed) <= MAX_ARTICLES or str(fields.get("ArticleCount")) != str(len(listed)):
        raise ReplyError("Articles or ArticleCount is wrong")
    return [_article(one) for one in listed]


def _article(item: object) -> JsonObject:
    if not isinstance(item, dict) or not item.get("Title"):
        raise ReplyError("an article has no Title")
    names = {"title": "Title", "description": "Description", "url": "Url", "picurl": "PicUrl"}
    return {ours: str(item.get(theirs) or "") for ours, theirs in names.items()}
