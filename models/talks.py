"""Where the talk with each person stands: the pieces they sent and what we asked last."""

from datetime import datetime
from functools import cache
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.people import Person
from models.statements import LOCK, columns, insert, read, run

PERSON = f"SELECT id FROM person WHERE openid = ? {LOCK}"  # noqa: S608
SAVE = "UPDATE talk SET topic = ?, data = ?, changed_at = ?, reminded_at = ? WHERE id = ?"


class Talk(Model):
    """会话: one per person. ``topic`` names what is being talked about ("" when nothing is)."""

    id = fields.BigIntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="talk", on_delete=fields.CASCADE
    )
    topic = fields.CharField(max_length=30, default="")
    data: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict)
    changed_at = fields.DatetimeField()
    reminded_at = fields.DatetimeField(null=True)
    touched = False  # not a column: something here waits to be saved

    class Meta:
        table = "talk"
        indexes = (("topic", "changed_at"),)

    def begin(self, topic: str, now: datetime, **data: Any) -> None:
        """Turn to a topic, leaving what was talked about before; kept by ``save_talk``."""
        self.topic, self.data, self.changed_at, self.reminded_at = topic, data, now, None
        self.touched = True

    def end(self, now: datetime) -> None:
        """Talk about nothing in particular; kept by ``save_talk``."""
        self.begin("", now)


async def open_talk(openid: str, *, now: datetime) -> Talk:
    """Return the talk with that person, both locked; who was never heard of before becomes known."""
    talk = await _lock_talk_of(openid)
    if talk is not None:
        return talk
    # Two processes may hear a new person at once: who loses the insert waits, then finds the winner's rows.
    await insert(Person(openid=openid, created_at=now), unless="openid")
    [person] = await run(PERSON, (openid,))
    await insert(Talk(person_id=person["id"], changed_at=now), unless="person_id")
    talk = await _lock_talk_of(openid)
    assert talk is not None, "the rows were written in this transaction"  # noqa: S101
    return talk


async def save_talk(talk: Talk) -> None:
    """Keep the topic and its pieces."""
    talk.touched = False
    await run(SAVE, (talk.topic, talk.data, talk.changed_at, talk.reminded_at, talk.id))


async def lock_talk(person_id: int) -> Talk | None:
    """Return the talk with that person, locked until the transaction ends."""
    return (
        await Talk.filter(person_id=person_id)
        .select_related("person")
        .select_for_update(of=("talk",), no_key=True)
        .first()
    )


async def note_reminded(person_id: int, *, now: datetime) -> None:
    """Remind nobody of this talk any more: a reminder of it broke."""
    await Talk.filter(person_id=person_id).update(reminded_at=now)


async def list_left_alone(topic: str, *, before: datetime, reminded: bool, limit: int = 200) -> list[int]:
    """Return ids of people whose talk about ``topic`` rests since ``before``, reminded or not yet."""
    left = Talk.filter(topic=topic, changed_at__lte=before, reminded_at__isnull=not reminded)
    return list(await left.order_by("changed_at").limit(limit).values_list("person_id", flat=True))  # type: ignore[arg-type]


async def _lock_talk_of(openid: str) -> Talk | None:
    rows = await run(_find(), (openid,))
    if not rows:
        return None
    talk = read(Talk, rows[0], "t_")
    talk.person = read(Person, rows[0], "p_")
    return talk


@cache
def _find() -> str:
    found = f"{columns(Talk, 't', 't_')}, {columns(Person, 'p', 'p_')}"
    return f"SELECT {found} FROM talk t JOIN person p ON p.id = t.person_id WHERE p.openid = ? {LOCK}"  # noqa: S608
