"""What leads to a person is hidden in a text; what does not, stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from masking_samples import HIDDEN, KEPT

from models.cases.masking import mask_personal, names_in
from models.cases.numbers_as_said import as_figures

PARTS = ("1234", "5678", "8555", "1980", "wang", "1203", "502", "503", "501")


def test_there_are_sixty_of_each():
    assert min(len(set(HIDDEN)), len(set(KEPT))) >= 60


@pytest.mark.parametrize("told", HIDDEN)
def test_what_leads_to_a_person_is_hidden_wherever_it_stands(told):
    for text in (told, f"我是老王,{told},谢谢", f"找我{told}吧"):
        masked = mask_personal(text)
        assert "已隐去" in masked
        assert not any(part in as_figures(masked) for part in PARTS), masked
    assert mask_personal(f"我是老王,{told},谢谢").startswith("我是老王,")
    assert mask_personal(f"我是老王,{told},谢谢").endswith(",谢谢")


@pytest.mark.parametrize("told", KEPT)
def test_what_leads_to_nobody_stays(told):
    for text in (told, f"这里{told},谢谢"):
        assert mask_personal(text) == text


@pytest.mark.parametrize(
    "told",
    [
        "我叫王秀英,井盖坏了",
        "姓名：王秀英 电话13812345678",
        "联系人王秀英",
        "我是王秀英。",
        "我叫王秀英住在3号楼",
    ],
)
def test_the_name_by_which_somebody_introduces_themselves_is_hidden(told):
    assert "王秀英" not in mask_personal(told)
    assert names_in(told) == ["王秀英"]


def test_a_name_once_known_is_hidden_wherever_it_stands_again():
    assert mask_personal("我叫王秀英,找王秀英就行").count("姓名已隐去") == 2


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
