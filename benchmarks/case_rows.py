"""Fills a database with a town's cases, the same ones for the same number: used by cases.py."""

import random
from collections.abc import Collection
from datetime import UTC, datetime

from tortoise.connection import get_connection

from models.cases.states import AT_DESK, AT_WORK, OPEN
from models.city.city import GcjPoint
from models.city.duty import unit_for
from models.database import POSTGRES, SQLITE, is_postgres
from models.lifecycle import Role
from models.people import Person
from models.town import Town

NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)  # 10:00 in the town, a Wednesday
SPOTS = 6000  # places inside the town, each with its type and the unit that answers for it there
REPORTERS = 5000
OFFICERS = 16  # of each unit
HEAVY = {"street_vending": 14, "shop_overflow": 12, "illegal_parking": 10, "bike_parking": 8, "garbage": 10}
# Per mille; the rest, most of them, is rated. About 3 % is under way, as in a city that keeps up.
SPREAD = {
    "reported": 0.5,
    "accepted": 1.5,
    "talking": 0.1,
    "dispatched": 9,
    "handling": 12,
    "asking": 0.5,
    "suspended": 1,
    "returned": 1.5,
    "split": 0.3,
    "handed_back": 3.5,
    "verified": 0.2,
    "disputed": 0.3,
    "closed": 12,
    "merged": 10,
    "rejected": 25,
    "withdrawn": 15,
}


def draw_spots(town: Town) -> list[dict[str, object]]:
    """Return places inside the town with a type each, as likely as in life, and the unit that answers."""
    chance, kinds = random.Random(7), [kind for kind in town.city.case_types.values() if kind.handled]
    weights = [HEAVY.get(kind.code, 3) for kind in kinds]
    centre, found = town.city.centre, []
    while len(found) < SPOTS:
        point = GcjPoint(centre.lat + chance.uniform(-0.03, 0.03), centre.lng + chance.uniform(-0.03, 0.03))
        place = town.atlas.areas_at(point)
        if not place.inside:
            continue
        kind = chance.choices(kinds, weights)[0]
        codes = [area.code if area else "" for area in (place.grid, place.street, place.district, place.road)]
        unit = unit_for(town.city, kind.code, place).code
        names = ("n", "type", "lat", "lng", "grid", "street", "district", "road", "unit")
        row = (len(found), kind.code, point.lat, point.lng, *codes, unit)
        found.append(dict(zip(names, row, strict=True)))
    return found


async def fill_people(town: Town) -> None:
    """Write the city's staff, more officers for each unit (each unit's in one run of ids), and citizens."""
    staff = [one for one in town.city.staff.values() if one.role in {Role.OFFICER, Role.DISPATCHER}]
    people = [_staff(f"s{one.code}", one.role, one.unit, one.code) for one in staff]
    for unit in town.city.units:
        people += [_staff(f"o{unit}{n}", Role.OFFICER, unit) for n in range(OFFICERS)]
    people += [Person(openid=f"c{n}", created_at=NOW) for n in range(REPORTERS)]
    await Person.bulk_create(people, batch_size=500)


def _staff(openid: str, role: Role, unit: str, code: str = "") -> Person:
    return Person(
        openid=openid,
        name=openid,
        roles=[role.value],
        is_staff=True,
        unit=unit,
        staff_code=code,
        message_at=NOW,
        created_at=NOW,
    )


async def fill_spots(spots: list[dict[str, object]]) -> None:
    """Write the places into a table of the benchmark's own, with each unit's first officer."""
    connection = our_connection()
    await connection.execute_script(
        "CREATE TABLE bench_spot (n INTEGER PRIMARY KEY, type VARCHAR(30), lat DOUBLE PRECISION, lng DOUBLE PRECISION,"
        " grid VARCHAR(40), street VARCHAR(40), district VARCHAR(40), road VARCHAR(40), unit VARCHAR(40),"
        " officer BIGINT)"
    )
    first = {one.unit: one.id for one in await Person.filter(openid__startswith="o").order_by("-id")}
    rows = [(*spot.values(), first[str(spot["unit"])]) for spot in spots]
    for start in range(0, len(rows), 500):
        text = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows[start : start + 500])
        await connection.execute_script(f"INSERT INTO bench_spot VALUES {text}")


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def cases_sql(rows: int, *, postgres: bool) -> str:
    """Return the statement that makes the cases; each field is drawn by a multiplier of its own."""

    def moment(seconds: str) -> str:
        base = int(NOW.timestamp())
        if postgres:
            return f"to_timestamp({base} + ({seconds}))"
        return f"strftime('%Y-%m-%d %H:%M:%S', {base} + ({seconds}), 'unixepoch') || '+00:00'"

    def within(states: Collection[str]) -> str:
        return "state IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"

    def drawn(multiplier: int, below: int) -> str:
        return f"((i * {multiplier}) % 4294967291) % {below}"

    limit, states = 0.0, ""
    for state, share in SPREAD.items():
        limit += share * 10
        states += f" WHEN s < {limit:.0f} THEN '{state}'"
    under_way = round(sum(SPREAD[state] for state in OPEN) * 10)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
    if postgres:
        numbers = f"WITH n AS (SELECT generate_series(1, {rows})::bigint AS i)"
    false = "false" if postgres else "0"
    return f"""{numbers}, d AS (SELECT i, {drawn(2654435761, 10000)} AS s, {drawn(40503001, SPOTS)} AS p,
        {drawn(73856093, 100003)} AS u, {drawn(19349663, 63072000)} AS t FROM n),
        c AS (SELECT d.*, CASE{states} ELSE 'rated' END AS state, s < {under_way} AS going,
        CASE WHEN s < {under_way} THEN -(t % 1728000) ELSE -1728000 - t END AS opened FROM d)
        INSERT INTO case_file (number, tail, state, type, small_class, source, text, address, lat, lng, grid,
        street,
        district, road, urgent, reporter_id, unit, handler_id, assignee_id, followers, urged, reworked, rating,
        opened_at, due_at, handed_back_at, closed_at, changed_at, wake_at, clocks, steps,
        is_open, at_work, at_desk)
        SELECT 'b' || i, substr('000' || i, length('000' || i) - 3), state, b.type, '',
        CASE WHEN u % 10 < 7 THEN '随手拍' ELSE '巡查' END,
        '路边有东西要处理，请来看看，第' || i || '处', '门牌' || u || '号',
        b.lat + (u % 601 - 300) * 0.000001, b.lng + (u % 701 - 350) * 0.000001, b.grid, b.street,
        b.district, b.road, {false}, (SELECT max(id) FROM person) - u % {REPORTERS}, b.unit,
        CASE WHEN state IN ('reported', 'accepted', 'dispatched', 'returned', 'rejected', 'withdrawn') THEN NULL
        ELSE b.officer + u % {OFFICERS} END,
        CASE state WHEN 'dispatched' THEN b.officer + u % {OFFICERS} END,
        0, 0, 0, CASE state WHEN 'rated' THEN 'satisfied' ELSE '' END,
        {moment("opened")}, {moment("opened + 7200 + u * 8")},
        CASE WHEN state IN ('handed_back', 'verified', 'closed', 'rated') THEN {moment("opened + 7000")} END,
        CASE WHEN state IN ('closed', 'rated') THEN {moment("opened + 9000")} END, {moment("opened + 9000")},
        CASE WHEN going THEN {moment("60 + u")} END, '{{}}', 0,
        {within(OPEN)}, {within(AT_WORK)}, {within(AT_DESK)} FROM c JOIN bench_spot b ON b.n = c.p ORDER BY opened, i"""


def our_connection():
    """Return the connection of the database that is open."""
    return get_connection(POSTGRES if is_postgres() else SQLITE)
