"""Short messages as people type them, written for this test and never learned from: the floor only rises."""

import json
from pathlib import Path

import pytest

from models.classify.evaluate import calibration_error, classify_row, f1_score, is_among_three, is_right
from models.classify.faq import SURE, FaqFinder

DATA = Path("tests/data")
# What was reached when each figure was last looked at, rounded down. Raise them; never lower them.
FIRST, FIRST_THREE = 0.938, 0.99
BORDERS_FIRST, BORDERS_THREE = 0.82, 0.98  # questions and matters of others, in words that mislead
WORST_TYPE = 0.86  # of thirty messages each
# Of 30 messages each among 690: one false alarm costs more than a point.
F1 = {"consultation": 0.84, "other": 0.86}
CALIBRATION = 0.03
FAQ_FIRST, FAQ_THREE, FAQ_TOLD_RIGHT = 0.87, 0.91, 0.97


def rows_of(name):
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def answered(classifier):
    return [classify_row(row, classifier) for row in rows_of("messages.jsonl")]


def share(rows, holds):
    return sum(map(holds, rows)) / len(rows)


def test_the_messages_are_many_and_of_every_type(answered, example):
    assert len(answered) >= 690
    assert {row["label"] for row in answered} == set(example.case_types)


def test_the_first_answer_is_right_as_often_as_before(answered):
    assert share(answered, is_right) >= FIRST


def test_the_right_type_is_among_the_first_three_as_often_as_before(answered):
    assert share(answered, is_among_three) >= FIRST_THREE


def test_no_type_is_forgotten(answered, example):
    by_type = {
        code: share([row for row in answered if row["label"] == code], is_right)
        for code in example.case_types
    }
    assert min(by_type.values()) >= WORST_TYPE, by_type


@pytest.mark.parametrize("code", F1)
def test_questions_and_what_is_not_ours_are_told_apart(answered, code):
    assert f1_score(answered, code) >= F1[code]


def test_confidence_means_what_it_says(answered):
    assert calibration_error(answered) <= CALIBRATION


def test_misleading_words_are_seen_through_as_often_as_before(classifier):
    told = [classify_row(row, classifier) for row in rows_of("borders.jsonl")]
    assert len(told) >= 420
    assert share(told, is_right) >= BORDERS_FIRST
    assert share(told, is_among_three) >= BORDERS_THREE


@pytest.mark.parametrize("name", ["messages.jsonl", "borders.jsonl"])
def test_no_message_stands_among_the_lessons(name):
    lessons = (Path("models/city/example") / "lessons.jsonl").read_text(encoding="utf-8")
    assert not [row["text"] for row in rows_of(name) if f'"{row["text"]}"' in lessons]


@pytest.fixture(scope="module")
def asked(example, tokenizer):
    finder = FaqFinder(example, tokenizer)
    return [(row["faq"], finder.find(row["text"])) for row in rows_of("questions.jsonl")]


def test_questions_in_other_words_find_their_answer(asked):
    answerable = [(code, [faq.code for faq, _ in found]) for code, found in asked if code]
    assert len(answerable) >= 120
    assert share(answerable, lambda one: one[1][:1] == [one[0]]) >= FAQ_FIRST
    assert share(answerable, lambda one: one[0] in one[1]) >= FAQ_THREE


def test_what_is_told_without_asking_back_is_right(asked):
    told = [(code, found[0][0].code) for code, found in asked if code and found and found[0][1] >= SURE]
    assert len(told) >= 45
    assert share(told, lambda one: one[0] == one[1]) >= FAQ_TOLD_RIGHT


def test_what_no_entry_answers_is_seldom_told_one(asked):
    strange = [found for code, found in asked if not code]
    assert len(strange) >= 60
    assert share(strange, lambda found: bool(found) and found[0][1] >= SURE) <= 0.16
