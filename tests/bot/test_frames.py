"""A video's frames are kept without the messages in which cameras write places and owners."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording_samples import (
    OWNER,
    SEI_PLACE,
    TOLD,
    box,
    full,
    message,
    sei_frames,
    sei_video,
    track,
    unit,
)

from bot.frames import _nothing
from bot.kinds import MOV, MP4
from bot.recordings import RecordingRefused, RecordingUnclear, cleared

AVCC_2 = box(b"avcC", bytes([1, 100, 0, 40, 0xFD]), bytes(2))  # lengths of two bytes
HVCC = box(
    b"hvcC",
    bytes(21),
    b"\x03",
    b"\x01",
    b"\x27",
    b"\0\x01",
    struct.pack(">H", 2 + len(TOLD)),
    b"\x4e\x01",
    TOLD,
)
LONG = TOLD * 20

HIDDEN = {
    "H.264": sei_video(),
    "H.264 in avc3": sei_video(entry=b"avc3"),
    "a long message": sei_video(frames=sei_frames(told=LONG)),
    "registered data": sei_video(frames=sei_frames(kind=4)),
    "a clock": sei_video(frames=sei_frames(kind=1)),
    "lengths of two bytes": sei_video(frames=sei_frames(length=2), head=AVCC_2),
    "H.265": sei_video(frames=sei_frames(is_h265=True), entry=b"hvc1"),
    "H.265 with messages in its head": sei_video(frames=sei_frames(is_h265=True), entry=b"hev1", head=HVCC),
    "filling that is none": sei_video(frames=unit(12, TOLD) + unit(0x65, b"PIXELS-ONE")),
    "a unit of nobody's": sei_video(frames=unit(30, TOLD) + unit(0x65, b"PIXELS-ONE")),
    "MPEG-4": sei_video(frames=b"\0\0\1\xb2" + TOLD + b"\0\0\1\xb6PIXELS-ONE", entry=b"mp4v"),
}


@pytest.mark.parametrize("mime", [MP4, MOV])
@pytest.mark.parametrize("sent", HIDDEN.values(), ids=HIDDEN)
def test_no_place_and_no_owner_stays_in_the_frames(sent, mime):
    assert OWNER in sent
    kept = cleared(sent, mime)
    assert OWNER not in kept
    assert SEI_PLACE not in kept
    assert len(kept) == len(sent)
    assert kept.count(b"PIXELS-ONE") == sent.count(b"PIXELS-ONE")
    assert cleared(kept, mime) == kept


def test_what_a_player_needs_to_begin_with_stays():
    recovery = unit(6, message(6, b"\x80\x04") + b"\x80")
    frames = recovery + unit(9, b"\xf0") + unit(7, b"SPS") + unit(8, b"PPS") + unit(0x65, b"PIXELS-ONE")
    sent = sei_video(frames=frames)
    assert frames in cleared(sent, MP4)


def in_pieces(frames, *, flags=0x000205):
    start = box(b"ftyp", b"iso5", bytes(4)) + box(b"moov", track(b"vide", [], []))

    def moof(offset):
        run = struct.pack(">IiII", 1, offset, 0, len(frames))
        body = bytes([0]) + flags.to_bytes(3, "big") + run
        head = b"\0\x02\0\0" + struct.pack(">I", 0)
        return box(b"moof", full(b"mfhd", bytes(4)), box(b"traf", box(b"tfhd", head), box(b"trun", body)))

    return start + moof(len(moof(0)) + 8) + box(b"mdat", frames)


def test_frames_of_a_video_in_pieces_are_cleared_too():
    kept = cleared(in_pieces(sei_frames()), MP4)
    assert OWNER not in kept
    assert kept.count(b"PIXELS-ONE") == 3


@pytest.mark.parametrize("entry", [b"jpeg", b"mjpa", b"abcd"])
def test_frames_that_we_cannot_look_into_are_refused(entry):
    with pytest.raises(RecordingUnclear):
        cleared(sei_video(entry=entry), MP4)


def test_units_that_do_not_fit_their_lengths_are_refused():
    with pytest.raises(RecordingRefused):
        cleared(sei_video(frames=sei_frames()[:-3]), MP4)


@given(st.integers(1, 1500))
def test_filling_is_as_long_as_asked_and_reads_as_messages_of_nothing(length):
    body = _nothing(length)
    assert len(body) == length
    assert b"\0\0" not in body[2:], "nothing in it looks like a start code"
    at = 0
    while length - at > 2:
        assert body[at] == 3
        at += 2 + body[at + 1]
    assert set(body[at:]) == {0x80}
