"""The grammar of questions: what asks, and what only looks like it."""

import pytest

from models.classify.forms import asks, is_settled, wonders


@pytest.mark.parametrize(
    "text",
    [
        "封阳台要报备么",
        "疏导点还有空位冇",
        "算唔算占道㗎",
        "罚款几块钱",
        "一年几多钱",
        "养狗登记上哪办",
        "床垫要哪个来收,让不让自己扔",
        "挂横幅要啥手续",
        "志愿者咋报名",
        "哪条街能摆摊",
        "电池丢哪种桶",
        "得不得罚款",
    ],
)
def test_regions_ask_in_their_own_ways(text):
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "门口垃圾多得不得了",
        "吵得还让不让人睡觉",
        "门口摆了几张桌子",
        "路上几块地砖翘起来了",
        "护栏倒了几米",
        "路上掉了十几块砖",
        "走到哪都是共享单车",
        "垃圾扔得哪儿都是",
        "小区里哪家都在装修",
        "路上哪都是垃圾",
        "晚上哪睡得着",
        "路边个体户把货摆到路上",
        "这边个垃圾桶满了",
        "没有什么路灯",
        "停在路口算什么事",
        "开什么玩笑,又把树砍了",
        "路灯都没得",
        "半夜不知道在搞什么",
    ],
)
def test_what_only_looks_like_a_question_is_none(text):
    assert not asks(text)


@pytest.mark.parametrize("text", ["我要办养犬证", "想办个摆摊证", "我想办理店招许可证"])
def test_whoever_wants_a_paper_wonders_how(text):
    assert wonders(text)


def test_small_advertisements_for_papers_wonder_nothing():
    assert not wonders("墙上全是办证的小广告")


@pytest.mark.parametrize("text", ["车开走了", "桌子收进去了", "路灯修好了"])
def test_good_news_is_settled(text):
    assert is_settled(text)
