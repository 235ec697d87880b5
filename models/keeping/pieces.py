"""Gives up photos, videos and voices past their term: first the row says so, then the file goes, then its hash."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from models.cases.public import ENDED
from models.evidence import Evidence, Keeping
from models.keeping.tasks import SLICE, Slice, Task, Tidying, slice_of
from models.statements import run
from models.talks import Talk

GRACE = timedelta(
    minutes=5
)  # longer than from a file on the disk to its row: the same photo may just be coming again

_STATES = ", ".join(f"'{state}'" for state in sorted(ENDED))
_OF_CASES = f"""
 FROM evidence e JOIN case_file c ON c.id = e.case_id
 WHERE e.state <> 'deleted' AND e.at < ? AND c.state IN ({_STATES}) AND COALESCE(c.closed_at, c.changed_at) < ?
"""
_OF_GONE = f"""
 FROM evidence e JOIN person p ON p.id = e.person_id LEFT JOIN case_file c ON c.id = e.case_id
 WHERE e.state <> 'deleted' AND p.openid IS NULL
   AND (e.case_id IS NULL OR (e.stage = 'before' AND c.state IN ({_STATES})))
"""
_OF_NOTHING = """
 FROM evidence e WHERE e.state <> 'deleted' AND e.case_id IS NULL AND e.at < ?
"""
_FILES = """
 FROM evidence e WHERE e.state = 'deleted' AND (e.digest <> '' OR e.case_id IS NULL OR e.person_id IS NOT NULL)
"""


async def _count(found: str, values: Sequence[object]) -> int:
    [row] = await run(f"SELECT COUNT(*) AS count {found}", values)
    return int(row["count"])


async def _ids(found: str, values: Sequence[object], after: int) -> list[int]:
    rows = await run(
        f"SELECT e.id {found} AND e.id > ? ORDER BY e.id LIMIT ?",
        (*values, after, SLICE),
    )
    return [int(row["id"]) for row in rows]


def _giving_up(name: str, words: str, found: str, *terms: str) -> Task:
    def values(tidying: Tidying) -> list[object]:
        return [tidying.before(term) for term in terms]

    async def count(tidying: Tidying) -> int:
        return await _count(found, values(tidying))

    async def work(tidying: Tidying, after: int) -> Slice:
        ids = await _ids(found, values(tidying), after)
        wanted = [one for one in ids if one not in await _in_talks(ids)] if name == "drafts" else ids
        blank = {"state": Keeping.DELETED, "media_id": "", "url": ""}
        done = await Evidence.filter(id__in=wanted).update(**blank) if wanted else 0
        return slice_of(done, ids)

    return Task(name, words, count, work)


async def _in_talks(ids: Sequence[int]) -> set[int]:
    """Return which of the pieces belong to a report that somebody is still putting together."""
    people = Evidence.filter(id__in=list(ids), person_id__isnull=False)
    talks = Talk.filter(person_id__in=await people.values_list("person_id", flat=True)).exclude(topic="")
    return {number for talk in await talks for number in _numbers(talk.data)}


def _numbers(told: Any) -> set[int]:
    """Return every whole number that stands under ``evidence`` in a talk's data, at any depth."""
    if isinstance(told, dict):
        own = {one for one in told.get("evidence") or () if isinstance(one, int)}
        return own.union(*(_numbers(one) for one in told.values()))
    return set().union(*(_numbers(one) for one in told)) if isinstance(told, list) else set()


async def _count_files(_tidying: Tidying) -> int:
    return await _count(_FILES, ())


async def _remove_files(tidying: Tidying, after: int) -> Slice:
    """Take the files of given-up rows away, unless another row keeps the same content; then forget the hashes.

    Killed between file and row, the next run finds the row again, and a file that is gone already is no trouble.
    """
    ids = await _ids(_FILES, (), after)
    done = 0
    for piece in await Evidence.filter(id__in=ids).order_by("id"):
        if piece.digest and not await _is_free_of(piece.digest, tidying):
            continue  # kept again a moment ago: the next run decides
        done += 1
        if piece.case_id is None:
            await piece.delete()
        else:  # that there was a photo stays in the record
            await Evidence.filter(id=piece.id).update(digest="", person_id=None)
    return slice_of(done, ids)


async def _is_free_of(digest: str, tidying: Tidying) -> bool:
    """Take the file away unless another row needs it; tell whether a given-up row may forget it."""
    if await Evidence.filter(digest=digest, state=Keeping.KEPT).exists():
        return True
    return await tidying.shelf.remove(digest, before=tidying.now - GRACE)


TASKS = (
    _giving_up("drafts", "没报上来的照片和录音", _OF_NOTHING, "draft_days"),
    _giving_up("case_photos", "结案多年的照片", _OF_CASES, "photo_days", "photo_days"),
    _giving_up("photos_of_gone", "注销的人的照片", _OF_GONE),
    Task("files", "该删的文件", _count_files, _remove_files),
)
