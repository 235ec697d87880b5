"""Answers each push once: heard before, the same answer; too slow, the answer follows as a Delivery."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TypeVar

from bot.intake import Intake
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.reply_form import from_data, to_data
from handlers.kit.scene import Scene
from models.clock import Clock
from models.deliveries.actions import queue_deliveries
from models.deliveries.ledger import hear_from, save_contact, take_waiting
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.inbox import (
    Answered,
    Arrival,
    Letter,
    answer_letter,
    claim_letter,
    find_letter,
    has_written_since,
    list_forgotten,
    mark_late,
)
from models.links import named_link
from models.people import note_privacy
from models.talks import open_talk, save_talk
from models.town import Town
from models.transactions import Transactions

log = logging.getLogger(__name__)

REPLY_BYTES = 1800  # of the 2048 that a text may have; the rest is for links to tap
PATIENCE = 4.0  # seconds; the platform hangs up after 5
TRACKING = "location"  # the platform's own reports of where somebody is: not even the inbox keeps them
KEEP_PAUSE = 0.5  # seconds between two tries to write a push down
MOST_HELD = 10_000  # events; a town has fewer people who leave while its database is away
CLOSING = 2.0  # seconds that answers under way may take when the process ends
CUT_OFF = 0.5
GLANCE = 0.05  # seconds between looks at what another process is answering
SORRY = "抱歉，这条我们没处理好，已经记下来会查。请过几分钟再发一次，着急请打 {hotline}。"
NOT_KEPT = "抱歉，系统正忙，刚才这条没有收到。请过几分钟再发一次，着急请打 {hotline}。"
PRIVACY = "（我们只用您发来的内容办这件事。{link}）"

Answer = Callable[[Scene], Awaitable[Reply]]
T = TypeVar("T")


class NotKeptError(Exception):
    """An event could not be written down: the platform must push it again."""


class AnsweredMeanwhileError(Exception):
    """Somebody else answered this push first: what we did about it is undone."""


class Answering:
    """The path of one message, from the inbox to its answer."""

    def __init__(
        self, *, town: Town, clock: Clock, transactions: Transactions, intake: Intake, answer: Answer
    ) -> None:
        self._town = town
        self._clock = clock
        self._transactions = transactions
        self._intake = intake
        self._answer = answer
        self._tasks: set[asyncio.Task[object]] = set()
        self._replying: set[str] = set()  # keys whose answers are on their way to the disk as replies
        self._hung_up: set[str] = set()  # keys whose answers must go out as Deliveries
        self._held: dict[str, tuple[Incoming, datetime]] = {}  # events that could not be written down
        self.patience = PATIENCE
        self.shown = town.links.only_ours

    async def hear(self, incoming: Incoming) -> Reply:
        """Return the answer to a push, within ``PATIENCE`` seconds; Silence where it follows later.

        Raises NotKeptError for an event that could not be written down: nobody can be asked to do it once more, so
        the platform must push it again. Whoever wrote a message is told so.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience
        letter = _arrival(incoming, self._clock.now())
        try:
            ours = await self._kept(letter, until)
        except Exception as error:
            log.exception("a push could not be kept", extra={"action": "inbox_failed"})
            if incoming.kind == "event":
                self._hold(incoming)
                raise NotKeptError from error
            return Text(NOT_KEPT.format(hotline=self._town.city.hotline))
        task = self._begin(self._act(incoming) if ours else self._again(incoming))
        done, _ = await asyncio.wait({task}, timeout=max(until - loop.time(), 0.0))
        if done or incoming.key in self._replying:
            return await task
        log.warning("an answer is late", extra={"action": "answer_late", "kind": incoming.kind})
        self._hung_up.add(incoming.key)
        task.add_done_callback(lambda _: self._hung_up.discard(incoming.key))
        self._begin(mark_late(incoming.key))  # for other processes; not waited for: SQLite may be busy
        return Silence()

    async def resume(self) -> int:
        """Answer what a process that died left open; the answers go out as Deliveries. Return how many."""
        await self._keep_held()
        keys = await list_forgotten(now=self._clock.now())
        for key in keys:
            try:
                await self._take_up(key)
            except Exception:
                log.exception("a letter could not be taken up", extra={"action": "resume_failed"})
        return len(keys)

    async def close(self) -> None:
        """Wait for the answers under way, ``CLOSING`` seconds; what is cut off is taken up after the next start."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=CLOSING)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CUT_OFF)

    async def _kept(self, letter: Arrival, until: float) -> bool:
        """Write the letter down; once more, and again, while there is time: a database restarts within seconds."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await self._intake.keep(letter)
            except Exception:
                if loop.time() + KEEP_PAUSE >= until:
                    raise
                log.warning("a push is kept at another try", extra={"action": "inbox_again"})
            await asyncio.sleep(KEEP_PAUSE)

    def _hold(self, incoming: Incoming) -> None:
        """Remember an event until it can be written down: the platform gives it up after three tries."""
        if len(self._held) < MOST_HELD:
            self._held.setdefault(incoming.key, (incoming, self._clock.now()))

    async def _keep_held(self) -> None:
        """Write down the events that are held; one that has been overtaken by its own writer is void."""
        for key, (incoming, at) in list(self._held.items()):
            if not await has_written_since(incoming.openid, at):
                ours = await self._intake.keep(_arrival(incoming, self._clock.now()))
                if ours:
                    self._begin(self._act(incoming))
            del self._held[key]

    def _begin(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _take_up(self, key: str) -> None:
        letter = await find_letter(key)
        incoming = _incoming(letter) if letter else None
        if letter is not None and incoming is None:
            await answer_letter(key, to_data(Silence()), now=self._clock.now(), failed=bool(letter.content))
        elif incoming is not None and await claim_letter(key, now=self._clock.now()):
            await mark_late(key)
            await self._act(incoming)

    async def _act(self, incoming: Incoming) -> Reply:
        try:
            return await self._act_or_say_why(incoming)
        finally:
            self._replying.discard(incoming.key)

    async def _act_or_say_why(self, incoming: Incoming) -> Reply:
        try:
            return await self._transactions.run(lambda: self._answered(incoming, self._answer))
        except AnsweredMeanwhileError:
            return await self._again(incoming)
        except Refusal as refusal:
            sentence = refusal.sentence
        except Exception:
            log.exception("an answer broke", extra={"action": "answer_failed", "kind": incoming.kind})
            return await self._say(incoming, SORRY.format(hotline=self._town.city.hotline), failed=True)
        return await self._say(incoming, sentence)

    async def _say(self, incoming: Incoming, sentence: str, *, failed: bool = False) -> Reply:
        """Answer with a sentence alone: what was begun has been undone."""

        async def say(_scene: Scene) -> Reply:
            return Text(sentence)

        try:
            return await self._transactions.run(lambda: self._answered(incoming, say, failed=failed))
        except AnsweredMeanwhileError:
            return await self._again(incoming)

    async def _answered(self, incoming: Incoming, answer: Answer, *, failed: bool = False) -> Reply:
        """Act on one message and keep the answer with what it did: all in the caller's transaction."""
        now = self._clock.now()
        talk = await open_talk(incoming.openid, now=now)
        sent_at = min(incoming.at, now)  # the platform's windows begin there, however late we are
        hear_from(talk.person, event=incoming.event, tapped=bool(incoming.menu_id), at=sent_at)
        scene = Scene(incoming, talk, self._town, now)
        reply = await answer(scene)
        if isinstance(reply, Text):
            reply = await self._finish(scene, reply)
        if talk.touched:
            await save_talk(talk)
        late = incoming.key in self._hung_up
        if not late:
            self._replying.add(incoming.key)
        match await answer_letter(incoming.key, to_data(reply), now=now, late=late, failed=failed):
            case Answered.MEANWHILE:
                raise AnsweredMeanwhileError
            case Answered.LATE:
                if isinstance(reply, Text):
                    await queue_deliveries([_late_delivery(scene, reply)])
                return Silence()
        return reply

    async def _finish(self, scene: Scene, reply: Text) -> Text:
        """Add what rides along with a reply for nothing: words kept for this contact, the first privacy notice."""
        person, text = scene.person, reply.text
        if not person.openid:  # they have just been forgotten
            return reply
        if not reply.keeps_question:
            person.offered = [[choice.id, choice.label] for choice in reply.choices]
        kept = await take_waiting(person, room=REPLY_BYTES - len(text.encode()), now=scene.now)
        if not person.privacy_at:
            await note_privacy(person, self._town.city, now=scene.now)
            kept.append(PRIVACY.format(link=named_link(self._town.links.page("/h5/privacy"), "隐私说明")))
        await save_contact(person)
        return Text("\n\n".join([text, *kept]), reply.choices)

    async def _again(self, incoming: Incoming) -> Reply:
        """Return the answer that another copy of the push got, waiting for it while it is being made."""
        while True:
            letter = await find_letter(incoming.key)
            if letter is None or letter.late:
                return Silence()
            if letter.reply is not None:
                return from_data(letter.reply)
            if await claim_letter(incoming.key, now=self._clock.now()):
                return await self._act(incoming)
            await asyncio.sleep(GLANCE)


def _arrival(incoming: Incoming, now: datetime) -> Arrival:
    named = ((name, getattr(incoming, name)) for name in Incoming.__dataclass_fields__)
    content = {name: value for name, value in named if value not in ("", None, {})}
    content["at"] = incoming.at.isoformat()
    if incoming.event == TRACKING:
        content = {name: value for name, value in content.items() if name not in {"lat", "lng", "fields"}}
    kind = incoming.event if incoming.kind == "event" else incoming.kind
    return Arrival(key=incoming.key, openid=incoming.openid, kind=kind[:60], content=content, at=now)


def _incoming(letter: Letter) -> Incoming | None:
    """Return what was pushed; None when its writer has been forgotten, or nobody can read it any more."""
    if not letter.content:
        return None
    try:
        return Incoming(**{**letter.content, "at": datetime.fromisoformat(letter.content["at"])})
    except (TypeError, ValueError, KeyError):
        log.exception("a letter cannot be read", extra={"action": "letter_unreadable"})
        return None


def _late_delivery(scene: Scene, reply: Text) -> Delivery:
    return Delivery(
        key=f"late-{scene.incoming.key}",
        person_id=scene.person.id,
        text=reply.text,
        choices=[[choice.id, choice.label] for choice in reply.choices],
        due_at=scene.now,
        owed_at=scene.now,
    )
