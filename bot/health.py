"""Says whether the process lives, whether it may be given work, and how it goes: for machines that watch."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.metrics import Metrics
from bot.wechat_stops import Stop
from models.backlog import count_unfinished_cases, count_unsettled_deliveries
from models.clock import Clock
from models.database import list_pending
from models.inbox import measure_queue
from scheduler.items import BROKEN

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds that the database may take to answer
QUEUE_AGE = 60.0  # seconds; an older letter means that answers do not keep up
NO_CACHE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Queue:
    """Letters without an answer: how many, and the age of the oldest in seconds."""

    waiting: int
    age: float


class Health:
    """The three questions that a watcher asks; ``stopped`` returns the stopped WeChat calls."""

    def __init__(
        self, *, database: str, clock: Clock, metrics: Metrics, stopped: Callable[[], Sequence[Stop]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._stopped = stopped
        self._up_to_date = False  # a database that has had every migration stays so

    async def reasons(self) -> dict[str, str]:
        """Return what keeps us from taking work, by part; nothing when we are ready."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._reasons()
        except TimeoutError:
            return {"database": f"no answer within {PATIENCE:g} s"}
        except Exception:
            log.exception("the database does not answer", extra={"action": "not_ready"})
            return {"database": "does not answer, see the log"}

    async def measured(self) -> bytes:
        """Return all figures as Prometheus text; those of the database are left out while it does not answer."""
        self._metrics.show_stops(self._stopped())
        self._metrics.show_broken(BROKEN)
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
                return {"migrations": f"{len(pending)} not applied: python -m bot migrate"}
            self._up_to_date = True
        queue = await self._queue()
        if queue.age >= QUEUE_AGE:
            return {"queue": f"{queue.waiting} waiting, the oldest for {queue.age:.0f} s"}
        return {}

    async def _measure_database(self) -> None:
        queue = await self._queue()
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
    """Answer 200 when work may come, else 503 with the reasons."""
    reasons = await request.app[HEALTH].reasons()
    content = {"ready": not reasons, "reasons": reasons}
    return web.json_response(content, status=503 if reasons else 200, headers=NO_CACHE)


async def show_metrics(request: web.Request) -> web.StreamResponse:
    """Answer with all figures."""
    text = await request.app[HEALTH].measured()
    return web.Response(body=text, headers={**NO_CACHE, "Content-Type": CONTENT_TYPE_LATEST})
