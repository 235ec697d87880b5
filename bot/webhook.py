"""The one URL that WeChat calls: opens the push, has it answered, seals the answer."""

import logging
from secrets import token_hex
from time import perf_counter

from aiohttp import web

from bot.answering import Answering, NotKeptError
from bot.crypto import Door, Forbidden, Form, Opened
from bot.inbound import BadMessage, parse, parse_json
from bot.metrics import Metrics
from bot.outbound import render
from handlers.kit.incoming import Incoming
from models.clock import Clock

log = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024
SUCCESS = "success"


class Webhook:
    """The WeChat door of one account."""

    def __init__(self, door: Door, answering: Answering, clock: Clock, metrics: Metrics) -> None:
        self._door = door
        self._answering = answering
        self._clock = clock
        self._metrics = metrics

    async def check(self, request: web.Request) -> web.Response:
        """Answer the platform's check of the URL."""
        try:
            echo = self._door.check_url(request.query)
        except Forbidden as error:
            return _forbidden(str(error))
        return _plain(echo)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one push."""
        if (request.content_length or 0) > MAX_BYTES:
            return _too_large()
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _too_large()
        now = self._clock.now()
        try:
            opened = self._door.open(body, request.query, now)
        except Forbidden as error:
            return _forbidden(str(error))
        except BadMessage as error:
            return _bad(str(error))
        return await self._answer(opened)

    async def _answer(self, opened: Opened) -> web.Response:
        now = self._clock.now()
        try:
            incoming = parse(opened.content) if opened.form is Form.XML else parse_json(opened.content, now)
        except BadMessage as error:
            return _bad(str(error))
        started = perf_counter()
        try:
            answer = await self._sealed(opened, incoming)
        except NotKeptError:
            answer = _unkept()
        except Exception:
            log.exception("a push broke after it was opened", extra={"action": "webhook_failed"})
            answer = _plain(SUCCESS)
        outcome = "unkept" if answer.status != 200 else SUCCESS if answer.text == SUCCESS else "reply"
        self._metrics.pushed(incoming.kind, outcome, perf_counter() - started)
        return answer

    async def _sealed(self, opened: Opened, incoming: Incoming) -> web.Response:
        reply = await self._answering.hear(incoming)
        now = self._clock.now()
        xml = render(reply, incoming, now, shown=self._answering.shown)
        if not xml:
            return _plain(SUCCESS)
        sealed = self._door.seal(xml, timestamp=str(int(now.timestamp())), nonce=token_hex(8), to=opened)
        return web.Response(text=sealed, content_type="application/xml")


def _plain(text: str) -> web.Response:
    return web.Response(text=text, headers={"X-Content-Type-Options": "nosniff"})


def _unkept() -> web.Response:
    return web.Response(status=503, text="again", headers={"Retry-After": "1"})


def _bad(reason: str) -> web.Response:
    log.warning("a push could not be read: %s", reason, extra={"action": "bad_message"})
    return _plain(SUCCESS)


def _forbidden(reason: str) -> web.Response:
    log.warning("a push was refused: %s", reason, extra={"action": "forbidden_push"})
    return web.Response(status=403, text="forbidden")


def _too_large() -> web.Response:
    log.warning("a push was too large", extra={"action": "push_too_large"})
    return web.Response(status=413, text="too large")
