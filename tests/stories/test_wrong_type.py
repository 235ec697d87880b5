"""「不是这一类」 followed by words that name no type changes nothing: neither the case nor what was offered."""

from datetime import UTC, datetime

import pytest
from stage import HERE, Stage, photo

from models.cases.tables import Case

NONSENSE = (
    *(
        "哈哈哈",
        "asdf",
        "呃呃",
        "啊啊啊啊",
        "123456",
        "不知道",
        "随便",
        "你猜",
        "12 34",
        "😂😂",
        "。。。",
        "天气真好",
    ),
    *(
        "那个那个",
        "哦哦",
        "qwertyui",
        "我也不清楚",
        "呵呵",
        "???",
        "……",
        "看着办",
        "你说呢",
        "哎",
        "咦",
        "唉",
        "hello",
    ),
    *("11111111", "没想好", "晕", "啥意思", "嘿嘿嘿", "额"),
)


@pytest.fixture
async def quick(stage_town, sqlite_url, tmp_path):
    """A stage on one database, for long tables."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=datetime(2026, 7, 6, 1, 0, tzinfo=UTC)) as stage:
        yield stage


def choices_in(text):
    return [line.rpartition(">")[0].rpartition(">")[2] for line in text.splitlines() if "msgmenuid" in line]


async def test_nonsense_after_it_changes_nothing_of_an_open_case(quick):
    phone = await quick.citizen()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("门口路灯不亮了")
    await phone.say("提交")
    offered = choices_in((await phone.say("不是这一类")).text)
    changed = []
    for words in NONSENSE:
        said = (await phone.say(words)).text
        case = await Case.get()
        if choices_in(said) != offered or (case.type, case.text) != ("street_light", "门口路灯不亮了"):
            changed.append((words, said))
        await phone.say("不是这一类")
    assert changed == []
    assert len(NONSENSE) >= 30


async def test_nonsense_after_it_is_no_part_of_a_report(quick):
    kept = []
    for number, words in enumerate(NONSENSE):
        phone = await quick.citizen(f"市民{number}")
        await phone.photo(photo())
        await phone.locate(*HERE)
        await phone.say("门口路灯不亮了")
        asked = (await phone.say("不是这一类")).text
        if choices_in((await phone.say(words)).text) != choices_in(asked):
            kept.append(words)
    assert kept == []


async def test_words_that_name_another_type_are_heard(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("门口路灯不亮了")
    await phone.say("提交")
    await phone.say("不是这一类")
    assert "井盖" in (await phone.say("是井盖坏了")).text
    await phone.say("1")
    assert (await Case.get()).type == "manhole"
