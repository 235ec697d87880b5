"""A bounded load from loopback: sealed pushes, made before the clock starts, over kept connections."""

import asyncio
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from processes import Push

from bot.crypto import sign
from bot.demo import TOKEN

CONNECTIONS = 64


@dataclass(frozen=True)
class Load:
    """What a load gave: requests a second, and milliseconds that half and 99 of 100 took at the most."""

    rate: float
    p50: float
    p99: float
    answered: int
    refused: int


def raw(push: Push, nonce: str) -> bytes:
    """Return the whole HTTP request."""
    signature = sign(TOKEN, push.at, nonce, push.encrypted)
    query = urlencode(
        {
            "timestamp": push.at,
            "nonce": nonce,
            "msg_signature": signature,
            "signature": sign(TOKEN, push.at, nonce),
            "encrypt_type": "aes",
        }
    )
    body = (
        "<xml><ToUserName><![CDATA[gh_town]]></ToUserName>"
        f"<Encrypt><![CDATA[{push.encrypted}]]></Encrypt></xml>"
    ).encode()
    head = (
        f"POST /wechat?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def seal(chains: Iterable[Sequence[Push]]) -> list[list[bytes]]:
    """Return the requests of each chain; a chain is sent one after the other."""
    return [[raw(push, f"{random.getrandbits(32):08x}") for push in chain] for chain in chains]


async def run(port: int, chains: list[list[bytes]], *, rate: float = 0.0) -> Load:
    """Send every chain over ``CONNECTIONS`` connections; with ``rate`` begin only so many requests a second."""
    waiting, times, refused = iter(chains), [], 0
    started = time.perf_counter()
    turn = 0

    async def connection() -> None:
        nonlocal refused, turn
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for chain in waiting:
            for request in chain:
                begun = time.perf_counter()
                if rate:
                    begun = started + turn / rate
                    turn += 1
                    await asyncio.sleep(max(0.0, begun - time.perf_counter()))
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                body = await reader.readexactly(length)
                refused += b" 200 " not in head[:20] or b"Encrypt" not in body
                times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    seconds = time.perf_counter() - started
    times.sort()
    return Load(
        len(times) / seconds,
        times[len(times) // 2] * 1e3,
        times[int(len(times) * 0.99)] * 1e3,
        len(times),
        refused,
    )
