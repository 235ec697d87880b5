"""Words that people change lie over those of the city folder."""

import pytest
from small_city import small_city

from models.classify.rules import Classifier
from models.errors import Refusal
from models.lexicon.bench import Past, try_words
from models.lexicon.proposing import propose_words
from models.lexicon.words import WordChange, apply_words, check_change, dump_words, load_words, merge

CITY = small_city()
STALL = WordChange("street_vending", "板车", 4.0)


def named(city, text):
    return Classifier(city).classify(text).type


def test_a_new_word_names_its_type():
    assert named(CITY, "板车又来了") == "other"
    assert named(apply_words(CITY, [STALL]), "板车又来了") == "street_vending"


def test_a_word_taken_away_counts_nothing():
    assert named(apply_words(CITY, [WordChange("garbage", "垃圾", None)]), "垃圾") == "other"


def test_a_changed_word_takes_the_place_of_every_entry_of_its_own():
    changed = apply_words(CITY, [WordChange("illegal_parking", "挡住", 5.0, unless=("电动车",))])
    entries = [k for k in changed.case_types["illegal_parking"].keywords if k.word == "挡住"]
    assert [(k.weight, k.near, k.unless) for k in entries] == [(5.0, (), ("电动车",))]


def test_other_types_stay_as_they_are():
    changed = apply_words(CITY, [STALL])
    assert changed.case_types["garbage"] is CITY.case_types["garbage"]
    assert apply_words(CITY, []) is CITY


def test_a_type_that_is_gone_changes_nothing():
    assert apply_words(CITY, [WordChange("geese", "鹅", 3.0)]).case_types == CITY.case_types


def test_the_newer_change_of_a_word_holds():
    heavier = WordChange("street_vending", "板车", 5.0)
    assert merge([STALL], [heavier]) == (heavier,)
    assert load_words(dump_words([heavier])) == (heavier,)


@pytest.mark.parametrize(
    "change",
    [
        WordChange("geese", "鹅", 3.0),
        WordChange("garbage", "", 3.0),
        WordChange("garbage", "两 个", 3.0),
        WordChange("garbage", "这个词实在是太长太长太长了", 3.0),
        WordChange("garbage", "桶", 0.0),
        WordChange("garbage", "桶", 99.0),
        WordChange("garbage", "没有过的词", None),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_in_words(change):
    with pytest.raises(Refusal) as refused:
        check_change(CITY, change)
    assert refused.value.sentence.endswith("。")


def test_the_bench_says_what_gets_better_and_what_worse():
    past = [
        Past("1", "板车挡路", frozenset({"street_vending"})),
        Past("2", "板车上堆着垃圾", frozenset({"garbage"})),
        Past("3", "板车一辆", frozenset()),
        Past("4", "路灯不亮", frozenset({"street_light"})),
    ]
    before = Classifier(CITY)
    trial = try_words(before, before.with_words(apply_words(CITY, [STALL])), ["板车"], past)
    assert trial.looked_at == 4
    assert {turn.past.name: turn.outcome for turn in trial.turns} == {
        "1": "better",
        "2": "worse",
        "3": "other",
    }


def corrected(count, words="板车卖瓜"):
    return [Past(f"c{n}", f"{words}{n}号", frozenset({"street_vending"})) for n in range(count)]


@pytest.fixture
def rules(tokenizer):
    return Classifier(CITY, tokenizer)


ELSEWHERE = [Past(f"p{n}", "路灯不亮", frozenset({"street_light"})) for n in range(20)]


def test_a_word_that_several_corrections_share_is_proposed_with_its_evidence(rules):
    found = propose_words(corrected(4), ELSEWHERE, rules, [])
    assert "板车" in {one.change.word for one in found}
    one = next(one for one in found if one.change.word == "板车")
    assert one.cases == ("c0", "c1", "c2", "c3")
    assert (one.change.type, one.elsewhere, one.better, one.worse) == ("street_vending", 0, 4, 0)


def test_a_word_of_two_corrections_is_chance(rules):
    assert propose_words(corrected(2), ELSEWHERE, rules, []) == []


def test_a_word_that_other_types_have_too_is_not_proposed(rules):
    everywhere = [Past(f"p{n}", "板车卖瓜", frozenset({"street_light"})) for n in range(20)]
    assert "板车" not in {one.change.word for one in propose_words(corrected(4), everywhere, rules, [])}


def test_what_was_proposed_before_is_not_proposed_again(rules):
    found = propose_words(corrected(4), ELSEWHERE, rules, [("street_vending", "板车")])
    assert "板车" not in {one.change.word for one in found}


def test_a_word_that_the_type_has_already_is_not_proposed(rules):
    found = propose_words(corrected(4, "摆摊卖瓜"), ELSEWHERE, rules, [])
    assert "摆摊" not in {one.change.word for one in found}
