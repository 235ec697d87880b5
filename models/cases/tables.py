"""Cases, their history and those who follow them."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.people import Person


class Case(Model):
    """案件: one thing to be put right. ``number`` is what people see and say."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    origin = fields.CharField(max_length=80, unique=True, null=True)  # what opened it: never opened twice
    state = fields.CharField(max_length=16)
    type = fields.CharField(max_length=30)
    small_class = fields.CharField(max_length=12, default="")
    source = fields.CharField(max_length=20, default="随手拍")
    text = fields.TextField(default="")
    address = fields.CharField(max_length=200, default="")
    lat = fields.FloatField(null=True)  # GCJ-02
    lng = fields.FloatField(null=True)
    grid = fields.CharField(max_length=40, default="")
    street = fields.CharField(max_length=40, default="")
    district = fields.CharField(max_length=40, default="")
    road = fields.CharField(max_length=40, default="")
    urgent = fields.BooleanField(default=False)
    reporter: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="reported", on_delete=fields.SET_NULL
    )
    reporter_id: int | None
    unit = fields.CharField(max_length=40, default="")
    handler: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="handled", on_delete=fields.SET_NULL
    )
    handler_id: int | None
    followers = fields.IntField(default=0)  # who joined, besides the reporter
    urged = fields.IntField(default=0)
    urged_at = fields.DatetimeField(null=True)
    reworked = fields.IntField(default=0)
    rating = fields.CharField(max_length=12, default="")  # "", satisfied, unsatisfied, unrated
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    handed_back_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "case_file"  # "case" is a word of SQL
        indexes = (
            ("type", "state", "lat"),
            ("state", "due_at"),
            ("reporter_id", "id"),
            ("handler_id", "state"),
            ("unit", "state"),
            ("opened_at", "id"),
            ("changed_at",),
        )


class CaseEvent(Model):
    """办理记录: one step, appended and never changed. ``said`` holds the words actually owed to people."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="history", on_delete=fields.RESTRICT
    )
    case_id: int
    at = fields.DatetimeField()
    step = fields.CharField(max_length=20)
    state = fields.CharField(max_length=16)  # after the step
    role = fields.CharField(max_length=16)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="steps", on_delete=fields.SET_NULL
    )
    person_id: int | None
    note = fields.TextField(default="")
    said: list[dict[str, Any]] = fields.JSONField[list[dict[str, Any]]](default=list)  # {to, text}

    class Meta:
        table = "case_event"


class Following(Model):
    """Somebody who joined a case (+1) and is told of each step."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="joined", on_delete=fields.CASCADE
    )
    case_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="joined", on_delete=fields.CASCADE
    )
    person_id: int
    at = fields.DatetimeField()
    note = fields.TextField(default="")

    class Meta:
        table = "following"
        unique_together = (("case", "person"),)


class Serial(Model):
    """The last serial number given out on one day (Beijing), so that numbers are short and never twice the same."""

    day = fields.CharField(max_length=6, primary_key=True)
    given = fields.IntField(default=0)

    class Meta:
        table = "serial"
