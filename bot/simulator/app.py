"""Builds the simulator: joins the platform's memory, the API, the pushes, the phones and the page."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.simulator.api import ApiDoor
from bot.simulator.clock import SimClock
from bot.simulator.control import ControlDoor, tell_problems
from bot.simulator.faults import Fault
from bot.simulator.oauth import authorize
from bot.simulator.people import Person
from bot.simulator.phone import Phone
from bot.simulator.push import Pusher
from bot.simulator.replies import Answer
from bot.simulator.state import Account, ApiCall, JsonObject, Platform
from bot.simulator.wire import WireEntry

PAGE = Path(__file__).parent / "page"
MAX_BODY = 24 << 20
API_PREFIXES = ("cgi-bin", "wxa", "wxaapi", "sns")
KEEP = 5000
# What the page asks for under /vendor/, and where it lies in node_modules.
VENDOR = {
    "leaflet": "leaflet/dist",
    "preact": "preact/dist",
    "preact-hooks": "preact/hooks/dist",
    "htm": "htm/dist",
}


def vendor_folders(node_modules: Path) -> dict[str, Path]:
    """The `vendor` argument of `Simulator` for a node_modules folder."""
    return {name: node_modules / folder for name, folder in VENDOR.items()}


@dataclass(kw_only=True, eq=False)
class Simulator:
    """A stand-in for the WeChat platform, for one service account.

    `templates` and `notices` are {template_id: {"title": ..., "fields": {"thing1": "案件", ...}}}; `vendor` maps a name
    under /vendor/ to a folder or file; `public_url` is the simulator's own address (learnt from the first call if
    empty); `keep` bounds the wire log and the list of calls.
    """

    appid: str
    secret: str
    token: str
    aes_key: str
    push_url: str
    clock: SimClock = field(default_factory=SimClock)
    city_geojson: JsonObject | None = None
    push_timeout: float = 5.0
    name: str = "共治·胡埭"
    templates: Mapping[str, JsonObject] = field(default_factory=dict)
    notices: Mapping[str, JsonObject] = field(default_factory=dict)
    vendor: Mapping[str, Path] = field(default_factory=dict)
    public_url: str = ""
    keep: int = KEEP

    def __post_init__(self) -> None:
        self.platform = Platform(
            account=Account(
                appid=self.appid, secret=self.secret, token=self.token, aes_key=self.aes_key, name=self.name
            ),
            clock=self.clock,
            templates=self.templates,
            notices=self.notices,
            keep=self.keep,
            public_url=self.public_url.rstrip("/"),
            home=_centre(self.city_geojson),
        )
        self.pusher = Pusher(self.platform, self.push_url, self.push_timeout)
        self.platform.announce = self.pusher.announce
        self._closing = asyncio.Event()

    def application(self) -> web.Application:
        """The application with every path of the simulator; starting and stopping it starts and stops the pushes."""
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self._learn_address, tell_problems])
        api = ApiDoor(self.platform, self._closing)
        for prefix in API_PREFIXES:
            app.router.add_route("*", f"/{prefix}/{{rest:.*}}", api.handle)
        app.router.add_get("/connect/oauth2/authorize", self._authorize)
        control = ControlDoor(
            self.platform, self.pusher, city_geojson=self.city_geojson, closing=self._closing
        )
        app.router.add_routes(control.routes())
        app.router.add_get("/vendor/{name}{rest:(?:/.*)?}", self._vendor_file)
        app.router.add_get("/{rest:.*}", self._page_file)
        app.cleanup_ctx.append(self._lifetime)
        app.on_shutdown.append(self._wake_waiters)
        return app

    async def start(self) -> None:
        """Make ready to push; may be called more than once."""
        self._closing.clear()
        await self.pusher.start()

    async def close(self) -> None:
        """End all that waits and close the client session."""
        self._closing.set()
        await self.pusher.close()

    def serve_at(self, url: str) -> None:
        """Tell the simulator its own address, which stands in PicUrl and the like."""
        self.platform.public_url = url.rstrip("/")

    async def settle(self) -> None:
        """Wait until the pushes of results (template sent, ...) are through."""
        await self.pusher.settle()

    def phone(self, name: str, role: str = "citizen") -> Phone:
        """A new person's phone; not following yet."""
        return Phone(self.platform, self.pusher, self.platform.new_person(name, role))

    def phone_of(self, openid: str) -> Phone:
        """The phone of a known person; KeyError if nobody has this openid."""
        return Phone(self.platform, self.pusher, self.platform.people[openid])

    @property
    def people(self) -> list[Person]:
        """Everybody, in the order they came."""
        return list(self.platform.people.values())

    async def push(self, xml: str, *, duplicates: int = 1, at_once: bool = True) -> list[Answer]:
        """Push this very XML `duplicates` times, together or one after another; one answer each."""
        return await self.pusher.push(xml, duplicates=duplicates, at_once=at_once)

    @property
    def sent(self) -> list[ApiCall]:
        """The last `keep` API calls of the service, oldest first."""
        return list(self.platform.calls)

    def calls(self, path: str = "") -> list[ApiCall]:
        """The API calls whose path contains `path`, oldest first."""
        return [call for call in self.platform.calls if path in call.path]

    @property
    def wire(self) -> list[WireEntry]:
        """The last `keep` exchanges both ways, oldest first, masked."""
        return list(self.platform.wire.entries)

    def order_fault(
        self,
        kind: str,
        path: str | None = None,
        times: int = 1,
        *,
        seconds: float | None = None,
        code: int = 0,
    ) -> Fault:
        """Order a fault (see README.md); ValueError if it is unknown."""
        return self.platform.faults.order(kind, path, times=times, seconds=seconds, code=code)

    async def _lifetime(self, _app: web.Application) -> AsyncIterator[None]:
        await self.start()
        yield
        await self.close()

    async def _wake_waiters(self, _app: web.Application) -> None:
        self._closing.set()

    async def _authorize(self, request: web.Request) -> web.Response:
        return await authorize(self.platform, request)

    @web.middleware
    async def _learn_address(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not self.platform.public_url:
            self.platform.public_url = str(request.url.origin())
        response: web.StreamResponse = await handler(request)
        return response

    async def _vendor_file(self, request: web.Request) -> web.StreamResponse:
        root = self.vendor.get(request.match_info["name"])
        return _serve(root, request.match_info["rest"].lstrip("/"))

    async def _page_file(self, request: web.Request) -> web.StreamResponse:
        return _serve(PAGE, request.match_info["rest"] or "index.html")


def _serve(root: Path | None, name: str) -> web.StreamResponse:
    if root is None:
        raise web.HTTPNotFound
    path = (root / name).resolve() if name else root
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _centre(geojson: JsonObject | None) -> tuple[float, float]:
    points = list(_points((geojson or {}).get("features", [])))
    if not points:
        return (31.0, 121.0)
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    return (min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2


def _points(value: Any) -> Iterator[tuple[float, float]]:
    if isinstance(value, dict):
        yield from _points((value.get("geometry") or {}).get("coordinates", []))
    elif isinstance(value, list) and len(value) >= 2 and isinstance(value[0], (int, float)):
        yield float(value[0]), float(value[1])
    elif isinstance(value, list):
        for one in value:
            yield from _points(one)
