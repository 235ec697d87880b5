"""A text finds its case type by the rules, each shown on a small town."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import kind, small_city

from models.classify.rules import Classifier, Verdict
from models.classify.tokens import MAX_CHARACTERS

CITY = small_city()
RULES = Classifier(CITY)


def classify(text, **more):
    return RULES.classify(text, **more)


def scores(verdict: Verdict):
    """Return the sum of the evidence of each type."""
    return {code: sum(e.weight for e in verdict.evidence if e.type == code) for code in CITY.case_types}


def test_a_word_names_its_type_and_says_where_it_stands():
    verdict = classify("桥头路灯坏了")
    assert verdict.type == "street_light"
    assert [(e.word, e.type, e.weight, e.start) for e in verdict.evidence] == [
        ("路灯", "street_light", 4.0, 2)
    ]
    assert verdict.small_class == "L1"


def test_more_evidence_makes_it_surer():
    assert classify("路灯不亮").confidence > classify("路灯").confidence > classify("不亮").confidence


@pytest.mark.parametrize("text", ["", "   ", "\n", "随便说说", "🔥", "abc"])
def test_a_text_without_any_word_is_other_and_hardly_sure(text):
    verdict = classify(text)
    assert verdict.type == "other"
    assert verdict.confidence < 0.2
    assert not verdict.evidence
    assert not verdict.consultation


def test_confidences_of_all_types_sum_to_one_and_fall():
    verdict = Classifier(small_city(CITY.case_types.values())).classify("占道摆摊,垃圾没人扫")
    shares = [verdict.confidence, *(share for _, share in verdict.alternatives)]
    assert shares == sorted(shares, reverse=True)
    assert 0.9 < sum(shares) <= 1.0 + 1e-9
    assert verdict.type not in [code for code, _ in verdict.alternatives]


def test_the_longest_word_wins():
    verdict = classify("垃圾站")
    assert verdict.type == "waste_sorting"
    assert {e.word for e in verdict.evidence} == {"垃圾站"}


@pytest.mark.parametrize("text", ["这不是占道,是垃圾没人扫", "并非占道,垃圾没人扫", "不属于占道,垃圾没人扫"])
def test_what_is_denied_does_not_count(text):
    verdict = classify(text)
    assert verdict.type == "garbage"
    assert scores(verdict)["street_vending"] == 0


def test_a_question_is_no_denial():
    assert classify("这里是不是占道了").type == "street_vending"


def test_what_is_lacking_is_reported():
    assert classify("巷子里没有路灯").type == "street_light"


@pytest.mark.parametrize("text", ["绿化带旁路灯不亮", "绿化带对面有人占道摆摊", "绿化带里全是垃圾,没人扫"])
def test_a_word_that_says_where_hardly_counts(text):
    assert scores(classify(text))["greening"] < 3.5 / 2


def test_words_inside_given_place_spans_do_not_count():
    text = "路灯巷口垃圾没人扫"
    assert scores(classify(text, place_spans=()))["street_light"] == 4.0
    verdict = classify(text, place_spans=((0, 3),))
    assert verdict.type == "garbage"
    assert scores(verdict)["street_light"] == 0


def test_place_words_are_found_when_no_spans_are_given():
    rules = Classifier(CITY, find_places=lambda text: [(0, 3)] if text.startswith("路灯巷") else [])
    assert rules.classify("路灯巷垃圾没人扫").type == "garbage"
    assert rules.classify("垃圾没人扫", title="路灯巷").evidence[0].word != "路灯"


@pytest.mark.parametrize("spans", [((-5, 3),), ((7, 99),), ((4, 2),), ((50, 60),)])
def test_wild_spans_do_no_harm(spans):
    assert classify("垃圾没人扫", place_spans=spans).type in CITY.case_types


def test_a_word_waits_for_its_neighbours():
    assert classify("小车挡住门").type == "illegal_parking"
    assert classify("树挡住门").type == "other"


def test_a_word_steps_back_before_others():
    assert classify("门口停满小车").type == "illegal_parking"
    assert classify("门口停满电动车").type == "other"


def test_a_word_counts_more_in_the_title():
    mixed = "有垃圾站。路灯"
    assert classify(mixed, title="路灯").type == "street_light"
    assert classify(mixed, title="垃圾站").type == "waste_sorting"


def test_evidence_is_found_at_its_start_in_title_and_text_joined():
    verdict = classify("这里路灯不亮", title="垃圾站")
    joined = "垃圾站\n这里路灯不亮"
    assert all(joined[e.start :].startswith(e.word) for e in verdict.evidence)


def test_saying_it_again_adds_ever_less():
    once, twice, often = (scores(classify("垃圾。" * n))["garbage"] for n in (1, 2, 50))
    assert once < twice < often < 1.5 * once


def test_what_it_leads_to_counts_less_than_what_it_is():
    assert scores(classify("影响绿化带"))["greening"] < scores(classify("绿化带"))["greening"]


def test_a_short_word_across_two_words_is_none(tokenizer):
    text = "顾客走出店门就摔倒"
    assert Classifier(CITY).classify(text).type == "street_vending"
    assert Classifier(CITY, tokenizer).classify(text).type == "other"


def test_several_things_in_one_text_are_all_named():
    assert [(matter.type, matter.words) for matter in classify("路灯坏了,还有人摆摊").several] == [
        ("street_light", "路灯坏了"),
        ("street_vending", "还有人摆摊"),
    ]
    assert classify("路灯坏了").several == ()


@pytest.mark.parametrize("text", ["请问摆摊要什么材料", "想问一下摆摊需要什么条件?", "办这个需要什么材料"])
def test_a_question_is_a_consultation(text):
    verdict = classify(text)
    assert verdict.consultation
    assert verdict.type == "consultation"


@pytest.mark.parametrize("text", ["路灯什么时候能修好?", "垃圾一直没人扫,没人管吗?", "路灯不亮"])
def test_a_report_that_asks_is_a_report(text):
    verdict = classify(text)
    assert not verdict.consultation
    assert CITY.case_types[verdict.type].handled


def test_danger_makes_it_urgent():
    assert classify("垃圾堆着火了").urgent
    assert not classify("垃圾堆没有着火").urgent


def test_a_town_without_other_falls_back_to_what_it_does_not_handle():
    town = small_city((kind("lamp", {"路灯": 4.0}), kind("ask", {"请问": 2.0}, handled=False)))
    assert Classifier(town).classify("你好").type == "ask"
    town = small_city((kind("goose", {"鹅": 4.0}), kind("lamp", {"路灯": 4.0})))
    assert Classifier(town).classify("你好").type == "lamp"


def test_words_of_the_city_may_be_typed_any_way():
    town = small_city((kind("sign", {"LED屏": 4.0}), kind("other", {}, handled=False)))
    assert Classifier(town).classify("ｌｅｄ屏太亮").type == "sign"


def test_the_same_text_gets_the_same_verdict():
    text = "请问垃圾站旁边摆摊,路灯不亮"
    assert Classifier(small_city()).classify(text) == Classifier(small_city()).classify(text)


@given(
    st.text(
        alphabet=st.sampled_from("路灯垃圾站占道摆摊没有不是请问吗?,。 \n旁边影响🔥\x00着火"), max_size=200
    ),
    st.text(max_size=40),
)
def test_no_text_breaks_the_rules(text, title):
    verdict = classify(text, title=title)
    assert verdict.type in CITY.case_types
    assert 0 <= verdict.confidence <= 1
    joined = f"{title.strip()}\n{text}" if title.strip() else text
    assert all(0 <= e.start < len(joined) for e in verdict.evidence)


def test_an_endless_text_is_read_only_so_far():
    text = "灯" * MAX_CHARACTERS + "垃圾没人扫"
    assert classify(text).type == "other"
    assert len(classify("路灯垃圾占道" * 10_000).evidence) <= 20
