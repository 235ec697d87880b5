"""What may not be kept longer goes when its term is over, not before; files and rows never drift apart."""

from datetime import timedelta

import pytest
from media import kept_files
from stage import HERE, photo

from models.audit import AuditEntry
from models.cases.tables import Case
from models.deliveries.tables import Delivery, Owing
from models.evidence import Evidence, Keeping
from models.inbox import Letter
from models.keeping.files import list_missing, list_strays
from models.people import Appointment, Person
from models.talks import Talk
from scheduler.tidy import MISSED, TIDIED, check_files, tidy


async def run(stage):
    tools = stage.house.tools
    return await tidy(stage.town.city, tools.shelf, stage.clock)


async def reported(stage, *, name="王阿姨", seed="井盖"):
    phone = await stage.citizen(name)
    await phone.photo(photo(seed))
    await phone.locate(*HERE, "胡埭路125号")
    await phone.say("井盖坏了")
    await phone.say("提交")
    await stage.run_jobs()
    return phone, await Case.all().order_by("-id").first()


async def close(case, stage):
    case.state, case.closed_at = "rated", stage.clock.now()
    case.wake_at = None
    await case.save()


async def test_photo_that_was_never_sent_in_goes_after_its_term(stage):
    phone = await stage.citizen()
    await phone.photo(photo("门口"))
    await stage.run_jobs()
    assert len(kept_files(stage)) == 1
    stage.clock.advance(29 * 86400)
    await run(stage)
    assert len(kept_files(stage)) == 1
    stage.clock.advance(2 * 86400)
    await run(stage)
    assert kept_files(stage) == []
    assert await Evidence.all().count() == 0


async def test_photo_of_a_report_that_somebody_is_still_making_stays(stage):
    phone = await stage.citizen()
    await phone.photo(photo("门口"))
    await stage.run_jobs()
    stage.clock.advance(31 * 86400)
    await Talk.all().update(changed_at=stage.clock.now())
    await run(stage)
    assert len(kept_files(stage)) == 1


async def test_photos_of_a_case_go_two_years_after_its_end_and_the_record_of_them_stays(stage):
    _, case = await reported(stage)
    assert len(kept_files(stage)) == 1
    stage.clock.advance(800 * 86400)
    await run(stage)
    assert len(kept_files(stage)) == 1, "it is not finished"
    await close(case, stage)
    stage.clock.advance(729 * 86400)
    await run(stage)
    assert len(kept_files(stage)) == 1
    stage.clock.advance(2 * 86400)
    await run(stage)
    assert kept_files(stage) == []
    piece = await Evidence.get(case_id=case.id)
    assert (piece.state, piece.digest, piece.person_id) == (Keeping.DELETED, "", None)


async def test_small_copy_goes_with_its_photo(stage):
    _, case = await reported(stage)
    await stage.house.store.small(kept_files(stage)[0])
    await close(case, stage)
    stage.clock.advance(731 * 86400)
    await run(stage)
    folder = stage.settings.data / "media"
    assert [file for file in folder.rglob("*") if file.is_file()] == []


async def test_file_that_another_case_still_needs_stays(stage):
    _, first = await reported(stage)
    piece = await Evidence.get(case_id=first.id)
    other = {
        name: getattr(piece, name) for name in ("kind", "state", "digest", "mime", "size", "due_at", "at")
    }
    await Evidence.create(case_id=first.id + 1, **other)
    await close(first, stage)
    stage.clock.advance(731 * 86400)
    await run(stage)
    assert kept_files(stage) == [piece.digest]
    states = {one.case_id - first.id: one.state for one in await Evidence.all()}
    assert states == {0: Keeping.DELETED, 1: Keeping.KEPT}


async def test_photo_that_was_just_kept_again_is_not_taken_away(stage):
    _, case = await reported(stage)
    await close(case, stage)
    stage.clock.advance(731 * 86400)
    await stage.house.store.keep(photo("井盖"))  # its row comes in a moment
    await run(stage)
    assert len(kept_files(stage)) == 1
    stage.clock.advance(301)
    await run(stage)
    assert kept_files(stage) == []


async def test_killed_between_row_and_file_the_next_run_goes_on(stage, monkeypatch):
    _, case = await reported(stage)
    await close(case, stage)
    stage.clock.advance(731 * 86400)
    shelf = stage.house.tools.shelf
    remove = type(shelf).remove

    async def die(*_args, **_more):
        raise KeyboardInterrupt

    async def die_after(self, digest, *, before):
        await remove(self, digest, before=before)
        raise KeyboardInterrupt

    for killed in (die, die_after):
        monkeypatch.setattr(type(shelf), "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            await run(stage)
        piece = await Evidence.get(case_id=case.id)
        assert (piece.state, bool(piece.digest)) == (Keeping.DELETED, True), "the row still knows its file"
    monkeypatch.setattr(type(shelf), "remove", remove)
    assert await run(stage) == 1
    assert (await Evidence.get(case_id=case.id)).digest == ""
    assert await run(stage) == 0, "nothing twice"


async def test_more_than_one_slice_goes_in_one_run(stage, monkeypatch):
    now = stage.clock.now()
    await Evidence.bulk_create(
        [Evidence(kind="image", state=Keeping.LOST, due_at=now, at=now) for _ in range(450)]
    )
    stage.clock.advance(31 * 86400)
    await run(stage)
    assert await Evidence.all().count() == 0


async def test_what_we_told_goes_after_half_a_year_and_what_is_owed_stays(stage):
    await stage.citizen()
    person, now = await Person.all().first(), stage.clock.now()
    rows = [
        Delivery(key=state.value, person_id=person.id, text="话", state=state, due_at=now, owed_at=now)
        for state in Owing
    ]
    await Delivery.bulk_create(rows)
    await Person.filter(id=person.id).update(waiting=2)
    stage.clock.advance(179 * 86400)
    await run(stage)
    assert await Delivery.all().count() == len(rows)
    stage.clock.advance(2 * 86400)
    await run(stage)
    assert {row.state for row in await Delivery.all()} == {Owing.OWED, Owing.HELD, Owing.SENDING}
    assert (await Person.get(id=person.id)).waiting == 1, "one waits no longer, one is held"
    assert await Letter.all().count() == 0


async def test_deeds_codes_and_talks_go_after_their_terms(stage):
    now = stage.clock.now()
    phone = await stage.officer()
    await AuditEntry.create(at=now, who="token 3", door="api", action="GET cases")
    await phone.photo(photo("门口"))
    stage.clock.advance(31 * 86400)
    await run(stage)
    assert await Appointment.all().count() == 0
    assert (await Talk.all().first()).data == {}
    assert await AuditEntry.all().count() >= 1
    stage.clock.advance(1095 * 86400)
    await run(stage)
    assert await AuditEntry.all().count() == 0


async def test_terms_are_the_towns(stage):
    phone = await stage.citizen()
    await phone.photo(photo("门口"))
    await stage.run_jobs()
    stage.town.city.settings["draft_days"] = 3
    try:
        stage.clock.advance(4 * 86400)
        await run(stage)
    finally:
        del stage.town.city.settings["draft_days"]
    assert kept_files(stage) == []


async def test_file_without_a_row_is_found_and_goes_after_a_day(stage):
    await reported(stage)
    tools = stage.house.tools
    stray = (await stage.house.store.keep(photo("谁的"))).digest
    assert await list_strays(tools.shelf) == [stray]
    await check_files(stage.town.city, tools.shelf, stage.clock)
    assert len(kept_files(stage)) == 2
    stage.clock.advance(timedelta(days=1, minutes=1).total_seconds())
    await check_files(stage.town.city, tools.shelf, stage.clock)
    assert stray not in kept_files(stage)
    assert len(kept_files(stage)) == 1


async def test_row_without_a_file_is_told(stage, caplog):
    await reported(stage)
    piece = await Evidence.all().first()
    (stage.settings.data / "media" / piece.digest[:2] / piece.digest[2:]).unlink()
    tools = stage.house.tools
    assert await list_missing(tools.shelf) == [piece.id]
    assert await check_files(stage.town.city, tools.shelf, stage.clock) == 1
    assert MISSED["missing"] == 1
    assert "no file" in caplog.text


async def test_figures_say_what_was_done(stage):
    phone = await stage.citizen()
    await phone.say("你好")
    before = TIDIED["letters"]
    stage.clock.advance(181 * 86400)
    await run(stage)
    assert TIDIED["letters"] - before == 2
