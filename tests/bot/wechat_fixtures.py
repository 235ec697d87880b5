"""Fixtures of the tests of the WeChat side: a stub of the platform, a database with the tokens, a client."""

import pytest
from aiohttp.test_utils import TestServer
from platform_stub import Minute, PlatformStub, Sleeps
from tortoise import Tortoise

from bot.wechat import AsyncWeChat


@pytest.fixture
async def database(tmp_path):
    kept = await Tortoise.init(
        db_url=f"sqlite://{tmp_path}/tokens.sqlite3",
        modules={"models": ["models.tokens", "models.deliveries.stops"]},
        _enable_global_fallback=True,
    )
    with kept:
        await Tortoise.generate_schemas()
        yield kept
    await kept.close_connections()


@pytest.fixture
def clock():
    return Minute()


@pytest.fixture
def sleeps():
    return Sleeps()


@pytest.fixture
async def platform():
    stub = PlatformStub()
    server = TestServer(stub.app())
    await server.start_server()
    stub.base = str(server.make_url("")).rstrip("/")
    yield stub
    stub.quiet.set()
    await server.close()


@pytest.fixture
async def open_client(database, platform, clock, sleeps):
    opened = []

    def make(**kwargs):
        options = {"clock": clock, "base": platform.base, "sleep": sleeps} | kwargs
        opened.append(AsyncWeChat("wx0123456789abcdef", "SECRET-OF-TEST", **options))
        return opened[-1]

    yield make
    for client in opened:
        await client.close()


@pytest.fixture
def wechat(open_client):
    return open_client()
