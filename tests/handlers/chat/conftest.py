"""People who talk with the house in tests: the real routes and tables, without HTTP and without the platform."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from tortoise.transactions import in_transaction

from handlers.kit.incoming import Incoming
from handlers.kit.reply import Text
from handlers.kit.scene import Scene
from handlers.routes import answer
from models.cases.actions import open_case
from models.cases.moves import Report
from models.city.city import GcjPoint
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas
from models.classify.faq import FaqFinder
from models.classify.rules import Classifier
from models.classify.tokens import warm
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.links import Links
from models.people import Person
from models.talks import open_talk, save_talk
from models.town import Town

HERE = GcjPoint(31.5560, 120.1450)
KEYS = count(1)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The example city with all its tools."""
    city = load_city(EXAMPLE)
    city.settings["second_look_share"] = 0
    tokenizer = warm(city.dictionary, tmp_path_factory.mktemp("jieba"))
    links = Links("https://town.example", b"key-of-the-tests")
    return Town(city, Atlas(city), Classifier(city, tokenizer), FaqFinder(city, tokenizer), links)


@dataclass
class Talker:
    """Somebody with a phone; every answer is kept whole."""

    town: object
    clock: object
    openid: str
    person: Person = None
    heard: list = field(default_factory=list)

    @property
    def text(self):
        return self.heard[-1].text

    @property
    def labels(self):
        return [choice.label for choice in self.heard[-1].choices]

    async def say(self, text):
        return await self._send(kind="text", text=text)

    async def photo(self):
        return await self._send(kind="image", media_id=f"media-{next(KEYS)}")

    async def voice(self):
        return await self._send(kind="voice", media_id=f"media-{next(KEYS)}")

    async def click(self, key):
        return await self._send(kind="event", event="click", event_key=key)

    async def tap(self, label):
        """Tap the offered answer with this label."""
        [choice] = [choice for choice in self.heard[-1].choices if choice.label == label]
        return await self._send(kind="text", text=label, menu_id=choice.id)

    async def told(self):
        """What is owed to this person, oldest first."""
        return await Delivery.filter(person_id=self.person.id).order_by("id").values_list("text", flat=True)

    async def _send(self, **what):
        now = self.clock.now()
        incoming = Incoming(key=f"m{next(KEYS)}", openid=self.openid, account="gh_town", at=now, **what)
        try:
            async with in_transaction():
                reply = await self._answer(incoming, now)
        except Refusal as refusal:
            reply = Text(refusal.sentence)
        self.heard.append(reply)
        return getattr(reply, "text", "")

    async def _answer(self, incoming, now):
        talk = await open_talk(self.openid, now=now)
        self.person = talk.person
        reply = await answer(Scene(incoming, talk, self.town, now))
        if isinstance(reply, Text):
            self.person.offered = [[choice.id, choice.label] for choice in reply.choices]
            await self.person.save(update_fields=["offered"])
        await save_talk(talk)
        return reply


@pytest.fixture
def talker(database, town, clock):
    """Make somebody; with a role they belong to the staff."""

    async def make(openid, role="", unit="", staff_code=""):
        fields = {"roles": [role], "is_staff": True, "unit": unit, "staff_code": staff_code} if role else {}
        person = await Person.create(openid=openid, name=openid, created_at=clock.now(), **fields)
        return Talker(town, clock, openid, person)

    return make


@pytest.fixture
async def citizen(talker):
    return await talker("王阿姨")


@pytest.fixture
async def stranger(talker):
    return await talker("老张")


@pytest.fixture
async def officer(talker):
    return await talker("强卫平", "officer", "shizheng", "s71")


@pytest.fixture
async def dispatcher(talker):
    return await talker("顾明远", "dispatcher", "zhihui", "s01")


@pytest.fixture
def report(town, clock, citizen):
    """Open a case of the citizen's, as a finished report does."""

    async def make(text="井盖坏了，一走就响", *, kind="manhole", by=citizen, point=HERE, **more):
        asked = Report(type=kind, text=text, point=point, address="胡埭路 12 号", **more)
        return await open_case(asked, reporter=by.person, town=town, now=clock.now())

    return make


@pytest.fixture
def later(clock):
    """Let time pass."""

    def move(**length):
        clock.moment += timedelta(**length)

    return move
