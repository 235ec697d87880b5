"""Patrols and look-backs: who was where, what waits to be looked at, and what was found."""

from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.queries import find_case
from models.cases.states import OPEN, UNFOUNDED
from models.cases.tables import Case, LookBack, PatrolVisit
from models.city.city import GcjPoint
from models.city.places import Place
from models.errors import Refusal
from models.people import Person
from models.town import Town

NOT_ASKED = "这一次回头看已经有人看过了，谢谢。"
AGAIN = "回头看发现又有了（原案件 {number}）：{text}"


async def note_visit(person: Person, point: GcjPoint, place: Place, *, now: datetime) -> PatrolVisit:
    """Keep that this person was at that point of a road or grid."""
    area = place.road or place.grid
    return await PatrolVisit.create(
        person_id=person.id, area=area.code if area else "", at=now, lat=point.lat, lng=point.lng
    )


async def list_to_check(person: Person, *, limit: int = 20) -> list[Case]:
    """Return what this person was asked to look at and nobody has said yet, the longest waiting first."""
    waiting = Case.filter(checker_id=person.id, state__in=["reported", "accepted", "handed_back"])
    return list(await waiting.order_by("changed_at", "id").limit(limit))


async def list_on_road(person: Person, *, limit: int = 20) -> list[Case]:
    """Return the open cases of the area that this person answers for, the most pressing first."""
    if not person.area:
        return []
    found = Case.filter(road=person.area, state__in=sorted(OPEN)).order_by("due_at", "id").limit(limit)
    return list(await found)


async def list_look_backs(person: Person, *, limit: int = 20) -> list[LookBack]:
    """Return the look-backs that this person was asked for and has not answered, with their cases."""
    asked = LookBack.filter(person_id=person.id, done_at=None).prefetch_related("case")
    return list(await asked.order_by("due_at").limit(limit))


async def answer_look_back(
    person: Person, number: str, *, found: bool, town: Town, now: datetime
) -> Case | None:
    """Keep what was found at the shop; if it is there again, open a case of the same kind and return it.

    Raises Refusal when this person is not asked any more.
    """
    case = await find_case(number)
    async with in_transaction():
        asked = LookBack.filter(case_id=case.id if case else 0, person_id=person.id, done_at=None)
        back = await asked.order_by("due_at").select_for_update(no_key=True).first()
        if case is None or back is None:
            raise Refusal(NOT_ASKED)
        back.done_at, back.found = now, found
        opened = await _open_again(case, back, person, town=town, now=now) if found else None
        back.opened_id = opened.id if opened else None
        await back.save()
        return opened


async def _open_again(case: Case, back: LookBack, person: Person, *, town: Town, now: datetime) -> Case:
    report = Report(
        type=case.type,
        text=AGAIN.format(number=case.number, text=case.text)[:500],
        point=GcjPoint(case.lat, case.lng) if case.lat and case.lng else None,
        address=case.address,
        small_class=case.small_class,
        source="巡查",
        origin=f"look-back-{back.id}",
        shop_id=case.shop_id,
    )
    return await open_case(report, reporter=person, town=town, now=now)


async def count_repeats(shop_id: int, type_code: str) -> int:
    """Return how often a case of that type came back at the shop after its first one, whoever found it.

    Those that turned out to be nothing, or were counted as another, are left out.
    """
    cases = await Case.filter(shop_id=shop_id, type=type_code).exclude(state__in=sorted(UNFOUNDED)).count()
    return max(0, cases - 1)
