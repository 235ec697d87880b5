"""Abuse, advertisements and repeats are recognised, and reports about them are not taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import small_city

from models.classify.abuse import is_abuse, is_advert, same_text

CITY = small_city()


@pytest.mark.parametrize("text", ["你们这帮笨鹅", "笨 鹅", "笨.鹅!"])
def test_an_abusive_word_is_heard_even_when_taken_apart(text):
    assert is_abuse(CITY, text)


@pytest.mark.parametrize("text", ["", "鹅很笨", "路灯不亮,气死我了"])
def test_anger_alone_is_no_abuse(text):
    assert not is_abuse(CITY, text)


@pytest.mark.parametrize(
    "text",
    [
        "代开发票 13800001111",
        "加微信 goose2024x 领取优惠",
        "代开发票,价格低",
        "点击 https://goose.top/a 免费领取",
    ],
)
def test_what_sells_is_an_advert(text):
    assert is_advert(CITY, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我的电话 13800001111,路灯不亮",
        "墙上贴满代开发票的纸,垃圾没人扫,还有电话 13800001111",
        "https://goose.top/a",
        "路灯不亮",
    ],
)
def test_a_report_a_number_or_a_link_alone_is_no_advert(text):
    assert not is_advert(CITY, text)


@pytest.mark.parametrize(
    "text",
    [
        "电线杆上贴满代开发票的小广告,留的电话是 13800001111",
        "店里喊优惠的喇叭太吵",
        "流动摊贩扫码领取鸡蛋,占道",
    ],
)
def test_the_example_town_keeps_reports_about_selling(example, text):
    assert not is_advert(example, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("路灯不亮", "路灯 不亮!!"),
        ("ＬＥＤ屏太亮", "led屏太亮。"),
        ("安泰路三号门口路灯不亮好几天了请来修", "安泰路三号门口路灯不亮好几天了,请来修吧"),
    ],
)
def test_the_same_words_are_the_same_text(one, other):
    assert same_text(one, other)
    assert same_text(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("路灯不亮", "路灯坏了"),
        ("安泰路3号门口路灯不亮好几天了请来修", "安泰路5号门口路灯不亮好几天了请来修"),
        ("人民路中段路灯不亮好几天没人修", "建设路南段井盖破损好几天没人修"),
        ("", ""),
        ("!!!", "。。。"),
    ],
)
def test_other_words_other_numbers_or_none_are_not(one, other):
    assert not same_text(one, other)


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_has_no_direction(one, other):
    assert same_text(one, other) == same_text(other, one)
