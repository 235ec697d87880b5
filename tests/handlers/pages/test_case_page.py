"""A case's page shows each reader what is theirs to see, and nobody who reported it."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from handlers.pages.case_words import NEXT, STATES, STEPS
from models.cases.reading import Reading
from models.cases.states import STATE_NAMES, STEP_NAMES
from models.evidence import Keeping
from models.lifecycle import Role
from models.links import LINK_LIFE, Links
from models.people import forget_person


@pytest.fixture
def page(client):
    async def get(path, status=200):
        answer = await client.get(path)
        text = await answer.text()
        assert answer.status == status, text
        return text

    return get


async def test_reporter_reads_where_the_case_stands_and_what_to_do(page, scene):
    text = await page(scene.link(scene.reporter))
    for words in (
        scene.case.number,
        "井盖管线",
        "有人在处理",
        "胡埭路125号门口",
        "今天13:00前办好",
        "回复「催办」",
    ):
        assert words in text
    assert "13812345678" in text  # their own words
    assert "您反映了这件事" in text
    assert scene.town.city.units["shizheng"].name + "接单" in text


async def test_times_are_those_of_the_town(page, scene):
    text = await page(scene.link(scene.reporter))
    assert "今天11:05" in text
    assert 'datetime="2026-07-06T03:05:00+00:00"' in text


async def test_follower_reads_words_without_what_leads_to_a_person(page, scene):
    text = await page(scene.link(scene.follower))
    assert "井盖坏了" in text
    assert "13812345678" not in text
    assert "有人反映了这件事" in text
    assert "您也遇到了" in text
    assert "502室" in text  # what they added themselves


async def test_reporter_does_not_read_what_others_added(page, scene):
    text = await page(scene.link(scene.reporter))
    assert "又有一位市民也遇到了" in text
    assert "差点摔了" not in text


async def test_staff_read_words_and_notes_but_not_who_reported(page, scene):
    text = await page(scene.link(scene.officer))
    assert "13812345678" in text
    assert "差点摔了" in text
    assert f"办结 {scene.case.number}" in text
    assert "还剩 1 小时" in text
    for person in (scene.reporter, scene.follower):
        assert person.name not in text
        assert person.openid not in text


@pytest.mark.parametrize("reader", ["reporter", "follower", "officer"])
async def test_no_reader_finds_a_name(page, scene, reader):
    await scene.close()
    text = await page(scene.link(getattr(scene, reader)))
    for person in (scene.reporter, scene.follower, scene.officer):
        assert person.name not in text


async def test_photos_stand_side_by_side_once_the_work_was_checked(page, scene):
    after = await scene.close()
    text = await page(scene.link(scene.reporter))
    assert text.index(scene.before.digest) < text.index(after.digest)
    assert "已换新井盖" in text
    assert "13900001111" not in text
    assert "回复「不满意」" in text


async def test_work_that_was_not_checked_yet_is_shown_to_staff_alone(page, scene):
    event = await scene.step("hand_back", Role.OFFICER, scene.officer, "换好了", "handed_back")
    after = await scene.picture(event, scene.officer, "after", shade="blue")
    await scene.move("handed_back")
    assert after.digest in await page(scene.link(scene.officer))
    text = await page(scene.link(scene.reporter))
    assert after.digest not in text
    assert "换好了" not in text
    assert "已处理，正在核查" in text


async def test_work_that_failed_its_check_is_never_shown_as_done(page, scene):
    event = await scene.step("hand_back", Role.OFFICER, scene.officer, "糊弄一下", "handed_back")
    failed = await scene.picture(event, scene.officer, "after", shade="blue")
    await scene.step("fail", Role.DISPATCHER, None, "还在晃")
    after = await scene.close()
    text = await page(scene.link(scene.reporter))
    assert failed.digest not in text
    assert "还在晃" not in text
    assert after.digest in text


async def test_photo_added_after_handing_back_is_part_of_the_work(page, scene):
    await scene.step("hand_back", Role.OFFICER, scene.officer, "好了", "handed_back")
    event = await scene.step("proof", Role.OFFICER, scene.officer)
    proof = await scene.picture(event, scene.officer, "after", shade="yellow")
    await scene.step("close", Role.DISPATCHER, None)
    await scene.move("closed", closed_at=scene.clock.now())
    assert proof.digest in await page(scene.link(scene.follower))


async def test_follower_is_told_why_another_citizens_photo_is_not_shown(page, scene):
    text = await page(scene.link(scene.follower))
    assert scene.before.digest not in text
    assert "只给上报人和工作人员看" in text


async def test_evidence_on_its_way_or_lost_is_told(page, scene):
    event = await scene.step("supplement", Role.REPORTER, scene.reporter)
    for state in (Keeping.WANTED, Keeping.LOST):
        await scene.picture(event, scene.reporter, "before", shade="black", state=state, digest="")
    text = await page(scene.link(scene.reporter))
    assert "还有 1 个照片或录像正在接收" in text
    assert "有 1 个照片或录像没有收到" in text


async def test_late_case_says_so_and_what_to_do(page, scene, clock):
    clock.moment += timedelta(hours=3)
    assert "已经超时" in await page(scene.link(scene.reporter))


async def test_words_of_people_cannot_become_a_part_of_the_page(page, scene):
    await scene.move("handling", text="<script>alert(1)</script>", address='"><img src=x>')
    text = await page(scene.link(scene.reporter))
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("state", sorted(STATE_NAMES))
@pytest.mark.parametrize("reader", ["reporter", "follower", "officer"])
async def test_every_state_is_told_to_every_reader_with_what_comes_next(page, scene, state, reader):
    await scene.move(state)
    text = await page(scene.link(getattr(scene, reader)))
    assert STATES[state][2] in text
    assert "接下来" in text


async def test_question_that_was_answered_asks_whether_it_is_clear(page, scene):
    await scene.step("answer", Role.DISPATCHER, None, "店招要到便民服务中心备案")
    await scene.move("closed", type="consultation", handler_id=None, closed_at=scene.clock.now())
    text = await page(scene.link(scene.reporter))
    assert "店招要到便民服务中心备案" in text
    assert "还有疑问，回复「不满意」" in text
    assert "核查" not in text.split("办理经过")[0]
    assert "店招要到" not in await page(scene.link(scene.follower))


def test_every_state_and_step_has_plain_words():
    assert set(STATES) == set(STATE_NAMES)
    assert set(NEXT[Reading.REPORTER]) == set(STATE_NAMES)
    assert set(STEPS) == set(STEP_NAMES)


async def test_old_link_leads_back_to_the_chat(page, scene, clock):
    link = scene.link(scene.reporter)
    clock.moment += LINK_LIFE + timedelta(seconds=1)
    text = await page(link, status=403)
    assert "回复「进度」" in text
    assert scene.case.number not in text


async def test_forged_link_opens_nothing(page, scene, clock):
    forged = Links("", b"another-key").case(scene.case.id, scene.reporter.id, now=clock.now())
    for link in (forged, scene.link(scene.reporter)[:-1] + "~", "/h5/c/nonsense"):
        assert "回复「进度」" in await page(link, status=403)


async def test_stranger_and_erased_person_open_nothing(page, scene):
    await page(scene.link(scene.stranger), status=403)
    await forget_person(scene.reporter)
    await page(scene.link(scene.reporter), status=403)


async def test_role_taken_away_closes_the_officers_old_link(page, scene):
    link = scene.link(scene.officer)
    await page(link)
    scene.officer.is_staff = False
    await scene.officer.save()
    await page(link, status=403)


async def test_picture_is_sent_as_what_it_is_and_kept_private(client, scene):
    answer = await client.get(f"{scene.link(scene.reporter)}/photo/{scene.before.digest}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert await answer.read() == scene.store.kept[scene.before.digest]


async def test_small_picture_is_smaller(client, scene):
    answer = await client.get(f"{scene.link(scene.reporter)}/photo/{scene.before.digest}?small=1")
    picture = Image.open(io.BytesIO(await answer.read()))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert max(picture.size) == 80


async def test_picture_of_another_case_is_not_there(client, scene, make_case):
    mine = await make_case(reporter_id=scene.stranger.id)
    other = type(scene)(
        mine,
        [scene.stranger, scene.follower, scene.officer, scene.reporter],
        scene.store,
        scene.town,
        scene.clock,
    )
    event = await other.step("report", Role.REPORTER, scene.stranger)
    own = await other.picture(event, scene.stranger, "before", shade="white")
    link = other.link(scene.stranger)
    assert (await client.get(f"{link}/photo/{own.digest}")).status == 200
    answer = await client.get(f"{link}/photo/{scene.before.digest}")
    assert answer.status == 404
    assert "没有这张照片" in await answer.text()
    # Nor for an officer who may see it, but on the page of its own case.
    link = other.link(scene.officer)
    assert (await client.get(f"{link}/photo/{scene.before.digest}")).status == 404


async def test_picture_that_is_not_shown_to_a_reader_cannot_be_fetched(client, scene):
    photo = f"/photo/{scene.before.digest}"
    assert (await client.get(scene.link(scene.follower) + photo)).status == 404
    assert (await client.get(scene.link(scene.stranger) + photo)).status == 403
    assert (await client.get(scene.link(scene.officer) + photo)).status == 200


async def test_picture_that_was_deleted_is_told_kindly(client, scene):
    scene.store.kept.clear()
    for query in ("", "?small=1"):
        answer = await client.get(f"{scene.link(scene.reporter)}/photo/{scene.before.digest}{query}")
        assert answer.status == 404
        assert "没有这张照片" in await answer.text()


async def test_what_is_no_picture_is_handed_over_as_a_file(client, scene):
    event = await scene.step("supplement", Role.REPORTER, scene.reporter)
    fields = {"kind": "video", "mime": "video/mp4"}
    video = await scene.picture(event, scene.reporter, "before", shade="gray", **fields)
    link = scene.link(scene.reporter)
    assert "处理前的录像" in await (await client.get(link)).text()
    answer = await client.get(f"{link}/photo/{video.digest}?small=1")
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_what_breaks_is_told_kindly(page, scene, monkeypatch):
    async def broken(*_args, **_options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("handlers.pages.case.view_case", broken)
    text = await page(scene.link(scene.reporter), status=500)
    assert "secret" not in text
    assert "回复「进度」" in text


async def test_page_keeps_to_itself(client, scene):
    headers = (await client.get(scene.link(scene.reporter))).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, no-store"
    text = await (await client.get(scene.link(scene.reporter))).text()
    assert "<script" not in text
    assert "style=" not in text


async def test_large_print_is_remembered_without_a_script(client, scene):
    link = scene.link(scene.reporter)
    assert '<html lang="zh-CN">' in await (await client.get(link)).text()
    assert 'class="large"' in await (await client.get(f"{link}?large=1")).text()
    text = await (await client.get(link)).text()
    assert 'class="large"' in text
    assert "标准字号" in text
    assert 'class="large"' not in await (await client.get(f"{link}?large=0")).text()
    assert 'class="large"' not in await (await client.get(link)).text()
