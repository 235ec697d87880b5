"""Photos are fetched before the platform forgets them; for what is lost its sender is asked again, once."""

from owing import said_to
from picture_samples import exif_of, with_segment
from picture_samples import photo as picture
from recording_samples import MP3
from stage import photo

from models.deliveries.sender import Unkept
from models.evidence import WHY_UNKEPT, Evidence, Keeping
from scheduler.fetch import BROKEN_TRIES
from scheduler.items import BROKEN


async def writer(stage):
    """Somebody who has just written."""
    phone = await stage.citizen()
    await phone.say("你好")
    return phone


async def test_photo_that_is_none_is_asked_for_again_once(stage):
    phone = await writer(stage)
    await phone.photo(b"this is no picture at all")
    await stage.run_jobs(times=3)
    assert (await Evidence.get()).state == Keeping.LOST
    assert len([text for text in said_to(stage, phone) if "再发一次" in text]) == 1


async def test_photo_is_not_given_up_without_asking_for_it_again(stage, monkeypatch):
    async def dies(_rows):
        raise OSError("killed here")

    phone = await writer(stage)
    await phone.photo(b"this is no picture at all")
    monkeypatch.setattr("scheduler.fetch.queue_deliveries", dies)
    await stage.run_jobs(times=1)
    assert (await Evidence.get()).state == Keeping.WANTED
    monkeypatch.undo()
    stage.clock.advance(61)
    await stage.run_jobs(times=2)
    assert "再发一次" in phone.last_text


async def test_photo_that_the_platform_forgot_is_asked_for_again(stage):
    phone = await writer(stage)
    await phone.photo(b"x" * 50)
    stage.simulator.platform.media.items.clear()
    await stage.run_jobs(times=2)
    assert (await Evidence.get()).state == Keeping.LOST
    assert "再发一次" in phone.last_text


async def test_photo_that_does_not_come_now_is_tried_until_it_does(stage):
    phone = await writer(stage)
    stage.simulator.order_fault("server_error", path="media/get", times=3)
    await phone.photo(photo())
    for _ in range(8):
        await stage.pass_time(minutes=11)
    assert (await Evidence.get()).state == Keeping.KEPT
    assert not [text for text in said_to(stage, phone) if "再发一次" in text]


async def test_photo_that_never_comes_is_asked_for_again_after_three_days_at_the_next_contact(stage):
    phone = await writer(stage)
    stage.simulator.order_fault("server_error", path="media/get", times=1000)
    await phone.photo(photo())
    for _ in range(40):
        await stage.pass_time(hours=2, minutes=1)
    assert (await Evidence.get()).state == Keeping.LOST
    assert "再发一次" in (await phone.say("你好")).text


async def test_photo_whose_tags_are_wrong_is_kept(stage):
    phone = await writer(stage)
    await phone.photo(with_segment(picture(), exif_of((0x0112, 2, 4, 0x36), (0x8825, 2, 4, 0x41))))
    await stage.run_jobs()
    assert (await Evidence.get()).state == Keeping.KEPT


async def test_sound_sent_as_a_photo_is_lost_and_its_sender_hears_why(stage):
    phone = await writer(stage)
    await phone.photo(MP3)
    await stage.run_jobs()
    assert (await Evidence.get()).state == Keeping.LOST
    assert WHY_UNKEPT[Unkept.NO_PHOTO] in phone.last_text


async def test_what_breaks_the_store_is_given_up_after_a_few_tries_and_holds_up_nothing(stage, monkeypatch):
    phone = await writer(stage)
    fetch = stage.house.store.fetch

    async def breaks(media_id, *, url=""):
        if media_id == poison:
            raise ZeroDivisionError("nobody foresaw this")
        return await fetch(media_id, url=url)

    await phone.photo(photo())
    await phone.photo(photo("修好"))
    first, second = await Evidence.all().order_by("id")
    poison = first.media_id
    monkeypatch.setattr(stage.house.store, "fetch", breaks)
    before = BROKEN["fetch_evidence"]
    await stage.run_jobs()
    await second.refresh_from_db()
    assert second.state == Keeping.KEPT, "the one behind it has come"
    for _ in range(8):
        await stage.pass_time(hours=2, minutes=1)
    await first.refresh_from_db()
    assert (first.state, first.tries) == (Keeping.LOST, BROKEN_TRIES)
    assert BROKEN["fetch_evidence"] - before == BROKEN_TRIES
    assert len([text for text in said_to(stage, phone) if "再发一次" in text]) == 1


async def test_database_that_fails_while_one_is_kept_holds_up_no_other(stage, monkeypatch):
    async def dies(_piece, **_):
        raise OSError("the disk is full")

    phone = await writer(stage)
    await phone.photo(photo())
    await phone.photo(photo("修好"))
    monkeypatch.setattr("scheduler.fetch.keep_evidence", dies)
    monkeypatch.setattr("scheduler.fetch.delay_evidence", dies)
    await stage.run_jobs(times=1)
    assert [piece.tries for piece in await Evidence.all()] == [1, 1]
    monkeypatch.undo()
    stage.clock.advance(61)
    await stage.run_jobs()
    assert await Evidence.filter(state=Keeping.KEPT).count() == 2
