"""The command by which a town learns what danger sounds like."""

import json

import pytest

from bot.__main__ import main
from models.city.learned import load_learned

LIVE = ["三楼着火了快来", "厨房着火了人没出来", "隔壁着火了火很大"]
CALM = ["路灯不亮了请来修", "楼道的路灯不亮", "门口路灯一直不亮"]


@pytest.fixture
def sentences(tmp_path):
    """A file of marked sentences."""
    rows = [{"text": text, "live": text in LIVE} for text in (*LIVE, *CALM)]
    path = tmp_path / "sentences.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_learned_weights_tell_live_from_calm(sentences, tmp_path, capsys):
    out = tmp_path / "danger.json"
    assert main(["lexicon", "danger", str(sentences), "--out", str(out)]) == 0
    assert "6 条" in capsys.readouterr().out
    words = load_learned(out).words
    assert words.types == ("calm", "live")
    assert words.weights["着火"][1] > 0 > words.weights["路灯"][1]


def test_the_same_sentences_give_the_same_file(sentences, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    for out in (first, second):
        main(["lexicon", "danger", str(sentences), "--out", str(out)])
    assert first.read_bytes() == second.read_bytes()


def test_row_without_its_mark_is_named(sentences, tmp_path, capsys):
    sentences.write_text('{"text": "着火了"}\n', encoding="utf-8")
    assert main(["lexicon", "danger", str(sentences), "--out", str(tmp_path / "x.json")]) == 2
    assert "第 1 行" in capsys.readouterr().err
