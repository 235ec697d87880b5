"""Pictures are unpacked elsewhere: one that takes too much memory or time is refused, and the next one is kept."""

import io

import pytest
from PIL import Image

from bot.darkroom import Darkroom
from bot.pictures import PictureRefused, TooManyPixels


def png(side, mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, (side, side), 0).save(out, "PNG")
    return out.getvalue()


def size(content):
    return Image.open(io.BytesIO(content)).size


@pytest.fixture
def darkroom():
    room = Darkroom()
    yield room
    room.close()


def test_picture_is_cleaned_and_made_small(darkroom):
    assert size(darkroom.cleaned(png(1200))) == (1200, 1200)
    assert size(darkroom.reduced(png(1200))) == (800, 800)


def test_rubbish_is_refused_and_the_next_one_kept(darkroom):
    with pytest.raises(PictureRefused):
        darkroom.cleaned(png(50)[:60])
    assert size(darkroom.cleaned(png(50))) == (50, 50)


def test_picture_that_takes_too_much_memory_is_refused_and_the_next_one_kept():
    room = Darkroom(memory=420 * 1024 * 1024)
    try:
        with pytest.raises(TooManyPixels):
            room.cleaned(png(7900, "RGBA"))
        assert size(room.cleaned(png(50))) == (50, 50)
    finally:
        room.close()


def test_picture_that_takes_too_long_is_refused_and_the_next_one_kept():
    room = Darkroom(seconds=0.001)  # a process needs a hundred times that to begin
    try:
        with pytest.raises(TooManyPixels):
            room.cleaned(png(4000))
        room._seconds = 30
        assert size(room.cleaned(png(50))) == (50, 50)
    finally:
        room.close()


def test_worker_that_was_killed_is_followed_by_another(darkroom):
    darkroom.cleaned(png(50))
    darkroom._worker.kill()
    darkroom._worker.wait()
    assert size(darkroom.cleaned(png(50))) == (50, 50)
