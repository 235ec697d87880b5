"""Questions find their answers, with the law of this place only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import small_city

from models.city.city import Faq, LawRef
from models.classify.faq import SURE, FaqFinder

HERE, THERE = LawRef("条例甲", "三", "湖北"), LawRef("条例乙", None, "浙江")
GEESE = Faq("Q1", "大鹅", "鹅能养在街上吗?", ("养鹅", "鹅上街"), "不行。", (HERE, THERE))
STALLS = Faq("Q2", "摊位", "摆摊要办证吗?", ("摊位怎么申请", "夜市摆摊"), "要。")
CITY = small_city(faq=(GEESE, STALLS))


@pytest.fixture(scope="module")
def geese(tokenizer):
    return FaqFinder(CITY, tokenizer)


@pytest.fixture(scope="module")
def town(example, tokenizer):
    return FaqFinder(example, tokenizer)


def codes(finder, text):
    return [faq.code for faq, _ in finder.find(text)]


@pytest.mark.parametrize(("text", "code"), [("请问养鹅可以吗", "Q1"), ("夜市摆摊怎么申请摊位", "Q2")])
def test_a_question_finds_its_entry_surely(geese, text, code):
    (faq, score), *_ = geese.find(text)
    assert faq.code == code
    assert SURE <= score <= 1


def test_a_wording_of_the_entry_itself_is_surer_than_one_that_is_only_like_it(geese):
    assert geese.find("养鹅")[0][1] > 0.9 > geese.find("鹅能不能上街走走")[0][1]


@pytest.mark.parametrize("text", ["", "你好", "请问一下", "今天天气真好", "🔥🔥"])
def test_what_has_nothing_to_do_with_any_entry_finds_none(geese, text):
    assert geese.find(text) == []


def test_a_law_of_another_place_is_never_shown(geese):
    assert geese.find("养鹅")[0][0].refs == (HERE,)


def test_the_example_town_shows_only_law_that_holds_there(town, example):
    shown = [ref.scope for entry in example.faq for faq, _ in town.find(entry.question) for ref in faq.refs]
    assert shown
    assert set(shown) <= set(example.scope)


def test_every_entry_of_the_example_town_is_found_by_its_own_question(town, example):
    missed = [entry.code for entry in example.faq if codes(town, entry.question)[:1] != [entry.code]]
    assert not missed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("店里换招牌要审批吗", "W01"),
        ("狗证在哪办", "W33"),
        ("大件垃圾和旧家具扔哪里", "W18"),
        ("我想认养一棵树", "W38"),
        ("罚款怎么交", "W09"),
        ("电瓶车能推进楼道充电吗", "W26"),
    ],
)
def test_people_may_ask_in_their_own_words(town, text, code):
    assert codes(town, text)[0] == code


def test_at_most_as_many_as_asked_for_come_back_best_first(town):
    found = town.find("门口垃圾罚款怎么申请", limit=2)
    assert len(found) == 2
    assert found[0][1] >= found[1][1]


@given(st.text(max_size=600))
def test_no_text_breaks_the_rules(geese, text):
    assert all(0 < score <= 1 for _, score in geese.find(text))
