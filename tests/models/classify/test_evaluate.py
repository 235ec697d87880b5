"""Rows are classified in the outside form, and the table counts what is right."""

import json

from small_city import small_city

from models.classify.evaluate import classify_row, evaluate
from models.classify.rules import Classifier

RULES = Classifier(small_city())


def row(text, label="", **more):
    return {"title": "", "text": text, "label": label} | more


def test_a_row_keeps_its_fields_and_gains_ours():
    told = classify_row({"id": 7, "title": "路灯", "text": "路灯不亮", "extra": [1]}, RULES)
    assert (told["id"], told["extra"], told["text"]) == (7, [1], "路灯不亮")
    assert told["type"] == "street_light"
    assert 0 < told["confidence"] <= 1
    assert set(told["evidence"][0]) == {"word", "type", "weight", "start", "learned"}
    assert set(told["alternatives"][0]) == {"type", "confidence"}
    assert told["alternatives"][0]["type"] != told["type"]
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told


def test_a_row_without_words_is_classified_too():
    assert classify_row({"title": None, "text": None}, RULES)["type"] == "other"
    assert classify_row({}, RULES)["type"] == "other"


def test_place_words_may_be_found_by_somebody_else():
    alley = {"text": "路灯巷垃圾没人扫"}
    assert classify_row(alley, RULES, lambda text: [(0, len("路灯巷"))])["evidence"][0]["type"] == "garbage"
    assert "路灯" in {e["word"] for e in classify_row(alley, RULES, lambda text: [])["evidence"]}


def test_the_table_counts_label_and_alternative_as_right():
    rows = [
        row("路灯不亮", "street_light", pick="a", channel="web"),
        row("垃圾没人扫", "street_light", alt="garbage", pick="a", channel="app"),
        row("占道摆摊", "garbage", alt=None, pick="b", channel="web"),
        row("没有标签"),
    ]
    table = evaluate(classify_row(r, RULES) for r in rows)
    lines = [" ".join(line.split()) for line in table.splitlines()]
    assert "all 2 / 3 66.7 %" in lines
    assert "by label alone 1 / 3 33.3 %" in lines
    assert "a 2 / 2 100.0 %" in lines
    assert "b 0 / 1 0.0 %" in lines
    assert "web 1 / 2 50.0 %" in lines
    assert "street_light 2 / 2 100.0 %" in lines
    assert "garbage -> street_vending 1" in lines


def test_rows_without_labels_make_no_table():
    assert evaluate([classify_row(row("路灯不亮"), RULES)]) == "no row has a label"
