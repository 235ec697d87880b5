"""What was typed by sound is read as it was meant, and what makes sense is left alone."""

import pytest


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("路登不亮", "street_light"),
        ("门口井该没了", "manhole"),
        ("小区门口天天违庭", "illegal_parking"),
        ("躁音太大睡不着", "noise"),
        ("楼下饭店油咽味", "fume_dust"),
        ("拉圾堆了一地没人扫", "garbage"),
    ],
)
def test_a_word_typed_by_its_sound_is_understood(classifier, typed, code):
    assert classifier.classify(typed).type == code


def test_evidence_stands_where_the_mistyped_word_stood(classifier):
    verdict = classifier.classify("我家门口的路登不亮了")
    starts = {piece.start for piece in verdict.evidence if piece.type == "street_light" and not piece.learned}
    assert "我家门口的路登不亮了".index("路登") in starts


@pytest.mark.parametrize("text", ["道路被大货车占满了", "这归谁管", "旁边被倒满泥土"])
def test_what_makes_sense_is_left_alone(classifier, text):
    assert classifier.read(text).readable == classifier.read(text).whole


def test_traditional_characters_are_read_as_simplified_ones(classifier):
    assert classifier.classify("路燈壞了").type == "street_light"
    assert classifier.classify("垃圾堆積如山沒人清").type == "garbage"
