"""Systems that send us cases by a signed webhook, subscribers that are told of changes, and what is owed to them."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.cases.tables import Case


class System(Model):
    """接入系统: a camera platform or another city system that may open cases here."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=80)
    secret = fields.CharField(max_length=80)  # shared: signs what it sends
    source = fields.CharField(max_length=20, default="第三方")
    made_at = fields.DatetimeField()
    stopped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "system"


class Received(Model):
    """What a system sent under an idempotency key, and what we answered: the same key gets the same answer."""

    id = fields.BigIntField(primary_key=True)
    system: fields.ForeignKeyRelation[System] = fields.ForeignKeyField(
        "models.System", related_name="received", on_delete=fields.CASCADE
    )
    system_id: int
    key = fields.CharField(max_length=120)
    digest = fields.CharField(max_length=64)  # of the body: the same key with other words is a mistake
    status = fields.IntField(default=0)
    answer: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict)
    at = fields.DatetimeField()

    class Meta:
        table = "received"
        unique_together = (("system", "key"),)


class Subscriber(Model):
    """订阅方: a system that is told of every change of the cases it asked for."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=80, unique=True)
    url = fields.CharField(max_length=400)
    secret = fields.CharField(max_length=80)
    types: list[str] = fields.JSONField[list[str]](default=list)  # case types; empty: all
    sources: list[str] = fields.JSONField[list[str]](default=list)  # empty: all
    made_at = fields.DatetimeField()
    stopped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "subscriber"


class Passing(StrEnum):
    """Where a transfer stands."""

    OWED = "owed"
    SENT = "sent"
    DEAD = "dead"  # given up after the last try; an operator may send it again


class Transfer(Model):
    """交换: one change of one case, owed to one subscriber. Those of a case go in the order of its history."""

    id = fields.BigIntField(primary_key=True)
    subscriber: fields.ForeignKeyRelation[Subscriber] = fields.ForeignKeyField(
        "models.Subscriber", related_name="transfers", on_delete=fields.CASCADE
    )
    subscriber_id: int
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="transfers", on_delete=fields.CASCADE
    )
    case_id: int
    seq = fields.IntField()  # of the case's history
    payload: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict)
    state = fields.CharEnumField(Passing, max_length=8, default=Passing.OWED)
    tries = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    claimed_until = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    trouble = fields.CharField(max_length=200, default="")  # of the last try, for the operator

    class Meta:
        table = "transfer"
        unique_together = (("subscriber", "case", "seq"),)
        indexes = (("state", "due_at"), ("subscriber_id", "case_id", "state", "seq"))
