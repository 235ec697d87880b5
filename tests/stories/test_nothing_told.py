"""Words that only point at the photo make no type: the case is 其他 and a person looks."""

import pytest
from stage import HERE, photo

from models.cases.tables import Case

# None of these says what is wrong; none is among the lessons.
POINTING = [
    "图上不是有吗",
    "照片里不是有吗",
    "图上不是写着的吗",
    "照片不是已经给你们了吗",
    "图都给你了还问",
    "这不是明摆着的吗",
    "请看图",
    "你们自己看",
    "照片上的那个",
    "你们看着办",
    "图片上有",
    "上面写了的",
    "如图所示",
    "图上的样子",
    "看照片呀",
    "照片上写得很清楚",
    "图里面都有",
    "你看图片就知道",
    "看看照片就明白了",
    "刚才那张照片",
    "就是上面那张图",
    "详见照片",
    "你自己不会看吗",
    "附件里面都有",
    "看不到图吗",
    "还用我说吗",
    "看了现场就知道",
    "过来看一下就知道了",
    "跟上次那个一样",
    "和照片一样的",
    "还是那个老样子",
    "现场的照片",
    "这是现场图片",
    "第一张图",
    "图一图二",
    "有图为准",
    "具体的看附件",
]


@pytest.mark.parametrize("words", POINTING)
async def test_pointing_at_the_photo_makes_no_type(stage, words):
    phone = await stage.citizen()
    await phone.photo(photo())
    reply = (await phone.say(words)).text
    assert "听起来" not in reply
    assert "选一个" not in reply, "no type is likelier than another"
    await phone.locate(*HERE)
    await phone.say("提交")
    assert (await Case.get()).type == "other"


async def test_who_tells_it_after_all_gets_the_type(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    assert "先按「其他」收下" in (await phone.say("图上不是有吗")).text
    await phone.locate(*HERE)
    assert "路灯" in (await phone.say("路灯坏了不亮")).text
    await phone.say("提交")
    assert (await Case.get()).type == "street_light"


async def test_who_sent_no_photo_is_asked_what_it_is(stage):
    phone = await stage.citizen()
    await phone.locate(*HERE)
    assert "是什么事" in (await phone.say("你们自己来看")).text


@pytest.mark.parametrize("words", ["你们自己来看", "就是这样的", "还是那个老样子", "跟上次那个一样"])
async def test_pointing_alone_opens_no_report(stage, words):
    phone = await stage.citizen()
    reply = (await phone.say(words)).text
    assert "听起来" not in reply
    assert "选一个" not in reply
