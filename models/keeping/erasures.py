"""Goes on making nameless the cases of people who left, and what other systems are still to be told of them."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from models.cases.erasing import Erasure, go_on_erasing, list_erasures, nameless
from models.deliveries.tables import Delivery
from models.exchange.tables import Transfer
from models.keeping.tasks import SLICE, Slice, Task, Tidying, slice_of
from models.statements import run

CASES = 20  # of one transaction
_TOLD_TO_GONE = """
 FROM delivery d JOIN person p ON p.id = d.person_id
 WHERE p.openid IS NULL AND (d.text <> '' OR d.url <> '' OR d.photo <> '') AND d.state <> 'sending'
"""


async def _count_erasures(_tidying: Tidying) -> int:
    return await Erasure.all().count()


async def _erase(_tidying: Tidying, _after: int) -> Slice:
    erasures = await list_erasures(1)
    for erasure in erasures:
        async with in_transaction():
            ids = await go_on_erasing(erasure, limit=CASES)
            for transfer in await Transfer.filter(case_id__in=ids):
                await _make_nameless(transfer, erasure.names)
    return Slice(len(erasures), 0 if erasures else None)


async def _make_nameless(transfer: Transfer, names: Sequence[str]) -> None:
    """Take the person out of what a subscriber was told, or is still to be told, of a case."""
    payload, case = transfer.payload, transfer.payload.get("case") or {}
    told = {name: nameless(str(case[name]), names) for name in ("text", "address") if case.get(name)}
    transfer.payload = payload | {"note": nameless(str(payload.get("note", "")), names), "case": case | told}
    await transfer.save(update_fields=["payload"])


async def _count_told(_tidying: Tidying) -> int:
    [row] = await run(f"SELECT COUNT(*) AS count {_TOLD_TO_GONE}", ())
    return int(row["count"])


async def _blank_told(_tidying: Tidying, after: int) -> Slice:
    """Take the words out of what was owed to somebody in the moment in which they left."""
    found = f"SELECT d.id {_TOLD_TO_GONE} AND d.id > ? ORDER BY d.id LIMIT ?"
    ids = [int(row["id"]) for row in await run(found, (after, SLICE))]
    blank = {"text": "", "choices": [], "photo": "", "fields_": {}, "url": "", "note": ""}
    done = await Delivery.filter(id__in=ids).update(**blank) if ids else 0
    return slice_of(done, ids)


TASKS = (
    Task("erasures", "注销的人在案件里的痕迹", _count_erasures, _erase),
    Task("told_to_gone", "注销的人收到的话", _count_told, _blank_told),
)
