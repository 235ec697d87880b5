"""The command for the people who work for the town: ``staff add``, ``list``, ``move``, ``end``, ``code``."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.app import build_town
from bot.config import Settings, load_settings, read_environment
from bot.databases import opened
from bot.logs import start_logging
from models.audit import Deed, note_deed
from models.city.city import City
from models.city.load import load_city
from models.clock import MachineClock
from models.people import Appointment
from models.staffing import (
    ROLE_NAMES,
    Member,
    appoint,
    end_member,
    find_member,
    list_members,
    move_member,
    renew_codes,
    role_names,
)

ADDED = "已添加 {name}（{roles}{place}）。"
BIND = "请{name}关注服务号，24 小时内在聊天里发这一句：绑定 {code}"
LATER = "过了时间没绑上，再要一个新码：./gongzhi staff code --name {name}"
NO_UNIT_YET = "提醒：没有写 --unit，派给单位的案件到不了这位。"
ROW = "{id}\t{name}\t{roles}\t{place}\t{state}"
NOBODY = "还没有工作人员。请添加：./gongzhi staff add --name 姓名 --role officer --unit 单位"
BOUND, GONE, WAITED, EXPIRED = "已绑定", "取消了关注", "等绑定", "绑定码过期"
MOVED = "{name}已换到：{place}。"
ENDED = "{name}不再是工作人员，手上的案件已转给同事或派遣员。"
CANCELLED = "{name}的绑定码已作废。"
NOWHERE = "未写单位"
FIELD = ("officer", "leader")  # whom cases reach through their unit

Work = Callable[[Namespace, Settings, datetime], Awaitable[list[str]]]


def staff(options: Namespace) -> int:
    """Add, list, move and end the staff, or give a new bind code."""
    settings = load_settings(read_environment())
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    for line in asyncio.run(_run(options, settings)):
        print(line)  # noqa: T201 - commands print
    return 0


async def _run(options: Namespace, settings: Settings) -> list[str]:
    now = MachineClock().now()
    async with opened(settings.database):
        lines = await ACTIONS[options.action](options, settings, now)
        if options.action != "list":
            action = f"staff {options.action}"
            subject = options.name or options.id
            await note_deed(Deed("command", "command", action, subject=subject), now=now)
        return lines


async def _add(options: Namespace, settings: Settings, now: datetime) -> list[str]:
    city = load_city(settings.city)
    row = await appoint(
        Appointment(name=options.name, role=options.role, unit=options.unit, area=options.area, made_at=now),
        city,
    )
    if options.json:
        return [_json({"id": row.id, "bind_code": row.code})]
    place = _place(city, row.unit, row.area)
    told = ADDED.format(name=row.name, roles=ROLE_NAMES[options.role], place=place and f"，{place}")
    lines = [told, BIND.format(name=row.name, code=row.code), LATER.format(name=row.name)]
    return lines + ([NO_UNIT_YET] if options.role in FIELD and not row.unit else [])


async def _list(options: Namespace, settings: Settings, now: datetime) -> list[str]:
    city = load_city(settings.city)
    members = await list_members(now=now)
    if options.json:
        return [_json(_row(one)) for one in members]
    return [_line(one, city) for one in members] or [NOBODY]


async def _move(options: Namespace, settings: Settings, now: datetime) -> list[str]:
    city = load_city(settings.city)
    member = await find_member(name=options.name, number=options.id, now=now)
    moved = await move_member(member, unit=options.unit, area=options.area, city=city)
    place = _place(city, moved.unit, moved.area)
    return [_json(_row(moved)) if options.json else MOVED.format(name=moved.name, place=place)]


async def _end(options: Namespace, settings: Settings, now: datetime) -> list[str]:
    member = await find_member(name=options.name, number=options.id, now=now)
    await end_member(member, town=build_town(settings), now=now)
    if options.json:
        return [_json({"id": member.id, "ended": True})]
    return [(ENDED if member.is_bound else CANCELLED).format(name=member.name)]


async def _code(options: Namespace, _settings: Settings, now: datetime) -> list[str]:
    member = await find_member(name=options.name, number=options.id, now=now)
    rows = await renew_codes(member, now=now)
    if options.json:
        return [_json({"id": row.id, "role": row.role, "bind_code": row.code}) for row in rows]
    return [BIND.format(name=row.name, code=row.code) for row in rows]


def _line(member: Member, city: City) -> str:
    bound = BOUND if member.is_following else GONE
    state = bound if member.is_bound else EXPIRED if member.has_expired else WAITED
    place = _place(city, member.unit, member.area) or NOWHERE
    return ROW.format(
        id=member.id, name=member.name, roles=role_names(member.roles), place=place, state=state
    )


def _row(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "roles": [role.value for role in member.roles],
        "unit": member.unit,
        "area": member.area,
        "bound": member.is_bound,
        "following": member.is_bound and member.is_following,
    }


def _place(city: City, unit: str, area: str) -> str:
    """Return the names of unit and area; a code that the folder has lost stands for itself."""
    units = city.units[unit].name if unit in city.units else unit
    areas = city.areas[area].name if area in city.areas else area
    return " ".join(filter(None, (units, areas)))


def _json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _arguments(command: ArgumentParser) -> None:
    actions = command.add_subparsers(required=True, metavar="ACTION", dest="action")
    for name, told in ACTION_HELP.items():
        parser = actions.add_parser(name, help=told, description=told)
        parser.set_defaults(name="", id="", unit="", area="")
        parser.add_argument("--json", action="store_true", help="a JSON object a line instead of words")
        if name == "list":
            continue
        parser.add_argument("--name", required=name == "add", default="")
        if name == "add":
            parser.add_argument("--role", required=True, choices=[role.value for role in ROLE_NAMES])
        else:
            parser.add_argument(
                "--id", default="", help="number from `staff list`, where a name is borne twice"
            )
        if name in {"add", "move"}:
            parser.add_argument("--unit", default="", help="code or name")
            parser.add_argument("--area", default="", help="code or name; of a road chief the road")


ACTIONS: dict[str, Work] = {"add": _add, "list": _list, "move": _move, "end": _end, "code": _code}
ACTION_HELP = {
    "add": "appoint somebody and print the code with which they bind their chat",
    "list": "list everybody appointed: bound, waited for, gone",
    "move": "put somebody into another unit or area",
    "end": "let somebody leave; their work is handed over",
    "code": "print a new bind code: the old one ran out, or the phone is new",
}
COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("staff", staff, "add, list, move and end the people who work for the town; give a new bind code"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {"staff": (_arguments,)}
