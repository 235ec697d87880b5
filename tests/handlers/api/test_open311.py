"""Open311 shows the town's cases to anybody, in both forms, and nobody's person."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web
from stage import with_settings

from handlers.api.open311 import routes
from handlers.api.open311_rows import STATUS_NOTES
from handlers.web import CLOCK, TOWN
from models.cases.states import STATE_NAMES
from models.cases.words import say_area
from models.city.city import Wgs84Point
from models.city.coordinates import gcj_to_wgs, metres_between, wgs_to_gcj

ROOT = "/open311/v2"
SQUARE = 50  # metres: how fine a place is shown


@pytest.fixture
async def client(aiohttp_client, database, town, clock):
    app = web.Application()
    app[TOWN], app[CLOCK] = town, clock
    app.add_routes(routes())
    return await aiohttp_client(app)


@pytest.fixture
def read(client):
    """Return the list at an address."""

    async def get(path, **query):
        answer = await client.get(f"{ROOT}/{path}", params=query)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    return get


@pytest.fixture
def numbers(read):
    async def get(**query):
        return [row["service_request_id"] for row in await read("requests.json", **query)]

    return get


@pytest.fixture
def refused(client):
    """Return the one error of an answer."""

    async def get(code, path, **query):
        answer = await client.get(f"{ROOT}/{path}", params=query)
        assert answer.status == code
        (error,) = await answer.json()
        assert error["code"] == code
        return error["description"]

    return get


def texts(element):
    return {child.tag: child.text for child in element}


async def test_services_are_the_types_that_the_town_handles(read, town):
    rows = await read("services.json")
    handled = [kind.code for kind in town.city.case_types.values() if kind.handled]
    assert [row["service_code"] for row in rows] == handled
    assert "consultation" not in handled
    manhole = next(row for row in rows if row["service_code"] == "manhole")
    assert manhole["service_name"] == town.city.case_types["manhole"].name
    assert manhole["metadata"] is True
    assert manhole["type"] == "realtime"
    assert "," in manhole["keywords"]
    assert manhole["group"] == "公用设施"


async def test_services_in_xml_say_the_same_as_in_json(client, read):
    rows = await read("services.json")
    answer = await client.get(f"{ROOT}/services.xml")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    body = await answer.read()
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = ET.fromstring(body)
    assert root.tag == "services"
    assert {child.tag for child in root} == {"service"}
    told = {key: str(value).lower() if isinstance(value, bool) else value for key, value in rows[0].items()}
    assert texts(root[0]) == told


async def test_definition_of_a_type_lists_its_small_classes(client, read, town):
    small = town.city.case_types["manhole"].small
    (attribute,) = (await read("services/manhole.json"))["attributes"]
    assert [value["key"] for value in attribute["values"]] == [kind.code for kind in small]
    assert (attribute["datatype"], attribute["required"]) == ("singlevaluelist", False)
    root = ET.fromstring(await (await client.get(f"{ROOT}/services/manhole.xml")).read())
    assert root.tag == "service_definition"
    assert [value.find("name").text for value in root.iterfind("attributes/attribute/values/value")] == [
        kind.name for kind in small
    ]


@pytest.mark.parametrize("code", ["nothing", "consultation", "other"])
async def test_definition_of_what_is_no_service_is_not_found(refused, code):
    assert code in await refused(404, f"services/{code}.json")


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("services", None, "text/xml"),
        ("services", "*/*", "text/xml"),
        ("services", "application/json", "application/json"),
        ("services", "text/xml, application/json;q=0.5", "text/xml"),
        ("services.xml", "application/json", "text/xml"),
        ("services.json", "text/xml", "application/json"),
        ("services/manhole", "application/json", "application/json"),
        ("requests", None, "text/xml"),
    ],
)
async def test_form_follows_the_extension_then_what_is_accepted_then_xml(client, path, accept, form):
    answer = await client.get(f"{ROOT}/{path}", headers={"Accept": accept} if accept else {})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"{form}; charset=utf-8"


async def test_unknown_form_is_not_found_and_told_in_xml(client):
    answer = await client.get(f"{ROOT}/services.csv")
    assert answer.status == 404
    error = texts(ET.fromstring(await answer.read())[0])
    assert error["code"] == "404"
    assert ".xml" in error["description"]


async def test_request_says_what_where_who_and_by_when(read, make_case, town):
    case = await make_case()
    (row,) = await read(f"requests/{case.number}.json")
    shown = wgs_to_gcj(Wgs84Point(row.pop("lat"), row.pop("long")))
    assert metres_between(shown, town.city.centre) <= SQUARE * 0.71
    assert row == {
        "service_request_id": case.number,
        "status": "open",
        "status_notes": "处理人员正在处理。",
        "service_name": "井盖与管线设施",
        "service_code": "manhole",
        "description": "井盖坏了",
        "agency_responsible": town.city.units["shizheng"].name,
        "service_notice": None,
        "requested_datetime": "2026-07-06T11:00:00+08:00",
        "updated_datetime": "2026-07-06T11:05:00+08:00",
        "expected_datetime": "2026-07-06T13:00:00+08:00",
        "address": say_area(case, town),
        "address_id": None,
        "zipcode": None,
        "media_url": None,
    }


async def test_request_in_xml_says_the_same_as_in_json(client, read, make_case):
    case = await make_case(text="<b>桶</b> & 盖 ]]>\n第二行")
    (row,) = await read(f"requests/{case.number}.json")
    root = ET.fromstring(await (await client.get(f"{ROOT}/requests/{case.number}.xml")).read())
    assert root.tag == "service_requests"
    told = {key: None if value is None else str(value) for key, value in row.items()}
    assert [child.tag for child in root] == ["request"]
    assert texts(root[0]) == told


async def test_characters_that_xml_forbids_break_neither_form(client, make_case):
    case = await make_case(text="坏\x00了\x0b\x1f\ufffe\r\n好")
    root = ET.fromstring(await (await client.get(f"{ROOT}/requests/{case.number}.xml")).read())
    assert root[0].findtext("description") == "坏了\r\n好"
    answer = await client.get(f"{ROOT}/requests/{case.number}.json")
    assert json.loads(await answer.text())[0]["description"] == "坏了\r\n好"


async def test_case_known_by_words_alone_has_no_point(client, make_case):
    case = await make_case(lat=None, lng=None)
    root = ET.fromstring(await (await client.get(f"{ROOT}/requests/{case.number}")).read())
    assert root[0].find("lat") is not None
    assert not root[0].findtext("lat")


async def test_reporter_and_personal_numbers_are_nowhere(client, make_case, make_person):
    person = await make_person("王小明")
    case = await make_case(
        text="井盖坏了，我姓王 13812345678，身份证32021119800101123X",
        address="胡埭路9号3幢502室 电话 138-1234-5678",
        reporter_id=person.id,
    )
    for extension in ("json", "xml"):
        body = await (await client.get(f"{ROOT}/requests/{case.number}.{extension}")).text()
        assert "井盖坏了" in body
        for secret in (person.openid, person.name, "1381234", "5678", "198001", "502"):
            assert secret not in body


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
async def test_words_of_a_case_taken_back_or_refused_are_not_shown(read, make_case, state):
    case = await make_case(state=state, text="邻居老王又在楼下唱歌")
    (row,) = await read(f"requests/{case.number}.json")
    assert row["description"] == ""
    assert row["status"] == "closed"


async def test_closed_request_was_updated_when_it_was_closed(read, make_case, clock):
    closed = clock.now() - timedelta(minutes=30)
    case = await make_case(state="rated", closed_at=closed, changed_at=clock.now())
    (row,) = await read(f"requests/{case.number}.json")
    assert row["updated_datetime"] == "2026-07-06T11:30:00+08:00"


async def test_case_of_a_type_that_is_no_service_is_not_shown(read, refused, numbers, make_case):
    await make_case(type="consultation")
    case = await make_case(type="other")
    assert await numbers() == []
    assert await numbers(service_request_id=case.number) == []
    assert case.number in await refused(404, f"requests/{case.number}.json")


async def test_unknown_request_is_not_found_in_xml_too(client):
    answer = await client.get(f"{ROOT}/requests/9999999999.xml")
    assert answer.status == 404
    root = ET.fromstring(await answer.read())
    assert root.tag == "errors"
    assert texts(root[0])["code"] == "404"


async def test_requests_come_newest_first(numbers, make_case):
    cases = [await make_case() for _ in range(3)]
    assert await numbers() == [case.number for case in cases]


async def test_named_requests_override_every_other_filter(numbers, make_case):
    first, second, third = [await make_case() for _ in range(3)]
    asked = f"{third.number}, {first.number},0000000000,"
    assert await numbers(service_request_id=asked, status="closed", start_date="nonsense") == [
        first.number,
        third.number,
    ]
    assert second.number not in await numbers(service_request_id=asked)


async def test_requests_are_filtered_by_type_and_status(numbers, make_case, client):
    manhole = await make_case()
    noise = await make_case(type="noise", state="closed")
    dogs = await make_case(type="dogs", state="handed_back")
    assert await numbers(service_code="noise") == [noise.number]
    assert await numbers(service_code="noise,dogs") == [noise.number, dogs.number]
    assert await numbers(status="open") == [manhole.number, dogs.number]
    assert await numbers(status="closed") == [noise.number]
    assert len(await numbers(status="open,closed", service_code="", start_date="")) == 3
    answer = await client.get(f"{ROOT}/requests.json?service_code=noise&service_code=dogs&status=open")
    assert [row["service_request_id"] for row in await answer.json()] == [dogs.number]


async def test_ninety_days_are_shown_unless_others_are_asked_for(numbers, make_case, clock):
    recent = await make_case(opened_at=clock.now() - timedelta(days=89))
    old = await make_case(opened_at=clock.now() - timedelta(days=91))
    older = await make_case(opened_at=clock.now() - timedelta(days=200))
    assert await numbers() == [recent.number]
    since = (clock.now() - timedelta(days=120)).isoformat()
    assert await numbers(start_date=since) == [recent.number, old.number]
    assert await numbers(end_date=old.opened_at.isoformat()) == [old.number]
    day = older.opened_at.date().isoformat()
    assert await numbers(start_date=day, end_date=day) == [older.number]


async def test_plus_that_nobody_escaped_is_read_as_one(client, make_case):
    case = await make_case()
    answer = await client.get(f"{ROOT}/requests.json?start_date=2026-07-06T10:59:00+08:00")
    assert [row["service_request_id"] for row in await answer.json()] == [case.number]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "done"},
        {"service_code": "nothing"},
        {"service_code": "consultation"},
        {"start_date": "yesterday"},
        {"start_date": "2026-07-01T00:00:00"},
        {"start_date": "9999-12-31T23:59:59Z"},
        {"start_date": "2026-07-02", "end_date": "2026-07-01"},
        {"start_date": "2026-01-01", "end_date": "2026-07-01"},
        {"page": "0"},
        {"page": "one"},
        {"page_size": "1001"},
        {"page_size": "9" * 30},
        {"lat": "31.5"},
        {"lat": "nan", "long": "120"},
        {"lat": "31.5", "long": "120", "radius": "99999"},
        {"service_request_id": ",".join(str(number) for number in range(1001))},
    ],
)
async def test_filter_that_cannot_be_meant_is_refused(refused, query):
    assert await refused(400, "requests.json", **query)


async def test_requests_come_in_pages(numbers, make_case):
    cases = [(await make_case()).number for _ in range(5)]
    assert await numbers(page_size=2) == cases[:2]
    assert await numbers(page_size=2, page=2) == cases[2:4]
    assert await numbers(page_size=2, page=3) == cases[4:]
    assert await numbers(page_size=2, page=4) == []


async def test_requests_near_a_point_are_within_the_radius(numbers, make_case, town):
    here = gcj_to_wgs(town.city.centre)
    places = {}
    for metres, shift in ((0, 0.0), (300, 0.0027), (900, 0.0081)):
        moved = wgs_to_gcj(Wgs84Point(here.lat, here.lng + shift / 0.852))
        assert metres_between(moved, town.city.centre) == pytest.approx(metres, abs=5)
        places[metres] = (await make_case(lat=moved.lat, lng=moved.lng)).number
    await make_case(lat=None, lng=None)
    here = {"lat": here.lat, "long": here.lng}
    assert await numbers(**here) == [places[0], places[300]]
    assert await numbers(**here, radius=100) == [places[0]]
    assert await numbers(**here, radius=320, page_size=1, page=2) == [places[300]]
    assert await numbers(**here, radius=1000, status="closed") == []


@pytest.mark.parametrize("metres", [50, 120])
async def test_no_exact_home_is_shown_and_none_can_be_asked_for(
    client, read, numbers, make_case, town, metres
):
    client.app._state[TOWN] = with_settings(town, public_metres=metres)
    centre = town.city.centre
    homes = [
        await make_case(lat=centre.lat + shift / 111_320, lng=centre.lng, address=f"胡埭路{shift}号3幢")
        for shift in range(0, metres, 7)
    ]
    rows = [(await read(f"requests/{home.number}.json"))[0] for home in homes]
    shown = {(row["lat"], row["long"]) for row in rows}
    assert len(shown) <= 2, "who lives within one square is shown at one point"
    assert not any("号" in row["address"] for row in rows)
    for lat, long in shown:
        there = {row["service_request_id"] for row in rows if (row["lat"], row["long"]) == (lat, long)}
        assert set(await numbers(lat=lat, long=long, radius=1)) == there, "measured from what is shown"


async def test_a_town_may_show_exact_places(client, read, numbers, make_case, town):
    client.app._state[TOWN] = with_settings(town, public_metres=0)
    case = await make_case(lat=town.city.centre.lat + 0.0001234)
    (row,) = await read(f"requests/{case.number}.json")
    shown = wgs_to_gcj(Wgs84Point(row["lat"], row["long"]))
    assert shown.lat == pytest.approx(case.lat, abs=2e-6)
    assert row["address"] == case.address


async def test_corners_of_the_square_are_outside_the_circle(client, numbers, make_case, town):
    client.app._state[TOWN] = with_settings(town, public_metres=0)
    centre = town.city.centre
    await make_case(lat=centre.lat + 0.9 / 1113.2, lng=centre.lng + 0.9 / 1113.2 / 0.852)
    here = gcj_to_wgs(centre)
    assert await numbers(lat=here.lat, long=here.lng, radius=100) == []
    assert len(await numbers(lat=here.lat, long=here.lng, radius=130)) == 1


async def test_a_long_list_costs_one_query(numbers, make_case, monkeypatch):
    for _ in range(5):
        await make_case()
    asked = []
    from tortoise.backends.sqlite.client import SqliteClient

    ask = SqliteClient.execute_query
    ask_dict = SqliteClient.execute_query_dict

    async def noted(self, query, values=None):
        asked.append(query)
        return await ask(self, query, values)

    async def noted_dict(self, query, values=None):
        asked.append(query)
        return await ask_dict(self, query, values)

    monkeypatch.setattr(SqliteClient, "execute_query", noted)
    monkeypatch.setattr(SqliteClient, "execute_query_dict", noted_dict)
    assert len(await numbers()) == 5
    assert len({query for query in asked if "case_file" in query}) == 1


async def test_what_breaks_is_told_in_the_form_asked_for(client, monkeypatch):
    async def broken(*_args, **_options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("handlers.api.open311.list_public", broken)
    answer = await client.get(f"{ROOT}/requests.json")
    assert answer.status == 500
    assert (await answer.json())[0]["code"] == 500
    assert "secret" not in await answer.text()


async def test_discovery_names_the_endpoint_and_both_forms(client, read):
    (endpoint,) = (await read("discovery.json"))["endpoints"]
    assert endpoint["url"] == "https://town.example/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root = ET.fromstring(await (await client.get(f"{ROOT}/discovery.xml")).read())
    assert root.findtext("endpoints/endpoint/specification").endswith("GeoReport_v2")
    assert [form.text for form in root.iter("format")] == ["text/xml", "application/json"]


def test_every_state_has_a_note_for_the_public():
    assert set(STATUS_NOTES) == set(STATE_NAMES)
