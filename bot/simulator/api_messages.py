"""The desk for customer-service messages and 正在输入, with WeChat's windows and counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.simulator.calls import OK, ApiRequest, Handler, as_list, as_object, as_text
from bot.simulator.people import Bubble, Person
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

MAX_TEXT_BYTES = 2048
TYPING_AFTER = timedelta(seconds=30)
Content = tuple[str, JsonObject]


def _send(platform: Platform, call: ApiRequest) -> JsonObject:
    person = platform.find_person(call.field("touser"))
    kind = call.field("msgtype")
    reader = READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ApiError(40008)
    content = reader(platform, as_object(call.field(str(kind))))
    _use_window(platform, person)
    platform.show(person, "account", *content)
    return OK


def _use_window(platform: Platform, person: Person) -> None:
    now = platform.clock.now()
    if not person.following or not person.windows.is_open(now):
        raise ApiError(45015)
    if person.windows.count_left(now) == 0:
        raise ApiError(45047)
    person.windows.use(now)


def _text(_platform: Platform, given: JsonObject) -> Content:
    content = as_text(given.get("content"))
    if len(content.encode()) > MAX_TEXT_BYTES:
        raise ApiError(45002)
    return "text", {"content": content}


def _stored(kind: str) -> Callable[[Platform, JsonObject], Content]:
    def read(platform: Platform, given: JsonObject) -> Content:
        item = platform.media.take(given.get("media_id"), kind)
        return kind, {"media_id": item.media_id}

    return read


def _news(_platform: Platform, given: JsonObject) -> Content:
    articles = [as_object(one) for one in as_list(given.get("articles"))]
    if len(articles) != 1:
        raise ApiError(45008)
    return "news", {"articles": [_article(one, "url") for one in articles]}


def _published(name: str) -> Callable[[Platform, JsonObject], Content]:
    """An article that was written at WeChat's own desk: known here by its id alone."""

    def read(_platform: Platform, given: JsonObject) -> Content:
        article = as_text(given.get(name), 40007)
        return "news", {
            "articles": [{"title": "图文消息", "description": "", "url": f"#{article}", "picurl": ""}]
        }

    return read


def _music(platform: Platform, given: JsonObject) -> Content:
    platform.media.take(given.get("thumb_media_id"), "thumb", "image")
    return "news", {"articles": [_article(given, "musicurl")]}


def _mini_program(platform: Platform, given: JsonObject) -> Content:
    item = platform.media.take(given.get("thumb_media_id"), "thumb", "image")
    as_text(given.get("appid"), 40013)
    page = as_text(given.get("pagepath"), 47003)
    card = {"title": as_text(given.get("title"), 47003), "description": "小程序", "url": f"#{page}"}
    return "news", {"articles": [{**card, "picurl": platform.media_url(item.media_id)}]}


def _article(given: JsonObject, url: str) -> JsonObject:
    return {
        "title": as_text(given.get("title"), 47003),
        "description": str(given.get("description") or ""),
        "url": str(given.get(url) or ""),
        "picurl": str(given.get("picurl") or ""),
    }


def _msgmenu(_platform: Platform, given: JsonObject) -> Content:
    items = [_item(as_object(one)) for one in as_list(given.get("list"))]
    if not items:
        raise ApiError(47003, "msgmenu.list is empty")
    head, tail = (str(given.get(name) or "") for name in ("head_content", "tail_content"))
    return "msgmenu", {"head": head, "items": items, "tail": tail}


def _item(given: dict[str, Any]) -> JsonObject:
    return {"id": as_text(given.get("id"), 47003), "content": as_text(given.get("content"), 47003)}


def _typing(platform: Platform, call: ApiRequest) -> JsonObject:
    person = platform.find_person(call.field("touser"))
    command = call.field("command")
    if command == "CancelTyping":
        person.typing = None
        platform.changes.bump()
        return OK
    if command != "Typing":
        raise ApiError(45072)
    _start_typing(platform, person)
    return OK


def _start_typing(platform: Platform, person: Person) -> None:
    now = platform.clock.now()
    if not person.following or person.last_contact is None or now - person.last_contact > TYPING_AFTER:
        raise ApiError(45080)
    if person.is_typed_to(now):
        raise ApiError(45081)
    platform.typings += 1
    person.typing = Bubble(platform.changes.bump(), now, "account", "typing", {})


READERS: dict[str, Callable[[Platform, JsonObject], Content]] = {
    "text": _text,
    "image": _stored("image"),
    "voice": _stored("voice"),
    "video": _stored("video"),
    "music": _music,
    "news": _news,
    "mpnews": _published("media_id"),
    "mpnewsarticle": _published("article_id"),
    "msgmenu": _msgmenu,
    "miniprogrampage": _mini_program,
}
ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/cgi-bin/message/custom/send"): _send,
    ("POST", "/cgi-bin/message/custom/typing"): _typing,
}
