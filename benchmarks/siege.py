"""Whether people in the chat are answered while strangers lay siege: lists, forms, forged pushes, slow bodies.

50 pushes a second beside the load of some attackers; the server on one core, all loads on the other. ``make bench
BENCH=siege``; ends with 1 when a push stays without an answer or the slowest of a hundred takes over a second.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from load import Load, run
from webhook import WORDS, Server, fill, ours, texts

CASES, RATE, MOST_MS = 1000, 50.0, 1000.0
FORM_BYTES = 8 * 1024 * 1024
LISTS = (
    "/open311/v2/requests.json?page_size=200",
    "/open311/v2/requests.xml",
    "/open311/v2/requests.json?status=closed&page={n}",
    "/open311/v2/requests.json?lat=31.55&long=120.14&radius=5000&page_size={n}",
    "/open311/v2/services.xml",
    "/api/openapi.json",
    "/api/v1/cases?n={n}",
    "/h5/privacy",
)
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n'
PHOTO = b'--x\r\nContent-Disposition: form-data; name="media"; filename="a"\r\n\r\n'
FORMS = (PART * (FORM_BYTES // len(PART)), b"\r\n" * (FORM_BYTES // 2), PHOTO + b"\xff" * FORM_BYTES)
Ask = Callable[[int], Awaitable[int]]


def request(method: str, target: str, kind: str, length: int) -> bytes:
    """Return the head of a request."""
    head = f"{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


class Siege:
    """Those who besiege one server; ``answers`` counts what they were told, 0 for nothing."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: Counter[str] = Counter()
        self.tasks: set[asyncio.Task[None]] = set()

    def attack(self, name: str, rate: float, ask: Ask) -> None:
        """Begin ``rate`` requests a second, whether or not the ones before were answered."""
        self.tasks.add(asyncio.create_task(self._go_on(name, rate, ask)))

    async def end(self) -> None:
        """Send no more."""
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def read_lists(self, n: int) -> int:
        """Read one of the open lists, most of them never twice alike."""
        target = LISTS[n % len(LISTS)].format(n=1 + n % 199)
        return await self._send(request("GET", target, "text/plain", 0))

    async def post_form(self, n: int) -> int:
        """Post 8 MB without a key: of small parts, of line ends, or a photo alone."""
        body = FORMS[n % 3]
        head = request("POST", "/open311/v2/requests.json", "multipart/form-data; boundary=x", len(body))
        return await self._send(head + body)

    async def forge(self, n: int) -> int:
        """Push with a signature that is none, sometimes large."""
        body = b"<xml><Encrypt>" + b"a" * (200_000 if n % 4 == 0 else 500) + b"</Encrypt></xml>"
        target = f"/wechat?signature={n}&msg_signature={n}&timestamp={int(time.time())}&nonce={n}"
        return await self._send(request("POST", target, "text/xml", len(body)) + body)

    async def dawdle(self, n: int) -> int:
        """Send a byte every second and never the end."""
        target = ("/open311/v2/requests.json", "/wechat", "/api/hooks/cases", "/api/v1/cases")[n % 4]
        head = request("POST", target, "multipart/form-data; boundary=x", 100_000)
        return await self._send(head, slow=True)

    async def _go_on(self, name: str, rate: float, ask: Ask) -> None:
        begun, under_way = time.perf_counter(), set[asyncio.Task[None]]()
        try:
            for n in range(10**9):
                await asyncio.sleep(max(0.0, begun + n / rate - time.perf_counter()))
                task = asyncio.create_task(self._count(name, ask, n))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        finally:
            for task in list(under_way):
                task.cancel()

    async def _count(self, name: str, ask: Ask, n: int) -> None:
        try:
            status = await ask(n)
        except (OSError, EOFError, IndexError, ValueError):
            status = 0
        self.answers[f"{name} {status}"] += 1

    async def _send(self, sent: bytes, *, slow: bool = False) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            while slow:
                await asyncio.sleep(1)
                writer.write(b"-")
                await writer.drain()
            line = await reader.readline()
            await reader.read()
        finally:
            writer.close()
        return int(line.split()[1]) if line else 0


def make_new(folder: Path) -> None:
    """Let the old cases be of the last ninety days, so that the lists show them."""
    database = sqlite3.connect(folder / "gongzhi.sqlite3")
    opened = (datetime.now(UTC) - timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S.000000+00:00")
    database.execute("UPDATE case_file SET opened_at = ?, due_at = ?, changed_at = ?", (opened,) * 3)
    database.commit()
    database.close()


def cpu_seconds(server: Server) -> float:
    """Return what the server has used so far: other work on the machine disturbs it less than times of answers."""
    words = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def say(name: str, load: Load) -> None:
    """Print one line."""
    print(
        f"{name:28} {load.rate:6.1f} pushes/s  p50 {load.p50:7.1f} ms  p99 {load.p99:7.1f} ms"
        f"  ({load.answered} pushes, {load.refused} without an answer)",
        flush=True,
    )


async def bench(options: argparse.Namespace, folder: Path) -> bool:
    """Measure in peace, then under each attack and under all; return whether all was well."""
    with ours(folder):
        pass  # makes the database
    fill(folder, CASES)
    make_new(folder)
    well = True
    with ours(folder) as server:
        await run(server.port, texts(100, WORDS))
        attacks = {"nobody": (), "lists": (("lists", 20.0),), "forms": (("forms", 2.0),)}
        attacks |= {"forged": (("forged", 40.0),), "slow": (("slow", 20.0),)}
        attacks["all of them"] = tuple(one for few in list(attacks.values()) for one in few)
        for name, few in attacks.items():
            siege = Siege(server.port)
            asks = {"lists": siege.read_lists, "forms": siege.post_form}
            asks |= {"forged": siege.forge, "slow": siege.dawdle}
            for kind, rate in few:
                siege.attack(kind, rate * options.times, asks[kind])
            spent, begun = cpu_seconds(server), time.perf_counter()
            load = await run(server.port, texts(int(options.seconds * RATE), WORDS), rate=RATE)
            share = (cpu_seconds(server) - spent) / (time.perf_counter() - begun)
            await siege.end()
            say(f"besieged by {name}", load)
            print(
                "   ",
                dict(sorted(siege.answers.items())),
                f"{server.resident():.0f} MB, {share:.0%} of a core",
            )
            well &= not load.refused and load.p99 <= MOST_MS
    return well


def main() -> int:
    """Measure; 1 when pushes stayed without an answer or came late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each attack (20)")
    parser.add_argument(
        "--times", type=float, default=1, help="this many times the usual number of attackers (1)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(bench(options, Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
