"""Photos are fetched before the platform forgets them; for what is lost its sender is asked again, once."""

import pytest
from owing import said_to
from stage import photo

from models.evidence import Evidence, Keeping


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
    with pytest.raises(OSError, match="killed here"):
        await stage.run_jobs()
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
