"""Says whether the process lives, whether it may be given work, and how it goes: for machines that watch."""

import asyncio
import logging
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.metrics import Metrics
from models.audit import REFUSED
from models.backlog import count_unfinished_cases, count_unsettled_deliveries
from models.cases.crews import list_empty_units
from models.city.calendar import missing_years
from models.city.city import City
from models.clock import Clock, local
from models.database import list_pending
from models.deliveries.alarms import stop_words
from models.deliveries.stops import Stop, list_stops
from models.inbox import measure_queue
from models.leases import prove_writable
from scheduler.ages import Ages
from scheduler.items import BROKEN
from scheduler.tidy import MISSED, TIDIED, WITHOUT_FILE

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds that the database may take to answer
QUEUE_AGE = 60.0  # seconds; an older letter means that answers do not keep up
MISSING = "no holiday arrangement known for {years}: write it into calendar.toml ([[years]])"
UNWRITABLE = "can be read but not written, see the log"
LATE = "no run of {jobs}"
BROKEN_JOBS = "the last runs broke, see the log: {jobs}"
NEED_A_PERSON = "{counts}: ./gongzhi deliveries list"
NO_CACHE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Queue:
    """Letters without an answer: how many, and the age of the oldest in seconds."""

    waiting: int
    age: float


class Health:
    """The three questions that a watcher asks."""

    def __init__(self, *, database: str, clock: Clock, metrics: Metrics, city: City, ages: Ages) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._city = city
        self._ages = ages
        self._up_to_date = False  # a database that has had every migration stays so

    async def reasons(self) -> dict[str, str]:
        """Return what keeps us from taking work, by part; nothing when we are ready."""
        late = self._ages.late()
        told = {"jobs": LATE.format(jobs=", ".join(f"{name} for {age:.0f} s" for name, age in late.items()))}
        return (told if late else {}) | await self._database_reasons()

    async def _database_reasons(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._reasons()
        except TimeoutError:
            return {"database": f"no answer within {PATIENCE:g} s"}
        except Exception:
            log.exception("the database does not answer", extra={"action": "not_ready"})
            return {"database": "does not answer, see the log"}

    async def warnings(self) -> dict[str, str]:
        """Return what somebody must see to though we can work: stops, deliveries, units without people, missing years.

        None of it keeps people from being answered, for an answer to their word needs no call of ours.
        """
        missing = self._missing_years()
        told = {"calendar": MISSING.format(years=", ".join(map(str, missing)))} if missing else {}
        if broken := {name: runs for name, runs in self._ages.broken.items() if runs}:
            told["jobs"] = BROKEN_JOBS.format(jobs=broken)
        try:
            async with asyncio.timeout(PATIENCE):
                return told | await self._warnings()
        except Exception:
            log.exception("warnings could not be read", extra={"action": "not_ready"})
            return told

    async def measured(self) -> bytes:
        """Return all figures as Prometheus text; those of the database are left out while it does not answer."""
        self._metrics.show_missing_years(self._missing_years())
        self._metrics.show_broken(BROKEN)
        self._metrics.show_tidied(TIDIED, MISSED[WITHOUT_FILE])
        self._metrics.show_jobs(self._ages.ages(), self._ages.broken)
        self._metrics.show_refused(REFUSED)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._measure_database()
            self._metrics.database_up.set(1)
        except Exception:
            log.exception("the database cannot be measured", extra={"action": "metrics_failed"})
            self._metrics.forget_database()
        return self._metrics.text()

    async def _reasons(self) -> dict[str, str]:
        if not self._up_to_date:
            pending = await list_pending(self._database)
            if pending:
                return {"migrations": f"{len(pending)} not applied: ./gongzhi migrate"}
            self._up_to_date = True
        queue = await self._queue()
        try:
            await prove_writable(now=self._clock.now())
        except Exception:  # each database has its own errors for a full disk; reading has just gone well
            log.exception("the database cannot be written", extra={"action": "not_ready"})
            return {"database": UNWRITABLE}
        if queue.age >= QUEUE_AGE:
            return {"queue": f"{queue.waiting} waiting, the oldest for {queue.age:.0f} s"}
        return {}

    async def _warnings(self) -> dict[str, str]:
        stops = [stop for stop in await list_stops() if stop.in_force]
        owed = await count_unsettled_deliveries()
        told = {f"wechat {stop.way}": _warning(stop) for stop in stops}
        if asked := {state: owed[state] for state in ("failed", "uncertain") if owed[state]}:
            told["deliveries"] = NEED_A_PERSON.format(counts=asked)
        if empty := await list_empty_units(self._city):
            told["units"] = f"nobody has bound their chat: {'、'.join(empty)}"
        return told

    def _missing_years(self) -> list[int]:
        return missing_years(local(self._clock.now()).date(), self._city.calendar)

    async def _measure_database(self) -> None:
        queue = await self._queue()
        self._metrics.show_stops([stop for stop in await list_stops() if stop.in_force])
        deliveries, cases = await count_unsettled_deliveries(), await count_unfinished_cases()
        self._metrics.show_queue(queue.waiting, queue.age)
        self._metrics.show_deliveries(deliveries)
        self._metrics.show_cases(cases)

    async def _queue(self) -> Queue:
        return Queue(*await measure_queue(now=self._clock.now()))


HEALTH: web.AppKey[Health] = web.AppKey("health", Health)


def routes() -> list[web.AbstractRouteDef]:
    """Return the three addresses; they need the key HEALTH."""
    return [
        web.get("/healthz", show_alive),
        web.get("/readyz", show_ready),
        web.get("/metrics", show_metrics),
    ]


async def show_alive(_request: web.Request) -> web.StreamResponse:
    """Answer as long as the event loop turns; nothing else is asked."""
    return web.json_response({"alive": True}, headers=NO_CACHE)


async def show_ready(request: web.Request) -> web.StreamResponse:
    """Answer 200 when work may come, else 503 with the reasons; warnings keep nobody away."""
    reasons = await request.app[HEALTH].reasons()
    warnings = {} if reasons else await request.app[HEALTH].warnings()
    content = {"ready": not reasons, "reasons": reasons, "warnings": warnings}
    return web.json_response(content, status=503 if reasons else 200, headers=NO_CACHE)


async def show_metrics(request: web.Request) -> web.StreamResponse:
    """Answer with all figures."""
    text = await request.app[HEALTH].measured()
    return web.Response(body=text, headers={**NO_CACHE, "Content-Type": CONTENT_TYPE_LATEST})


def _warning(stop: Stop) -> str:
    what, why, do = stop_words(stop)
    since, next_at = (local(moment).isoformat(timespec="seconds") for moment in (stop.since, stop.next_at))
    return f"{what}：{why}。{do} code={stop.code} since={since} next_try={next_at}"
