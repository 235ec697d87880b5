"""What breaks around the service, and what becomes of people's words meanwhile: one story, told under each fault."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

from owing import owe, said_to
from stage import Stage, photo
from tortoise.connection import get_connection

from bot.simulator.clock import SimClock
from models.deliveries.claims import claim_next
from models.deliveries.tables import Delivery, Owing
from models.evidence import Evidence
from models.inbox import Arrival, Letter, keep_letters
from models.people import Person
from scheduler.jobs import JOBS
from scheduler.run import BEAT, LEASE, Timetable

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
OWED = 6
NEVER = 10**6
MOST_MINUTES = 200  # the longest pause before a photo is fetched again is two hours
SETTLED = (Owing.SENT, Owing.UNCERTAIN)
ALL, LITE, SHARED = ("sqlite", "postgres"), ("sqlite",), ("postgres",)


class Clock(SimClock):
    """A clock that may also be set back."""

    def set(self, seconds):
        self._offset += timedelta(seconds=seconds)


class Proxy:
    """Stands before PostgreSQL and cuts its connections, as a restart does."""

    def __init__(self, host, port):
        self._target, self._open, self._up = (host, port), set(), True

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.cut()
        self._server.close()
        await asyncio.sleep(0)

    def cut(self):
        """Break every connection and take no more."""
        self._up = False
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self):
        self._up = True

    async def _carry(self, reader, writer):
        if not self._up:
            writer.transport.abort()
            return
        back, forth = await asyncio.open_connection(*self._target)
        both = {writer, forth}
        self._open |= both
        await asyncio.gather(_pump(reader, forth), _pump(back, writer), return_exceptions=True)
        self._open -= both


async def _pump(reader, writer):
    try:
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
    finally:
        writer.close()


@dataclass
class Scene:
    """The stage with what a fault needs."""

    stage: Stage
    timetables: list[Timetable]
    proxy: Proxy | None = None

    async def run_jobs(self):
        """Let every process run what is due, as the timetable does: what breaks is logged."""
        for _ in range(2):
            for job in JOBS:
                await asyncio.gather(*(one.run(job) for one in self.timetables))
        await self.stage.simulator.settle()


Breaking = Callable[[Scene], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """One thing that breaks: what it is called, on which databases, how."""

    name: str
    told: str
    databases: tuple[str, ...]
    breaking: Breaking


@dataclass
class Outcome:
    """What came of it: what people saw, what is lost or unclear, after how many minutes all was settled."""

    words: str
    event: str
    lost: int
    twice: int
    uncertain: int
    minutes: int


async def play(fault: Fault, database_url: str, town: object, folder: Path) -> Outcome:
    """Tell the story under the fault: a word, a photo, somebody leaves, six messages are owed; then it is mended."""
    async with AsyncExitStack() as opened:
        proxy = None
        if database_url.startswith("postgres"):
            parts = urlsplit(database_url)
            proxy = await opened.enter_async_context(Proxy(parts.hostname, parts.port or 5432))
            user = parts.netloc.rpartition("@")[0]
            database_url = urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}"))
        stage = Stage(town, database_url, folder, start=MONDAY)
        stage.clock = Clock(MONDAY)
        await opened.enter_async_context(stage)
        stage.without_templates()
        opened.enter_context(patch.object(stage.house.wechat, "_sleep", _at_once))
        opened.enter_context(
            patch("bot.answering.KEEP_PAUSE", 10.0)
        )  # of the platform's time, not of the test's
        return await _played(fault, Scene(stage, [_timetable(stage)], proxy))


async def _played(fault, scene):
    stage = scene.stage
    phones = [await stage.citizen(name) for name in ("王阿姨", "李叔", "小赵", *"甲乙丙")]
    for phone in phones:
        await phone.say("你好")
    writer, sender, leaver, *_ = phones
    owed = [await owe(stage, phone) for phone in [writer, sender, *phones[3:]] for _ in range(2)][:OWED]
    before = await Letter.all().count()
    async with fault.breaking(scene):
        said = await writer.say("路灯不亮")
        sent = await sender.photo(photo())
        left = await leaver.unfollow()
        await scene.run_jobs()
        stage.clock.advance(30)
        await scene.run_jobs()
    minutes = 0
    while minutes < MOST_MINUTES and not await _is_settled(leaver):
        minutes += 1
        for _ in range(60 // int(BEAT)):
            stage.clock.advance(BEAT)
            for timetable in scene.timetables:
                await timetable.renew()
        await scene.run_jobs()
    kept = await Letter.all().count() - before
    promised = (
        sum(answer.outcome != "failed" and "没有收到" not in answer.text for answer in (said, sent)) + 1
    )
    rows = {row.id: row for row in await Delivery.filter(id__in=[row.id for row in owed])}
    arrived = [text for phone in phones for text in said_to(stage, phone)]
    missing = [row for row in rows.values() if row.state is Owing.SENT and row.text not in arrived]
    photos = await Evidence.filter(state="wanted").count() + await Evidence.filter(state="lost").count()
    return Outcome(
        words=_told(said),
        event=_told(left),
        lost=max(promised - kept, 0) + len(missing) + len(owed) - len(rows) + photos + await _stays(leaver),
        twice=len(arrived) - len(set(arrived)),
        uncertain=sum(row.state is Owing.UNCERTAIN for row in rows.values()),
        minutes=minutes,
    )


async def _is_settled(leaver):
    open_rows = Delivery.exclude(state__in=[*SETTLED, Owing.DROPPED, Owing.WAITING])
    waiting = await Letter.filter(answered_at=None).exists() or await Evidence.filter(state="wanted").exists()
    return not (await open_rows.exists() or waiting or await _stays(leaver))


async def _stays(leaver):
    """Whether somebody who left is still known."""
    return await Person.filter(openid=leaver.openid).exists()


def _told(answer):
    if answer.outcome == "failed":
        return "微信再推"
    if "没有收到" in answer.text:
        return "请再发一次"
    if "没处理好" in answer.text:
        return "请过几分钟再发"
    return "照常答复" if answer.outcome == "reply" else "照常"


def _timetable(stage):
    return Timetable(stage.house.tools, ticks=lambda: stage.clock.now().timestamp())


async def _at_once(_seconds):
    pass


# --- what breaks ---


@asynccontextmanager
async def nothing(_scene) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def cut(scene):
    scene.proxy.cut()
    yield
    scene.proxy.mend()


@asynccontextmanager
async def cut_once(scene):
    """A restart that is over before anybody asks again."""
    scene.proxy.cut()
    scene.proxy.mend()
    yield


@asynccontextmanager
async def read_only(_scene):
    await get_connection("sqlite").execute_script("PRAGMA query_only = 1")
    yield
    await get_connection("sqlite").execute_script("PRAGMA query_only = 0")


@asynccontextmanager
async def full(_scene):
    connection = get_connection("sqlite")
    await connection.execute_script("VACUUM")
    [row] = await connection.execute_query_dict("PRAGMA page_count")
    await connection.execute_script(f"PRAGMA max_page_count = {row['page_count']}")
    yield
    await connection.execute_script("PRAGMA max_page_count = 1000000")


@asynccontextmanager
async def media_read_only(_scene):
    def refuse(_path, _content):
        raise OSError(30, "Read-only file system")

    with patch("bot.media.write_once", refuse):
        yield


@asynccontextmanager
async def api_down(scene):
    base, scene.stage.house.wechat.base = scene.stage.house.wechat.base, "http://127.0.0.1:1"
    yield
    scene.stage.house.wechat.base = base


def api(kind, path=None, **options):
    """The simulated platform goes wrong like this."""

    @asynccontextmanager
    async def breaking(scene):
        scene.stage.simulator.order_fault(kind, path, times=NEVER, **options)
        yield
        scene.stage.simulator.platform.faults.clear()

    return breaking


@asynccontextmanager
async def hanging(scene):
    """Calls are taken and never answered; ours give up early, for the test's sake."""
    with patch.object(scene.stage.house.wechat._wire, "_seconds", 0.2):
        async with api("timeout", seconds=0.5)(scene):
            yield


def clock_set(seconds):
    @asynccontextmanager
    async def breaking(scene):
        scene.stage.clock.set(seconds)
        yield

    return breaking


@asynccontextmanager
async def two_schedulers(scene):
    scene.timetables.append(_timetable(scene.stage))
    yield


@asynccontextmanager
async def killed(scene):
    """What a process leaves that died in the middle: its leases, a message under way, a letter unanswered."""
    stage, now = scene.stage, scene.stage.clock.now()
    dead = _timetable(stage)
    for job in JOBS:
        await dead._is_ours(job)
    await claim_next(now=now, ready={})
    openid = (await Person.filter(openid__isnull=False).first()).openid
    content = {
        "key": "k",
        "openid": openid,
        "account": "gh",
        "at": now.isoformat(),
        "kind": "text",
        "text": "你好",
    }
    await keep_letters([Arrival("k", openid, "text", content, now)], now=now)
    yield
    stage.clock.advance(LEASE)


FAULTS = (
    Fault("none", "没有故障", ALL, nothing),
    Fault("kill", "进程被强行终止（kill -9）", ALL, killed),
    Fault("two", "两台机器同时跑任务", ALL, two_schedulers),
    Fault("database_away", "PostgreSQL 断开几分钟", SHARED, cut),
    Fault("database_restart", "PostgreSQL 重启", SHARED, cut_once),
    Fault("database_read_only", "数据库只能读", LITE, read_only),
    Fault("disk_full", "数据库的磁盘满了", LITE, full),
    Fault("media_read_only", "照片文件夹不能写", ALL, media_read_only),
    Fault("api_down", "连不上微信接口", ALL, api_down),
    Fault("api_500", "微信接口回 500", ALL, api("server_error")),
    Fault("api_hangs", "微信接口不回话", ALL, hanging),
    Fault("api_lies", "微信接口收下了却断开", ALL, api("lost_reply", "custom/send")),
    Fault("api_busy", "微信接口说忙", ALL, api("busy")),
    Fault("clock_back", "时钟被拨回一小时", ALL, clock_set(-3600)),
    Fault("clock_forward", "时钟被拨快一天", ALL, clock_set(86400)),
)
