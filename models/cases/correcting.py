"""Puts right what a case is about or where it lies: it is routed anew, by the same rules as a new one."""

from dataclasses import dataclass, replace
from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.actions import OUTSIDE, put_place
from models.cases.corrections import keep_correction
from models.cases.moves import Move
from models.cases.stepping import check_move, lock_case, take_step
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.places import Place
from models.errors import Refusal
from models.town import Town

SAME_TYPE = "本来就是「{type}」，不用改。"


@dataclass(frozen=True, slots=True)
class RightPlace:
    """Where it really is: a point (GCJ-02), and its address in the person's words, if they gave one."""

    point: GcjPoint
    address: str = ""


async def correct_case(
    case_id: int,
    move: Move,
    *,
    town: Town,
    now: datetime,
    type_code: str = "",
    place: RightPlace | None = None,
) -> Case:
    """Give the case its right type or place and route it anew; who had it is told.

    Raises Refusal outside the town, for the type that it has already, and once it is being checked.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        await check_move(case, move, town=town, now=now)
        said = case.type
        told = [_put_type(case, type_code, town)] if type_code else []
        if place is not None:
            told.append(_put_point(case, place, town))
        found = town.atlas.areas_at(GcjPoint(case.lat, case.lng)) if case.lat and case.lng else Place()
        note = move.note or "；".join(told)
        put_place(case, found, town)
        await take_step(case, replace(move, note=note), town=town, now=now)
        await case.save()
        await keep_correction(case, said, role=move.actor.role.value, now=now)
        return case


async def bind_shop(case_id: int, shop_id: int) -> None:
    """Bind the case to a shop: after its closing the shop is looked at again."""
    async with in_transaction():
        case = await lock_case(case_id)
        case.shop_id = shop_id
        await case.save()


def _put_type(case: Case, code: str, town: Town) -> str:
    kinds = town.city.case_types
    if code == case.type:
        raise Refusal(SAME_TYPE.format(type=kinds[code].short))
    said = f"类别：{kinds[case.type].short} → {kinds[code].short}"
    case.type, case.small_class = code, ""
    return said


def _put_point(case: Case, place: RightPlace, town: Town) -> str:
    point = place.point
    if not town.atlas.areas_at(point).inside:
        raise Refusal(OUTSIDE.format(town=town.city.name))
    case.lat, case.lng, case.address = point.lat, point.lng, place.address[:200]
    return f"位置已更正：{place.address}" if place.address else "位置已更正"
