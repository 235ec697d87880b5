"""Files kept by earlier releases are cleared once; what lies in the folder is found, and taken away."""

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from recording_samples import OWNER, PLACE, SEI_PLACE, sei_video
from stage import Stage

from bot.bare import is_bare
from bot.kinds import mime_of
from bot.media import safe
from bot.pictures import cleaned
from bot.shelf import MediaShelf
from models.deliveries.tables import Delivery
from models.evidence import CLEANING, Evidence, Keeping
from models.people import Person
from scheduler.tidy import tidy

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)


def picture(form="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, form, **more)
    return out.getvalue()


def with_place(form="JPEG"):
    exif = Image.Exif()
    exif[0x010E] = OWNER.decode()
    return picture(form, exif=exif)


class Clock:
    def now(self):
        return NOON


@pytest.fixture
def shelf(tmp_path):
    return MediaShelf(tmp_path, Clock())


def put(folder, content, at=NOON):
    """Lay a file down as an earlier release did: as it came."""
    digest = hashlib.sha256(content).hexdigest()
    path = folder / digest[:2] / digest[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return digest


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_kept_picture_is_known_as_bare_and_one_with_a_place_is_not(form):
    sent = with_place(form)
    assert not is_bare(sent, mime_of(sent))
    kept = cleaned(sent)
    assert is_bare(kept, mime_of(kept))
    assert not is_bare(kept + PLACE, mime_of(kept)), "bytes behind the picture"


@pytest.mark.parametrize("sent", [with_place(), with_place("PNG"), sei_video()], ids=["jpeg", "png", "video"])
async def test_what_tells_a_place_is_cleared_and_what_does_not_is_left_alone(shelf, tmp_path, sent):
    stored = await shelf.clean(put(tmp_path, sent))
    kept = (tmp_path / stored.digest[:2] / stored.digest[2:]).read_bytes()
    assert OWNER not in kept
    assert SEI_PLACE not in kept
    assert stored.digest == hashlib.sha256(kept).hexdigest()
    assert await shelf.clean(stored.digest) is None


async def test_files_are_listed_in_their_order_and_page_by_page(shelf, tmp_path):
    names = sorted(put(tmp_path, bytes([number])) for number in range(40))
    (tmp_path / "small" / names[0][:2]).mkdir(parents=True)
    (tmp_path / names[0][:2] / ".new-x").write_bytes(b"half")
    seen, after = [], ""
    while found := await shelf.list_digests(after, 7):
        assert len(found) <= 7
        assert all(at == NOON for _, at in found)
        seen += [digest for digest, _ in found]
        after = seen[-1]
    assert seen == names


async def test_what_was_kept_again_stays_and_what_is_gone_is_no_trouble(shelf, tmp_path):
    digest = put(tmp_path, b"x")
    assert not await shelf.remove(digest, before=NOON - timedelta(seconds=1))
    assert await shelf.has(digest)
    assert await shelf.remove(digest, before=NOON)
    assert not await shelf.has(digest)
    assert await shelf.remove(digest, before=NOON)


async def test_files_of_an_earlier_release_are_cleaned_once_with_their_rows(
    stage_town, database_url, tmp_path, monkeypatch
):
    async with Stage(stage_town, database_url, tmp_path, start=NOON) as stage:
        folder, now = stage.settings.data / "media", stage.clock.now()
        await stage.citizen()
        person = await Person.all().first()
        old, bare = put(folder, with_place(), now), put(folder, safe(picture()), now)
        for digest in (old, old, bare):
            row = {"kind": "image", "state": Keeping.KEPT, "digest": digest, "mime": "image/jpeg"}
            await Evidence.create(**row, case_id=1, cleaned=0, due_at=now, at=now)
        await Delivery.create(key="q", person_id=person.id, photo=old, due_at=now, owed_at=now)
        shelf = stage.house.tools.shelf
        await tidy(stage.town.city, shelf, stage.clock)
        pieces = await Evidence.all().order_by("id")
        assert {piece.cleaned for piece in pieces} == {CLEANING}
        assert pieces[0].digest == pieces[1].digest != old
        assert pieces[2].digest == bare
        assert (await Delivery.get(key="q")).photo == pieces[0].digest
        assert not await shelf.has(old)
        assert all(OWNER not in file.read_bytes() for file in folder.rglob("*") if file.is_file())

        async def never(*_args):
            raise AssertionError("looked through twice")

        monkeypatch.setattr(type(shelf), "clean", never)
        await tidy(stage.town.city, shelf, stage.clock)
