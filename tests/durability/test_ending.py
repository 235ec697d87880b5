"""A process that is told to end does so within 20 seconds, whatever its callers and its platform do."""

import asyncio
import signal

import pytest
from aiohttp import web
from processes import Service, free_port, migrate

WITHIN = 20.0  # seconds; what systemd and the containers' keepers wait at least


async def half_sent(port, path, *, sent=b"<xml>"):
    """A body that is announced and never comes."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: town\r\nContent-Type: text/xml\r\nContent-Length: 9000\r\n\r\n"
    writer.write(head.encode() + sent)
    await writer.drain()
    return writer


async def half_a_head(port):
    """A request whose head is not even finished."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /wechat HTTP/1.1\r\nHost: to")
    await writer.drain()
    return writer


@pytest.fixture
async def silent_platform(aiohttp_server):
    """A WeChat that takes every call and answers none."""

    async def silence(_request):
        await asyncio.Event().wait()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", silence)
    server = await aiohttp_server(app, shutdown_timeout=0)
    return str(server.make_url("")).rstrip("/")


async def test_end_is_not_held_up_by_bodies_that_never_come(database_url, tmp_path, silent_platform):
    await migrate(tmp_path, database_url)
    port = free_port()
    service = Service(tmp_path, database_url, silent_platform, port)
    await service.start()
    try:
        paths = (
            "/wechat",
            "/wechat?signature=x&timestamp=1&nonce=2",
            "/open311/v2/requests.json",
            "/api/v1/cases",
        )
        held = [await half_sent(port, path) for path in paths for _ in range(5)]
        held += [await half_a_head(port) for _ in range(5)]
        service.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(service.process.wait(), timeout=WITHIN)
    finally:
        await service.kill()
    for writer in held:
        writer.close()
    assert service.process.returncode == 0
