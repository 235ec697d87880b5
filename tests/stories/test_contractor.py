"""An outside contractor handles a case by a link, without an account."""

import io
import re

import aiohttp
import pytest
from stage import HERE, photo

from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence

WORDS = "路边的井盖坏了，一走就响，怕摔着人，电话 13812345678"


@pytest.fixture
async def work(stage):
    """The link to a case that was entrusted, and the case."""
    phone, officer = await stage.citizen(), await stage.officer()
    await stage.dispatcher()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await phone.say("提交")
    await stage.run_jobs()
    case = await Case.get()
    await officer.say(f"接单 {case.number}")
    said = await officer.say(f"委托 {case.number} 锡城市政公司")
    return re.search(r"https?://\S+(/h5/w/\S+)", said.text).group(1), case


async def send(stage, path, *, note="换了新井盖", picture=None):
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("note", note)
    if picture is not None:
        form.add_field("photo", io.BytesIO(picture), filename="a.jpg", content_type="image/jpeg")
    async with aiohttp.ClientSession() as client, client.post(stage.address + path, data=form) as answer:
        return answer.status, await answer.text()


async def look(stage, path):
    async with aiohttp.ClientSession() as client, client.get(stage.address + path) as answer:
        return answer.status, await answer.text()


async def test_contractor_sees_the_case_and_hands_it_back_with_a_photo(stage, work):
    path, case = work
    status, page = await look(stage, path)
    assert status == 200
    assert case.number in page
    assert "13812345678" not in page
    status, page = await send(stage, path, picture=photo("修好"))
    assert (status, "交上去了" in page) == (200, True)
    await case.refresh_from_db()
    event = await CaseEvent.get(case_id=case.id, step="hand_back")
    assert (case.state, event.role, event.client) == ("handed_back", "contractor", "锡城市政公司")
    assert await Evidence.filter(event_id=event.id, stage="after").count() == 1
    assert "不用您办了" in (await look(stage, path))[1]


async def test_what_is_missing_is_asked_for_and_the_words_are_kept(stage, work):
    path, case = work
    status, page = await send(stage, path, note="换了新井盖盖")
    assert (status, "换了新井盖盖" in page) == (400, True)
    async with aiohttp.ClientSession() as client, client.post(stage.address + path, data=b"x=1") as answer:
        assert answer.status == 400
    status, page = await send(stage, path, picture=b"no picture")
    assert (status, "不是照片" in page) == (400, True)
    status, page = await send(stage, path, picture=b"x" * (11 * 1024 * 1024))
    assert (status, "太大" in page) == (413, True)
    await case.refresh_from_db()
    assert case.state == "handling"


async def test_link_shows_no_photo_and_keeps_none_once_the_work_is_over(stage, work):
    path, _ = work
    shown = re.search(r'"([^"]+/photo/[0-9a-f]{64})"', (await look(stage, path))[1]).group(1)
    async with aiohttp.ClientSession() as client:
        async with client.get(stage.address + shown) as answer:
            assert answer.status == 200
        assert (await send(stage, path, picture=photo("修好")))[0] == 200
        async with client.get(stage.address + shown) as answer:
            assert answer.status == 404
    pieces, files = await Evidence.all().count(), len(list((stage.folder / "data").rglob("*")))
    for turn in range(5):
        assert (await send(stage, path, picture=photo(f"又一张 {turn}")))[0] == 409
    assert await Evidence.all().count() == pieces
    assert len(list((stage.folder / "data").rglob("*"))) == files, "nothing that was refused is kept"


@pytest.mark.parametrize("state", ["suspended", "asking", "returned", "merged"])
async def test_link_keeps_nothing_while_the_work_rests(stage, work, state):
    path, case = work
    await Case.filter(id=case.id).update(state=state)
    pieces = await Evidence.all().count()
    assert (await send(stage, path, picture=photo("修好")))[0] == 409
    assert await Evidence.all().count() == pieces


async def test_link_of_another_contractor_or_a_forged_one_opens_nothing(stage, work):
    path, case = work
    assert (await look(stage, path[:-2] + "xx"))[0] == 403
    await Case.filter(id=case.id).update(contractor="别家")
    assert (await look(stage, path))[0] == 403
    assert (await send(stage, path, picture=photo()))[0] == 403
