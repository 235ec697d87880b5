"""Photos, videos and voices that people sent: noted at once, fetched before the platform forgets them."""

from datetime import datetime, timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.database import is_postgres
from models.deliveries.sender import Stored
from models.people import Person

FETCH_LIFE = timedelta(seconds=60)  # longer than one download may take
MEDIA_LIFE = timedelta(days=3)  # the platform's
RETRY = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2))


class Keeping(StrEnum):
    """Where a piece of evidence stands."""

    WANTED = "wanted"  # still only with the platform
    KEPT = "kept"
    LOST = "lost"  # it will never come; its sender is asked again


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
    state = fields.CharEnumField(Keeping, max_length=8, default=Keeping.WANTED)
    digest = fields.CharField(max_length=64, default="", db_index=True)
    mime = fields.CharField(max_length=40, default="")
    size = fields.IntField(default=0)
    tries = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    at = fields.DatetimeField()  # when it was sent to us

    class Meta:
        table = "evidence"
        indexes = (("state", "due_at"),)


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
        kind=stored.mime.split("/")[0],
        state=Keeping.KEPT,
        digest=stored.digest,
        mime=stored.mime,
        size=stored.size,
        due_at=now,
        at=now,
    )


async def claim_wanted(*, now: datetime) -> Evidence | None:
    """Take the next piece to fetch, for ``FETCH_LIFE``; None when nothing is due."""
    async with in_transaction():
        due = Evidence.filter(state=Keeping.WANTED, due_at__lte=now).order_by("due_at", "id").limit(1)
        found = await (due.select_for_update(skip_locked=True) if is_postgres() else due).first()
        if found is not None:
            found.due_at, found.tries = now + FETCH_LIFE, found.tries + 1
            await found.save(update_fields=["due_at", "tries"])
        return found


async def keep_evidence(evidence: Evidence, stored: Stored) -> None:
    """Note where the fetched bytes lie."""
    evidence.state, evidence.digest = Keeping.KEPT, stored.digest
    evidence.mime, evidence.size = stored.mime, stored.size
    await evidence.save(update_fields=["state", "digest", "mime", "size"])


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


async def attach_evidence(ids: list[int], *, case_id: int, event_id: int, stage: str) -> None:
    """Give pieces that were sent earlier to a case and to the step they prove."""
    if ids:
        await Evidence.filter(id__in=ids).update(case_id=case_id, event_id=event_id, stage=stage)


async def list_evidence(case_id: int, *, stage: str = "") -> list[Evidence]:
    """Return a case's evidence in the order in which it came, of one stage where one is named."""
    found = Evidence.filter(case_id=case_id).order_by("id")
    return await (found.filter(stage=stage) if stage else found)
