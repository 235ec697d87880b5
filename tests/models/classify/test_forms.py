"""The grammar of questions: what asks, and what only looks like it."""

import pytest

from models.classify.forms import asks, is_settled, says_nothing, wonders


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


@pytest.mark.parametrize(
    "text",
    [
        "看图",
        "自己看",
        "就这个",
        "你们看着办",
        "图片上有",
        "上面写了",
        "如图所示",
        "这样的",
        "见照片",
        "图上不是有吗",
        "照片里不是有吗",
        "都发给你们了",
        "看照片就知道了",
        "就是上面那张",
        "第一张",
        "图一图二",
        "现场就这样",
        "过来看看就知道了",
        "跟昨天一样",
        "还是那个",
        "老样子",
        "详见附件",
        "有图为准",
        "这是什么",
        "怎么回事",
        "什么情况",
        "你们懂的",
        "自己体会",
        "不会看吗",
        "看不清楚吗",
        "这不是明摆着吗",
        "刚才那张",
        "刚说的那个",
        "还用我说吗",
        "那边",
        "就在这里",
        "随便",
        "快来处理一下",
        "麻烦尽快解决",
        "你说呢",
        "没看到吗",
    ],
)
def test_words_that_only_point_say_nothing(text):
    assert says_nothing(text)
    assert says_nothing(f"{text}！！")


@pytest.mark.parametrize(
    "text",
    [
        "图上的路灯",
        "照片里的垃圾",
        "上面漏水",
        "下面塌了",
        "看见狗了",
        "怎么办证",
        "办证",
        "这里有人摆摊",
        "里面着火了",
        "前面堵车",
        "照片上的井盖",
        "他们在打牌",
        "点着垃圾了",
        "地下停车场",
        "现场很吵",
        "有人受伤",
        "那边积水",
        "树",
        "停电了",
        "你们上班吗",
        "电话多少",
        "你们在哪里",
        "什么时候修",
    ],
)
def test_a_word_of_what_it_is_says_something(text):
    assert not says_nothing(text)


def test_a_long_text_of_pointing_words_is_looked_at_in_no_time():
    assert not says_nothing("看" * 20_000)
    assert says_nothing("看这里那里上面下面看这里那里上面下面")
