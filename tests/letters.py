"""Letters for the inbox of a stage, and handlers of the test's own to answer them."""

import asyncio
from itertools import count

from bot.answering import Answering
from bot.simulator.envelope import build_xml
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Text
from models.inbox import Arrival

WORDS = "路边的井盖坏了，一走就响，怕摔着人"
NUMBERS = count(1)


class Slow:
    """A handler that waits to be let go; ``running`` tells when it is under way."""

    def __init__(self, words="好，记下了"):
        self.words, self.runs = words, 0
        self.running, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, scene):
        self.runs += 1
        self.running.set()
        await self.go.wait()
        return Text(f"{self.words}({self.runs})")


def answering(stage, answer, *, patience=30.0):
    """The path of a message through the stage's own inbox, with a handler of the test's."""
    house = stage.house
    made = Answering(
        town=stage.town,
        clock=stage.clock,
        transactions=house.transactions,
        intake=house.intake,
        answer=answer,
    )
    made.patience = patience
    return made


def letter(stage, phone, words="在吗"):
    number = next(NUMBERS)
    return Incoming(
        key=f"m-{number}", openid=phone.openid, account="gh", at=stage.clock.now(), kind="text", text=words
    )


async def leave_in_inbox(stage, incoming):
    """Be the process that keeps a push and dies before it acts."""
    content = {
        name: getattr(incoming, name) for name in ("key", "openid", "account", "kind", "text", "menu_id")
    }
    content |= {"at": incoming.at.isoformat()}
    kept = Arrival(incoming.key, incoming.openid, incoming.kind, content, stage.clock.now())
    assert await stage.house.intake.keep(kept)


def push_xml(stage, phone, kind="text", **own):
    head = {"ToUserName": stage.simulator.platform.account.original_id, "FromUserName": phone.openid}
    stamp = {"CreateTime": stage.clock.timestamp(), "MsgType": kind}
    return build_xml({**head, **stamp, **own, "MsgId": next(NUMBERS) + 10**15})


def texts(phone):
    return [bubble.text for bubble in phone.received]
