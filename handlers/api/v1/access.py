"""Lets programs in by their token: who may do what, errors as JSON, and each call in the audit log."""

import functools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from handlers.web import CLOCK
from models.access import Access, ApiToken, find_token
from models.audit import Deed, count_refused, note_deed
from models.errors import Refusal

log = logging.getLogger(__name__)

LEVELS = (Access.READER, Access.OFFICER, Access.DISPATCHER, Access.ADMIN)
TOKEN: web.RequestKey[ApiToken] = web.RequestKey("token", ApiToken)

NO_TOKEN = "请带上令牌：Authorization: Bearer …。令牌用 ./gongzhi token create 生成。"  # noqa: S105
NOT_ALLOWED = "这个令牌的角色是 {role}，不能这样做。"
BROKEN = "出错了，已经记下来会查。请稍后再试。"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wrong(Exception):  # noqa: N818 - names the fact
    """A call that cannot be answered as asked, with the words for whoever wrote the program."""

    def __init__(self, status: int, code: str, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields or {}


def guarded(handler: Handler, *, least: Access = Access.READER) -> Handler:
    """Return the handler for tokens of that role or above; what goes wrong is told as JSON."""

    @functools.wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        token = await find_token(_bearer(request))
        try:
            request[TOKEN] = _let_in(token, least)
            answer = await handler(request)
        except Wrong as wrong:
            answer = told(wrong)
        except Refusal as refusal:
            answer = told(Wrong(409, "refused", refusal.sentence))
        except web.HTTPException:
            raise
        except Exception:
            log.exception("an API call broke", extra={"action": "api_failed"})
            answer = told(Wrong(500, "broken", BROKEN))
        await _note(request, token, answer.status)
        return answer

    return handle


def told(wrong: Wrong) -> web.Response:
    """Return the error as every error of this API looks."""
    fields = [{"field": name, "message": message} for name, message in wrong.fields.items()]
    error = {"code": wrong.code, "message": wrong.message, "fields": fields}
    headers = {"WWW-Authenticate": "Bearer"} if wrong.status == 401 else {}
    return written({"error": error}, status=wrong.status, headers=headers)


def written(content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON in UTF-8 that no cache keeps."""
    body = json.dumps(content, ensure_ascii=False)
    kept = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    return web.Response(text=body, status=status, content_type="application/json", headers=kept)


def _bearer(request: web.Request) -> str:
    kind, _, clear = request.headers.get("Authorization", "").partition(" ")
    return clear.strip() if kind.lower() == "bearer" else ""


def _let_in(token: ApiToken | None, least: Access) -> ApiToken:
    if token is None:
        raise Wrong(401, "no_token", NO_TOKEN)
    if LEVELS.index(token.role) < LEVELS.index(least):
        raise Wrong(403, "not_allowed", NOT_ALLOWED.format(role=token.role.value))
    return token


async def _note(request: web.Request, token: ApiToken | None, status: int) -> None:
    if token is None:
        count_refused("api")
        return
    deed = Deed(
        who=f"token {token.id} {token.name}",
        role=token.role.value,
        door="api",
        address=request.remote or "",
        action=f"{request.method} {request.path}"[:60],
        subject=f"case {request.match_info['number']}" if "number" in request.match_info else "",
        outcome=str(status),
    )
    await note_deed(deed, now=request.app[CLOCK].now())
