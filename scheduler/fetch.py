"""Fetches photos and other evidence before the platform forgets them, and asks again for what was lost."""

import logging

from tortoise.transactions import in_transaction

from models.clock import Clock
from models.deliveries.actions import queue_deliveries
from models.deliveries.sender import MediaLater, MediaLost, MediaStore
from models.deliveries.tables import Delivery
from models.evidence import Evidence, claim_wanted, delay_evidence, keep_evidence, lose_evidence

log = logging.getLogger(__name__)

AT_ONCE = 100
LOST = "您发的{what}没能收下({why})，请再发一次。"
NAMES = {"image": "照片", "video": "视频", "voice": "语音"}


async def fetch_evidence(store: MediaStore, clock: Clock) -> int:
    """Fetch what is wanted; return how many pieces were tried."""
    for count in range(AT_ONCE):
        piece = await claim_wanted(now=clock.now())
        if piece is None:
            return count
        await _fetch(piece, store, clock)
    return AT_ONCE


async def _fetch(piece: Evidence, store: MediaStore, clock: Clock) -> None:
    try:
        await keep_evidence(piece, await store.fetch(piece.media_id, url=piece.url))
    except MediaLater as error:
        log.warning(
            "evidence comes later: %s", error, extra={"action": "evidence_later", "evidence": piece.id}
        )
        async with in_transaction():  # lost and asked for again, or neither
            if not await delay_evidence(piece, now=clock.now()):
                await _ask_again(piece, "下载不到", clock)
    except MediaLost as error:
        log.warning("evidence is lost: %s", error, extra={"action": "evidence_lost", "evidence": piece.id})
        async with in_transaction():
            await lose_evidence(piece)
            await _ask_again(piece, "文件打不开或太大", clock)


async def _ask_again(piece: Evidence, why: str, clock: Clock) -> None:
    if piece.person_id is None:
        return
    now = clock.now()
    text = LOST.format(what=NAMES.get(piece.kind, "文件"), why=why)
    row = Delivery(key=f"lost-{piece.id}", person_id=piece.person_id, text=text, due_at=now, owed_at=now)
    await queue_deliveries([row])
