"""The JSON API: who may do what, lists with a cursor, opening, steps with photos, and no reporter anywhere."""

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest
from stage import HERE, OUTSIDE, Stage, photo

from models.access import Access, make_token, revoke_token
from models.audit import REFUSED, AuditEntry
from models.cases.imports import import_cases
from models.cases.sheets import read_sheet
from models.cases.tables import Case
from models.evidence import Evidence

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
CASE = {"type": "manhole", "text": "井盖坏了，电话 13812345678", "place": {"gcj02": [*HERE]}}


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage


class Program:
    """A program with a token."""

    def __init__(self, stage, token):
        self.stage, self.headers = stage, {"Authorization": f"Bearer {token}"} if token else {}

    async def __call__(self, method, path, *, headers=None, **body):
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                method, self.stage.address + path, headers={**self.headers, **(headers or {})}, **body
            ) as answer,
        ):
            return answer.status, await answer.json()


@pytest.fixture
def program(stage):
    """Make a program with a role."""

    async def make(role, **own):
        clear, _ = await make_token(Access(role), now=MONDAY, **own)
        return Program(stage, clear)

    return make


async def test_case_is_opened_listed_and_shown_as_the_contract_says(stage, program):
    officer, reader = await program("officer"), await program("reader")
    status, made = await officer("POST", "/api/v1/cases", json=CASE)
    assert (status, made["state"], made["source"], made["unit"]) == (201, "dispatched", "第三方", "shizheng")
    assert {"id", "state", "type", "text", "place", "source", "unit", "handler", "due_at", "opened_at"} < set(
        made
    )
    assert {"followers", "urged", "rating", "history"} < set(made)
    assert [row["step"] for row in made["history"]] == ["report", "accept", "dispatch"]
    assert set(made["history"][0]) >= {"at", "step", "by", "note"}
    assert made["place"]["gcj02"] == [*HERE]
    assert made["place"]["wgs84"] != made["place"]["gcj02"]
    status, page = await reader("GET", "/api/v1/cases")
    assert (status, [row["id"] for row in page["cases"]], page["next_cursor"]) == (200, [made["id"]], None)
    status, one = await reader("GET", f"/api/v1/cases/{made['id']}")
    assert status == 200
    assert "13812345678" not in str(one), "readers read no numbers of people"


async def test_token_decides_what_may_be_done(stage, program):
    reader, nobody = await program("reader"), Program(stage, "")
    assert (await nobody("GET", "/api/v1/cases"))[0] == 401
    status, told = await reader("POST", "/api/v1/cases", json=CASE)
    assert (status, told["error"]["code"]) == (403, "not_allowed")
    clear, row = await make_token(Access.ADMIN, now=MONDAY)
    admin = Program(stage, clear)
    assert (await admin("GET", "/api/v1/audit"))[0] == 200
    assert (await reader("GET", "/api/v1/audit"))[0] == 403
    await revoke_token(row.id, now=MONDAY)
    assert (await admin("GET", "/api/v1/cases"))[0] == 401
    assert await AuditEntry.filter(door="api").count() == 3, "what nobody known asks is counted, not kept"
    assert await AuditEntry.filter(who="nobody").count() == 0


async def test_calls_of_nobody_leave_a_figure_and_no_row(stage):
    before = REFUSED["api"]
    for token in ("", "wrong", "a" * 300):
        for path in ("/api/v1/cases", "/api/v1/audit", "/api/v1/deliveries"):
            assert (await Program(stage, token)("GET", path))[0] == 401
    assert (REFUSED["api"] - before, await AuditEntry.all().count()) == (9, 0)
    async with aiohttp.ClientSession() as client, client.get(f"{stage.address}/metrics") as answer:
        assert f'gongzhi_calls_refused{{door="api"}} {REFUSED["api"]}.0' in await answer.text()


async def test_same_key_opens_one_case(stage, program):
    officer, key = await program("officer"), {"Idempotency-Key": "k-1"}
    first = await officer("POST", "/api/v1/cases", json=CASE, headers=key)
    again = await officer("POST", "/api/v1/cases", json=CASE, headers=key)
    assert (first[0], again[0], first[1]["id"] == again[1]["id"]) == (201, 200, True)
    assert await Case.all().count() == 1


async def test_key_with_another_content_is_refused_and_opens_nothing(program):
    officer, key = await program("officer"), {"Idempotency-Key": "k-1"}
    _, first = await officer("POST", "/api/v1/cases", json=CASE, headers=key)
    for other in ({**CASE, "text": "路灯不亮"}, {**CASE, "urgent": True}, {**CASE, "type": "street_light"}):
        status, told = await officer("POST", "/api/v1/cases", json=other, headers=key)
        assert (status, told["error"]["code"]) == (409, "refused")
        assert "Idempotency-Key" in told["error"]["message"]
    turned = dict(reversed(CASE.items()))
    assert (await officer("POST", "/api/v1/cases", json=turned, headers=key))[1]["id"] == first["id"]
    assert await Case.all().count() == 1
    another = await program("officer")
    assert (await another("POST", "/api/v1/cases", json=CASE, headers=key))[0] == 201, (
        "keys are each token's own"
    )


async def test_copies_at_once_get_the_answer_of_the_first(program):
    officer, key = await program("officer"), {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(
        *(officer("POST", "/api/v1/cases", json=CASE, headers=key) for _ in range(8))
    )
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert len({told["id"] for _, told in answers}) == 1
    assert await Case.all().count() == 1


async def test_key_of_what_was_refused_may_be_used_for_the_corrected_content(program):
    officer, key = await program("officer"), {"Idempotency-Key": "k-1"}
    outside = {**CASE, "place": {"gcj02": [*OUTSIDE]}}
    assert (await officer("POST", "/api/v1/cases", json=outside, headers=key))[0] == 409
    assert (await officer("POST", "/api/v1/cases", json=CASE, headers=key))[0] == 201


async def test_token_of_another_unit_adds_no_photo(program):
    other, desk, own = (
        await program("officer", unit="yuanlin"),
        await program("dispatcher"),
        await program("officer", unit="shizheng"),
    )
    number = (await desk("POST", "/api/v1/cases", json=CASE))[1]["id"]
    for who, expected in ((other, 409), (own, 201), (desk, 201)):
        form = aiohttp.FormData()
        form.add_field("photo", photo("修好"), filename="a.jpg", content_type="image/jpeg")
        assert (await who("POST", f"/api/v1/cases/{number}/evidence", data=form))[0] == expected
    assert await Evidence.all().count() == 2


async def test_case_of_a_sheet_shows_its_number_at_the_office_that_sent_it(stage, program):
    sheet = read_sheet("x.csv", "工单编号,诉求内容,诉求地点\nDH-20260706-001,井盖坏了,胡埭路12号".encode())
    await import_cases(sheet, source="12319", town=stage.town, now=MONDAY)
    officer = await program("officer")
    await officer("POST", "/api/v1/cases", json=CASE, headers={"Idempotency-Key": "12319:x"})
    rows = (await officer("GET", "/api/v1/cases"))[1]["cases"]
    assert {(row["source"], row["origin_number"]) for row in rows} == {
        ("12319", "DH-20260706-001"),
        ("第三方", None),
    }
    number = next(row["id"] for row in rows if row["origin_number"])
    assert (await officer("GET", f"/api/v1/cases/{number}"))[1]["origin_number"] == "DH-20260706-001"
    described = (await officer("GET", "/api/openapi.json"))[1]["components"]["schemas"]["Case"]["properties"]
    assert described["origin_number"]["type"] == ["string", "null"]


async def test_steps_are_taken_in_the_name_of_the_token_with_a_photo(stage, program):
    officer, desk = await program("officer", name="巡检平台"), await program("dispatcher")
    number = (await officer("POST", "/api/v1/cases", json=CASE))[1]["id"]
    steps = f"/api/v1/cases/{number}/steps"
    assert "take" in [row["step"] for row in (await officer("GET", steps))[1]["steps"]]
    assert (await officer("POST", steps, json={"step": "take"}))[1]["state"] == "handling"
    status, told = await officer("POST", steps, json={"step": "hand_back", "note": "换了"})
    assert (status, "照片" in told["error"]["message"]) == (409, True)
    form = aiohttp.FormData()
    form.add_field("photo", photo("修好"), filename="a.jpg", content_type="image/jpeg")
    status, kept = await officer("POST", f"/api/v1/cases/{number}/evidence", data=form)
    assert status == 201
    told = {"step": "hand_back", "note": "换了", "evidence": [kept["id"]]}
    assert (await officer("POST", steps, json=told))[1]["state"] == "handed_back"
    status, done = await desk("POST", steps, json={"step": "verify"})
    assert (status, done["state"]) == (200, "closed")
    assert [row["client"] for row in done["history"] if row["step"] == "take"] == ["巡检平台"]
    assert (await officer("POST", steps, json={"step": "take"}))[0] == 409


async def test_token_of_a_unit_acts_for_that_unit_alone(program):
    other, desk = await program("officer", unit="yuanlin"), await program("dispatcher")
    number = (await desk("POST", "/api/v1/cases", json=CASE))[1]["id"]
    assert (await other("POST", f"/api/v1/cases/{number}/steps", json={"step": "take"}))[0] == 409


async def test_pages_follow_each_other_without_gap_or_double(program):
    officer = await program("officer")
    numbers = [
        (await officer("POST", "/api/v1/cases", json={**CASE, "text": f"井盖 {n}"}))[1]["id"]
        for n in range(7)
    ]
    for sort, expected in (("opened", numbers[::-1]), ("due", numbers)):
        seen, cursor = [], ""
        while True:
            _, page = await officer("GET", f"/api/v1/cases?limit=3&sort={sort}&cursor={cursor}")
            seen += [row["id"] for row in page["cases"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert seen == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=dispatched", 1),
        ("state=closed", 0),
        ("type=manhole,greening", 1),
        ("unit=shizheng&urgent=false", 1),
        ("area=binhu", 1),
        ("area=fuan", 0),
        ("since=2026-07-06T00:00:00Z&until=2026-07-07T00:00:00Z", 1),
        ("until=2026-07-06T00:00:00Z", 0),
        ("source=第三方&late=false", 1),
    ],
)
async def test_list_is_filtered(program, query, found):
    officer = await program("officer")
    await officer("POST", "/api/v1/cases", json=CASE)
    assert len((await officer("GET", f"/api/v1/cases?{query}"))[1]["cases"]) == found


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/cases?limit=0", 422),
        ("/api/v1/cases?state=gone", 422),
        ("/api/v1/cases?since=yesterday", 422),
        ("/api/v1/cases?cursor=abc", 409),
        ("/api/v1/cases/2607069999", 404),
    ],
)
async def test_wrong_questions_are_told_what_is_wrong(program, path, status):
    reader = await program("reader")
    answered, told = await reader("GET", path)
    assert answered == status
    assert told["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"text": "井盖"}, 422, "place"),
        ({"place": {"gcj02": [*HERE]}}, 422, "body"),
        ({**CASE, "type": "nothing"}, 422, "type"),
        ({**CASE, "place": {"gcj02": [200, 120]}}, 422, "place.gcj02"),
        ({**CASE, "extra": 1}, 422, "body"),
        ({**CASE, "place": {"gcj02": [*OUTSIDE]}}, 409, ""),
        ({**CASE, "text": "\x00"}, 422, "body"),
    ],
)
async def test_wrong_case_is_told_what_is_wrong_and_opens_nothing(program, body, status, field):
    officer = await program("officer")
    answered, told = await officer("POST", "/api/v1/cases", json=body)
    assert answered == status
    assert field in [one["field"] for one in told["error"]["fields"]] or not field
    assert await Case.all().count() == 0
