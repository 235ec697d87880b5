"""Where a photo is asked for, a photo it is; and no photo of the work gets lost into something else."""

import re
from io import BytesIO

import aiohttp
import pytest
from heic_samples import HEIC_FILES
from owing import said_to
from picture_samples import exif_of, with_segment
from picture_samples import photo as picture
from recording_samples import AMR, ID3, MP3, MP4, XYZ, video
from stage import HERE, photo

from models.access import Access, make_token
from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence, Keeping

WORDS = "路边的井盖坏了，一走就响"
OTHERS = {"a song": ID3 + MP3, "a voice": AMR, "a film": video(in_moov=(XYZ,)), "a bare film": MP4}
OTHERS |= {"what only looks like a song": ID3 + bytes(300), "like a film": b"\0\0\0\x18ftypmp42" + bytes(200)}
WRONG_TAGS = with_segment(picture(), exif_of((0x0112, 2, 4, 0x36), (0x8825, 2, 4, 0x41), (0x011A, 2, 9, 8)))
PHOTOS = {
    "heic": HEIC_FILES["TURNED"],
    "avif": picture("AVIF"),
    "wrong tags": WRONG_TAGS,
    "short of its last bytes": photo()[:-50],
}


async def opened(stage, phone, words=WORDS):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(words)
    await phone.say("提交")
    await stage.run_jobs()
    return await Case.all().order_by("-id").first()


@pytest.fixture
async def work(stage):
    """A citizen, an officer with a case in hand, and the case."""
    phone, officer = await stage.citizen(), await stage.officer()
    await stage.dispatcher()
    case = await opened(stage, phone)
    await officer.say(f"接单 {case.number}")
    return phone, officer, case


async def state_of(case):
    return (await Case.get(id=case.id)).state


async def proofs_of(case):
    return await Evidence.filter(case_id=case.id, stage="after").count()


@pytest.mark.parametrize("send", ["video", "voice"])
async def test_film_or_voice_alone_hands_nothing_back_in_chat(stage, work, send):
    _, officer, case = work
    await officer.say("办结 已换新井盖")
    said = (await getattr(officer, send)(MP4 if send == "video" else AMR)).text
    assert "照片" in said
    assert await state_of(case) == "handling"
    await officer.photo(photo("修好"))
    assert await state_of(case) == "handed_back"
    assert await proofs_of(case) == (2 if send == "video" else 1)


async def test_film_first_and_words_then_still_asks_for_the_photo(stage, work):
    _, officer, case = work
    await officer.video(MP4)
    await officer.say("1")
    said = (await officer.say("已换新井盖")).text
    assert "照片" in said
    assert case.number in said
    assert await state_of(case) == "handling"


async def test_photo_that_got_lost_before_the_words_is_asked_for_again(stage, work):
    _, officer, case = work
    await officer.say("办结")
    await officer.photo(MP3)
    await stage.run_jobs()
    assert "不是照片" in officer.last_text
    assert "照片" in (await officer.say("已换新井盖")).text
    assert await state_of(case) == "handling"
    await officer.photo(photo("修好"))
    assert await state_of(case) == "handed_back"


async def send(stage, path, content, *, name="photo", fields=(), headers=None):
    form = aiohttp.FormData(default_to_multipart=True)
    for field, value in dict(fields).items():
        form.add_field(field, value)
    form.add_field(name, BytesIO(content), filename="a.jpg", content_type="image/jpeg")
    async with (
        aiohttp.ClientSession() as client,
        client.post(stage.address + path, data=form, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
async def test_contractor_with_something_else_is_asked_for_a_photo(stage, work, content):
    _, officer, case = work
    said = await officer.say(f"委托 {case.number} 锡城市政公司")
    path = re.search(r"https?://\S+(/h5/w/\S+)", said.text).group(1)
    status, page = await send(stage, path, content, fields={"note": "换了新井盖"})
    assert (status, "不是照片" in page, "换了新井盖" in page) == (400, True, True)
    assert await state_of(case) == "handling"
    for sent in PHOTOS.values():
        status, page = await send(stage, path, sent, fields={"note": "换了新井盖"})
        assert status in {200, 409}, page
    assert await state_of(case) == "handed_back"


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
async def test_program_with_something_else_is_told_so(stage, work, content):
    *_, case = work
    clear, _ = await make_token(Access.OFFICER, now=stage.clock.now())
    path, headers = f"/api/v1/cases/{case.number}/evidence", {"Authorization": f"Bearer {clear}"}
    status, told = await send(stage, path, content, headers=headers)
    assert (status, "bad_photo" in told, "不是照片" in told) == (422, True, True)
    for sent in PHOTOS.values():
        assert (await send(stage, path, sent, headers=headers))[0] == 201


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
async def test_open311_client_with_something_else_is_told_so(stage, content):
    clear, _ = await make_token(Access.OFFICER, now=stage.clock.now())
    fields = {
        "api_key": clear,
        "service_code": "manhole",
        "address_string": "胡埭路12号",
        "description": WORDS,
    }
    path = "/open311/v2/requests.json"
    status, told = await send(stage, path, content, name="media", fields=fields)
    assert (status, "不是照片" in told) == (400, True)
    assert await Case.all().count() == 0
    for sent in PHOTOS.values():
        assert (await send(stage, path, sent, name="media", fields=fields))[0] == 201
    assert await Evidence.filter(state=Keeping.KEPT, mime="image/jpeg").count() == len(PHOTOS)


@pytest.mark.parametrize("content", PHOTOS.values(), ids=PHOTOS)
async def test_photo_of_any_phone_reaches_the_case_in_chat(stage, work, content):
    _, officer, case = work
    await officer.say("办结 已换新井盖")
    await officer.photo(content)
    await stage.run_jobs()
    assert await state_of(case) == "handed_back"
    piece = await Evidence.get(case_id=case.id, stage="after")
    assert (piece.state, piece.kind, piece.mime) == (Keeping.KEPT, "image", "image/jpeg")


async def test_taking_the_next_case_ends_the_two_minutes(stage, work):
    phone, officer, case = work
    await officer.say("办结 已换新井盖")
    await officer.photo(photo("修好"))
    following = await opened(stage, phone, "胡埭路的路灯不亮，晚上一片黑")
    await Case.filter(id=following.id).update(unit="shizheng", assignee_id=None)
    await officer.say(f"接单 {following.number}")
    said = (await officer.photo(photo("灯亮了"))).text
    assert "哪一件" in said
    assert await proofs_of(case) == 1, "it is no further proof of the one before"
    await officer.say("1")
    await officer.say("换了灯泡")
    assert await state_of(following) == "handed_back"
    assert await proofs_of(following) == 1


async def test_photo_for_a_rework_goes_to_the_rework(stage, work):
    _, officer, case = work
    desk = await stage.dispatcher("老顾")
    await officer.say("办结 已换新井盖")
    await officer.photo(photo("修好"))
    await desk.say(f"没处理好 {case.number} 井盖还在响")
    assert await state_of(case) == "handling"
    said = (await officer.photo(photo("又修"))).text
    assert "哪一件" in said
    await officer.say("1")
    await officer.say("重新垫平了")
    assert await state_of(case) == "handed_back"
    assert await CaseEvent.filter(case_id=case.id, step="hand_back").count() == 2
    assert await Evidence.filter(case_id=None).count() == 0, "no photo lies in a report of nobody's"


async def handed_back_with(stage, officer, content):
    await officer.say("办结 已换新井盖")
    await officer.photo(content)


@pytest.mark.parametrize("content", [MP3, ID3 + bytes(300), b"no picture at all", photo()[:300]])
async def test_hand_back_whose_only_photo_never_came_is_taken_back(stage, work, content):
    phone, officer, case = work
    await handed_back_with(stage, officer, content)
    assert await state_of(case) == "handed_back"
    await stage.run_jobs()
    assert await state_of(case) == "handling"
    assert "还不能算办完" in officer.last_text
    assert not [text for text in said_to(stage, officer) if "您发的照片没能收下" in text], "told once"
    assert "没处理好" not in phone.last_text, "who reported it need not hear of it"
    await officer.say(f"办结 {case.number} 已换新井盖")
    await officer.photo(photo("修好"))
    await stage.run_jobs()
    assert await state_of(case) == "handed_back"


async def test_photo_sent_right_after_that_hands_it_back(stage, work):
    _, officer, case = work
    await handed_back_with(stage, officer, MP3)
    await stage.run_jobs()
    assert "哪一件" in (await officer.photo(photo("修好"))).text
    await officer.say("1")
    await officer.say("已换新井盖")
    await stage.run_jobs()
    assert await state_of(case) == "handed_back"


async def test_hand_back_with_another_photo_stands(stage, work):
    _, officer, case = work
    await handed_back_with(stage, officer, MP3)
    await officer.photo(photo("修好"))
    await stage.run_jobs()
    assert await state_of(case) == "handed_back"
    assert [text for text in said_to(stage, officer) if "您发的照片没能收下" in text]


async def test_photo_of_an_earlier_hand_back_proves_no_later_one(stage, work):
    _, officer, case = work
    desk = await stage.dispatcher("老顾")
    await handed_back_with(stage, officer, photo("修好"))
    await stage.run_jobs()
    await desk.say(f"没处理好 {case.number} 井盖还在响")
    await officer.say(f"办结 {case.number} 重新垫平了")
    await officer.photo(MP3)
    await stage.run_jobs()
    assert await state_of(case) == "handling"
