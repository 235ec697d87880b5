"""What words say about a place: an answer to "where?", an address by itself, or neither."""

import pytest

from models.cases.draft import WHERE, Draft, names_place
from models.classify.forms import is_address


@pytest.mark.parametrize(
    "words",
    [
        "胡埭路",
        "幸福里",
        "村口",
        "实验小学",
        "三号楼",
        "5栋",
        "12号",
        "河边",
        "钱胡路和胡埭路交叉口",
        "小区里面",
    ],
)
def test_place_is_known_by_its_name(words):
    assert names_place(words)


@pytest.mark.parametrize(
    "words", ["路都走不了，天天这样", "骑车的老人差点摔倒", "很臭", "没人管", "里面很臭", "你好"]
)
def test_story_is_no_place(words):
    assert not names_place(words)


@pytest.mark.parametrize(
    "words", ["胡埭路12号", "胡埭路 12 号门口", "菜场北门对面", "就在幸福里后面那条小巷子，三号楼旁边"]
)
def test_address_is_known_unasked(words):
    assert is_address(words)


@pytest.mark.parametrize("words", ["胡埭路", "公司附近能停车吗", "路灯不亮", "菜场对面" * 11, "门口"])
def test_what_may_be_something_else_is_not_taken_for_an_address_unasked(words):
    assert not is_address(words)


def test_first_address_stays_and_all_words_are_kept():
    draft = Draft(asked=WHERE).with_words("菜场北门对面", is_place=True).with_words("村口", is_place=True)
    assert draft.address == "菜场北门对面"
    assert draft.text == ("菜场北门对面", "村口")
