"""Cases, their history and those who follow them."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from models.cases.states import AT_DESK, AT_WORK, OPEN
from models.people import Person
from models.shops import Shop

TAIL = 4  # digits of a number by which people call a case


class Case(Model):
    """案件: one thing to be put right. ``number`` is what people see and say."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    tail = fields.CharField(
        max_length=4, default="", db_default=""
    )  # its last four digits, as people say them
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
    assignee: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="asked", on_delete=fields.SET_NULL
    )  # who was asked to take it
    assignee_id: int | None
    checker: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="checks", on_delete=fields.SET_NULL
    )  # who was asked to look at the place
    checker_id: int | None
    contractor = fields.CharField(
        max_length=60, default="", db_default=""
    )  # who works by a link, without an account
    followers = fields.IntField(default=0)  # who joined, besides the reporter
    urged = fields.IntField(default=0)
    urged_at = fields.DatetimeField(null=True)
    reworked = fields.IntField(default=0)
    returned = fields.IntField(default=0, db_default=0)
    extended = fields.IntField(default=0, db_default=0)
    reopened = fields.IntField(default=0, db_default=0)  # by a verdict of the reporter or a follower
    suspended = fields.IntField(default=0, db_default=0)
    back_to = fields.CharField(max_length=16, default="", db_default="")  # the state before a pause
    asked: dict[str, Any] = fields.JSONField[dict[str, Any]](
        default=dict, db_default=SqlDefault("'{}'")
    )  # requests that wait: kind -> details
    waiting = fields.BooleanField(default=False, db_default=False)  # a request waits for the desk
    # In which lists it stands, as its state has it: columns of their own, so that a list of what is pressing reads one
    # stretch of an index however many cases the town has had. Kept by save().
    is_open = fields.BooleanField(default=False, db_default=False)
    at_work = fields.BooleanField(default=False, db_default=False)
    at_desk = fields.BooleanField(default=False, db_default=False)
    before: dict[str, Any] = fields.JSONField[dict[str, Any]](
        default=dict, db_default=SqlDefault("'{}'")
    )  # the row before the last step, for undo
    clocks: dict[str, Any] = fields.JSONField[dict[str, Any]](
        default=dict, db_default=SqlDefault("'{}'")
    )  # name -> CaseClock as JSON
    wake_at = fields.DatetimeField(null=True)  # when the clockwork must look at it next
    ladder = fields.IntField(default=0, db_default=0)  # rungs taken: 1 reminded, 2 overdue, 3 督办
    late = fields.BooleanField(
        default=False, db_default=False
    )  # handed back after its limit: once late, late
    excused = fields.BooleanField(
        default=False, db_default=False
    )  # an appeal was granted: left out of figures, the fact is kept
    flagged = fields.BooleanField(default=False, db_default=False)  # 挂牌
    drawn = fields.BooleanField(default=False, db_default=False)  # its closing gets a second look
    parent: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "models.Case", null=True, related_name="parts", on_delete=fields.RESTRICT
    )
    parent_id: int | None
    same_as: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "models.Case", null=True, related_name="linked", on_delete=fields.RESTRICT
    )
    same_as_id: int | None
    pattern: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "models.Case", null=True, related_name="instances", on_delete=fields.RESTRICT
    )  # the structural case of which this is one recurrence
    pattern_id: int | None
    shop: fields.ForeignKeyNullableRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", null=True, related_name="cases", on_delete=fields.SET_NULL
    )
    shop_id: int | None
    rating = fields.CharField(max_length=12, default="")  # "", satisfied, unsatisfied, unrated
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    handed_back_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()
    steps = fields.IntField(default=0, db_default=0)  # rows of its history
    head = fields.CharField(max_length=64, default="", db_default="")  # hash of the last of them

    class Meta:
        table = "case_file"  # "case" is a word of SQL
        indexes = (
            ("type", "is_open", "lat"),
            ("tail", "state", "id"),
            ("is_open", "due_at", "id"),
            ("at_desk", "due_at", "id"),
            ("handler_id", "at_work", "due_at"),
            ("unit", "at_work", "due_at", "id"),
            ("unit", "opened_at", "id"),
            ("state", "due_at"),
            ("reporter_id", "id"),
            ("opened_at", "id"),
            ("changed_at",),
            ("wake_at", "id"),
            ("assignee_id", "state"),
            ("checker_id", "state"),
            ("parent_id",),
            ("same_as_id",),
            ("pattern_id",),
            ("shop_id", "type"),
        )

    async def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, each time with its tail and the lists in which it stands."""
        self.tail = self.number[-TAIL:]
        self.is_open = self.state in OPEN
        self.at_work = self.state in AT_WORK
        self.at_desk = self.state in AT_DESK or self.waiting or self.is_left()
        await super().save(*args, **kwargs)

    def is_unassigned(self) -> bool:
        """Tell whether the case was sent to a unit in which nobody could be asked to take it."""
        return self.state == "dispatched" and self.handler_id is None and self.assignee_id is None

    def is_left(self) -> bool:
        """Tell whether it was sent out and the desk must see to it: nobody was there, or danger that nobody took."""
        return self.is_unassigned() or (self.state == "dispatched" and "untaken" in self.asked)


class CaseEvent(Model):
    """办理记录: one step, appended and never changed. ``said`` holds the words actually owed to people."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="history", on_delete=fields.RESTRICT
    )
    case_id: int
    seq = fields.IntField(default=0, db_default=0)  # 1 for the first of its case
    at = fields.DatetimeField()
    step = fields.CharField(max_length=20)
    state = fields.CharField(max_length=16)  # after the step
    role = fields.CharField(max_length=16)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="steps", on_delete=fields.SET_NULL
    )
    person_id: int | None
    client = fields.CharField(
        max_length=60, default="", db_default=""
    )  # the token, system or contractor through which it came
    note = fields.TextField(default="")
    data: dict[str, Any] = fields.JSONField[dict[str, Any]](
        default=dict, db_default=SqlDefault("'{}'")
    )  # what else the step was given
    said: list[dict[str, Any]] = fields.JSONField[list[dict[str, Any]]](default=list)  # {to, text}
    previous = fields.CharField(max_length=64, default="", db_default="")  # hash of the row before
    digest = fields.CharField(max_length=64, default="", db_default="")  # hash of this row and the one before

    class Meta:
        table = "case_event"
        indexes = (("step", "at"),)


class LookBack(Model):
    """回头看: a shop case is looked at again some days after its closing."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="look_backs", on_delete=fields.RESTRICT
    )
    case_id: int
    days = fields.IntField()
    due_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(null=True)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="look_backs", on_delete=fields.SET_NULL
    )
    person_id: int | None
    done_at = fields.DatetimeField(null=True)
    found = fields.BooleanField(null=True)  # True: it is there again
    opened: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", null=True, related_name="found_by", on_delete=fields.SET_NULL
    )
    opened_id: int | None

    class Meta:
        table = "look_back"
        unique_together = (("case", "days"),)
        indexes = (("asked_at", "due_at"), ("person_id", "done_at"))


class PatrolVisit(Model):
    """巡查打卡: somebody walked a road or grid. Only the point of the check-in is kept, never a track."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="visits", on_delete=fields.CASCADE
    )
    person_id: int
    area = fields.CharField(max_length=40)
    at = fields.DatetimeField()
    lat = fields.FloatField()  # GCJ-02
    lng = fields.FloatField()
    note = fields.TextField(default="")

    class Meta:
        table = "patrol_visit"
        indexes = (("area", "at"), ("person_id", "at"))


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
    linked_from = fields.BigIntField(null=True)  # the case whose linking made them follow this one

    class Meta:
        table = "following"
        unique_together = (("case", "person"),)


class Serial(Model):
    """The last serial number given out on one day (Beijing), so that numbers are short and never twice the same."""

    day = fields.CharField(max_length=6, primary_key=True)
    given = fields.IntField(default=0)

    class Meta:
        table = "serial"
