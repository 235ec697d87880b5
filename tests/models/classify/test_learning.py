"""Weights are learned the same way every time, and judged on what they never saw."""

from dataclasses import replace

import numpy as np
import pytest
from small_city import small_city

from models.city.city import LearnedWords
from models.city.learned import FILE, LearnedFile, dump_learned, load_learned, read_learned
from models.classify import learning
from models.classify.features import list_features
from models.classify.learning import Lesson
from models.classify.lessons import Course, answer_rows, cross_validate, read_lesson
from models.classify.linear import Linear
from models.classify.rules import Classifier

CODES = ("street_light", "garbage", "other")


def lesson(words, label, **more):
    return Lesson(tuple(words.split()), {}, label, **more)


LESSONS = [
    *(lesson(f"灯 黑 杆{n % 3}", "street_light") for n in range(12)),
    *(lesson(f"桶 臭 袋{n % 3}", "garbage") for n in range(12)),
    *(lesson(f"水费 怎么 交{n % 3}", "other") for n in range(12)),
]


@pytest.fixture(scope="module")
def weights():
    return learning.learn(LESSONS, CODES)


def named(weights, *words):
    heights = learning.guess(weights, [lesson(" ".join(words), "other")], CODES)
    return CODES[int(heights.argmax())]


def test_words_of_a_type_name_it(weights):
    assert named(weights, "灯") == "street_light"
    assert named(weights, "臭", "袋1") == "garbage"


def test_the_same_lessons_give_the_same_weights(weights):
    again = learning.learn(LESSONS, CODES)
    assert np.array_equal(weights.table, again.table)
    assert weights.names == again.names


def test_learned_words_do_without_the_keywords_that_were_chosen_for_the_lessons():
    """Each lesson has its keyword, as whoever chose them saw to; a message to come may have none."""
    keyed = [replace(one, scores={one.label: 4.0}, pieces=(("词", one.label, 4.0),)) for one in LESSONS]
    leaning = learning.learn([replace(one, pieces=()) for one in keyed], CODES)
    standing = learning.learn(keyed, CODES)
    assert standing.scale < leaning.scale
    assert np.abs(standing.table).sum() > np.abs(leaning.table).sum()
    assert np.array_equal(standing.table, learning.learn(keyed, CODES).table)


def test_a_word_of_one_lesson_alone_is_not_kept():
    weights = learning.learn([*LESSONS, lesson("张三 灯", "street_light")], CODES)
    assert "张三" not in weights.names


def test_the_second_label_of_a_message_gets_its_share():
    both = [lesson("灯 箱", "street_light", alternative="garbage") for _ in range(20)]
    shares = learning.shares(learning.guess(learning.learn([*LESSONS, *both], CODES), both[:1], CODES), 1.0)[
        0
    ]
    assert shares[0] > shares[1] > shares[2]


def test_words_of_further_messages_are_weighed_but_never_kept():
    course = Course(tuple(LESSONS), (lesson("灯 王五", "garbage"), lesson("灯 王五", "garbage")))
    assert course.vocabulary.isdisjoint({"王五"})


def test_what_is_judged_was_not_learned_from():
    """A label drawn by lot cannot be guessed by who has not seen it; whoever learned it by heart knows it."""
    dice = np.random.default_rng(5)
    noise = tuple(lesson(f"词{n} 词{n}x", CODES[int(dice.integers(3))]) for n in range(150) for _ in range(1))
    heights, _ = cross_validate(Course((*noise, *noise)), CODES, folds=2)
    alone, _ = cross_validate(Course(noise), CODES, folds=5)
    right = [CODES[row.argmax()] == one.label for row, one in zip(alone, noise, strict=True)]
    assert sum(right) / len(right) < 0.5
    assert heights.shape == (300, 3)


def test_the_temperature_makes_confidence_mean_what_it_says():
    dice = np.random.default_rng(7)
    heights = np.zeros((600, 3), dtype=np.float32)
    rows = []
    for row in range(600):  # the model says 0.99 and is right in seven of ten
        heights[row, 0] = 5.0
        rows.append(lesson("灯", "street_light" if dice.random() < 0.7 else "garbage"))
    before = learning.calibration_error(learning.shares(heights, 1.0), rows, CODES)
    heat = learning.find_temperature(heights, rows, CODES)
    after = learning.calibration_error(learning.shares(heights, heat), rows, CODES)
    assert before > 0.25
    assert after < 0.1 < before
    assert heat > 2


def test_what_is_packed_and_written_weighs_the_same(weights, tmp_path):
    words = learning.pack(weights, CODES, 1.0)
    dump_learned(tmp_path / FILE, LearnedFile(words, {"lessons": 36}))
    read = load_learned(tmp_path / FILE)
    assert read == LearnedFile(words, {"lessons": 36})
    linear = Linear(read.words, CODES)
    told = linear.weigh(linear.hear(["灯", "黑", "没见过"]))
    known = learning.guess(weights, [lesson("灯 黑", "other")], CODES)[0]
    assert told == pytest.approx(known, abs=0.2)


def test_a_type_that_the_lessons_did_not_have_stays_at_what_its_keywords_say(weights):
    linear = Linear(learning.pack(weights, CODES, 1.0), ("dogs", *CODES))
    told = linear.weigh(linear.hear(["灯"]))
    assert told[0] == 0.0
    assert told[1] > 0


def test_what_a_word_gave_is_told(weights):
    linear = Linear(learning.pack(weights, CODES, 1.0), CODES)
    (name, given), *_ = linear.explain(linear.hear(["灯", "水费", "没见过"]), 0, 2)
    assert name == "灯"
    assert given > 0


def test_length_marks_and_a_title_are_seen():
    short = list_features(("灯", "吗", "?"), "灯吗?")
    long = list_features(("灯",) * 200, "灯" * 200, titled=True)
    assert {"?long2", "?marks1"} <= set(short)
    assert {"?long7", "?marks0", "?titled"} <= set(long)
    assert "?titled" not in short


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"types": ["a"], "bias": [], "scale": 1, "temperature": 1, "weights": {}}',
        '{"types": ["a"], "bias": [0], "scale": 1, "temperature": 0, "weights": {}}',
        '{"types": ["a"], "bias": [0], "scale": 1, "temperature": 1, "weights": {"灯": "7:1"}}',
        '{"types": ["a"], "bias": [0], "scale": 1, "temperature": 1, "weights": {"灯": "0:?"}}',
        '{"types": ["a"], "bias": [0], "scale": 1, "temperature": 1, "weights": []}',
    ],
)
def test_a_broken_file_is_one_clear_mistake(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    words, (mistake,) = read_learned(tmp_path, {"a"})
    assert words is None
    assert "lexicon learn" in str(mistake)


def test_a_type_that_the_city_has_not_is_a_mistake(tmp_path):
    words = LearnedWords(("geese",), (0.0,), {}, 1.0, 1.0)
    dump_learned(tmp_path / FILE, LearnedFile(words))
    _, (mistake,) = read_learned(tmp_path, {"dogs"})
    assert "geese" in str(mistake)


def test_a_town_without_the_file_has_its_keywords_alone(tmp_path, tokenizer):
    assert read_learned(tmp_path, {"dogs"}) == (None, [])
    assert Classifier(small_city(), tokenizer).classify("路灯不亮").type == "street_light"


def test_rows_are_read_as_the_classifier_reads_them(classifier):
    one = read_lesson({"title": "路灯", "text": "不亮三天", "label": "street_light", "alt": None}, classifier)
    assert {"路灯", "*灯"} <= set(one.features)
    assert one.scores["street_light"] > 0
    assert one.right == {"street_light"}


def test_answers_are_ranked_as_evaluate_counts_them():
    heights = np.array([[0.0, 2.0, 1.0]], dtype=np.float32)
    (row,) = answer_rows([{"label": "garbage"}], heights, CODES, 1.0)
    assert row["type"] == "garbage"
    assert [next_["type"] for next_ in row["alternatives"]] == ["other", "street_light"]
