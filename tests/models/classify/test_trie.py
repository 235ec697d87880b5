"""Words are found in one pass, the longest one first."""

from hypothesis import given
from hypothesis import strategies as st

from models.classify.trie import Trie

LETTERS = st.text(alphabet="路灯不亮垃圾", max_size=30)


def test_a_longer_word_hides_those_inside_it():
    found = Trie(["路灯", "灯不亮", "路灯不亮", "不亮"]).find("这里路灯不亮,灯不亮")
    assert [(hit.word, hit.start, hit.end) for hit in found] == [("路灯不亮", 2, 6), ("灯不亮", 7, 10)]


def test_words_that_only_overlap_both_count():
    found = Trie(["车辆乱停", "乱停乱放"]).find("车辆乱停乱放")
    assert [hit.word for hit in found] == ["车辆乱停", "乱停乱放"]


def test_an_empty_list_and_an_empty_word_find_nothing():
    assert Trie([]).find("路灯") == []
    assert Trie([""]).find("路灯") == []


@given(st.lists(LETTERS, max_size=8), LETTERS)
def test_hits_are_exactly_the_words_that_lie_in_no_longer_one(words, text):
    every = {
        (start, start + len(word))
        for word in words
        for start in range(len(text))
        if word and text[start:].startswith(word)
    }
    outer = {one for one in every if not any(o != one and o[0] <= one[0] and one[1] <= o[1] for o in every)}
    assert [(hit.start, hit.end) for hit in Trie(words).find(text)] == sorted(outer)
