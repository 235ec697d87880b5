"""The desk for the account's menu and for QR codes with a scene."""

from datetime import timedelta
from io import BytesIO

import segno
from aiohttp import web

from bot.simulator.calls import OK, ApiRequest, Handler, as_list, as_object
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

KEY_TYPES = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
ARTICLE_TYPES = frozenset({"article_id", "article_view_limited"})
MAX_EXPIRE = 2_592_000
DEFAULT_EXPIRE = 60


def _create(platform: Platform, call: ApiRequest) -> JsonObject:
    buttons = as_list(call.field("button"), 40016)
    if not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    platform.menu = [_top_button(as_object(one, 40016)) for one in buttons]
    platform.changes.bump()
    return OK


def _top_button(given: JsonObject) -> JsonObject:
    _check_name(given, 16)
    below = as_list(given.get("sub_button") or [], 40023)
    if not below:
        return {**_leaf(given), "sub_button": []}
    if len(below) > 5:
        raise ApiError(40023)
    for one in below:
        _check_name(as_object(one, 40023), 60)
        if one.get("sub_button"):
            raise ApiError(40022)
    return {"name": given["name"], "sub_button": [{**_leaf(one), "sub_button": []} for one in below]}


def _leaf(given: JsonObject) -> JsonObject:
    kind = given.get("type")
    if kind in KEY_TYPES:
        _check_length(given.get("key"), 128, 40019)
    elif kind == "view":
        _check_url(given)
    elif kind == "miniprogram":
        _check_length(given.get("appid"), 128, 40013)
        _check_length(given.get("pagepath"), 1024, 40020)
        _check_url(given)  # for phones that are too old for mini-programs
    elif kind in ARTICLE_TYPES:
        _check_length(given.get("article_id"), 128, 40007)
    else:
        raise ApiError(40017)
    return {name: value for name, value in given.items() if name != "sub_button"}


def _check_url(given: JsonObject) -> None:
    _check_length(given.get("url"), 1024, 40020)
    if not str(given["url"]).startswith(("http://", "https://")):
        raise ApiError(40020)


def _check_name(given: JsonObject, limit: int) -> None:
    _check_length(given.get("name"), limit, 40018)


def _check_length(value: object, limit: int, code: int) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limit:
        raise ApiError(code)


def _get(platform: Platform, _call: ApiRequest) -> JsonObject:
    if platform.menu is None:
        raise ApiError(46003)
    return {"menu": {"button": platform.menu}}


def _delete(platform: Platform, _call: ApiRequest) -> JsonObject:
    platform.menu = None
    platform.changes.bump()
    return OK


def _create_code(platform: Platform, call: ApiRequest) -> JsonObject:
    action = str(call.field("action_name"))
    scene = _read_scene(action, as_object(as_object(call.field("action_info"), 40053).get("scene"), 40053))
    if "LIMIT" in action:
        code = platform.new_qr_code(scene, None)
        return {"ticket": code.ticket, "url": code.url}
    seconds = call.field("expire_seconds")
    lasts = min(seconds, MAX_EXPIRE) if isinstance(seconds, int) and seconds > 0 else DEFAULT_EXPIRE
    code = platform.new_qr_code(scene, platform.clock.now() + timedelta(seconds=lasts))
    return {"ticket": code.ticket, "expire_seconds": lasts, "url": code.url}


def _read_scene(action: str, scene: JsonObject) -> str:
    number, word = scene.get("scene_id"), scene.get("scene_str")
    if action in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}:
        _check_length(word, 64, 40053)
        return str(word)
    limits = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}
    if action not in limits:
        raise ApiError(40052)
    if not isinstance(number, int) or not 1 <= number <= limits[action]:
        raise ApiError(40053)
    return str(number)


def _show_code(platform: Platform, call: ApiRequest) -> web.Response:
    code = platform.qr_codes.get(call.query.get("ticket", ""))
    if code is None or (code.until is not None and platform.clock.now() >= code.until):
        return web.Response(status=404, text="")
    picture = BytesIO()
    segno.make(code.url, error="m").save(picture, kind="png", scale=8)
    return web.Response(body=picture.getvalue(), content_type="image/png")


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/cgi-bin/menu/create"): _create,
    ("GET", "/cgi-bin/menu/get"): _get,
    ("GET", "/cgi-bin/menu/delete"): _delete,
    ("POST", "/cgi-bin/qrcode/create"): _create_code,
    ("GET", "/cgi-bin/showqrcode"): _show_code,
}
