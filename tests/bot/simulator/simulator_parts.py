"""The tiny service behind the simulator, and a caller of its API."""

import asyncio
import json

from aiohttp import web

from bot.simulator.crypto import SafeMode, sign
from bot.simulator.envelope import build_xml, parse_xml

APPID, SECRET, TOKEN = "wx5823bf96d3bd56c7", "sim-secret", "simtoken"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
TEMPLATES = {
    "T-PROGRESS": {"title": "办理进度", "fields": {"thing1": "案件", "phrase2": "状态", "time3": "时间"}},
}
NOTICES = {"N-DONE": {"title": "办结提醒", "fields": {"thing1": "案件"}}}


class Service:
    """What the product would be: it decrypts pushes and answers as it is told."""

    def __init__(self):
        self.heard, self.queries = [], []
        self.safe = SafeMode(AES_KEY, APPID)
        self.answer = "success"
        self.silent_for = 0  # so many pushes get no answer
        self.released = asyncio.Event()
        self.arrived = asyncio.Event()

    async def handle(self, request):
        outer = parse_xml(await request.text())
        self.heard.append(parse_xml(self.safe.decrypt(outer["Encrypt"])))
        self.queries.append({**request.query, "Encrypt": outer["Encrypt"]})
        self.arrived.set()
        if self.silent_for:
            self.silent_for -= 1
            await self.released.wait()
        if isinstance(self.answer, web.Response):
            return web.Response(status=self.answer.status, text=self.answer.text)
        return web.Response(text=self.answer(self.heard[-1]) if callable(self.answer) else self.answer)

    def seal(self, fields, token=TOKEN, safe=None):
        encrypted = (safe or self.safe).encrypt(build_xml(fields))
        return build_xml(
            {
                "Encrypt": encrypted,
                "MsgSignature": sign(token, "1", "n", encrypted),
                "TimeStamp": "1",
                "Nonce": "n",
            }
        )

    def reply(self, push, kind="text", **own):
        head = {"ToUserName": push["FromUserName"], "FromUserName": push["ToUserName"], "CreateTime": 1}
        return self.seal({**head, "MsgType": kind, **own})


class Api:
    def __init__(self, door):
        self.door = door
        self.token = ""

    async def stable(self, **more):
        body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, **more}
        return await (await self.door.post("/cgi-bin/stable_token", json=body)).json()

    async def raw(self, method, path, **options):
        params = {"access_token": self.token, **options.pop("params", {})}
        return await self.door.request(method, path, params=params, **options)

    async def get(self, path, **params):
        return await (await self.raw("GET", path, params=params)).json()

    async def post(self, path, body):
        data = json.dumps(body, ensure_ascii=False).encode()
        return await (await self.raw("POST", path, data=data)).json()

    async def send_text(self, phone, content="您好"):
        body = {"touser": phone.openid, "msgtype": "text", "text": {"content": content}}
        return (await self.post("/cgi-bin/message/custom/send", body))["errcode"]
