"""Photos, videos and voices that people sent: noted at once, fetched before the platform forgets them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.clock import SKEW
from models.database import is_postgres
from models.deliveries.sender import MediaLost, Stored, Unkept
from models.people import Person

IMAGE = "image"
FETCH_LIFE = timedelta(seconds=60)  # longer than one download may take
MEDIA_LIFE = timedelta(days=3)  # the platform's
CLEANING = 1  # counted up when files are cleared of more than before: those kept earlier are cleared again
# What to tell whoever sent something that we could not keep: why, and what to do.
WHY_UNKEPT = {
    Unkept.GONE: "没能下载下来",
    Unkept.KIND: "发来的不是照片、视频或语音",
    Unkept.LARGE: "文件太大，照片和视频每个不超过 10 MB",
    Unkept.PIXELS: "照片的尺寸太大，请截图或压缩一下",
    Unkept.BROKEN: "文件打不开，可能没有传完整",
    Unkept.UNCLEAR: "这种格式的视频里藏着拍摄地点，我们清不掉，请用微信直接拍一段",
    Unkept.NO_PHOTO: "发来的不是照片",
}
RETRY = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2))


class Keeping(StrEnum):
    """Where a piece of evidence stands."""

    WANTED = "wanted"  # still only with the platform
    KEPT = "kept"
    LOST = "lost"  # it will never come; its sender is asked again
    DELETED = (
        "deleted"  # its time is over, or its sender is gone; ``digest`` stands until the file is gone too
    )


class Evidence(Model):
    """证据: one photo, video or voice. ``stage`` says whether it shows the place before or after the work."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="evidence", on_delete=fields.SET_NULL
    )
    person_id: int | None
    case_id = fields.BigIntField(null=True, db_index=True)
    event_id = fields.BigIntField(null=True)
    stage = fields.CharField(max_length=10, default="before")
    kind = fields.CharField(max_length=12)  # image, video, voice
    media_id = fields.CharField(max_length=200, default="")
    url = fields.CharField(max_length=600, default="")
    # Described as at first: another description is an altered column, for which SQLite copies the table.
    state = fields.CharEnumField(
        Keeping, description="WANTED: wanted\nKEPT: kept\nLOST: lost", max_length=8, default=Keeping.WANTED
    )
    digest = fields.CharField(max_length=64, default="", db_index=True)
    mime = fields.CharField(max_length=40, default="")
    size = fields.IntField(default=0)
    tries = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    at = fields.DatetimeField()  # when it was sent to us
    cleaned = fields.SmallIntField(
        default=0, db_default=0
    )  # by which CLEANING its file was last looked through

    class Meta:
        table = "evidence"
        indexes = (("state", "due_at"), ("state", "cleaned", "id"))


async def note_evidence(
    person: Person, *, kind: str, media_id: str, url: str = "", now: datetime
) -> Evidence:
    """Keep that it was sent; it is fetched right after."""
    return await Evidence.create(
        person_id=person.id, kind=kind, media_id=media_id, url=url[:600], due_at=now, at=now
    )


async def keep_sent(stored: Stored, *, person: Person | None = None, now: datetime) -> Evidence:
    """Keep a photo that came through a form and lies in the store already."""
    return await Evidence.create(
        person_id=person.id if person else None,
        kind=kind_of(stored.mime),
        state=Keeping.KEPT,
        digest=stored.digest,
        mime=stored.mime,
        size=stored.size,
        due_at=now,
        at=now,
        cleaned=CLEANING,
    )


def kind_of(mime: str) -> str:
    """Return what a file of that MIME type counts as: image, video or voice."""
    kind = mime.partition("/")[0]
    return "voice" if kind == "audio" else kind


def is_photo(stored: Stored) -> bool:
    """Tell whether what was kept is a picture: what a door that asks for a photo takes."""
    return kind_of(stored.mime) == IMAGE


async def has_photo(ids: Sequence[int]) -> bool:
    """Tell whether a photo is among these pieces: one that is here, or still on its way."""
    return (
        bool(ids) and await Evidence.filter(id__in=list(ids), kind=IMAGE).exclude(state=Keeping.LOST).exists()
    )


async def is_proved(case_id: int, *, since: int) -> bool:
    """Tell whether a photo of the finished work came with that row of the history or later, or is on its way."""
    after = Evidence.filter(case_id=case_id, stage="after", kind=IMAGE, event_id__gte=since)
    return await after.exclude(state=Keeping.LOST).exists()


async def claim_wanted(*, now: datetime) -> Evidence | None:
    """Take the next piece to fetch, for ``FETCH_LIFE``; None when nothing is due."""
    async with in_transaction():
        due = Evidence.filter(_is_due(now), state=Keeping.WANTED).order_by("due_at", "id").limit(1)
        found = await (due.select_for_update(skip_locked=True) if is_postgres() else due).first()
        if found is not None:
            found.due_at, found.tries = now + FETCH_LIFE, found.tries + 1
            await found.save(update_fields=["due_at", "tries"])
        return found


def _is_due(now: datetime) -> Q:
    """Due is what its time has come for, and what came while the clock stood ahead of the right time."""
    return Q(due_at__lte=now) | Q(at__gt=now + SKEW, due_at__gte=F("at"))


async def keep_evidence(evidence: Evidence, stored: Stored) -> None:
    """Note where the fetched bytes lie, and what they are; raises MediaLost where a photo turned out to be none.

    Where its sender left while it was fetched the row stays as it is, and the file is found to be nobody's. Where the
    platform has it is not needed any more.
    """
    if evidence.kind == IMAGE and not is_photo(stored):
        raise MediaLost(f"sent as a photo, is {stored.mime}", Unkept.NO_PHOTO)
    values = {
        "state": Keeping.KEPT,
        "digest": stored.digest,
        "mime": stored.mime,
        "size": stored.size,
        "kind": kind_of(stored.mime),
        "media_id": "",
        "url": "",
        "cleaned": CLEANING,
    }
    if await Evidence.filter(id=evidence.id, state=Keeping.WANTED).update(**values):
        evidence.update_from_dict(values)


async def delay_evidence(evidence: Evidence, *, now: datetime) -> bool:
    """Try again later; False when the platform has forgotten it by then, and it counts as lost."""
    pause = RETRY[min(evidence.tries, len(RETRY)) - 1]
    if now + pause > evidence.at + MEDIA_LIFE:
        await lose_evidence(evidence)
        return False
    evidence.due_at = now + pause
    await evidence.save(update_fields=["due_at"])
    return True


async def lose_evidence(evidence: Evidence) -> None:
    """Note that it will never come."""
    evidence.state = Keeping.LOST
    await evidence.save(update_fields=["state"])
    await evidence.refresh_from_db(fields=["case_id", "event_id", "stage"])  # given to a case meanwhile


async def attach_evidence(ids: list[int], *, case_id: int, event_id: int, stage: str) -> None:
    """Give pieces that were sent earlier to a case and to the step they prove."""
    if ids:
        await Evidence.filter(id__in=ids).update(case_id=case_id, event_id=event_id, stage=stage)


async def list_evidence(case_id: int, *, stage: str = "") -> list[Evidence]:
    """Return a case's evidence in the order in which it came, of one stage where one is named."""
    found = Evidence.filter(case_id=case_id).order_by("id")
    return await (found.filter(stage=stage) if stage else found)
