"""Real processes of the service, started and killed; and pushes sealed as the platform seals them."""

import asyncio
import os
import re
import secrets
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bot.crypto import Door, sign
from bot.demo import AES_KEY, APPID, SECRET, TOKEN

ROOT = Path(__file__).parents[1]
DOOR = Door(TOKEN, APPID, [AES_KEY])
ENCRYPTED = re.compile(r"<Encrypt><!\[CDATA\[(.*?)\]\]>")


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# One address for phones, whichever process answers: links to another are none of ours.
PUBLIC_URL = "https://cg.example.cn"


class Service:
    """One process of ``python -m bot serve``."""

    def __init__(self, folder, database_url, api, port, **settings):
        self.port = port
        self.env = {
            "PATH": os.environ.get("PATH", ""),
            "GONGZHI_DATA": str(folder),
            "GONGZHI_DATABASE": database_url,
            "GONGZHI_LISTEN": f"127.0.0.1:{port}",
            "GONGZHI_PUBLIC_URL": PUBLIC_URL,
            "GONGZHI_WECHAT_API": api,
            "GONGZHI_WECHAT_APPID": APPID,
            "GONGZHI_WECHAT_SECRET": SECRET,
            "GONGZHI_WECHAT_TOKEN": TOKEN,
            "GONGZHI_WECHAT_AES_KEY": AES_KEY,
            "GONGZHI_LOG": "text error",
            **settings,
        }
        self.process = None

    @property
    def url(self):
        """Where the platform pushes to."""
        return f"http://127.0.0.1:{self.port}/wechat"

    async def start(self):
        """Return when it serves."""
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"), cwd=ROOT, env=self.env, stdout=asyncio.subprocess.PIPE
        )
        line = await self.process.stdout.readline()
        assert "已启动" in line.decode(), "the service did not start"

    async def kill(self):
        """kill -9."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


async def migrate(folder, database_url):
    """Bring an empty database up to date with the command."""
    env = {"PATH": os.environ.get("PATH", ""), "GONGZHI_DATA": str(folder), "GONGZHI_DATABASE": database_url}
    words = (sys.executable, "-m", "bot", "migrate")
    process = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env=env, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


class Push:
    """One push of the platform, sealed once; each sending of it has a nonce of its own."""

    def __init__(self, openid, kind, inner, *, msg_id, at):
        self.openid, self.kind, self.inner, self.at = openid, kind, inner, str(int(at))
        xml = (
            f"<xml><ToUserName><![CDATA[gh_town]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
            f"<CreateTime>{self.at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}<MsgId>{msg_id}</MsgId></xml>"
        )
        self.encrypted = ENCRYPTED.search(DOOR.seal(xml, timestamp=self.at, nonce="n")).group(1)

    async def send(self, session, url):
        """Send it; return the answer's own text, "" for ``success``; connection errors come through."""
        nonce = secrets.token_hex(4)
        signature = sign(TOKEN, self.at, nonce, self.encrypted)
        query = urlencode({"timestamp": self.at, "nonce": nonce, "msg_signature": signature})
        body = f"<xml><Encrypt><![CDATA[{self.encrypted}]]></Encrypt></xml>"
        async with session.post(f"{url}?{query}", data=body.encode()) as response:
            assert response.status == 200
            return _words(await response.text())


def spread(number):
    """A place of its own inside the town, further from its neighbours than the same thing may be."""
    return 31.5480 + (number // 40) * 0.0006, 120.1330 + (number % 40) * 0.0006


def report_pushes(number, *, at, place):
    """The four pushes of one person's report: photo, place, words, 提交."""
    openid, first = f"o{number:027d}", number * 10
    lat, lng = place
    where = f"<Location_X>{lat}</Location_X><Location_Y>{lng}</Location_Y><Label>门牌{number}号</Label>"
    parts = (
        ("image", f"<PicUrl></PicUrl><MediaId><![CDATA[photo-{number}]]></MediaId>"),
        ("location", where),
        ("text", f"<Content><![CDATA[路边的井盖坏了，第{number}个]]></Content>"),
        ("text", "<Content><![CDATA[提交]]></Content>"),
    )
    return [Push(openid, kind, inner, msg_id=first + n, at=at) for n, (kind, inner) in enumerate(parts)]


def session():
    """A client with time for slow machines."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=0)
    )


def _words(answer):
    if answer == "success":
        return ""
    encrypted = ENCRYPTED.search(answer).group(1)
    plain, _ = DOOR._unseal(encrypted)
    found = re.search(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", plain.decode(), re.DOTALL)
    return found.group(1) if found else plain.decode()
