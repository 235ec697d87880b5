"""How many pushes a second one process answers: the limit, the usual way, ours; then with a million rows.

One run, one process each: the server on one core, the load on another. Run by ``make bench``.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from load import Load, run, seal
from processes import Push, free_port

from bot.demo import AES_KEY, APPID, SECRET, TOKEN

ROOT = Path(__file__).parents[1]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin"
SERVER_CORE, LOAD_CORE = "0", 1
PEOPLE = 2000
WORDS = "<Content><![CDATA[进度]]></Content>"
HELLO = "<Content><![CDATA[帮助]]></Content>"
ids = iter(range(time.time_ns() // 1000, 10**18))


class Server:
    """One process on its own core; its folder goes when it ends."""

    def __init__(self, words: list[str], env: dict[str, str], port: int, ready: bytes) -> None:
        self.port, self.words, self.env, self.ready = port, words, env, ready

    def __enter__(self) -> Self:
        started = time.perf_counter()
        command = ["taskset", "-c", SERVER_CORE, *self.words]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        while self.ready and self.ready not in (line := self.process.stdout.readline()):
            if not line:
                raise RuntimeError(f"{self.words} did not start")
        self.seconds = time.perf_counter() - started
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def cpu(self) -> float:
        """Return the CPU time taken so far, seconds: other work on the machine disturbs it less than a rate."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Return the resident memory, MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def ours(folder: Path) -> Server:
    port = free_port()
    env = {
        "GONGZHI_DATA": str(folder),
        "GONGZHI_LISTEN": f"127.0.0.1:{port}",
        "GONGZHI_WECHAT_APPID": APPID,
        "GONGZHI_WECHAT_SECRET": SECRET,
        "GONGZHI_WECHAT_TOKEN": TOKEN,
        "GONGZHI_WECHAT_AES_KEY": AES_KEY,
        "GONGZHI_WECHAT_API": "http://127.0.0.1:9",  # nobody there: the load must not depend on another server
        "GONGZHI_LOG": "text error",
    }
    return Server([sys.executable, "-m", "bot", "serve"], env, port, "已启动".encode())


def limit() -> Server:
    port = free_port()
    words = [sys.executable, "benchmarks/limit_server.py", str(port), TOKEN, AES_KEY, APPID]
    return Server(words, {}, port, b"up")


def werobot(folder: Path) -> Server:
    port = free_port()
    env = {
        "BENCH_TOKEN": TOKEN,
        "BENCH_KEY": AES_KEY,
        "BENCH_APPID": APPID,
        "BENCH_SESSIONS": str(folder / "sessions.sqlite3"),
    }
    words = [str(BENCH_PYTHON / "gunicorn"), "--workers", "1", "--keep-alive", "30", "--chdir", "benchmarks"]
    words += [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "werobot_server:application",
    ]
    return Server(words, env, port, b"")


def texts(count: int, inner: str, people: int = PEOPLE) -> list[list[bytes]]:
    """Texts of people by chance, each push its own chain."""
    now = time.time()
    chosen = random.Random(1)
    return seal(
        [Push(f"o{chosen.randrange(people):027d}", "text", inner, msg_id=next(ids), at=now)]
        for _ in range(count)
    )


def hellos(count: int) -> list[list[bytes]]:
    """One text of each of ``count`` people."""
    now = time.time()
    return seal([Push(f"o{n:027d}", "text", HELLO, msg_id=next(ids), at=now)] for n in range(count))


def reports(count: int) -> list[list[bytes]]:
    """Full reports: photo, place, words, 提交; four messages a person, places all over the town."""
    now, chains, where = time.time(), [], random.Random(time.time_ns())
    for n in range(count):
        openid = f"r{time.time_ns() % 10**12:012d}{n:015d}"
        lat, lng = 31.545 + where.random() * 0.025, 120.132 + where.random() * 0.03
        place = f"<Location_X>{lat}</Location_X><Location_Y>{lng}</Location_Y><Label>门牌{n}号</Label>"
        parts = (
            ("image", f"<PicUrl></PicUrl><MediaId><![CDATA[m{n}]]></MediaId>"),
            ("location", place),
            ("text", f"<Content><![CDATA[路边的井盖坏了，第{n}处]]></Content>"),
            ("text", "<Content><![CDATA[提交]]></Content>"),
        )
        chains.append([Push(openid, kind, inner, msg_id=next(ids), at=now) for kind, inner in parts])
    return seal(chains)


def fill(folder: Path, rows: int) -> None:
    """Put ``rows`` old letters and closed cases, half of them of one type, into the database."""
    database = sqlite3.connect(folder / "gongzhi.sqlite3")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
    database.execute(
        f"""{numbers} INSERT INTO inbox (key, openid, kind, content, at, answered_at, reply, late, failed)
        SELECT 'old' || i, 'x' || (i % 50000), 'text', '{{"kind": "text", "text": "进度"}}',
        '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00',
        '{{"kind": "text", "text": "好", "choices": []}}', 0, 0 FROM n"""
    )
    database.execute(
        f"""{numbers} INSERT INTO case_file (number, tail, state, type, small_class, source, text, address, lat, lng,
        grid, street, district, road, urgent, unit, followers, urged, reworked, rating, opened_at, due_at, changed_at)
        SELECT 'old' || i, substr('000' || i, length('000' || i) - 3),
        CASE i % 50 WHEN 0 THEN 'handling' ELSE 'rated' END,
        CASE i % 2 WHEN 0 THEN 'manhole' ELSE 'garbage' END, '', '随手拍', '旧案件', '', 31.45 + (i % 1000) * 0.0002,
        120.0 + (i / 1000) * 0.0002, '', '', '', '', 0, 'shizheng', 0, 0, 0, '', '2026-01-01 00:00:00+00:00',
        '2026-01-02 00:00:00+00:00', '2026-01-02 00:00:00+00:00' FROM n"""
    )
    database.commit()
    database.close()


async def measured(
    server: Server, chains: list[list[bytes]], half: list[list[bytes]]
) -> tuple[Load, Load, float]:
    """Return the full load, the one at half its rate, and the CPU time of a push at full load, microseconds."""
    before = server.cpu()
    full = await run(server.port, chains)
    cpu = (server.cpu() - before) / max(full.answered, 1) * 1e6
    if full.refused:
        print(
            f"  {full.refused} of {full.answered} pushes got no answer: the figure below means nothing",
            flush=True,
        )
    return full, await run(server.port, half, rate=full.rate / 2), cpu


def say(name: str, full: Load, half: Load, cpu: float) -> dict[str, float]:
    print(
        f"{name:34} {full.rate:8.0f} /s {cpu:6.0f} µs   at half load p50 {half.p50:6.1f} ms  p99 {half.p99:6.1f} ms"
        f"   ({full.answered} pushes, {full.refused} without an answer)",
        flush=True,
    )
    return {
        "rate": full.rate,
        "cpu": cpu,
        "p50_half": half.p50,
        "p99_half": half.p99,
        "refused": full.refused,
    }


async def bench(options: argparse.Namespace, folder: Path) -> dict[str, dict[str, float]]:
    """Run everything; return the figures by name."""
    found, count = {}, options.count
    with limit() as server:
        await run(server.port, texts(500, WORDS))
        found["a"] = say(
            "(a) limit, nothing stored", *await measured(server, texts(count * 2, WORDS), texts(count, WORDS))
        )
    if (BENCH_PYTHON / "gunicorn").exists():
        with werobot(folder) as server:
            await asyncio.sleep(2)
            await run(server.port, texts(200, WORDS))
            loads = await measured(server, texts(count // 2, WORDS), texts(count // 4, WORDS))
            found["b"] = say("(b) WeRoBot, SQLite sessions", *loads)
    for name, rows in (("empty", 0), *([("million", options.rows)] if options.rows else [])):
        data = folder / name
        with ours(data) as server:
            begun = time.perf_counter()
            await run(server.port, hellos(1))
            found.setdefault("start", {"seconds": server.seconds + time.perf_counter() - begun})
        if rows:
            fill(data, rows)
        with ours(data) as server:
            await run(server.port, hellos(PEOPLE))
            label = "empty" if not rows else f"{rows:,} rows"
            chains = texts(count, WORDS), texts(count // 2, WORDS)
            found[f"c {name}"] = say(f"(c) ours, text query, {label}", *await measured(server, *chains))
            chains = reports(count // 4), reports(count // 8)
            found[f"d {name}"] = say(f"(d) ours, full reports, {label}", *await measured(server, *chains))
            if not rows:
                await run(server.port, hellos(10_000))
                found["memory"] = {"megabytes": server.resident()}
    return found


def conclude(found: dict[str, dict[str, float]]) -> None:
    rate = {name: values["rate"] for name, values in found.items() if "rate" in values}
    lines = [
        ("(c) / (a)", rate["c empty"] / rate["a"], 0.25),
        ("(d) / (a)", rate["d empty"] / rate["a"], 0.10),
    ]
    if "b" in rate:
        lines.append(("(c) / (b)", rate["c empty"] / rate["b"], 2))
    cpu = {name: values["cpu"] for name, values in found.items() if "cpu" in values}
    lines += [
        ("(a) / (c), CPU", cpu["a"] / cpu["c empty"], 0.25),
        ("(a) / (d), CPU", cpu["a"] / cpu["d empty"], 0.10),
    ]
    if "c million" in rate:
        lines += [
            ("(c) full / empty", rate["c million"] / rate["c empty"], 0.9),
            ("(d) full / empty", rate["d million"] / rate["d empty"], 0.9),
        ]
    for name, ratio, aim in lines:
        print(f"{name:20} {ratio:5.2f}   aim {aim}")
    print(f"start to first answer {found['start']['seconds']:.2f} s   aim 3")
    print(f"resident after 10,000 people {found['memory']['megabytes']:.0f} MB   aim 250")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6000, help="pushes of a measurement")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="rows of the full database; 0: without it"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "webhook.json")
    options = parser.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-bench-"))
    try:
        found = asyncio.run(bench(options, folder))
    finally:
        shutil.rmtree(folder)
    conclude(found)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
