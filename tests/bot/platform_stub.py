"""A few lines of WeChat for tests of single answers: what is scripted is answered, all else is ok."""

import asyncio
import json
from collections import defaultdict, deque
from datetime import UTC, datetime, timedelta

from aiohttp import web

RID = "rid: 65f0a1b2-0c3d4e5f-6a7b8c9d"
OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"


class Minute:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.moment = datetime(2025, 6, 3, 4, 0, 30, tzinfo=UTC)  # noon in Beijing

    def now(self):
        return self.moment

    def move(self, seconds):
        self.moment += timedelta(seconds=seconds)


class Sleeps(list):
    """Remembers how long was asked, and lets others run."""

    async def __call__(self, seconds):
        self.append(seconds)
        await asyncio.sleep(0)


class File:
    def __init__(self, content, mime):
        self.content = content
        self.mime = mime


CUT = object()  # the call takes effect, the connection is cut before the answer
SILENT = object()  # no answer at all


class PlatformStub:
    """Counts calls; ``script[action]`` holds the answers to come: dict, File, HTTP status, CUT, SILENT."""

    def __init__(self):
        self.script = defaultdict(deque)
        self.calls = []
        self.uploads = []
        self.token = "TOKEN-0"
        self.fetches = []
        self.on_fetch = None  # awaited while a token is being fetched
        self.open_paths = set()  # these want no token
        self.quiet = asyncio.Event()

    def app(self):
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_post("/cgi-bin/stable_token", self.stable_token)
        app.router.add_route("*", "/{path:.*}", self.any)
        return app

    def renew(self):
        self.token = f"TOKEN-{len(self.fetches)}"

    def sent(self, action):
        return [body for name, body in self.calls if name == action]

    async def stable_token(self, request):
        self.fetches.append(await request.json())
        if self.on_fetch:
            await self.on_fetch()
        if self.script["stable_token"]:
            return await self.answer(request, self.script["stable_token"].popleft())
        self.renew()
        return web.json_response({"access_token": self.token, "expires_in": 7200})

    async def any(self, request):
        action = request.path.removeprefix("/").removeprefix("cgi-bin/")
        self.calls.append((action, await self.body(request)))
        if action not in self.open_paths and request.query.get("access_token") != self.token:
            return await self.answer(request, {"errcode": 40001, "errmsg": f"invalid credential {RID}"})
        queue = self.script[action]
        return await self.answer(request, queue.popleft() if queue else {"errcode": 0, "errmsg": "ok"})

    async def body(self, request):
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            self.uploads.append((form["media"].filename, form["media"].file.read()))
            return {"type": request.query.get("type")}
        text = await request.text()
        return json.loads(text) if text else dict(request.query)

    async def answer(self, request, answer):
        if answer is CUT:
            request.transport.abort()
            return web.Response()
        if answer is SILENT:
            await self.quiet.wait()
            return web.Response()
        if isinstance(answer, int):
            return web.Response(status=answer, text="<html>bad gateway</html>")
        if isinstance(answer, File):
            return web.Response(body=answer.content, content_type=answer.mime)
        return web.json_response(answer)


def refusal(code, text="refused"):
    return {"errcode": code, "errmsg": f"{text} {RID}"}
