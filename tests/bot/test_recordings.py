"""Videos and voices are kept without places, owners, devices and times, wherever these were hidden."""

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_samples import (
    AMR,
    AMR_WB,
    APE,
    FRAME,
    ID3,
    ID3_V1,
    LOCI,
    LYRICS,
    MP3,
    OWNER,
    PICTURE,
    PLACE,
    SOUND,
    XMP,
    XYZ,
    box,
    full,
    quicktime_place,
    track,
    video,
)

from bot.boxes import find, walk
from bot.kinds import AMR as AMR_KIND
from bot.kinds import M4A, MOV, mime_of
from bot.kinds import MP3 as MP3_KIND
from bot.kinds import MP4 as MP4_KIND
from bot.recordings import RecordingRefused, cleared

HIDDEN = {
    "copyright-xyz in moov": video(in_moov=(XYZ,)),
    "3gp loci in moov": video(b"3gp4", in_moov=(LOCI,)),
    "loci in a track": video(inside=(LOCI,)),
    "an iphone's keys in moov": video(b"qt  ", others=(b"qt  ",), in_moov=(quicktime_place(),)),
    "an iphone's keys in a track": video(b"qt  ", inside=(quicktime_place(),)),
    "meta in udta": video(in_moov=(box(b"udta", quicktime_place()),)),
    "meta at the end": video(outside=(quicktime_place(),)),
    "xmp at the end": video(outside=(XMP,)),
    "xmp in moov": video(in_moov=(XMP,)),
    "xmp in a track": video(inside=(XMP,)),
    "a box of a dash camera": video(in_moov=(box(b"gps ", PLACE, OWNER),)),
    "free space": video(outside=(box(b"free", PLACE, OWNER),)),
    "skipped space": video(in_moov=(box(b"skip", PLACE, OWNER),)),
    "a box that nobody knows": video(outside=(box(b"SDLN", PLACE, OWNER),)),
    "udta that ends in a zero": video(in_moov=(box(b"udta", box(b"\xa9xyz", PLACE), bytes(4)),)),
    "bytes behind the last box": video(outside=(PLACE[:7],)),
    "data of 64 bits": video(wide=True),
    "a track by the second": video(),
    "a subtitle with places": video(inside=()).replace(b"meta\0\0\0\0\0\0\0\0\0\0\0\0", b"sbtl" + bytes(12)),
}


@pytest.mark.parametrize("sent", HIDDEN.values(), ids=HIDDEN)
def test_no_place_and_no_owner_stays_in_a_video(sent):
    assert OWNER in sent
    kept = cleared(sent, mime_of(sent))
    assert OWNER not in kept
    assert PLACE[:7] not in kept
    assert b"\xd5\xd5\xd5\xd5" not in kept, "the moment of recording"
    assert len(kept) == len(sent), "nothing moves: the tables of places in the file stay right"
    assert mime_of(kept) == mime_of(sent)


@pytest.mark.parametrize("sent", HIDDEN.values(), ids=HIDDEN)
def test_picture_and_sound_stay_as_they_were(sent):
    kept = cleared(sent, mime_of(sent))
    for part in (PICTURE, SOUND):
        assert kept.find(part) == sent.find(part) > 0
    assert [b.name for b in walk(kept) if b.name != b"free"][:3] == [b"ftyp", b"mdat", b"moov"]


def test_a_track_that_is_neither_picture_nor_sound_is_gone():
    kept = cleared(video(), MP4_KIND)
    moov = find(kept, (b"moov",))
    assert [b.name for b in walk(kept, moov.body, moov.end)] == [b"mvhd", b"trak", b"trak", b"free"]


def test_sound_whose_samples_are_counted_but_not_measured_stays_whole():
    start = box(b"ftyp", b"qt  ", bytes(4))
    first = len(start) + 8
    tracks = (
        track(b"soun", [SOUND], [first], same=1),
        track(b"vide", [PICTURE], [first + len(SOUND)]),
    )
    sent = start + box(b"mdat", SOUND, PICTURE) + box(b"moov", *tracks)
    kept = cleared(sent, MOV)
    assert SOUND in kept
    assert PICTURE in kept


def test_cleared_twice_is_cleared_once():
    once = cleared(video(in_moov=(XYZ,)), MP4_KIND)
    assert cleared(once, MP4_KIND) == once


def in_pieces(*tracks):
    return box(b"ftyp", b"iso5", bytes(4)) + box(b"moov", *tracks) + box(b"moof") + box(b"mdat", PICTURE)


def test_video_in_pieces_is_kept_if_it_is_nothing_but_picture_and_sound():
    sent = in_pieces(track(b"vide", [], [], inside=(XYZ,)))
    kept = cleared(sent, MP4_KIND)
    assert PICTURE in kept
    assert PLACE not in kept
    with pytest.raises(RecordingRefused):
        cleared(in_pieces(track(b"vide", [], []), track(b"meta", [], [])), MP4_KIND)


BROKEN = {
    "no table": box(b"ftyp", b"mp42", bytes(4)) + box(b"mdat", PICTURE),
    "zeros": b"\0\0\0\x18ftypmp42" + bytes(200),
    "cut in the table": video()[:-60],
    "cut in the data": video()[:60],
    "no picture, no sound": box(b"ftyp", b"mp42", bytes(4)) + box(b"moov", track(b"text", [], [])),
    "a box larger than the file": video() + struct.pack(">I", 99) + b"free",
    "a track without tables": box(b"ftyp", b"mp42", bytes(4))
    + box(b"moov", box(b"trak", box(b"mdia", full(b"hdlr", bytes(4), b"vide", bytes(13))))),
    "more samples than bytes": video().replace(
        struct.pack(">II", 0, 1) + struct.pack(">I", len(PICTURE)),
        struct.pack(">II", 0, 2**31) + struct.pack(">I", len(PICTURE)),
    ),
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_cleared_is_refused(sent):
    with pytest.raises(RecordingRefused):
        cleared(sent, MP4_KIND)


def test_very_many_tracks_are_refused():
    moov = box(b"moov", *([track(b"vide", [], [])] * 40))
    with pytest.raises(RecordingRefused, match="40 tracks"):
        cleared(box(b"ftyp", b"mp42", bytes(4)) + moov, MP4_KIND)


def test_data_in_several_boxes_keeps_what_is_shown_in_each():
    start = box(b"ftyp", b"mp42", bytes(4))
    first = len(start) + 8
    second = first + len(PICTURE) + len(OWNER) + 8 + len(OWNER)
    tracks = (track(b"vide", [PICTURE], [first]), track(b"soun", [SOUND], [second]))
    sent = start + box(b"mdat", PICTURE, OWNER) + box(b"mdat", OWNER, SOUND, OWNER) + box(b"mdat", OWNER)
    kept = cleared(sent + box(b"moov", *tracks), MP4_KIND)
    assert OWNER not in kept
    assert PICTURE in kept
    assert SOUND in kept


def test_a_span_over_the_end_of_its_box_keeps_both_parts():
    start = box(b"ftyp", b"mp42", bytes(4))
    whole = box(b"mdat", PICTURE) + box(b"mdat", SOUND, OWNER)
    sample = whole[8 : 8 + len(PICTURE) + 8 + len(SOUND)]
    sent = start + whole + box(b"moov", track(b"soun", [sample], [len(start) + 8]))
    kept = cleared(sent, MP4_KIND)
    assert sample in kept
    assert OWNER not in kept


@settings(max_examples=300)
@given(st.data())
def test_spoilt_recordings_are_cleared_or_refused(data):
    sent = bytearray(data.draw(st.sampled_from([*HIDDEN.values(), *SONGS.values(), AMR])))
    mime = mime_of(bytes(sent))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(12, len(sent) - 1))
        sent[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(RecordingRefused):
        assert cleared(bytes(sent), mime)


def test_huge_counts_cost_no_time():
    sent = video().replace(struct.pack(">IIII", 1, 1, 1, 1), struct.pack(">IIII", 1, 1, 2**32 - 1, 1))
    assert OWNER not in cleared(sent, MP4_KIND)


@pytest.mark.parametrize(
    ("brand", "others", "mime"),
    [
        *(
            (brand, (), MP4_KIND)
            for brand in (b"isom", b"mp41", b"mp42", b"avc1", b"iso6", b"3gp5", b"MSNV", b"M4V ")
        ),
        (b"qt  ", (), MOV),
        (b"M4A ", (b"mp42",), M4A),
        (b"abcd", (b"isom", b"mp42"), MP4_KIND),
        (b"heic", (b"mif1",), "image/heic"),
        (b"mif1", (b"heic", b"miaf"), "image/heic"),
        (b"mif1", (b"avif", b"miaf"), "image/avif"),
        (b"msf1", (b"hevc", b"mif1"), "image/heic"),
        (b"avif", (b"mif1",), "image/avif"),
        (b"avis", (b"avif", b"msf1"), "image/avif"),
        *((brand, (), "") for brand in (b"crx ", b"jp2 ", b"jxl ", b"abcd", b"\0\0\0\0")),
    ],
)
def test_the_brands_tell_photos_videos_and_songs_apart(brand, others, mime):
    assert mime_of(box(b"ftyp", brand, bytes(4), *others) + bytes(100)) == mime


SONGS = {
    "id3 before": ID3 + MP3,
    "two of them": ID3 + ID3 + MP3,
    "id3 behind": MP3 + ID3_V1,
    "ape and lyrics behind": MP3 + APE + LYRICS + ID3_V1,
    "between the frames": FRAME + ID3 + FRAME * 2,
    "broken off": ID3 + MP3 + FRAME[:200],
    "a picture that looks like sound": ID3
    + MP3
    + APE.replace(b"\xff\xfb\x90", b"\xff\xfb\x90\x64\xff\xf3\x90"),
    "a wrong length of the tag": ID3.replace(b"\x2a", b"\x05") + MP3,
}


@pytest.mark.parametrize("sent", SONGS.values(), ids=SONGS)
def test_of_a_song_the_sound_stays(sent):
    assert mime_of(sent) == MP3_KIND
    assert cleared(sent, MP3_KIND) == MP3


@pytest.mark.parametrize("sent", [AMR, AMR_WB])
@pytest.mark.parametrize("behind", [b"", OWNER, b"\x3c" + b"s" * 10])
def test_of_a_voice_the_speech_stays(sent, behind):
    kept = cleared(sent + behind, mime_of(sent))
    assert kept == sent
    assert mime_of(kept) == AMR_KIND


@pytest.mark.parametrize(
    ("sent", "mime"),
    [(ID3, MP3_KIND), (ID3 + bytes(500), MP3_KIND), (b"#!AMR\n", AMR_KIND), (b"#!AMR\n" + OWNER, AMR_KIND)],
)
def test_what_holds_no_sound_is_refused(sent, mime):
    with pytest.raises(RecordingRefused):
        cleared(sent, mime)
