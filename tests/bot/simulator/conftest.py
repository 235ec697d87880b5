"""A simulator with a tiny service behind it, and a door to its API."""

from datetime import UTC, datetime

import pytest
from aiohttp import web
from simulator_parts import AES_KEY, APPID, NOTICES, SECRET, TEMPLATES, TOKEN, Api, Service

from bot.simulator.app import Simulator
from bot.simulator.clock import SimClock


@pytest.fixture
async def service(aiohttp_server):
    service = Service()
    app = web.Application()
    app.router.add_post("/wechat", service.handle)
    server = await aiohttp_server(app)
    service.url = str(server.make_url("/wechat"))
    yield service
    service.released.set()


@pytest.fixture
def clock():
    return SimClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def sim(service, clock):
    return Simulator(
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        push_url=service.url,
        clock=clock,
        push_timeout=2.0,
        templates=TEMPLATES,
        notices=NOTICES,
        city_geojson={
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Point", "coordinates": [120.1, 31.5]},
                }
            ],
        },
    )


@pytest.fixture
async def door(sim, aiohttp_client):
    return await aiohttp_client(sim.application())


@pytest.fixture
async def api(door):
    api = Api(door)
    api.token = (await api.stable())["access_token"]
    return api


@pytest.fixture
async def wang(sim, door):
    phone = sim.phone("王阿姨")
    await phone.follow()
    return phone
