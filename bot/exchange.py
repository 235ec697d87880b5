"""Sends to subscribers over HTTP: to public addresses only unless told otherwise, no redirects, no long waits."""

import socket
from collections.abc import Mapping
from typing import Any

import aiohttp

from models.errors import Refusal
from models.exchange.sending import Networks, Unreachable, check_url, may_reach

TIMEOUT = 10.0  # seconds for the whole exchange; shorter than a claim
MOST_ANSWER = 64 * 1024  # bytes of an answer that we read, so that who answers is not cut off in the middle

FORBIDDEN = "地址在内网或不对外，没有允许"
TOO_SLOW = "10 秒内没有回应"
NO_NAME = "域名解析不到"
NO_TRUST = "对方的证书不被信任"
NO_CONNECTION = "连不上"
NO_ANSWER = "连上了，但没有得到完整的回应"
BAD_ADDRESS = "地址不对"


class ForbiddenAddressError(OSError):
    """The name leads to an address that we must not connect to."""


class HttpPost:
    """A Post over aiohttp; build it inside the event loop, ``close`` it at the end.

    ``allowed`` are networks that may be reached besides the public ones. The check is made on each address that is
    about to be connected to, after the name was resolved: a name cannot lead elsewhere afterwards.
    """

    def __init__(self, allowed: Networks = ()) -> None:
        self._allowed = allowed
        connector = aiohttp.TCPConnector(
            use_dns_cache=False,
            force_close=True,  # one that was kept open may be dead by the next change, minutes later
            socket_factory=self._socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer; raises Unreachable."""
        told = {**headers, "Content-Type": "application/json; charset=utf-8", "User-Agent": "gongzhi"}
        try:
            check_url(url)
            async with self._session.post(url, data=body, headers=told, allow_redirects=False) as answer:
                await _drain(answer)
                return answer.status
        except Refusal:
            raise Unreachable(BAD_ADDRESS) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(_why(error)) from None

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, where = address
        if not may_reach(str(where[0]), self._allowed):
            raise ForbiddenAddressError(FORBIDDEN)
        return socket.socket(family, kind, protocol)


async def _drain(answer: aiohttp.ClientResponse) -> None:
    """Read a short answer to its end; a longer one is cut off with its connection."""
    read = 0
    async for chunk in answer.content.iter_chunked(8192):
        read += len(chunk)
        if read > MOST_ANSWER:
            answer.close()
            return


def _why(error: Exception) -> str:
    """Say why, without the address: it may hold a key."""
    if FORBIDDEN in str(getattr(error, "os_error", "")):
        return FORBIDDEN
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, TOO_SLOW),
        (aiohttp.ClientConnectorDNSError, NO_NAME),
        (aiohttp.ClientSSLError, NO_TRUST),
        (aiohttp.ClientConnectorError, NO_CONNECTION),
        (aiohttp.InvalidURL, BAD_ADDRESS),
    )
    return next((why for kind, why in reasons if isinstance(error, kind)), NO_ANSWER)
