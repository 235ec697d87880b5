"""The town's staff as an operator keeps it: who is appointed, who has bound their chat, who moves, who leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.cases.leaving import leave_town
from models.cases.tables import Case
from models.city.city import City
from models.errors import Refusal
from models.lifecycle import Role
from models.people import BIND_LIFE, Appointment, Person, add_staff
from models.town import Town

ROLE_NAMES = {
    Role.OFFICER: "城管队员",
    Role.DISPATCHER: "派遣员",
    Role.COMMUNITY: "社区工作者",
    Role.ADMIN: "管理员",
    Role.LEADER: "单位负责人",
    Role.PATROL: "巡查员",
    Role.ROAD_CHIEF: "路长",
}
WAITING = "w"  # before the number of an appointment that nobody has bound yet
LONGEST_NAME = 60  # characters, as the tables hold
NAMES_SHOWN = 8
NO_NAME = "姓名不能空着，请写 --name 姓名。"
LONG_NAME = "姓名太长，最多 {most} 个字。"
NO_UNIT = "没有「{given}」这个单位。{near}"
NO_AREA = "没有「{given}」这个区域。{near}"
NEAR, HAVE, NONE = "是不是：{names}？", "可以写：{names}。", "城市资料里还没有，请先补上。"
NOBODY = "没有找到「{which}」。都有谁，请看：./gongzhi staff list"
SEVERAL = "有好几位：{which}。请用 --id 写明是哪一位。"
WHO = "请写是谁：--name 姓名，或 --id 编号（编号看 ./gongzhi staff list）。"
WHERE = "请写去哪里：--unit 单位，或 --area 区域。"
STILL_BUSY = "{name}手上还有没办完的案件：{numbers}。请先转派给同事（派遣员回复「派 编号 单位」），再换单位。"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff: bound (a person), or still waited for (an appointment)."""

    id: str  # "12", or "w5" while nobody has bound
    name: str
    roles: tuple[Role, ...]
    unit: str
    area: str
    staff_code: str = ""
    is_bound: bool = True
    is_following: bool = True
    has_expired: bool = False  # the bind code has


async def appoint(appointment: Appointment, city: City) -> Appointment:
    """Keep a new appointment under a bind code; unit and area may be names. Raises Refusal for what is not there."""
    appointment.name = " ".join(appointment.name.split())
    if not appointment.name:
        raise Refusal(NO_NAME)
    if len(appointment.name) > LONGEST_NAME:
        raise Refusal(LONG_NAME.format(most=LONGEST_NAME))
    appointment.unit = find_unit(city, appointment.unit)
    appointment.area = find_area(city, appointment.area)
    roster = city.staff.values()
    known = [s for s in roster if (s.name, s.unit) == (appointment.name, appointment.unit)]
    appointment.staff_code = known[0].code if known else ""
    return await add_staff(appointment)


async def list_members(*, now: datetime) -> list[Member]:
    """Return everybody appointed: the bound first, each group oldest first."""
    people = await Person.filter(is_staff=True).order_by("id")
    waiting = await Appointment.filter(used_at=None).order_by("id")
    return [_bound(person) for person in people] + [_waited_for(one, now) for one in waiting]


async def find_member(*, name: str = "", number: str = "", now: datetime) -> Member:
    """Return the one member meant; raises Refusal when nobody or several are."""
    if not name.strip() and not number.strip():
        raise Refusal(WHO)
    members = await list_members(now=now)
    found = [one for one in members if _is_meant(one, name.strip(), number.strip().lower())]
    if not found:
        raise Refusal(NOBODY.format(which=number or name))
    bound = [one for one in found if one.is_bound] or found
    if len(bound) > 1:
        raise Refusal(SEVERAL.format(which="、".join(f"{one.id} {one.name}" for one in bound)))
    return bound[0]


async def move_member(member: Member, *, unit: str, area: str, city: City) -> Member:
    """Put a member into another unit or area; raises Refusal while work of the old unit is in their hands."""
    if not unit.strip() and not area.strip():
        raise Refusal(WHERE)
    moved = replace(
        member, unit=find_unit(city, unit) or member.unit, area=find_area(city, area) or member.area
    )
    async with in_transaction():
        if member.is_bound and moved.unit != member.unit:
            await _refuse_while_busy(member)
        rows = Person if member.is_bound else Appointment
        await rows.filter(id=_number(member)).update(unit=moved.unit, area=moved.area)
    return moved


async def end_member(member: Member, *, town: Town, now: datetime) -> None:
    """Let a member leave: their work is handed over, they are forgotten; an appointment is worth nothing any more."""
    if not member.is_bound:
        await Appointment.filter(id=_number(member), used_at=None).update(used_at=now)
        return
    person = await Person.get(id=_number(member))
    await leave_town(person, town=town, now=now)


async def renew_codes(member: Member, *, now: datetime) -> list[Appointment]:
    """Return fresh bind codes, one a role: for a code that ran out, or a new phone. Older ones stop to hold."""
    if not member.is_bound:
        await Appointment.filter(id=_number(member), used_at=None).update(used_at=now)
    return [
        await add_staff(
            Appointment(
                name=member.name,
                role=role.value,
                unit=member.unit,
                area=member.area,
                staff_code=member.staff_code,
                made_at=now,
            )
        )
        for role in member.roles
    ]


def find_unit(city: City, given: str) -> str:
    """Return the code of the unit named by code or name, "" for nothing; raises Refusal with the nearest names."""
    names = {unit.name: code for code, unit in city.units.items()}
    return _find(given.strip(), names, NO_UNIT)


def find_area(city: City, given: str) -> str:
    """Return the code of the area named by code, name or other name, "" for nothing; raises Refusal as for units."""
    names = {name: code for code, area in city.areas.items() for name in (area.name, *area.aliases)}
    return _find(given.strip(), names, NO_AREA)


def role_names(roles: Iterable[Role]) -> str:
    """Return what people call the roles."""
    return "、".join(ROLE_NAMES[role] for role in roles)


def _find(given: str, names: dict[str, str], refusal: str) -> str:
    if not given or given in names.values():
        return given
    if given in names:
        return names[given]
    inside = [name for name in names if given in name or name in given]
    close = get_close_matches(given, [*names, *names.values()], n=3, cutoff=0.4)
    near = list(dict.fromkeys([*inside, *close]))[:NAMES_SHOWN]
    shown = [f"{name}（{names[name]}）" if name in names else name for name in near or [*names][:NAMES_SHOWN]]
    words = NEAR if near else HAVE if shown else NONE
    raise Refusal(refusal.format(given=given, near=words.format(names="、".join(shown))))


async def _refuse_while_busy(member: Member) -> None:
    hands = Q(handler_id=_number(member)) | Q(assignee_id=_number(member))
    numbers = [case.number for case in await Case.filter(hands, at_work=True).order_by("id")]
    if numbers:
        raise Refusal(STILL_BUSY.format(name=member.name, numbers="、".join(numbers[:NAMES_SHOWN])))


def _bound(person: Person) -> Member:
    return Member(
        str(person.id),
        person.name,
        tuple(Role(role) for role in person.roles if role in ROLE_NAMES),
        unit=person.unit,
        area=person.area,
        staff_code=person.staff_code,
        is_following=person.following,
    )


def _waited_for(row: Appointment, now: datetime) -> Member:
    return Member(
        f"{WAITING}{row.id}",
        row.name,
        (Role(row.role),),
        unit=row.unit,
        area=row.area,
        staff_code=row.staff_code,
        is_bound=False,
        has_expired=row.made_at <= now - BIND_LIFE,
    )


def _is_meant(member: Member, name: str, number: str) -> bool:
    return (not name or member.name == name) and (not number or member.id == number)


def _number(member: Member) -> int:
    return int(member.id.removeprefix(WAITING))
