"""What a text sounds like as a whole is learned, and speaks only where a town has learned it."""

from dataclasses import replace

import pytest
from small_city import small_city

from models.city.city import LearnedWords
from models.classify.danger import find_emergency
from models.classify.tone import hear_tone, tone_features

LOUD = LearnedWords(("calm", "live"), (0.0, 0.0), {"手": {1: 40.0}, "糖": {0: 40.0}}, 1.0, 1.0)


def test_a_town_that_learned_nothing_has_its_words_alone():
    assert hear_tone(small_city(), "他手甩不开了，一直在抖", spoken=False, doubted=False) is None
    assert find_emergency(small_city(), "他手甩不开了，一直在抖") is None


def test_what_no_word_foresees_is_the_call_for_help_by_its_tone():
    city = small_city(tone=LOUD)
    assert find_emergency(city, "他手甩不开了，一直在抖") is city.emergencies[-1]


def test_an_order_about_a_case_is_no_danger_by_its_tone():
    city = small_city(tone=LOUD)
    assert find_emergency(city, "备注 0012 他手甩不开了，一直在抖") is None
    assert find_emergency(city, "补充：2607060012 他手甩不开了") is None


@pytest.mark.parametrize("text", ["手", "手，手。", "洗手"])
def test_a_few_characters_are_no_danger_by_their_tone_alone(text):
    assert find_emergency(small_city(tone=LOUD), text) is None


@pytest.mark.parametrize(
    ("weight", "lasting", "heard"),
    [(2.0, False, True), (5.5, False, False), (5.5, True, True), (40.0, True, False)],
)
def test_a_word_is_silenced_by_a_tone_that_speaks_plainly_against_it(weight, lasting, heard):
    city = small_city(tone=LearnedWords(("calm", "live"), (0.0, 0.0), {"糖": {0: weight}}, 1.0, 1.0))
    words = tuple(replace(emergency, lasting=lasting) for emergency in city.emergencies)
    assert (find_emergency(replace(city, emergencies=words), "着火了糖糖糖") is not None) is heard


def test_features_are_the_same_however_it_is_marked_and_wide():
    assert tone_features("着火了，快来！") == tone_features("著火了  快来!!")
    assert tone_features("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "他手甩不开了 一直抖 我们拿木棍拨不开",
        "窗户里有人挥衣服 后面都是烟",
        "下去的两个人都没声了 第三个要下去我拉着",
        "老人坐着不动好久了 身上凉",
        "车在往下滑 里面还有孩子",
    ],
)
def test_the_example_town_hears_what_its_words_do_not_foresee(example, text):
    assert find_emergency(example, text) is not None
