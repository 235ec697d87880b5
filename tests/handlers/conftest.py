"""What pages and API are tested with: the example city, a database of its own, a clock that stands still."""

from datetime import UTC, datetime, timedelta

import pytest
from tortoise import Tortoise

from models.cases.tables import Case
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas
from models.database import close_database, open_database
from models.links import Links
from models.people import Person
from models.town import Town

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in the town


class StandingClock:
    """Tells the time that a test sets."""

    def __init__(self, moment):
        self.moment = moment

    def now(self):
        return self.moment


@pytest.fixture(scope="session")
def town():
    """The example city; nothing here asks what a text is about, so it has no classifier."""
    city = load_city(EXAMPLE)
    links = Links("https://town.example", b"key-of-the-tests")
    return Town(city=city, atlas=Atlas(city), classifier=None, faq=None, links=links)


@pytest.fixture
def clock():
    return StandingClock(NOON)


@pytest.fixture
async def database(sqlite_url):
    kept = await open_database(sqlite_url)
    await Tortoise.generate_schemas()
    yield kept
    await close_database(kept)


@pytest.fixture
def make_person(database):
    async def make(name="", **fields):
        count = await Person.all().count()
        return await Person.create(**{"openid": f"person-{count}", "name": name, "created_at": NOON} | fields)

    return make


@pytest.fixture
def make_case(database):
    async def make(**fields):
        count = await Case.all().count() + 1
        opened = fields.get("opened_at", NOON - timedelta(hours=count))
        kept = {
            "number": f"260706{count:04d}",
            "state": "handling",
            "type": "manhole",
            "text": "井盖坏了",
            "address": "胡埭路125号门口",
            "lat": 31.5560,
            "lng": 120.1450,
            "unit": "shizheng",
            "opened_at": opened,
            "due_at": opened + timedelta(hours=2),
            "changed_at": opened + timedelta(minutes=5),
        }
        return await Case.create(**kept | fields)

    return make
