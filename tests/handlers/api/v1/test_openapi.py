"""The description holds what the API does: schemathesis plays programs that try everything."""

import json
from datetime import UTC, datetime

import aiohttp
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from stage import HERE, Stage

from models.access import Access, make_token

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
async def stage(stage_town, sqlite_url, tmp_path):
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
async def ask(stage):
    """Call the API with an administrator's token; return the status, the type and the body."""
    clear, _ = await make_token(Access.ADMIN, now=MONDAY)

    async def call(method, path, **more):
        headers = {"Authorization": f"Bearer {clear}", **more.pop("headers", {})}
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, stage.address + path, headers=headers, **more) as answer,
        ):
            return answer.status, answer.content_type, await answer.text()

    return call


async def test_description_is_open_to_all_and_names_every_path(stage):
    async with aiohttp.ClientSession() as client, client.get(f"{stage.address}/api/openapi.json") as answer:
        told = await answer.json()
    assert (answer.status, told["openapi"]) == (200, "3.1.0")
    served = {
        route.resource.canonical
        for route in stage.app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/v1")
    }
    assert served == set(told["paths"])


async def test_no_call_breaks_the_api_and_every_answer_fits_the_description(ask):
    opened = {"text": "井盖坏了", "type": "manhole", "place": {"gcj02": [*HERE]}}
    number = json.loads((await ask("POST", "/api/v1/cases", json=opened))[2])["id"]
    description = json.loads((await ask("GET", "/api/openapi.json"))[2])
    calls = []
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        generate(result.ok().as_strategy(), calls.append)
    assert len(calls) > 80
    for turn, case in enumerate(calls):
        if "number" in case.path_parameters and turn % 3:
            case.path_parameters["number"] = number  # else hardly any call would find a case
        await check(ask, case, description)


def generate(strategy, take):
    """Hand a fixed choice of what the strategy makes to ``take``."""

    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case):
        take(case)

    run()


async def check(ask, case, description):
    """Make one call and hold its answer against the description."""
    sent = case.as_transport_kwargs(base_url="http://here")
    path = sent["url"].removeprefix("http://here")
    body = {name: sent[name] for name in ("json", "data") if sent.get(name) is not None}
    headers = {name: value for name, value in (sent.get("headers") or {}).items() if "\n" not in value}
    headers.pop("User-Agent", None)
    params = [(name, str(value)) for name, value in (sent.get("params") or {}).items()]
    status, kind, text = await ask(case.method, path, params=params, headers=headers, **body)
    told = description["paths"][case.path][case.method.lower()]["responses"]
    assert status < 500, (case.method, path, body, text)
    assert str(status) in told or status in {400, 404, 405, 413}, (case.method, path, status, text)
    if str(status) in told:
        assert kind == "application/json"
        schema = told[str(status)]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": description["components"]}).validate(json.loads(text))
