"""A closed case with its people and pictures, and the pages that show it."""

import hashlib
import io
from datetime import timedelta

import pytest
from aiohttp import web
from PIL import Image

from handlers.pages import case, look, privacy
from handlers.web import CLOCK, STORE, TOWN
from models.cases.tables import CaseEvent, Following
from models.evidence import Evidence, Keeping
from models.lifecycle import Role


class PictureStore:
    """Keeps pictures in memory, under the hash of their content."""

    def __init__(self):
        self.kept = {}

    def add(self, content):
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def read(self, digest):
        if digest not in self.kept:
            raise FileNotFoundError(digest)
        return self.kept[digest]

    async def small(self, digest):
        picture = Image.open(io.BytesIO(self.read(digest)))
        picture.thumbnail((80, 80))
        return jpeg(picture)


def jpeg(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def store():
    return PictureStore()


@pytest.fixture
async def client(aiohttp_client, database, town, clock, store):
    app = web.Application()
    app[TOWN], app[CLOCK], app[STORE] = town, clock, store
    look.setup(app)
    app.add_routes([*case.routes(), *privacy.routes()])
    return await aiohttp_client(app)


class Scene:
    """One case with its reporter, a follower and an officer, and what has happened to it."""

    def __init__(self, case, people, store, town, clock):
        self.case, self.store, self.town, self.clock = case, store, town, clock
        self.reporter, self.follower, self.officer, self.stranger = people
        self.minutes = 0

    async def step(self, step, role, person=None, note="", state="handling"):
        """Append a step, five minutes after the one before."""
        self.minutes += 5
        return await CaseEvent.create(
            case_id=self.case.id,
            at=self.case.opened_at + timedelta(minutes=self.minutes),
            step=step,
            state=state,
            role=role,
            person_id=person.id if person else None,
            note=note,
        )

    async def picture(self, event, person, stage, *, shade, **fields):
        """Keep a picture of one shade as evidence of a step."""
        digest = self.store.add(jpeg(Image.new("RGB", (320, 240), shade)))
        kept = {"state": Keeping.KEPT, "digest": digest, "mime": "image/jpeg", "kind": "image"}
        return await Evidence.create(
            person_id=person.id,
            case_id=self.case.id,
            event_id=event.id,
            stage=stage,
            due_at=event.at,
            at=event.at,
            **kept | fields,
        )

    async def move(self, state, **fields):
        """Put the case into a state."""
        self.case.update_from_dict({"state": state, **fields})
        await self.case.save()

    async def close(self):
        """Hand back with a picture and close."""
        event = await self.step("hand_back", Role.OFFICER, self.officer, "已换新井盖，电话 13900001111")
        piece = await self.picture(event, self.officer, "after", shade="green")
        await self.step("close", Role.DISPATCHER, None)
        await self.move("closed", closed_at=self.clock.now())
        return piece

    def link(self, person):
        """Return the path of the link in this person's chat."""
        address = self.town.links.case(self.case.id, person.id, now=self.clock.now())
        return address.removeprefix(self.town.links.base)


@pytest.fixture
async def scene(make_case, make_person, store, town, clock):
    people = [
        await make_person("王小明"),
        await make_person("李大妈"),
        await make_person("陈队员", is_staff=True, roles=["officer"], unit="shizheng"),
        await make_person("路人甲"),
    ]
    case = await make_case(
        reporter_id=people[0].id, text="井盖坏了，打我电话 13812345678", followers=1, handler_id=people[2].id
    )
    scene = Scene(case, people, store, town, clock)
    await Following.create(case_id=case.id, person_id=scene.follower.id, at=clock.now())
    event = await scene.step("report", Role.REPORTER, scene.reporter, case.text, "reported")
    scene.before = await scene.picture(event, scene.reporter, "before", shade="red")
    await scene.step("join", Role.CITIZEN, scene.follower, "我也差点摔了，我住502室")
    await scene.step("take", Role.OFFICER, scene.officer)
    return scene
