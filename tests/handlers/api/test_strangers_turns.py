"""Anybody may ask, and nobody's asking keeps the others waiting: pages, turns, forms without a key."""

import json
from datetime import UTC, datetime
from io import BytesIO

import aiohttp
import pytest
from stage import HERE, Stage

from handlers.strangers import TURNS, Busy, Turns
from models.access import Access, make_token
from models.cases.tables import Case

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
LIST, FORM = "/open311/v2/requests.json", "multipart/form-data; boundary=x"
PHOTO = b'--x\r\nContent-Disposition: form-data; name="media"; filename="a"\r\n\r\n'


@pytest.fixture
async def stage(stage_town, sqlite_url, tmp_path):
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
def ask(stage):
    async def ask(method, path, **options):
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, stage.address + path, **options) as answer,
        ):
            return answer.status, await answer.text(), answer.headers

    return ask


async def make_cases(count):
    fields = {"type": "manhole", "state": "handling", "text": "井盖坏了", "unit": "shizheng"}
    moments = {"opened_at": MONDAY, "due_at": MONDAY, "changed_at": MONDAY}
    await Case.bulk_create([Case(number=f"26070{n:05d}", **fields, **moments) for n in range(count)])


async def test_list_gives_fifty_and_two_hundred_at_most(ask):
    await make_cases(260)
    for query, expected in (("", 50), ("?page_size=200", 200), ("?page_size=200&page=2", 60)):
        assert len(json.loads((await ask("GET", LIST + query))[1])) == expected
    for query in ("?page_size=201", "?page=1000", f"?service_request_id={','.join(map(str, range(201)))}"):
        assert (await ask("GET", LIST + query))[0] == 400


async def test_answer_is_kept_until_something_happens_to_a_case(stage, ask):
    assert json.loads((await ask("GET", LIST))[1]) == []
    await make_cases(1)  # behind the back of the actions: no step was taken
    assert json.loads((await ask("GET", LIST))[1]) == []
    clear, _ = await make_token(Access.OFFICER, now=MONDAY)
    told = {"type": "manhole", "text": "井盖坏了", "place": {"gcj02": [*HERE]}}
    await ask("POST", "/api/v1/cases", json=told, headers={"Authorization": f"Bearer {clear}"})
    assert len(json.loads((await ask("GET", LIST))[1])) == 2


async def test_who_finds_too_many_waiting_is_told_when_to_come_back(stage, ask):
    turns = stage.app[TURNS]
    turns._most = 0
    status, told, headers = await ask("GET", LIST)
    assert (status, int(headers["Retry-After"]) > 0, json.loads(told)[0]["code"]) == (503, True, 503)
    turns._most = 1
    assert (await ask("GET", LIST))[0] == 200


async def test_turn_that_does_not_come_is_given_up():
    turns = Turns(patience=0)
    async with turns.turn():
        with pytest.raises(Busy):
            async with turns.turn():
                pass


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (PHOTO + b"\xff" * 2_000_000 + b"\r\n--x--\r\n", 403),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 100 + b"--x--\r\n", 413),
        (b"\r\n" * 500_000, 413),
        (b'--x\r\nContent-Disposition: form-data; name="api_key"\r\n\r\nno\r\n' + PHOTO + b"\xff" * 99, 403),
    ],
)
async def test_form_without_a_key_is_refused_before_its_photo_is_read(ask, body, status):
    answered = await ask("POST", LIST, data=BytesIO(body), headers={"Content-Type": FORM})
    assert answered[0] == status


@pytest.mark.parametrize(
    "path", ["services.json", "services/manhole.json", "requests.json", "discovery.json"]
)
async def test_another_town_is_not_found_anywhere(ask, path):
    assert (await ask("GET", f"/open311/v2/{path}?jurisdiction_id=elsewhere"))[0] == 404


async def test_wrong_attribute_is_refused_and_an_address_of_a_photo_is_told(ask):
    clear, _ = await make_token(Access.OFFICER, now=MONDAY)
    good = {"api_key": clear, "service_code": "manhole", "lat": "31.5582", "long": "120.1406"}
    for wrong in ({"attribute[small_class]": "nothing"}, {"attribute[colour]": "red"}):
        assert (await ask("POST", LIST, data=good | wrong))[0] == 400
    status, told, _ = await ask("POST", LIST, data=good | {"media_url": "http://127.0.0.1/a.jpg"})
    assert (status, "media_url" in json.loads(told)[0]["service_notice"]) == (201, True)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/cases", 405)]
)
async def test_what_nobody_serves_is_told_as_json(ask, method, path, status):
    answered, told, headers = await ask(method, path)
    assert (answered, headers["Content-Type"].split(";")[0]) == (status, "application/json")
    assert set(json.loads(told)["error"]) == {"code", "message", "fields"}
    assert ("Allow" in headers) == (status == 405)
