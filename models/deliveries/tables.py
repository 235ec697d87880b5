"""What we owe to people: one row, one person, one thing to be told."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.people import Person


class Owing(StrEnum):
    """Where a delivery stands."""

    OWED = "owed"  # to be sent
    HELD = "held"  # its way is stopped: goes on by itself when that ends
    SENDING = "sending"  # handed to the channel; the answer is not here yet
    SENT = "sent"
    WAITING = "waiting"  # no permitted way now: kept for the next contact
    UNCERTAIN = "uncertain"  # it may have arrived; never sent again by itself
    DROPPED = "dropped"  # nobody to tell any more
    FAILED = "failed"  # our own data is wrong: the operator must look


class Delivery(Model):
    """投递: owed to one person. ``key`` makes it unique: the same thing is never owed twice."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=80, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="deliveries", on_delete=fields.CASCADE
    )
    person_id: int
    case_id = fields.BigIntField(null=True, db_index=True)
    use = fields.CharField(max_length=30, default="progress")
    text = fields.TextField(default="")
    choices: list[list[str]] = fields.JSONField[list[list[str]]](default=list)  # [id, label]
    photo = fields.CharField(max_length=64, default="")  # content hash; sent only inside a reply window
    fields_: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict, source_field="fields")
    url = fields.CharField(max_length=400, default="")
    state = fields.CharEnumField(Owing, max_length=12, default=Owing.OWED)
    channel = fields.CharField(max_length=12, default="")
    way = fields.CharField(
        max_length=80, default="", db_default=""
    )  # held: the way whose stop holds it (see stops.py)
    closed: list[str] = fields.JSONField[list[str]](default=list)  # channels that said no
    tries = fields.IntField(default=0)  # calls that reached the platform and were about this one
    due_at = fields.DatetimeField()  # not before
    claimed_until = fields.DatetimeField(null=True)
    doubtful_at = fields.DatetimeField(
        null=True
    )  # when a call went out that brought no answer: it may have arrived
    owed_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    code = fields.IntField(default=0)
    rid = fields.CharField(max_length=64, default="")
    note = fields.CharField(max_length=200, default="")

    class Meta:
        table = "delivery"
        indexes = (("state", "due_at"), ("person_id", "state"))
