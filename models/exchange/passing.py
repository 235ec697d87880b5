"""The only writers of transfers that are on their way: claim, settle, send again, leave out.

Those of one case go to one subscriber in the order of its history: the first that is not sent holds back the others.
``due_at`` of the others is put off with it, so that a subscriber who is away costs no search; what may go is decided
by the state of what stands before, never by ``due_at`` alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from models.cases.states import ENDED
from models.database import is_postgres
from models.errors import Refusal
from models.exchange.owing import NEVER
from models.exchange.payloads import body_of
from models.exchange.signing import seal_headers
from models.exchange.tables import Passing, Received, Subscriber, Transfer
from models.statements import run

SENDING_LIFE = timedelta(seconds=60)  # longer than one sending may take
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(days=1),
)
LONGEST_TROUBLE = 200
SKIPPED = "已跳过"

NO_TRANSFER = "没有编号为 {number} 的交换记录。用 exchange list 查看。"
NOT_DEAD = "这条交换记录没有停下来，不用处理。"
STOPPED = "订阅方“{name}”已停用，不再发送。"

_DUE = """
SELECT t.id FROM transfer t JOIN subscriber s ON s.id = t.subscriber_id
WHERE t.state = 'owed' AND t.due_at <= ? AND (t.claimed_until IS NULL OR t.claimed_until <= ?)
  AND s.stopped_at IS NULL {without} AND NOT EXISTS (
    SELECT 1 FROM transfer b WHERE b.subscriber_id = t.subscriber_id AND b.case_id = t.case_id
      AND b.state <> 'sent' AND b.seq < t.seq)
ORDER BY t.due_at LIMIT 1 {lock}
"""


@dataclass(frozen=True, slots=True)
class Parting:
    """A transfer claimed for sending. ``tries`` counts this one and tells its outcome from that of a later claim."""

    id: int
    subscriber_id: int
    tries: int
    url: str
    secret: str
    payload: dict[str, Any]
    seq: int

    @property
    def key(self) -> str:
        """The same each time this transfer is sent, so that the receiver can drop what it has already."""
        return f"{self.subscriber_id}/{self.payload['case']['id']}/{self.seq}"

    def sealed(self, now: datetime) -> tuple[bytes, dict[str, str]]:
        """Return the body to send and its headers, signed at this moment."""
        body = body_of(self.payload)
        return body, seal_headers(self.secret, f"subscriber-{self.subscriber_id}", self.key, body, now=now)


async def claim_transfer(now: datetime, *, without: Collection[int] = ()) -> Parting | None:
    """Take the longest due transfer that may go, for ``SENDING_LIFE``; None when there is none.

    ``without`` are subscribers who just did not answer: theirs wait for the next run.
    """
    async with in_transaction():
        rows = await run(_due(len(without)), (now, now, *without))
        if not rows:
            return None
        row = await Transfer.get(id=rows[0]["id"]).select_related("subscriber")
        row.claimed_until, row.tries = now + SENDING_LIFE, row.tries + 1
        await row.save(update_fields=["claimed_until", "tries"])
        to = row.subscriber
        return Parting(row.id, to.id, row.tries, to.url, to.secret, row.payload, row.seq)


async def settle_transfer(parting: Parting, trouble: str, *, now: datetime) -> Passing | None:
    """Keep what came of one sending, ``trouble`` being empty when it went well; return the state.

    None when it is no longer this sending's business: somebody claimed it again meanwhile, or it was stopped.
    """
    async with in_transaction():
        row = await Transfer.filter(id=parting.id).select_for_update(no_key=True).first()
        if row is None or row.state is not Passing.OWED or row.tries != parting.tries:
            return None
        row.claimed_until, row.trouble = None, trouble[:LONGEST_TROUBLE]
        if not trouble:
            row.state, row.sent_at = Passing.SENT, now
        elif row.tries > len(BACK_OFF):
            row.state = Passing.DEAD
        else:
            row.due_at = now + BACK_OFF[row.tries - 1]
        await row.save()
        await _move_followers(row, now)
        return row.state


async def retry_transfer(transfer_id: int, *, now: datetime) -> Transfer:
    """Owe a transfer that was given up once more, with all tries; raises Refusal when it is not such a one."""
    return await _decide(transfer_id, Passing.OWED, "", now=now)


async def skip_transfer(transfer_id: int, *, now: datetime) -> Transfer:
    """Leave out a transfer that was given up, so that the later ones of its case may go; raises Refusal.

    It counts as sent, without a time of sending.
    """
    return await _decide(transfer_id, Passing.SENT, SKIPPED, now=now)


async def tidy_transfers(before: datetime, *, limit: int = 2000) -> int:
    """Delete what was sent before that time about cases that have ended, and old answers; return how many rows.

    A key whose answer is gone still opens no second case: the case itself remembers it.
    """
    old = Transfer.filter(state=Passing.SENT, due_at__lt=before, case__state__in=sorted(ENDED))
    ids = (
        await old.filter(case__changed_at__lt=before).order_by("id").limit(limit).values_list("id", flat=True)
    )
    gone = await Transfer.filter(id__in=ids).delete() if ids else 0
    keys = await Received.filter(at__lt=before).order_by("id").limit(limit).values_list("id", flat=True)
    return gone + (await Received.filter(id__in=keys).delete() if keys else 0)


async def _decide(transfer_id: int, state: Passing, trouble: str, *, now: datetime) -> Transfer:
    async with in_transaction():
        row = await Transfer.filter(id=transfer_id).select_for_update(no_key=True).first()
        if row is None:
            raise Refusal(NO_TRANSFER.format(number=transfer_id))
        subscriber = await Subscriber.get(id=row.subscriber_id)
        if subscriber.stopped_at is not None:
            raise Refusal(STOPPED.format(name=subscriber.name))
        if row.state is not Passing.DEAD:
            raise Refusal(NOT_DEAD)
        row.state, row.trouble, row.tries, row.due_at = state, trouble, 0, now
        await row.save()
        await _move_followers(row, now)
        return row


async def _move_followers(row: Transfer, now: datetime) -> None:
    """Make the later ones of the case due when this one lets them, and not before: nobody searches in vain."""
    later = Transfer.filter(subscriber_id=row.subscriber_id, case_id=row.case_id, seq__gt=row.seq)
    later = later.filter(state=Passing.OWED)
    if row.state is Passing.SENT:
        await later.filter(due_at__gt=now).update(due_at=now)
    else:
        await later.update(due_at=NEVER if row.state is Passing.DEAD else row.due_at)


def _due(count: int) -> str:
    places = ", ".join(["?"] * count)
    lock = "FOR NO KEY UPDATE OF t SKIP LOCKED" if is_postgres() else ""
    return _DUE.format(without=f"AND t.subscriber_id NOT IN ({places})" if count else "", lock=lock)
