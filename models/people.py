"""The people whom we know by their openid, and what they may do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from secrets import randbelow

from tortoise import fields
from tortoise.models import Model

from models.city.city import City
from models.errors import Refusal
from models.inbox import blank_letters
from models.lifecycle import Role
from models.statements import columns, read, run

BIND_DIGITS = 12  # a thousand people who guess all day long find one in many thousand years
BIND_LIFE = timedelta(days=1)
BIND_UNKNOWN = "这个绑定码不对，或已经用过、过期了。请向管理员要一个新的，再发「绑定 新码」。"


class Person(Model):
    """人: somebody who talks with us, and how we may reach them now.

    The two reply windows are the platform's (see models/deliveries/windows.py): ``*_at`` is when the last message or
    tap came, ``*_used`` how many customer messages went out on it since.
    """

    id = fields.BigIntField(primary_key=True)
    openid: str | None = fields.CharField(max_length=64, unique=True, null=True)  # type: ignore[assignment]
    following = fields.BooleanField(default=True)
    name = fields.CharField(max_length=60, default="")
    roles: list[str] = fields.JSONField[list[str]](default=list)
    is_staff = fields.BooleanField(default=False, db_index=True)
    unit = fields.CharField(max_length=40, default="")
    area = fields.CharField(max_length=40, default="")
    staff_code = fields.CharField(max_length=40, default="")
    privacy_version = fields.CharField(max_length=20, default="")
    privacy_at = fields.DatetimeField(null=True)
    message_at = fields.DatetimeField(null=True)
    message_used = fields.IntField(default=0)
    tap_at = fields.DatetimeField(null=True)
    tap_used = fields.IntField(default=0)
    offered: list[list[str]] = fields.JSONField[list[list[str]]](default=list)  # [id, label] asked last
    waiting = fields.IntField(default=0)  # deliveries kept for the next contact
    created_at = fields.DatetimeField()

    class Meta:
        table = "person"

    def is_a(self, role: Role) -> bool:
        """Tell whether this person has the role."""
        return role in self.roles


class Appointment(Model):
    """Somebody of the staff who has not yet bound their WeChat: a code, used once within a day."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=12, unique=True)
    name = fields.CharField(max_length=60)
    role = fields.CharField(max_length=20)
    unit = fields.CharField(max_length=40, default="")
    area = fields.CharField(max_length=40, default="")
    staff_code = fields.CharField(max_length=40, default="")
    made_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "appointment"


async def add_staff(appointment: Appointment) -> Appointment:
    """Keep the appointment under a fresh bind code."""
    appointment.code = f"{randbelow(10**BIND_DIGITS):0{BIND_DIGITS}d}"
    await appointment.save()
    return appointment


async def bind_staff(person: Person, code: str, *, now: datetime) -> Appointment:
    """Give ``person`` the appointed role; raises Refusal when the code is unknown, used or older than a day."""
    found = await Appointment.filter(code=code, used_at=None, made_at__gt=now - BIND_LIFE).first()
    if found is None or not await Appointment.filter(id=found.id, used_at=None).update(used_at=now):
        raise Refusal(BIND_UNKNOWN)
    person.name, person.unit, person.area = found.name, found.unit, found.area
    person.staff_code = found.staff_code
    person.roles, person.is_staff = sorted({*person.roles, found.role}), True
    await person.save(update_fields=["name", "unit", "area", "staff_code", "roles", "is_staff"])
    return found


async def note_privacy(person: Person, city: City, *, now: datetime) -> None:
    """Keep which version of the privacy notice this person was shown, and when."""
    person.privacy_version, person.privacy_at = city.privacy_version, now
    await person.save(update_fields=["privacy_version", "privacy_at"])


async def forget_person(person: Person) -> None:
    """Cut the link between a person and the platform's identity, and blank what they wrote; cases stay."""
    if person.openid:
        await blank_letters(person.openid)
    person.openid, person.following, person.name = None, False, ""
    person.roles, person.is_staff = [], False
    person.unit = person.area = person.staff_code = ""
    person.message_at = person.tap_at = None
    person.offered, person.waiting = [], 0
    person.message_used = person.tap_used = 0
    person.privacy_version, person.privacy_at = "", None
    await person.save()


async def list_all_staff() -> list[Person]:
    """Return everybody of the staff who follows us, oldest first."""
    return await _list_present("", ())


async def list_staff(role: Role, *, unit: str = "") -> list[Person]:
    """Return those with the role who follow us, of ``unit`` where one is named, oldest first."""
    found = await _list_present("AND p.unit = ?", (unit,)) if unit else await list_all_staff()
    return [person for person in found if person.is_a(role)]


async def list_staff_by_code(codes: Sequence[str]) -> list[Person]:
    """Return who of the roster's people with these codes follows us, in the order of the codes."""
    marks = ", ".join("?" * len(codes))
    found = await _list_present(f"AND p.staff_code IN ({marks})", codes) if codes else []
    return sorted(found, key=lambda person: codes.index(person.staff_code))


async def _list_present(more: str, values: Sequence[str]) -> list[Person]:
    """Return those of the staff who follow us and meet one condition more, oldest first."""
    return [read(Person, row, "p_") for row in await run(_present(more), values)]


@cache
def _present(more: str) -> str:
    found = f"SELECT {columns(Person, 'p', 'p_')} FROM person p"  # noqa: S608
    return f"{found} WHERE p.is_staff = TRUE AND p.following = TRUE {more} ORDER BY p.id"
