"""「不是这一类」 followed by words that name no type changes nothing: neither the case nor what was offered."""

from datetime import UTC, datetime

import pytest
from stage import HERE, Stage, photo

from models.cases.tables import Case
from models.talks import Talk

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
        same = choices_in(said) in ([], offered)  # a kind word offers nothing, and leaves what was offered
        if not same or (case.type, case.text) != ("street_light", "门口路灯不亮了"):
            changed.append((words, said))
        await phone.say("不是这一类")
    assert changed == []
    assert len(NONSENSE) >= 30


async def test_nonsense_after_it_is_no_part_of_a_report_and_brings_no_type_back(quick):
    wrong = []
    for number, words in enumerate(NONSENSE):
        phone = await quick.citizen(f"市民{number}")
        await phone.photo(photo())
        await phone.locate(*HERE)
        await phone.say("门口路灯不亮了")
        await phone.say("不是这一类")
        said = (await phone.say(words)).text
        talk = await Talk.get(person__openid=phone.openid)
        if (talk.data.get("text"), talk.data.get("type")) != (["门口路灯不亮了"], ""):
            wrong.append((words, said))
    assert wrong == []
    assert await Case.all().count() == 0


async def test_refused_type_is_not_handed_in_with_a_mere_yes(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say("门口路灯不亮了")
    await phone.say("不是这一类")
    assert "哪一类" in (await phone.say("提交")).text
    assert await Case.all().count() == 0
    await phone.say("1")
    await phone.say("提交")
    assert (await Case.get()).type != "street_light"


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
