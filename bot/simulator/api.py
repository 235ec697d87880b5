"""The door of the WeChat API: reads a call, lets faults strike, checks the token, answers and keeps a record."""

import asyncio
import json
import time

from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator import api_media, api_menu, api_messages, api_notices, api_people, api_tokens, oauth
from bot.simulator.api_media import plain_json
from bot.simulator.calls import ApiRequest, Handler
from bot.simulator.faults import Fault
from bot.simulator.refusals import ApiError, error_body
from bot.simulator.state import ApiCall, JsonObject, Platform

ROUTES: dict[tuple[str, str], Handler] = {
    **api_tokens.ROUTES,
    **api_messages.ROUTES,
    **api_notices.ROUTES,
    **api_media.ROUTES,
    **api_people.ROUTES,
    **api_menu.ROUTES,
    **oauth.ROUTES,
}
PATHS = {path: method for method, path in ROUTES}
# Web sign-in carries a token of its own, or none.
WITHOUT_TOKEN = frozenset(
    {"/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/showqrcode", *(path for _, path in oauth.ROUTES)}
)
REFUSING_FAULTS = {"quota": 45009, "busy": -1, "expired_token": 42001, "msgmenu_refused": 40200}
Result = JsonObject | web.Response | None


class ApiDoor:
    """Answers every API path; one door, so that each call is checked and recorded in the same way."""

    def __init__(self, platform: Platform, closing: asyncio.Event) -> None:
        self._platform = platform
        self._closing = closing

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The answer to one call; when a fault cuts the connection, nothing reaches the caller."""
        started = time.perf_counter()
        call = await _read_call(request)
        fault = self._platform.faults.strike_call(call.path, _msgtype(call))
        result = await self._respond(call, fault)
        self._record(call, result, fault, ms=(time.perf_counter() - started) * 1000)
        if result is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        return result if isinstance(result, web.Response) else plain_json(result)

    async def _respond(self, call: ApiRequest, fault: Fault | None) -> Result:
        kind = fault.kind if fault is not None else ""
        if kind == "server_error":
            return web.Response(status=500, text="Internal Server Error")
        if kind == "timeout":
            await self._wait(fault)
            return None
        if kind == "slow":
            await self._wait(fault)
        result = self._perform(call, fault.code if fault and fault.code else REFUSING_FAULTS.get(kind))
        return None if kind == "lost_reply" else result

    async def _wait(self, fault: Fault | None) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), fault.seconds if fault is not None else 0)
        except TimeoutError:
            return

    def _perform(self, call: ApiRequest, refusal: int | None) -> JsonObject | web.Response:
        if refusal == REFUSING_FAULTS["expired_token"]:
            self._platform.tokens.kill(call.query.get("access_token"))
        if refusal is not None:
            return error_body(ApiError(refusal))
        try:
            return self._handler(call)(self._platform, call)
        except ApiError as error:
            return error_body(error)

    def _handler(self, call: ApiRequest) -> Handler:
        if call.path not in PATHS:
            raise ApiError(40066)
        if call.path not in WITHOUT_TOKEN:
            self._platform.tokens.check(call.query.get("access_token", ""))
        handler = ROUTES.get((call.method, call.path))
        if handler is None:
            raise ApiError(43001 if PATHS[call.path] == "GET" else 43002)
        return handler

    def _record(self, call: ApiRequest, result: Result, fault: Fault | None, *, ms: float) -> None:
        platform = self._platform
        status, answer, text = _describe(result)
        kind = fault.kind if fault is not None else None
        now, body = platform.clock.now(), call.readable_body
        platform.calls.append(
            ApiCall(now, call.method, call.path, dict(call.query), body, status, answer, kind)
        )
        platform.wire.add(
            at=now,
            direction="api",
            method=call.method,
            url=call.path,
            query=call.query,
            request=call.raw.decode(errors="replace")
            if call.upload is None
            else f"〈{len(call.upload)} 字节〉",
            status=status,
            response=text,
            ms=round(ms, 1),
            fault=kind,
        )


async def _read_call(request: web.Request) -> ApiRequest:
    query = dict(request.query)
    if request.content_type != "multipart/form-data":
        return ApiRequest(request.method, request.path, query, await request.read())
    upload = None
    for value in (await request.post()).values():
        if isinstance(value, FileField):
            upload = value.file.read()
    return ApiRequest(request.method, request.path, query, upload=upload)


def _msgtype(call: ApiRequest) -> str:
    body = call.readable_body
    return str(body.get("msgtype", "")) if isinstance(body, dict) else ""


def _describe(result: Result) -> tuple[int | None, object, str]:
    if result is None:
        return None, None, ""
    if not isinstance(result, web.Response):
        return 200, result, json.dumps(result, ensure_ascii=False)
    size = len(result.body) if isinstance(result.body, bytes) else 0
    text = f"〈{result.content_type}，{size} 字节〉"
    return result.status, text, text
