"""Opens a case against the cause where the same keeps coming back, and adds to it what comes back after that."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import cos, radians

from tortoise.transactions import in_transaction

from models.cases import sentences as say
from models.cases.actions import open_case
from models.cases.moves import RULE, Move, Report
from models.cases.recurrence import Cluster, Rule, Sighting, find_clusters
from models.cases.sources import BY_RULE
from models.cases.states import OPEN, UNFOUNDED
from models.cases.stepping import lock_case, write_step
from models.cases.tables import Case
from models.city.city import City, GcjPoint
from models.city.coordinates import METRES_PER_DEGREE, metres_between
from models.city.settings import setting
from models.lifecycle import Told, Words
from models.town import Town

log = logging.getLogger(__name__)

CLIENT = "反复发生"  # as the history names what opened the case
NAMED = 20  # numbers of cases in a text
TEXT = "近 {days:g} 天，这里 {metres:g} 米内发生了 {count} 次：{numbers}。一件件处理还会再有，请找到原因，一次治好。"
NOTE = "近 {days:g} 天 {metres:g} 米内 {count} 次"
MORE = "又发生 {count} 次：{numbers}"
AND_OTHERS = "等"


async def find_patterns(town: Town, *, now: datetime) -> list[Case]:
    """Open a case for each place where a type keeps coming back; return those opened. Safe to call twice.

    What comes back near a place whose case is still under way is added to that one, and who handles it is told.
    """
    rules = rules_of(town.city)
    loose = await _list_loose(rules, now)
    loose = await _add_to_known(loose, rules, town, now)
    sightings = [_sighting(case) for case in loose]
    numbers = {case.id: case.number for case in loose}
    clusters = find_clusters(sightings, rules, now=now, area_m2=town_area(town.city))
    reports = [_report(cluster, rules[cluster.type], numbers, town) for cluster in clusters]
    opened = [await _open(report, town, now) for report in reports]
    return [case for case in opened if case is not None]


def rules_of(city: City) -> dict[str, Rule]:
    """Return when cases of each type are a pattern; a type whose ``recur_times`` is 0 has no rule."""

    def of(kind: str, name: str) -> float:
        return setting(city, f"recur_{name}", kind)

    kinds = [kind.code for kind in city.case_types.values() if kind.handled and of(kind.code, "times") > 0]
    return {kind: Rule(of(kind, "metres"), int(of(kind, "times")), of(kind, "days")) for kind in kinds}


def town_area(city: City) -> float:
    """Return how large the town is, m²: all its grids together."""
    degrees = sum(area.shape.area for area in city.areas.values() if area.kind == "grid")
    return float(degrees) * METRES_PER_DEGREE**2 * cos(radians(city.centre.lat))


async def _list_loose(rules: Mapping[str, Rule], now: datetime) -> list[Case]:
    """Return the cases of these days that belong to no pattern yet, the oldest first."""
    since = now - timedelta(days=max((rule.days for rule in rules.values()), default=0))
    found = Case.filter(type__in=list(rules), opened_at__gte=since, pattern_id=None, parent_id=None)
    found = found.exclude(state__in=sorted(UNFOUNDED)).exclude(source=BY_RULE).exclude(lat=None)
    return list(await found.order_by("id"))


async def _add_to_known(
    loose: list[Case], rules: Mapping[str, Rule], town: Town, now: datetime
) -> list[Case]:
    """Add to the patterns under way what lies near them; return the rest."""
    known = await Case.filter(source=BY_RULE, is_open=True).order_by("id")
    left = loose
    for pattern in known:
        rule = rules.get(pattern.type)
        near = [case for case in left if rule and case.type == pattern.type and _near(case, pattern, rule)]
        if near:
            await _try_add(pattern.id, near, town, now)
            left = [case for case in left if case not in near]
    return left


async def _try_add(pattern_id: int, cases: list[Case], town: Town, now: datetime) -> None:
    """Add them; a pattern that breaks holds up no other."""
    try:
        await _add(pattern_id, cases, town, now)
    except Exception:
        log.exception("a pattern broke", extra={"action": "item_failed", "case": pattern_id})


async def _add(pattern_id: int, cases: list[Case], town: Town, now: datetime) -> None:
    async with in_transaction():
        pattern = await lock_case(pattern_id)
        ids = [case.id for case in cases]
        fresh = await Case.filter(id__in=ids, pattern_id=None).order_by("id").values_list("number", flat=True)
        if pattern.state not in OPEN or not fresh:
            return
        await Case.filter(id__in=ids, pattern_id=None).update(pattern_id=pattern.id)
        note = MORE.format(count=len(fresh), numbers=_list_numbers(map(str, fresh)))
        told = (Words(Told.HANDS, say.RECURRED, "work"),)
        await write_step(pattern, Move("recur", RULE, note), told, town=town, now=now)
        await pattern.save()


async def _open(report: Report, town: Town, now: datetime) -> Case | None:
    """Open the case; None when another process found the same and was first, or when it breaks: no other waits."""
    try:
        return await open_case(report, reporter=None, town=town, now=now)
    except Exception:
        if not await Case.exists(origin=report.origin):
            log.exception("a pattern broke", extra={"action": "item_failed", "origin": report.origin})
        return None


def _report(cluster: Cluster, rule: Rule, numbers: Mapping[int, str], town: Town) -> Report:
    seen = cluster.sightings
    told = {"days": rule.days, "metres": rule.metres, "count": len(seen)}
    inside = town.atlas.areas_at(cluster.middle).inside  # around a bend of the border it may lie outside
    point = cluster.middle if inside else seen[0].point
    return Report(
        type=cluster.type,
        text=TEXT.format(**told, numbers=_list_numbers(numbers[one.id] for one in seen)),
        point=point,
        address=town.atlas.areas_at(point).name,
        source=BY_RULE,
        origin=f"recur-{cluster.type}-{seen[0].id}",
        client=CLIENT,
        note=NOTE.format(**told),
        instances=tuple(one.id for one in seen),
    )


def _sighting(case: Case) -> Sighting:
    return Sighting(case.id, case.type, _point(case), case.opened_at, case.shop_id)


def _near(case: Case, pattern: Case, rule: Rule) -> bool:
    return metres_between(_point(case), _point(pattern)) <= rule.metres


def _point(case: Case) -> GcjPoint:
    return GcjPoint(case.lat or 0.0, case.lng or 0.0)


def _list_numbers(numbers: Iterable[str]) -> str:
    known = list(numbers)
    return "、".join(known[:NAMED]) + (AND_OTHERS if len(known) > NAMED else "")
