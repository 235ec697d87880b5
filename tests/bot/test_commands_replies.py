"""The command by which short replies are learned."""

import json

import pytest

from bot.__main__ import main
from models.city.learned import load_learned
from models.classify.gist import GISTS, Gist

REPLIES = {
    "就照这个报上去呗": "submit",
    "照这个给报了呗": "submit",
    "手一抖点到了": "slip",
    "手抖点着了": "slip",
}


def written(path, rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def replies(tmp_path):
    """A file of marked replies, and one of messages."""
    told = [{"text": text, "meaning": meaning} for text, meaning in REPLIES.items()]
    messages = [{"text": "路灯不亮了请来修"}, {"text": "楼道的路灯不亮"}]
    return written(tmp_path / "replies.jsonl", told), written(tmp_path / "messages.jsonl", messages)


def test_learned_weights_tell_meanings_apart(replies, tmp_path, capsys):
    told, messages = replies
    out = tmp_path / "gist.json"
    assert main(["lexicon", "replies", told, "--words", messages, "--out", str(out)]) == 0
    assert "已写入" in capsys.readouterr().out
    words = load_learned(out).words
    assert words.types == GISTS
    slip, submit = GISTS.index(Gist.SLIP), GISTS.index(Gist.SUBMIT)
    assert words.weights["抖点"][slip] > 0 > words.weights["照这"].get(slip, -1)
    assert words.weights["照这"][submit] > 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "好"}', "第 1 行"),
        ("not json", "第 1 行"),
        ('["好", "yes"]', "第 1 行"),
        ('{"text": "好", "meaning": "maybe"}', "maybe"),
    ],
)
def test_row_that_cannot_be_used_is_named(tmp_path, capsys, line, told):
    file = tmp_path / "replies.jsonl"
    file.write_text(line, encoding="utf-8")
    assert main(["lexicon", "replies", str(file), "--out", str(tmp_path / "x.json")]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("command", ["replies", "danger"])
def test_file_that_is_not_there_is_told(tmp_path, capsys, command):
    assert main(["lexicon", command, str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "x.json")]) == 2
    assert "打不开" in capsys.readouterr().err
