"""Fetches photos and other evidence before the platform forgets them, and asks again for what was lost."""

import logging

from tortoise.transactions import in_transaction

from models.cases.proofs import take_back_unproved
from models.clock import Clock
from models.deliveries.actions import queue_deliveries
from models.deliveries.sender import MediaLater, MediaLost, MediaStore, Unkept
from models.deliveries.tables import Delivery
from models.evidence import (
    WHY_UNKEPT,
    Evidence,
    claim_wanted,
    delay_evidence,
    keep_evidence,
    lose_evidence,
)
from models.town import Town
from scheduler.items import count_broken

log = logging.getLogger(__name__)

AT_ONCE = 100
BROKEN_TRIES = 4  # after so many that broke in a way that nobody foresaw, another one will break as well
LOST = "您发的{what}没能收下（{why}），请再发一次。"
NAMES = {"image": "照片", "video": "视频", "voice": "语音"}


async def fetch_evidence(store: MediaStore, town: Town, clock: Clock) -> int:
    """Fetch what is wanted; return how many pieces were tried. One that breaks does not hold up others."""
    for count in range(AT_ONCE):
        piece = await claim_wanted(now=clock.now())
        if piece is None:
            return count
        try:
            await _fetch(piece, store, town, clock)
        except Exception:
            log.exception("evidence broke", extra=count_broken("fetch_evidence", piece))
            await _try_again(piece, town, clock)
    return AT_ONCE


async def _fetch(piece: Evidence, store: MediaStore, town: Town, clock: Clock) -> None:
    try:
        await keep_evidence(piece, await store.fetch(piece.media_id, url=piece.url))
    except MediaLater as error:
        log.warning(
            "evidence comes later: %s", error, extra={"action": "evidence_later", "evidence": piece.id}
        )
        async with in_transaction():  # lost and asked for again, or neither
            if not await delay_evidence(piece, now=clock.now()):
                await _tell(piece, Unkept.GONE, town, clock)
    except MediaLost as error:
        log.warning("evidence is lost: %s", error, extra={"action": "evidence_lost", "evidence": piece.id})
        await _give_up(piece, error.why, town, clock)


async def _try_again(piece: Evidence, town: Town, clock: Clock) -> None:
    """Try again later what broke, a few times; then give it up and tell the sender. Its claim holds meanwhile."""
    try:
        if piece.tries >= BROKEN_TRIES or not await delay_evidence(piece, now=clock.now()):
            await _give_up(piece, Unkept.BROKEN, town, clock)
    except Exception:
        log.exception("evidence could not be put by", extra=count_broken("fetch_evidence", piece))


async def _give_up(piece: Evidence, why: Unkept, town: Town, clock: Clock) -> None:
    async with in_transaction():
        await lose_evidence(piece)
        await _tell(piece, why, town, clock)


async def _tell(piece: Evidence, why: Unkept, town: Town, clock: Clock) -> None:
    """Tell who handles the case that was handed back with nothing but this, else the sender."""
    if piece.case_id is not None and piece.stage == "after":
        now, words = clock.now(), WHY_UNKEPT[why]
        if await take_back_unproved(piece.case_id, why=words, town=town, now=now):
            return
    await _ask_again(piece, why, clock)


async def _ask_again(piece: Evidence, why: Unkept, clock: Clock) -> None:
    if piece.person_id is None:
        return
    now = clock.now()
    text = LOST.format(what=NAMES.get(piece.kind, "文件"), why=WHY_UNKEPT[why])
    row = Delivery(key=f"lost-{piece.id}", person_id=piece.person_id, text=text, due_at=now, owed_at=now)
    await queue_deliveries([row])
