"""One exchange with the WeChat API over HTTP: time limits, size limits, and what a failure means."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.wechat_errors import WeChatRefused, WeChatTooLarge, WeChatUnanswered, WeChatUnreachable

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
FILE_PATIENCE = 4  # times as long
JSON_LIMIT = 4 * 1024 * 1024  # ten thousand openids are about 300 KB
# Said by a gateway, a wall or a wrong address instead of the API, which answers 200 whatever it thinks of a call. A
# 500 or 504 may come from behind the gate, when the call has been taken.
NOT_TAKEN = frozenset({502, 503, *range(300, 500)})
SNIFF_BYTES = 64  # enough of a file to tell its kind
_JSON_TYPES = ("application/json", "text/json", "text/plain")  # errors of media/get have come as text/plain

Limit = Callable[[bytes], int]


@dataclass(frozen=True, slots=True)
class Part:
    """A file to upload: bytes, never a file object, so that a repeated upload is as full as the first."""

    field: str
    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, ready to be made as often as needed."""

    method: str
    url: str
    action: str  # the path without ``cgi-bin/``: what logs and stops call it
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    part: Part | None = None
    feature: str = ""  # a narrower way than the action's: one template of many
    falls_back: bool = False  # the caller has a plain form for accounts that may not do this (40200)
    limit: Limit | None = None  # given for downloads: the largest size, told by the first bytes


class Wire:
    """An HTTP session of our own: no cookies, no redirects (a redirect would carry the token away)."""

    def __init__(self, seconds: float = TOTAL_SECONDS) -> None:
        self._seconds = seconds  # one call from beginning to end; a call with a file may take longer
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close all connections; the wire may be used again afterwards."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, call: Call, token: str = "") -> dict[str, Any] | bytes:
        """Make the call once; return the JSON object, or the bytes of a download.

        Raises WeChatRefused for an error code, WeChatUnreachable when nothing was sent, WeChatUnanswered when
        no readable answer came, WeChatTooLarge.
        """
        try:
            return await self._asked(call, token)
        except WeChatUnanswered as error:
            if call.limit is None and error.status in NOT_TAKEN:
                raise WeChatUnreachable(str(error)) from error
            raise

    async def _asked(self, call: Call, token: str) -> dict[str, Any] | bytes:
        params = {**call.params, "access_token": token} if token else dict(call.params)
        seconds = self._seconds * (FILE_PATIENCE if call.limit or call.part else 1)
        async with self._answer(call, params, seconds) as response:
            mime = response.content_type
            if call.limit and mime not in _JSON_TYPES:
                return await _read(response, call.limit)
            return _decoded(await _read(response, lambda _: JSON_LIMIT), call.action)

    async def download(self, url: str, limit: Limit) -> bytes:
        """Return the bytes at an address without showing our token; raises like ``ask``."""
        async with self._answer(Call("get", url, "download"), {}, self._seconds * FILE_PATIENCE) as response:
            return await _read(response, limit)

    @asynccontextmanager
    async def _answer(
        self, call: Call, params: Mapping[str, str], seconds: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
        data, headers = _payload(call)
        try:
            async with self._open().request(
                call.method,
                call.url,
                params=params,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise WeChatUnanswered(f"{call.action}: HTTP {response.status}", status=response.status)
                yield response
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise WeChatUnreachable(f"{call.action}: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WeChatUnanswered(f"{call.action}: {type(error).__name__}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A kept connection that the other side closes looks like a lost reply: keep them briefly.
            connector = aiohttp.TCPConnector(limit=20, keepalive_timeout=5)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _payload(call: Call) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if call.part is None:
        return call.body, {"Content-Type": "application/json; charset=utf-8"} if call.body else {}
    form = aiohttp.FormData()
    for name, value in call.form.items():
        form.add_field(name, value)
    form.add_field(call.part.field, call.part.content, filename=call.part.name, content_type=call.part.mime)
    return form, {}


async def _read(response: aiohttp.ClientResponse, limit: Limit) -> bytes:
    kept = bytearray()
    most: int | None = None
    async for chunk in response.content.iter_chunked(64 * 1024):
        kept += chunk
        if most is None and len(kept) >= SNIFF_BYTES:
            most = limit(bytes(kept[:SNIFF_BYTES]))
            if (response.content_length or 0) > most:
                raise WeChatTooLarge(f"{response.content_length} bytes announced")
        if most is not None and len(kept) > most:
            raise WeChatTooLarge(f"more than {most} bytes")
    return bytes(kept)


def _decoded(body: bytes, action: str) -> dict[str, Any]:
    try:
        answer = json.loads(body.decode("utf-8", "replace"), strict=False)
        if isinstance(answer, dict):
            answer.update(answer.pop("base_resp", None) or {})
            code = int(answer.get("errcode") or 0)
    except (ValueError, TypeError) as error:
        raise WeChatUnanswered(f"{action}: not JSON") from error
    if not isinstance(answer, dict):
        raise WeChatUnanswered(f"{action}: not a JSON object")
    if code:
        raise WeChatRefused(code, str(answer.get("errmsg", "")), action=action)
    return answer
