"""WeChat's error codes as far as the simulator answers them, and the body each one comes in."""

import secrets
from typing import Any

TEXTS: dict[int, str] = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub button level",
    40023: "invalid sub button size",
    40029: "invalid code",
    40032: "invalid openid list size",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40066: "invalid url",
    40125: "invalid appsecret",
    40137: "invalid image format",
    40163: "code been used",
    40200: "invalid account type",
    40241: "The message is duplicate in 60 seconds",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41008: "missing code",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45056: "too many tags now, no more",
    45058: "can't modify sys tag",
    45059: "user has too many tags",
    45072: "invalid command",
    45080: "no interaction with the user in the last 30 seconds",
    45081: "already typing",
    45157: "invalid tag name, exist",
    45158: "invalid tag name, too long",
    45159: "invalid tag",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
}


class ApiError(Exception):
    """A call that WeChat refuses, with its code and perhaps a word more."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


def error_body(error: ApiError) -> dict[str, Any]:
    """The JSON that WeChat answers, with HTTP 200: the code, the text, and a rid to quote to its staff."""
    text = f"{TEXTS.get(error.code, 'unknown error')} {error.detail}".rstrip()
    return {"errcode": error.code, "errmsg": f"{text} rid: {new_rid()}"}


def new_rid() -> str:
    """A request id in WeChat's form."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
