"""The pushing side: encrypts what a person did, sends it, waits five seconds, tries three times."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.simulator.crypto import SafeMode, sign
from bot.simulator.envelope import EnvelopeError, build_xml, parse_xml
from bot.simulator.people import UNAVAILABLE
from bot.simulator.replies import Answer, ReplyError, read_answer
from bot.simulator.state import JsonObject, Platform

TRIES = 3
HEADERS = {"Content-Type": "text/xml"}
HANG_UP_AFTER = 0.3  # at the latest: an answer that comes before is thrown away, as on a dead connection
# After these a person sees nothing, even when the service is down.
QUIET_EVENTS = frozenset(
    {
        "unsubscribe",
        "VIEW",
        "TEMPLATESENDJOBFINISH",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
    }
)


@dataclass(frozen=True)
class _Sending:
    """One push on its way."""

    xml: str
    openid: str
    attempt: int
    fault: str | None


@dataclass(frozen=True)
class _Exchange:
    """What went over the wire for one attempt; `status` is None when no answer came in time."""

    query: dict[str, str]
    body: bytes
    status: int | None
    text: str
    ms: float


class Pusher:
    """Sends pushes to the service and shows its answers on the phones."""

    def __init__(self, platform: Platform, push_url: str, timeout: float) -> None:
        self.push_url = push_url
        self._platform = platform
        self._timeout = timeout
        self._safe = SafeMode(platform.account.aes_key, platform.account.appid)
        self._session: aiohttp.ClientSession | None = None
        self._background: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Open the client session; nothing if it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Give up what is under way and close the session."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def announce(self, xml: str) -> None:
        """Push in the background: results that the platform reports of itself."""
        if self._session is not None:
            task = asyncio.get_running_loop().create_task(self.push(xml))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def settle(self) -> None:
        """Wait until everything pushed in the background has been answered or given up."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def push(self, xml: str, *, duplicates: int = 1, at_once: bool = True) -> list[Answer]:
        """Push this XML `duplicates` times, together or one after another; the first reply is shown."""
        fields = _read_fields(xml)
        self._platform.hear(fields)
        openid = str(fields.get("FromUserName", ""))
        if self._platform.faults.strike_push("duplicate_push") is not None:
            duplicates += 1
        if at_once and duplicates > 1:
            answers = list(await asyncio.gather(*(self._deliver(xml, openid) for _ in range(duplicates))))
        else:
            answers = [await self._deliver(xml, openid) for _ in range(duplicates)]
        self._show(openid, str(fields.get("Event", "")), answers)
        return answers

    async def _deliver(self, xml: str, openid: str) -> Answer:
        for attempt in range(1, TRIES + 1):
            fault = self._platform.faults.strike_push("push_timeout")
            sending = _Sending(xml, openid, attempt, fault.kind if fault is not None else None)
            answer = await self._try(sending)
            if answer is not None:
                return answer
        return Answer(TRIES, "failed", why="no answer in time")

    async def _try(self, sending: _Sending) -> Answer | None:
        exchange = await self._exchange(sending)
        status = exchange.status
        answer = None if status is None else self._read(sending, status, exchange.text)
        self._record(sending, exchange, answer)
        return answer

    async def _exchange(self, sending: _Sending) -> _Exchange:
        if self._session is None:
            raise RuntimeError("start() the simulator first")
        query, body = self._seal(sending)
        timeout = aiohttp.ClientTimeout(total=HANG_UP_AFTER if sending.fault else self._timeout)
        started = time.perf_counter()
        status, text = None, ""
        try:
            async with self._session.post(
                self.push_url,
                params=query,
                data=body,
                headers=HEADERS,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                text = (await response.read()).decode(errors="replace")
                unanswered = sending.fault or response.status == 503  # pushed again, as one without an answer
                status = None if unanswered else response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            text = f"〈{type(error).__name__}〉"
        return _Exchange(query, body, status, text, round((time.perf_counter() - started) * 1000, 1))

    def _seal(self, sending: _Sending) -> tuple[dict[str, str], bytes]:
        account = self._platform.account
        encrypted = self._safe.encrypt(sending.xml)
        timestamp, nonce = str(self._platform.clock.timestamp()), str(secrets.randbelow(10**10))
        query = {
            "signature": sign(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": sending.openid,
            "encrypt_type": "aes",
            "msg_signature": sign(account.token, timestamp, nonce, encrypted),
        }
        return query, build_xml({"ToUserName": account.original_id, "Encrypt": encrypted}).encode()

    def _read(self, sending: _Sending, status: int, text: str) -> Answer:
        if status != 200:
            return Answer(sending.attempt, "failed", why=f"HTTP {status}")
        try:
            reply, raw = read_answer(self._platform, self._safe, sending.openid, text)
        except ReplyError as error:
            return Answer(sending.attempt, "failed", why=str(error))
        return Answer(sending.attempt, "success" if reply is None else "reply", reply, raw=raw)

    def _record(self, sending: _Sending, exchange: _Exchange, answer: Answer | None) -> None:
        self._platform.wire.add(
            at=self._platform.clock.now(),
            direction="push",
            method="POST",
            url=self.push_url,
            query=exchange.query,
            request=exchange.body.decode(),
            decrypted=sending.xml,
            status=exchange.status,
            response=exchange.text,
            decrypted_response=build_xml(answer.raw) if answer is not None and answer.raw else None,
            ms=exchange.ms,
            attempt=sending.attempt,
            fault=sending.fault,
        )

    def _show(self, openid: str, event: str, answers: list[Answer]) -> None:
        person = self._platform.people.get(openid)
        if person is None or not person.following:
            return
        reply = next((one.reply for one in answers if one.reply is not None), None)
        if reply is not None:
            data: JsonObject = {name: value for name, value in reply.items() if name != "kind"}
            self._platform.show(person, "account", reply["kind"], data)
        elif event not in QUIET_EVENTS and all(one.outcome == "failed" for one in answers):
            self._platform.show(person, "notice", "unavailable", {"text": UNAVAILABLE})


def _read_fields(xml: str) -> JsonObject:
    try:
        return parse_xml(xml)
    except EnvelopeError:
        return {}
