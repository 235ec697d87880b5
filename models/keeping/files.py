"""Keeps files and rows together: cleans what earlier releases kept, finds files without rows and rows without files."""

import logging
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.deliveries.sender import MediaLost, Stored
from models.deliveries.tables import Delivery
from models.evidence import CLEANING, Evidence, Keeping, kind_of
from models.keeping.shelf import Shelf
from models.keeping.tasks import SLICE, Slice, Task, Tidying

log = logging.getLogger(__name__)

STRAY_LIFE = timedelta(
    days=1
)  # a file without a row this old is nobody's: no photo is on its way for so long
AT_ONCE = 10  # files of one slice: each is read and may be written anew


async def _count_unclean(_tidying: Tidying) -> int:
    return await Evidence.filter(state=Keeping.KEPT, cleaned__lt=CLEANING).count()


async def _clean(tidying: Tidying, after: int) -> Slice:
    """Look through files kept before today's rules of clearing, each once."""
    found = Evidence.filter(state=Keeping.KEPT, cleaned__lt=CLEANING, id__gt=after)
    pieces = await found.order_by("id").limit(AT_ONCE)
    for piece in pieces:
        await _clean_one(piece, tidying)
    return Slice(len(pieces), pieces[-1].id if len(pieces) >= AT_ONCE else None)


async def _clean_one(piece: Evidence, tidying: Tidying) -> None:
    """Put the cleared file in the place of the old one, in rows first: killed here, the old file is a stray."""
    same = Evidence.filter(digest=piece.digest, state=Keeping.KEPT)
    try:
        stored = await tidying.shelf.clean(piece.digest)
    except (MediaLost, FileNotFoundError) as error:
        log.warning(
            "a kept file cannot be cleared: %s", error, extra={"action": "unclear", "evidence": piece.id}
        )
        stored = None
    if stored is None:
        await same.update(cleaned=CLEANING)
        return
    await _replace(piece.digest, stored)
    await tidying.shelf.remove(piece.digest, before=tidying.now)


async def _replace(digest: str, stored: Stored) -> None:
    async with in_transaction():
        await Evidence.filter(digest=digest, state=Keeping.KEPT).update(
            digest=stored.digest,
            mime=stored.mime,
            size=stored.size,
            kind=kind_of(stored.mime),
            cleaned=CLEANING,
        )
        await Delivery.filter(photo=digest).update(photo=stored.digest)


async def list_strays(shelf: Shelf) -> list[str]:
    """Return the hashes of files that no row knows, whatever their age."""
    return [digest for digest, _ in await _strays(shelf)]


async def remove_strays(tidying: Tidying) -> int:
    """Take away files that no row has known for ``STRAY_LIFE``; return how many."""
    before = tidying.now - STRAY_LIFE
    old = [digest for digest, kept_at in await _strays(tidying.shelf) if kept_at < before]
    return sum([await tidying.shelf.remove(digest, before=before) for digest in old])


async def list_missing(shelf: Shelf) -> list[int]:
    """Return the ids of kept evidence whose file is not there."""
    missing: list[int] = []
    last = 0
    while rows := await Evidence.filter(state=Keeping.KEPT, id__gt=last).order_by("id").limit(SLICE):
        missing += [row.id for row in rows if not await shelf.has(row.digest)]
        last = rows[-1].id
    return missing


async def _strays(shelf: Shelf) -> list[tuple[str, datetime]]:
    strays: list[tuple[str, datetime]] = []
    after = ""
    while found := await shelf.list_digests(after, SLICE):
        names = [digest for digest, _ in found]
        rows = await Evidence.filter(digest__in=names).values_list("digest", flat=True)
        known = {str(digest) for digest in rows}
        strays += [one for one in found if one[0] not in known]
        after = names[-1]
    return strays


TASKS = (Task("unclean", "以前没清干净的文件", _count_unclean, _clean),)
