"""Stands before every address: what is no text is refused, what nobody serves is told in the form of its interface."""

import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from handlers.api import open311_forms
from handlers.api.v1 import access

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OPEN311, HOOKS, API = "/open311/", "/api/hooks/", "/api/"
# What no database keeps and no name of ours holds: controls, NUL among them, and halves of characters.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
WORDS = {
    400: "地址里有不能识别的字符。请检查后再试。",
    404: "没有这个地址。请对照文档检查路径。",
    405: "这个地址不支持 {method}。可用的方法见 Allow。",
    408: "没有按时传完，没有收下。请再发一次。",
    411: "请在 Content-Length 里写明长度。",
    413: "内容超过 256 KiB，没有收下。",
    500: "出错了，已经记下来会查。请稍后再试。",
}
OTHER = "没办成，请检查后再试。"
CODES = {400: "bad_request", 404: "no_address", 405: "no_method", 413: "too_large", 500: "broken"}


@web.middleware
async def front(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what no handler can or does answer: 400 for what is no text, 404, 405, 413, and 500 for what breaks."""
    if is_unreadable(request):
        return _told(request, 400)
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        allowed = error.headers.get("Allow", "")
        return _told(request, error.status, {"Allow": allowed} if allowed else {})
    except web.RequestPayloadError:  # broken off, or packed in a way that cannot be unpacked
        return _told(request, 400)
    except OSError:
        raise  # they have gone: nobody is left to be answered
    except Exception:
        log.exception("a request broke", extra={"action": "request_failed"})
        return _told(request, 500)


def is_unreadable(request: web.Request) -> bool:
    """Tell whether the address holds what is no text, however it was escaped."""
    told = (request.path, request.query_string, *request.query.keys(), *request.query.values())
    return any(_NO_TEXT.search(part) for part in told)


def _told(request: web.Request, status: int, headers: dict[str, str] | None = None) -> web.Response:
    words = WORDS.get(status, OTHER).format(method=request.method[:20])
    if request.path.startswith(OPEN311):
        answer = open311_forms.Wrong(status, words).answer()
        response = open311_forms.written(answer, open311_forms.guess_form(request))
    elif request.path.startswith(HOOKS):
        response = access.written({"error": words}, status=status)
    elif request.path.startswith(API):
        response = access.told(access.Wrong(status, CODES.get(status, "wrong"), words))
    else:
        response = web.Response(text=words, status=status, headers={"X-Content-Type-Options": "nosniff"})
    response.headers.update(headers or {})
    return response
