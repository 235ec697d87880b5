"""The JSON door of the simulator's own page: people, deeds, the clock, faults, the wire, and a stream of changes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator.api_media import plain_json, serve_media
from bot.simulator.phone import NotFollowingError, Phone
from bot.simulator.pictures import sample_picture
from bot.simulator.push import Pusher
from bot.simulator.refusals import ApiError
from bot.simulator.replies import Answer
from bot.simulator.state import JsonObject, Platform

EMPTY_CITY: JsonObject = {"type": "FeatureCollection", "features": []}
PING_EVERY = 15.0
Deed = Callable[[Phone, JsonObject], Awaitable[Answer]]


class ControlDoor:
    """Answers `/sim/...`."""

    def __init__(
        self, platform: Platform, pusher: Pusher, *, city_geojson: JsonObject | None, closing: asyncio.Event
    ) -> None:
        self._platform = platform
        self._pusher = pusher
        self._city = city_geojson or EMPTY_CITY
        self._closing = closing

    def routes(self) -> list[web.RouteDef]:
        """All paths of this door."""
        deeds = [web.post(f"/sim/people/{{openid}}/{name}", self._deed(deed)) for name, deed in DEEDS.items()]
        files = [web.post(f"/sim/people/{{openid}}/{name}", self._file(name)) for name in FILES]
        return [
            web.get("/sim/state", self._state),
            web.get("/sim/city.geojson", self._geojson),
            web.post("/sim/people", self._new_person),
            web.get("/sim/people/{openid}/messages", self._messages),
            *deeds,
            *files,
            web.get("/sim/media/{media_id}", self._media),
            web.get("/sim/sample.jpg", self._sample),
            web.get("/sim/wire", self._wire),
            web.post("/sim/clock", self._move_clock),
            web.post("/sim/faults", self._order_fault),
            web.delete("/sim/faults", self._clear_faults),
            web.get("/sim/events", self._events),
        ]

    async def _state(self, _request: web.Request) -> web.Response:
        platform = self._platform
        return plain_json(
            {
                "now": platform.clock.now().isoformat(),
                "account": {"name": platform.account.name, "appid": platform.account.appid},
                "people": [one.to_json() for one in platform.people.values()],
                "menu": platform.menu or [],
                "faults": [one.to_json() for one in platform.faults.orders],
                "seq": platform.changes.seq,
                "notices": [
                    {"template_id": key, "title": one["title"]} for key, one in platform.notices.items()
                ],
            }
        )

    async def _geojson(self, _request: web.Request) -> web.Response:
        return plain_json(self._city)

    async def _new_person(self, request: web.Request) -> web.Response:
        body = await _body(request)
        person = self._platform.new_person(str(body["name"]), str(body.get("role", "")))
        return plain_json({"openid": person.openid})

    async def _messages(self, request: web.Request) -> web.Response:
        person = self._phone(request).person
        screen = person.screen_after(_after(request), self._platform.clock.now())
        return plain_json({"messages": [bubble.to_json() for bubble in screen]})

    async def _media(self, request: web.Request) -> web.Response:
        # A phone keeps what it has shown, so this address outlives the three days of the API.
        item = self._platform.media.items.get(request.match_info["media_id"])
        return serve_media(item) if item is not None else _problem(404, "没有这个文件")

    async def _sample(self, request: web.Request) -> web.Response:
        return web.Response(
            body=sample_picture(request.query.get("seed", "street")), content_type="image/jpeg"
        )

    async def _wire(self, request: web.Request) -> web.Response:
        entries = self._platform.wire.after(_after(request))
        return plain_json({"entries": [entry.to_json() for entry in entries]})

    async def _move_clock(self, request: web.Request) -> web.Response:
        self._platform.clock.advance(float((await _body(request))["advance_seconds"]))
        self._platform.changes.bump()
        return plain_json({"now": self._platform.clock.now().isoformat()})

    async def _order_fault(self, request: web.Request) -> web.Response:
        body = await _body(request)
        seconds = body.get("seconds")
        fault = self._platform.faults.order(
            str(body["kind"]),
            body.get("path") or None,
            times=int(body.get("times") or 1),
            seconds=None if seconds is None else float(seconds),
            code=int(body.get("code") or 0),
        )
        self._platform.changes.bump()
        return plain_json(fault.to_json())

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._platform.faults.clear()
        self._platform.changes.bump()
        return plain_json({})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        with (
            self._platform.changes.watch() as changed,
            suppress(ConnectionResetError),
        ):  # the page was reloaded
            changed.set()
            while not self._closing.is_set():
                await response.write(self._event(changed))
                await self._next_change(changed)
        return response

    def _event(self, changed: asyncio.Event) -> bytes:
        if not changed.is_set():
            return b": still here\n\n"
        changed.clear()
        return f"event: changed\ndata: {json.dumps({'seq': self._platform.changes.seq})}\n\n".encode()

    async def _next_change(self, changed: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(one.wait()) for one in (changed, self._closing)]
        try:
            await asyncio.wait(waits, timeout=PING_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _phone(self, request: web.Request) -> Phone:
        person = self._platform.find_person(request.match_info["openid"])
        return Phone(self._platform, self._pusher, person)

    def _deed(self, deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            answer = await deed(self._phone(request), await _body(request))
            return plain_json(answer.to_json())

        return handle

    def _file(self, name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            phone = self._phone(request)
            given = (await request.post()).get("file")
            if not isinstance(given, FileField):
                return _problem(400, "请选一个文件")
            return plain_json((await FILES[name](phone, given.file.read())).to_json())

        return handle


@web.middleware
async def tell_problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What the page asked wrongly comes back as JSON with an `error`, never as a stack trace."""
    if not request.path.startswith("/sim/"):
        return await handler(request)
    try:
        return await handler(request)
    except NotFollowingError:
        return _problem(409, "还没有关注公众号")
    except ApiError as error:
        return _problem(404 if error.code == 40003 else 400, f"平台不接受（{error.code}）")
    except (KeyError, ValueError, TypeError) as error:
        return _problem(400, f"请求有误：{error}")


def _problem(status: int, text: str) -> web.Response:
    return plain_json({"error": text}, status)


async def _body(request: web.Request) -> dict[str, Any]:
    body = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 - one kind of error for the page
    return body


def _after(request: web.Request) -> int:
    return int(request.query.get("after") or 0)


async def _menu(phone: Phone, body: JsonObject) -> Answer:
    return await (phone.view_menu(str(body["url"])) if body.get("url") else phone.tap_menu(str(body["key"])))


async def _locate(phone: Phone, body: JsonObject) -> Answer:
    return await phone.locate(float(body["lat"]), float(body["lng"]), str(body.get("label") or ""))


async def _subscribe(phone: Phone, body: JsonObject) -> Answer:
    return await phone.subscribe(str(body["template_id"]), accept=bool(body.get("accept", True)))


DEEDS: dict[str, Deed] = {
    "follow": lambda phone, body: phone.follow(body.get("scene") or None),
    "unfollow": lambda phone, _body: phone.unfollow(),
    "scan": lambda phone, body: phone.scan(body["scene"]),
    "text": lambda phone, body: phone.say(str(body["content"])),
    "location": _locate,
    "menu": _menu,
    "msgmenu": lambda phone, body: phone.tap(str(body["id"]), str(body["content"])),
    "subscribe": _subscribe,
}
FILES: dict[str, Callable[[Phone, bytes], Awaitable[Answer]]] = {
    "photo": Phone.photo,
    "voice": Phone.voice,
    "video": Phone.video,
}
