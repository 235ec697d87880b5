"""What the exchange is tested with: the example city, both databases, a Monday noon, one system and its bodies."""

import json
from datetime import UTC, datetime

import pytest
from tortoise import Tortoise
from tortoise.transactions import in_transaction

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.tables import CaseEvent
from models.city.city import GcjPoint
from models.database import close_database, open_database
from models.exchange.actions import add_subscriber, add_system
from models.exchange.owing import queue_transfers
from models.people import Person

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in the town
HERE = [31.5560, 120.1450]  # GCJ-02, on 胡埭路


@pytest.fixture
def now():
    return NOON


@pytest.fixture
async def database(database_url):
    kept = await open_database(database_url)
    await Tortoise.generate_schemas()
    yield kept
    await close_database(kept)


@pytest.fixture
async def system(database):
    return await add_system("toudao", "偷倒监控平台", source="第三方", now=NOON)


@pytest.fixture
def body():
    """The bytes of a camera's alarm, with other fields where a test asks for them; None leaves one out."""

    def make(**fields):
        told = {
            "type": "construction_waste",
            "text": "摄像头 12 号发现一辆车在路边倾倒渣土",
            "place": {"gcj02": HERE},
        }
        return json.dumps({k: v for k, v in (told | fields).items() if v is not None}).encode()

    return make


@pytest.fixture
def subscribe(database, stage_town):
    async def add(name="民呼我应", **wanted):
        return await add_subscriber(
            name, "https://receiver.example/hook", city=stage_town.city, now=NOON, **wanted
        )

    return add


@pytest.fixture
def open_here(database, stage_town):
    """Open a case of somebody who must stay unknown."""

    async def make(**told):
        known = {"name": "王阿姨本人", "staff_code": "13912345678", "created_at": NOON}
        reporter, _ = await Person.get_or_create(openid="openid-of-the-reporter", defaults=known)
        report = {"type": "manhole", "text": "井盖坏了，我电话 13912345678", "point": GcjPoint(*HERE)} | told
        return await open_case(Report(**report), reporter=reporter, town=stage_town, now=NOON)

    return make


@pytest.fixture
def add_step():
    """Write one more row into the history of a case, as it stands."""

    async def add(case, *, step="note", note=""):
        case.steps += 1
        return await CaseEvent.create(
            case_id=case.id, seq=case.steps, at=NOON, step=step, state=case.state, role="rule", note=note
        )

    return add


@pytest.fixture
def owe_all(stage_town):
    """Owe every step of a case, each in a transaction, as taking the steps does."""

    async def owe(case, *, now=NOON, since=1):
        for event in await CaseEvent.filter(case_id=case.id, seq__gte=since).order_by("seq"):
            async with in_transaction():
                await queue_transfers(case, event, stage_town, now=now)

    return owe
