"""What leads to a person is hidden in a text; what does not, stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cases.masking import mask_personal


@pytest.mark.parametrize(
    "told",
    [
        "13812345678",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "138 1234 5678",
        "138-1234-5678",
        "1381 2345 678",
        "138.1234.5678",
        "138 123 456 78",
        "+86 13812345678",
        "8613812345678",
        "tel13812345678",
        "一三八一二三四五六七八",
        "0510-85550319",
        "(0510)85550319",
        "\uff080510\uff0985550319",
        "051085550319",
        "32021119800101123X",
        "320211 19800101 1234",
        "320211800101123",
        "6222 0202 0001 2345 678",
        "wang.xm_1@mail.example.com",
        "微信号wang_12345",
        "QQ:12345678",
        "苏B12345",
        "苏B·D12345",
        "1203室",
        "B1203房",
    ],
)
def test_personal_number_is_hidden_wherever_it_stands(told):
    for text in (told, f"我是老王,{told},谢谢", f"找我{told}吧"):
        masked = mask_personal(text)
        assert told not in masked
        assert "已隐去" in masked
        assert not any(part in masked for part in ("1234", "5678", "8555", "1980", "wang", "1203"))
    assert mask_personal(f"我是老王,{told},谢谢").startswith("我是老王,")
    assert mask_personal(f"我是老王,{told},谢谢").endswith(",谢谢")


@pytest.mark.parametrize(
    "told",
    [
        "",
        "胡埭路125号门口的井盖坏了",
        "2026-11-20 15:30 到 16:40 一直在响",
        "打12345、12319没人接,400-800-1234也打了",
        "案件 2611200001 怎么样了",
        "长50米宽20米,面积1000平方米,已经300天了",
        "有1000户没水,每天6点到9点",
        "5幢3单元楼下,棋牌室很吵",
        "微信群里说了没人管",
        "罚款1500元,收据号888",
    ],
)
def test_what_leads_to_nobody_stays(told):
    assert mask_personal(told) == told


def test_each_of_several_numbers_is_hidden():
    assert mask_personal("13812345678或13912345678").count("已隐去") == 2


@given(st.text(alphabet="0123456789- X室一二苏B微信@a.", max_size=60))
def test_masking_twice_is_masking_once(text):
    once = mask_personal(text)
    assert mask_personal(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("好坏,。 路", max_size=5))
def test_no_mobile_number_gets_through(number, words):
    assert number not in mask_personal(words + number + words)


@pytest.mark.parametrize("piece", ["1", "1 ", "一", "a.", "微信", "0510-"])
def test_long_nonsense_comes_through(piece):
    assert mask_personal(piece * 20000)
