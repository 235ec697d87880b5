"""An officer with several cases: orders with the number first, plain words, and two cases handed back at once."""

import pytest
from closed_loop import report
from stage import HERE, OUTSIDE, photo

from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence

LAMP = "路灯不亮了"


@pytest.fixture
async def work(stage):
    """An officer with two cases in hand, and both."""
    phone, other, officer = await stage.citizen(), await stage.citizen("老张"), await stage.officer()
    first, second = await report(phone), await report(other, LAMP)
    for case in (first, second):
        await officer.say(f"{case.number} 接单")
    return officer, first, second


async def state_of(case):
    return (await Case.get(id=case.id)).state


async def handed_back(case):
    """Return the words with which it was handed back, and its photos."""
    event = await CaseEvent.get(case_id=case.id, step="hand_back")
    return event.note, await Evidence.filter(case_id=case.id, stage="after").count()


async def test_number_may_come_before_the_order(work):
    _, first, second = work
    assert [await state_of(case) for case in (first, second)] == ["handling", "handling"]


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("{tail}修好了", "修好了"),
        ("{tail} 井盖换好了", "井盖换好了"),
        ("井盖换好了，{tail}", "井盖换好了"),
        ("{number}：处理完了，盖子也换了", "处理完了，盖子也换了"),
        ("{tail} 办结 换了新盖", "换了新盖"),
    ],
)
async def test_plain_words_with_the_number_hand_it_back(work, said, note):
    officer, first, _ = work
    asked = await officer.say(said.format(tail=first.number[-4:], number=first.number))
    assert "照片" in asked.text
    assert first.number in asked.text
    await officer.photo(photo("修好"))
    assert await state_of(first) == "handed_back"
    assert await handed_back(first) == (note, 1)


@pytest.mark.parametrize("said", ["{tail}没修好", "{tail} 还没换好", "{tail}修好了吗", "{tail}"])
async def test_words_that_say_it_is_not_done_hand_nothing_back(work, said):
    officer, first, _ = work
    answer = await officer.say(said.format(tail=first.number[-4:]))
    assert "请再发一张" not in answer.text
    await officer.photo(photo("现场"))
    assert await state_of(first) == "handling"


async def test_words_for_one_case_wait_while_another_is_handed_back(work):
    officer, first, second = work
    await officer.say(f"办结 {first.number} 换了新盖")
    assert second.number in (await officer.say(f"办结 {second.number} 换了灯泡")).text
    told = (await officer.photo(photo("灯"))).text
    assert f"{first.number[-4:]} 还差照片" in told
    assert [await state_of(case) for case in (first, second)] == ["handling", "handed_back"]
    assert "也放进" in (await officer.photo(photo("灯二"))).text
    await officer.say(f"办结 {first.number[-4:]}")
    await officer.photo(photo("盖"))
    assert await handed_back(first) == ("换了新盖", 1)
    assert await handed_back(second) == ("换了灯泡", 2)


async def test_photo_that_comes_later_asks_and_finds_the_words(stage, work):
    officer, first, second = work
    await officer.say(f"办结 {first.number} 换了新盖")
    await officer.say(f"办结 {second.number} 换了灯泡")
    await officer.photo(photo("灯"))
    await stage.pass_time(minutes=5)
    assert "哪一件" in (await officer.photo(photo("盖"))).text
    await officer.tap("24" + first.number, "办结")
    assert await handed_back(first) == ("换了新盖", 1)


async def test_far_place_does_not_lose_what_waits(work):
    officer, first, second = work
    await officer.say(f"办结 {first.number} 换了新盖")
    await officer.say(f"办结 {second.number} 换了灯泡")
    await officer.locate(*OUTSIDE)
    await officer.locate(*HERE)
    await officer.photo(photo("灯"))
    await officer.say(f"办结 {first.number}")
    await officer.photo(photo("盖"))
    assert await handed_back(first) == ("换了新盖", 1)
