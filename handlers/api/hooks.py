"""Takes cases from other systems: a signed POST with an idempotency key, answered in JSON."""

import logging
from typing import Any

from aiohttp import web

from handlers.web import CLOCK, TOWN
from models.audit import Deed, count_refused, note_deed
from models.errors import Refusal
from models.exchange.actions import KeyUsed, receive_case
from models.exchange.queries import find_system
from models.exchange.reading import Faults
from models.exchange.signing import Seal, Unsigned, is_signed, read_seal
from models.exchange.tables import System

log = logging.getLogger(__name__)

ADDRESS = "/api/hooks/cases"
MAX_BYTES = 256 * 1024

WRONG_SEAL = "签名不对，或系统没有登记、已停用。请核对编号、密钥和签名方法。"
TOO_LARGE = "内容超过 256 KiB。"
BROKEN_BODY = "没有收到完整的内容，请用同一个 Idempotency-Key 重发。"
BROKEN = "这次没办成，请用同一个 Idempotency-Key 重发；一直这样请告诉我们。"
NOBODY = "-" * 43  # a secret of nobody: an unknown system is answered as late as a known one


class _Wrong(Exception):  # noqa: N818 - names the fact
    """The request is answered with an error."""

    def __init__(self, status: int, error: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.content: dict[str, Any] = {"error": error} | ({"fields": fields} if fields else {})


def routes() -> list[web.AbstractRouteDef]:
    """Return the address; it needs the keys TOWN and CLOCK of handlers/web.py."""
    return [web.post(ADDRESS, receive)]


async def receive(request: web.Request) -> web.Response:
    """Answer one sending: 201 opened, 200 sent before, 401, 409, 413, 422, each with a Chinese sentence."""
    try:
        return await _received(request)
    except _Wrong as wrong:
        return _json(wrong.content, wrong.status)
    except Exception:
        log.exception("a hook broke", extra={"action": "hook_failed"})
        return _json({"error": BROKEN}, 500)


async def _received(request: web.Request) -> web.Response:
    body = await _body(request)
    system, seal = await _sender(request, body)
    now = request.app[CLOCK].now()
    try:
        answer = await receive_case(system, seal.key, body=body, town=request.app[TOWN], now=now)
    except KeyUsed as error:
        await _note(request, system, 409)
        raise _Wrong(409, error.sentence) from None
    except Faults as error:
        await _note(request, system, 422)
        raise _Wrong(422, error.sentence, error.fields) from None
    except Refusal as error:
        await _note(request, system, 422)
        raise _Wrong(422, error.sentence) from None
    await _note(request, system, answer.status, number=answer.content["id"])
    return _json(answer.content, answer.status)


async def _body(request: web.Request) -> bytes:
    """Return the bytes as they were signed; raises _Wrong beyond ``MAX_BYTES``, however they are packed."""
    if (request.content_length or 0) > MAX_BYTES:
        raise _Wrong(413, TOO_LARGE)
    body = bytearray()
    try:
        async for chunk in request.content.iter_chunked(16 * 1024):
            body += chunk
            if len(body) > MAX_BYTES:
                raise _Wrong(413, TOO_LARGE)
    except web.RequestPayloadError:
        raise _Wrong(400, BROKEN_BODY) from None
    return bytes(body)


async def _sender(request: web.Request, body: bytes) -> tuple[System, Seal]:
    """Return who signed the body; raises _Wrong, with the same words for an unknown system and a wrong signature."""
    try:
        seal = read_seal(request.headers, now=request.app[CLOCK].now())
    except Unsigned as error:
        count_refused("hook")
        raise _Wrong(401, error.sentence) from None
    system = await find_system(seal.party)
    if not is_signed(system.secret if system else NOBODY, seal, body) or system is None:
        count_refused("hook")
        log.warning("a hook was not signed by one of ours", extra={"action": "forbidden_hook"})
        raise _Wrong(401, WRONG_SEAL)
    return system, seal


async def _note(request: web.Request, system: System, status: int, *, number: str = "") -> None:
    deed = Deed(
        who=f"system {system.code}",
        door="hook",
        action="POST cases",
        role="system",
        address=request.remote or "",
        subject=f"case {number}" if number else "",
        outcome=str(status),
    )
    await note_deed(deed, now=request.app[CLOCK].now())


def _json(content: dict[str, Any], status: int) -> web.Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return web.json_response(content, status=status, headers=headers)
