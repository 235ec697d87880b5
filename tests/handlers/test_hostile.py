"""What strangers may send to any address: it is refused or answered, never broken, and the next one is served."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from hostile_inputs import BODIES, HEADER_NAMES, HEADERS, JSON, MULTIPART, PACKED, PARAMETERS, PLAIN, WORDS
from stage import HERE, Stage

from models.access import Access, make_token
from models.cases.tables import Case

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
NOBODY, KEY = "nobody", "key"
CASE = {"type": "manhole", "text": "井盖坏了", "place": {"gcj02": [*HERE]}}


class Wire:
    """Speaks HTTP byte by byte: clients would mend what we want to send."""

    def __init__(self, address):
        self.host, _, port = address.removeprefix("http://").partition(":")
        self.port = int(port)

    async def ask(self, method, target, *, headers=b"", body=b""):
        """Return the status of the answer, 0 for none at all."""
        told = (
            headers
            if b"Transfer-Encoding" in headers or b"Content-Length" in headers
            else (headers + b"Content-Length: %d\r\n" % len(body))
        )
        head = method + b" " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + told + b"\r\n"
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(head + body)
            line = await asyncio.wait_for(reader.readline(), 30)
        except ConnectionError:
            return 0
        finally:
            writer.close()
        return int(line.split()[1]) if line.startswith(b"HTTP/") else 0


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
async def wire(stage):
    return Wire(stage.address)


@pytest.fixture
async def key(stage):
    """The token of somebody who may do everything; a case that exists."""
    clear, _ = await make_token(Access.ADMIN, name="测试", now=MONDAY)
    headers = b"Content-Type: application/json\r\nAuthorization: Bearer " + clear.encode() + b"\r\n"
    wire = Wire(stage.address)
    status = await wire.ask(b"POST", b"/api/v1/cases", headers=headers, body=json.dumps(CASE).encode())
    assert status == 201
    return clear


async def addresses(stage):
    """Every address of the service; numbers of what exists and links that are good are filled in."""
    case = await Case.get_or_none()
    good = {"number": case.number, "delivery": "1"} if case else {}
    links = stage.town.links
    found = []
    for route in stage.app.router.routes():
        shape = route.resource.canonical if route.resource else ""
        if route.method == "HEAD" or not shape:
            continue
        path = shape.replace("{extension}", ".json")
        if case and "/h5/w/" in path:
            await Case.filter(id=case.id).update(contractor="锡城市政")
            token = links.contractor(case.id, "锡城市政", now=MONDAY).rpartition("/")[2]
            path = path.replace("{token}", token)
        for name, value in good.items():
            path = path.replace(f"{{{name}}}", value)
        found.append((route.method.encode(), path))
    assert len(found) > 25
    return found


def fill(path, word):
    """Return the path with ``word`` in each of its variable parts."""
    target = b""
    while "{" in path:
        before, _, path = path.partition("{")
        path = path.partition("}")[2]
        target += before.encode() + word
    return target + path.encode()


def bearer(key):
    return b"Authorization: Bearer " + key.encode() + b"\r\n"


async def check(wire, told, *asked, **options):
    """Ask, and note what is no answer, or one that means that something broke."""
    status = await wire.ask(*asked, **options)
    if not 200 <= status < 500:
        told.append((status, asked[0], asked[1][:60], *(str(value)[:60] for value in options.values())))


async def usable(stage, key):
    """Assert that the database takes and gives as before."""
    status = await Wire(stage.address).ask(
        b"POST",
        b"/api/v1/cases",
        headers=b"Content-Type: application/json\r\n" + bearer(key),
        body=json.dumps(CASE).encode(),
    )
    assert status == 201


async def test_no_word_in_an_address_breaks_anything(stage, wire, key):
    told = []
    for method, path in await addresses(stage):
        if "{" not in path:
            continue
        for word in WORDS.values():
            await check(wire, told, method, fill(path, word), headers=bearer(key))
    assert not told
    await usable(stage, key)


@pytest.mark.parametrize("who", [NOBODY, KEY])
async def test_no_parameter_breaks_anything(stage, wire, key, who):
    told, headers = [], bearer(key) if who == KEY else b""
    for method, path in await addresses(stage):
        if method != b"GET":
            continue
        for word in WORDS.values():
            for few in (PARAMETERS[:11], PARAMETERS[12:23], PARAMETERS[23:]):
                room = few if len(word) * len(few) <= 7000 else few[:1]
                query = b"&".join(name.encode() + b"=" + word for name in room)
                await check(wire, told, method, fill(path, b"1") + b"?" + query, headers=headers)
    assert not told
    await usable(stage, key)


LISTS = {
    "/open311/v2/requests.json": PARAMETERS[:11],
    "/api/v1/cases": PARAMETERS[12:22],
    "/api/v1/deliveries": ("state", "cursor", "limit"),
    "/api/v1/audit": ("before",),
}


@pytest.mark.parametrize("path", LISTS)
async def test_no_value_of_one_parameter_breaks_a_list(stage, wire, key, path):
    told = []
    for name in LISTS[path]:
        for word in WORDS.values():
            target = path.encode() + b"?" + name.encode() + b"=" + word
            await check(wire, told, b"GET", target, headers=bearer(key))
    assert not told
    await usable(stage, key)


async def test_no_header_breaks_anything(stage, wire, key):
    told = []
    for method, path in await addresses(stage):
        for name in HEADER_NAMES:
            for value in HEADERS.values():
                own = b"" if name == b"Authorization" else bearer(key)
                headers = own + name + b": " + value + b"\r\n"
                await check(wire, told, method, fill(path, b"1"), headers=headers)
    assert not told
    await usable(stage, key)


@pytest.mark.parametrize("who", [NOBODY, KEY])
async def test_no_body_breaks_anything(stage, wire, key, who):
    told, headers = [], bearer(key) if who == KEY else b""
    for method, path in await addresses(stage):
        if method == b"GET":
            continue
        target = fill(path, b"1") + (b"?api_key=" + key.encode() if who == KEY else b"")
        for kind, body in BODIES.values():
            await check(
                wire, told, method, target, headers=headers + b"Content-Type: " + kind + b"\r\n", body=body
            )
        for lines, body in PACKED.values():
            for kind in (MULTIPART, PLAIN, JSON, b"text/xml"):
                own = headers + b"Content-Type: " + kind + b"\r\n" + lines
                await check(wire, told, method, target, headers=own, body=body)
    assert not told
    await usable(stage, key)


async def test_no_method_breaks_anything(stage, wire, key):
    told = []
    for _, path in await addresses(stage):
        for method in (b"HEAD", b"OPTIONS", b"PUT", b"PATCH", b"DELETE", b"TRACE", b"FOO"):
            await check(wire, told, method, fill(path, b"1"), headers=bearer(key))
    assert not told
