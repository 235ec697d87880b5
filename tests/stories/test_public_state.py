"""Open311 says of every state whether it is open or closed, and never whose case it is."""

import aiohttp
import pytest
from hearing import cast, report, state_of
from stage import HERE, photo

from models.cases.public import STATES
from models.deliveries.tables import Delivery
from models.evidence import Evidence
from models.people import Person

PHONE, ROOM = "13812345678", "502室"
WORDS = f"路边的井盖坏了，一走就响，我电话 {PHONE}，住 3 号楼 {ROOM}"
PHOTO = "(photo)"
TAKE, DONE = ("officer", "接单 {n}"), ("officer", "办结 {n} 已换新，户主电话 13987654321")
CLOSE = (TAKE, DONE, ("officer", PHOTO), ("desk", "核查通过 {n}"))
AGAIN = (DONE, ("officer", PHOTO), ("desk", "核查通过 {n}"))
BACK = ("officer", "退回 {n} 该物业管")

ROUTES = {
    "dispatched": ("open", ()),
    "handling": ("open", (TAKE,)),
    "asking": ("open", (TAKE, ("officer", "问 {n} 是靠马路那个吗？"))),
    "suspended": ("open", (TAKE, ("officer", "暂缓 {n} 7月20日 等管线迁改"), ("desk", "同意 {n}"))),
    "returned": ("open", (BACK,)),
    "split": ("open", (("desk", "拆分 {n} 环卫所、市政养护队"),)),
    "handed_back": ("open", (TAKE, DONE, ("officer", PHOTO))),
    "disputed": ("open", (*CLOSE, ("reporter", "不满意 还响"), *AGAIN, ("reporter", "不满意 又响了"))),
    "closed": ("closed", CLOSE),
    "rated": ("closed", (*CLOSE, ("reporter", "满意"))),
    "rejected": ("closed", (BACK, ("desk", "不受理 {n} 小区内的由物业维修"))),
    "withdrawn": ("closed", (("reporter", "撤回"), ("reporter", "1"))),
}


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


async def read(stage, number):
    """Return the case as Open311 shows it, and all that it says in both forms."""
    address = f"{stage.address}/open311/v2/requests/{number}"
    async with aiohttp.ClientSession() as client:
        async with client.get(address + ".json") as answer:
            (row,), told = await answer.json(), await answer.text()
        async with client.get(address + ".xml") as answer:
            return row, told + await answer.text()


async def walk(stage, town, case, route):
    """Take the steps of that route, in the words of who takes them."""
    for name, words in route:
        phone = town.phones[name]
        await (phone.photo(photo("修好")) if words == PHOTO else phone.say(words.format(n=case.number)))
        await stage.run_jobs()


async def private_words():
    """Return what leads to a person or to a picture, as it is kept at this moment."""
    people = [text for person in await Person.all() for text in (person.openid, person.name) if text]
    pictures = [
        text for piece in await Evidence.all() for text in (piece.digest, piece.media_id, piece.url) if text
    ]
    links = [delivery.url for delivery in await Delivery.exclude(url="")]
    return [*people, *pictures, *links, PHONE, "13987654321", "502"]


@pytest.mark.parametrize("state", ROUTES)
async def test_state_is_told_as_open_or_closed_and_without_a_person(stage, town, state):
    status, route = ROUTES[state]
    case = await report(town.reporter, WORDS, HERE)
    await walk(stage, town, case, route)
    assert await state_of(case) == state
    row, told = await read(stage, case.number)
    assert (row["status"], row["media_url"]) == (status, None)
    assert state in STATES[status]
    assert row["status_notes"] not in {"", state}
    assert not [word for word in await private_words() if word in told]


async def test_status_follows_the_case_there_and_back(stage, town):
    case = await report(town.reporter, WORDS, HERE)
    await walk(stage, town, case, CLOSE)
    assert (await read(stage, case.number))[0]["status"] == "closed"
    await walk(stage, town, case, [("reporter", "不满意 还响")])
    assert (await read(stage, case.number))[0]["status"] == "open"


async def test_question_to_a_person_is_nobody_elses_business(stage, town):
    said = await town.reporter.say("人工 我家门口雨棚的事")
    number = said.text.split("编号 ")[1][:10]
    address = f"{stage.address}/open311/v2/requests/{number}.json"
    async with aiohttp.ClientSession() as client, client.get(address) as answer:
        assert answer.status == 404
        assert "雨棚" not in await answer.text()


async def test_merged_case_is_closed_once_its_main_case_is(stage, town):
    main = await report(town.reporter, WORDS, HERE)
    case = await report(town.joined, "人行道上一个井盖松动", (HERE[0] + 0.002, HERE[1]))
    await walk(stage, town, case, [("desk", f"合并 {case.number} {main.number}")])
    assert (await read(stage, case.number))[0]["status"] == "open"
    await walk(stage, town, main, CLOSE)
    assert (await read(stage, case.number))[0]["status"] == "closed"
