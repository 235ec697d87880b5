"""Open311 for writing, in both forms: keys, places, photos, and nothing of the person kept."""

import asyncio
import json
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from stage import Stage, photo

from models.access import Access, make_token
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.coordinates import gcj_to_wgs
from models.evidence import Evidence

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
PLACE = gcj_to_wgs(GcjPoint(31.5560, 120.1450))
GOOD = {
    "service_code": "manhole",
    "lat": str(PLACE.lat),
    "long": str(PLACE.lng),
    "description": "井盖翘起来了 <b>&",
    "first_name": "小明",
    "phone": "13812345678",
}


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
async def key(stage):
    clear, _ = await make_token(Access.OFFICER, name="市民云", now=MONDAY)
    return clear


async def post(stage, fields, *, form="json", picture=None, headers=None):
    data = aiohttp.FormData(default_to_multipart=picture is not None)
    for name, value in fields.items():
        data.add_field(name, value)
    if picture is not None:
        data.add_field("media", BytesIO(picture), filename="a.jpg", content_type="image/jpeg")
    url = f"{stage.address}/open311/v2/requests.{form}"
    async with aiohttp.ClientSession() as client, client.post(url, data=data, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_report_opens_a_case_and_keeps_nothing_of_the_person(stage, key):
    status, text = await post(stage, GOOD | {"api_key": key})
    [row] = json.loads(text)
    case = await Case.get()
    assert (status, row["service_request_id"]) == (201, case.number)
    assert (case.type, case.state, case.unit, case.text) == (
        "manhole",
        "dispatched",
        "shizheng",
        GOOD["description"],
    )
    assert case.reporter_id is None
    url = f"{stage.address}/open311/v2/tokens/{case.number}.json"
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        assert (await answer.json())[0]["service_request_id"] == case.number


async def test_xml_and_a_photo(stage, key):
    status, text = await post(stage, GOOD | {"api_key": key}, form="xml", picture=photo())
    assert status == 201
    number = ET.fromstring(text.encode()).findtext("request/service_request_id")
    case = await Case.get(number=number)
    assert await Evidence.filter(case_id=case.id, state="kept").count() == 1


async def test_same_key_twice_is_one_case(stage, key):
    first = await post(stage, GOOD | {"api_key": key}, headers={"Idempotency-Key": "a"})
    assert await post(stage, GOOD | {"api_key": key}, headers={"Idempotency-Key": "a"}) == first
    assert await Case.all().count() == 1


async def test_same_key_with_another_content_is_a_conflict(stage, key):
    headers = {"Idempotency-Key": "a"}
    await post(stage, GOOD | {"api_key": key}, headers=headers)
    for change, picture in (({"description": "别的事"}, None), ({}, photo())):
        status, text = await post(stage, GOOD | {"api_key": key} | change, headers=headers, picture=picture)
        assert (status, json.loads(text)[0]["code"]) == (409, 409)
    assert (await Case.all().count(), await Evidence.all().count()) == (1, 0)


async def test_copies_at_once_are_one_case_with_one_photo(stage, key):
    sending = (
        post(stage, GOOD | {"api_key": key}, headers={"Idempotency-Key": "a"}, picture=photo())
        for _ in range(6)
    )
    answers = await asyncio.gather(*sending)
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert (await Case.all().count(), await Evidence.all().count()) == (1, 1)


async def test_token_tells_nobody_of_a_question_to_the_desk(stage):
    phone = await stage.citizen()
    await phone.say("人工 我妈妈病了，想问雨棚怎么申请")
    case = await Case.get()
    url = f"{stage.address}/open311/v2/tokens/{{}}.json"
    async with (
        aiohttp.ClientSession() as client,
        client.get(url.format(case.number)) as answer,
        client.get(url.format("2607069999")) as other,
    ):
        assert (answer.status, other.status) == (404, 404)
        assert (await answer.text()).replace(case.number, "2607069999") == await other.text()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404),
        ({"service_code": "other"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "abc"}, 400),
        ({"lat": "31.2300", "long": "121.4700"}, 400),
        ({"jurisdiction_id": "elsewhere"}, 404),
    ],
)
async def test_wrong_report_is_told_in_the_form_of_the_specification(stage, key, change, status):
    answered, text = await post(stage, GOOD | {"api_key": key} | change)
    assert answered == status
    assert set(json.loads(text)[0]) == {"code", "description"}
    assert await Case.all().count() == 0


async def test_reader_may_not_report_and_rubbish_is_no_photo(stage, key):
    clear, _ = await make_token(Access.READER, now=MONDAY)
    assert (await post(stage, GOOD | {"api_key": clear}))[0] == 403
    assert (await post(stage, GOOD | {"api_key": key}, picture=b"no picture"))[0] == 400
    assert (await post(stage, GOOD | {"api_key": key}, picture=b"x" * (11 * 1024 * 1024)))[0] == 413
    assert await Case.all().count() == 0


WORDS = "井盖翘起来了，怕摔着人"
PLAIN = "application/x-www-form-urlencoded"


def encoded(key, charset, *, raw=False, words=WORDS):
    fields = GOOD | {"api_key": key, "description": words, "address_string": "12"}
    body = urlencode(fields, encoding=charset)
    return (
        "&".join(f"{name}={value}" for name, value in fields.items()).encode(charset)
        if raw
        else body.encode()
    )


def parted(key, charset, *, declared=""):
    fields = GOOD | {"api_key": key, "description": WORDS}
    told = f"\r\nContent-Type: text/plain; charset={declared}" if declared else ""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--x--\r\n"]).encode(charset)


async def post_body(stage, body, kind):
    url, headers = f"{stage.address}/open311/v2/requests.json", {"Content-Type": kind}
    async with aiohttp.ClientSession() as client, client.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda key: encoded(key, "gbk"), PLAIN),
        (lambda key: encoded(key, "gb18030", words="丂㐀" + WORDS), PLAIN),
        (lambda key: encoded(key, "big5", words="井蓋"), PLAIN),
        (lambda key: encoded(key, "gbk", raw=True), PLAIN),
        (lambda key: encoded(key, "gbk"), f"{PLAIN}; charset=utf-8"),
        (lambda key: encoded(key, "utf-8"), f"{PLAIN}; charset=ascii"),
        (lambda key: encoded(key, "utf-8"), f"{PLAIN}; charset=of-our-own"),
        (lambda key: encoded(key, "utf-8", words="井盖\ufffd\ufffd"), PLAIN),
        (lambda key: parted(key, "gbk"), "multipart/form-data; boundary=x"),
        (lambda key: parted(key, "gbk", declared="utf-8"), "multipart/form-data; boundary=x"),
    ],
)
async def test_words_in_another_charset_are_refused_and_not_kept_as_rubbish(stage, key, make, kind):
    status, told = await post_body(stage, make(key), kind)
    assert (status, "UTF-8" in told) == (400, True)
    assert await Case.all().count() == 0


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda key: encoded(key, "utf-8"), PLAIN),
        (lambda key: encoded(key, "utf-8", raw=True), f"{PLAIN}; charset=UTF-8"),
        (lambda key: encoded(key, "gbk"), f"{PLAIN}; charset=gbk"),
        (lambda key: encoded(key, "gbk"), f"{PLAIN}; charset=GB2312"),
        (lambda key: encoded(key, "gb18030", raw=True), f"{PLAIN}; charset=gb18030"),
        (lambda key: parted(key, "utf-8"), "multipart/form-data; boundary=x"),
        (lambda key: parted(key, "gbk", declared="gbk"), "multipart/form-data; boundary=x"),
        (lambda key: parted(key, "gbk"), "multipart/form-data; boundary=x; charset=gbk"),
    ],
)
async def test_words_in_the_charset_that_was_declared_are_read(stage, key, make, kind):
    status, told = await post_body(stage, make(key), kind)
    assert status == 201, told
    assert (await Case.get()).text == WORDS
