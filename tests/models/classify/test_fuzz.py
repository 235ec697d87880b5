"""Ten thousand strange texts: each gets a verdict that makes sense, whatever it is made of."""

import random

import pytest

from models.classify.tokens import MAX_CHARACTERS

WORDS = (
    *(
        "路灯",
        "垃圾",
        "不是",
        "占道经营",
        "井盖",
        "没了",
        "公交站对面",
        "请问",
        "怎么办",
        "着火了",
        "希望",
        "影响",
        "违停",
    ),
    *("另外", "还有", ",", "。", "!", "?", "\n"),
)
ODD = [
    "😀👨‍👩‍👧‍👦🏳️‍🌈",
    "\x00\x01\x1b[31m",
    "\u200b\u200d\ufeff",
    "\ud83d",
    "ＡＢＣ１２３",
    "الشارع مكسور",
    "улица",
    "ถนน",
    "路燈壞了",
    "\u202e倒过来",
    "[微笑][强]",
    "<xml><![CDATA[",
    "'; DROP TABLE case_file;--",
    "%s{0}$1",
    "𠮷野家",
    "é̷͜x̸",
]
KINDS = 5


def strange_text(dice):
    """Return a text of one of several kinds; one in a hundred is very long."""
    length = (
        dice.choice([0, 1, 2, 5, 10, 20, 40]) if dice.random() < 0.99 else dice.choice([2000, 20_000, 30_000])
    )
    kind = dice.randrange(KINDS)
    if kind == 0:
        return "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(min(length, 3000)))
    if kind == 1:
        return "".join(chr(dice.randrange(0x20, 0x3000)) for _ in range(min(length, 3000)))
    if kind == 2:
        return dice.choice([*WORDS, *ODD]) * length
    return "".join(
        dice.choice(WORDS if kind == 3 or dice.random() < 0.7 else ODD) for _ in range(min(length, 500))
    )


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_strange_texts_get_a_verdict_each(classifier, example, seed):
    dice = random.Random(seed)
    for _ in range(1000):
        text = strange_text(dice)
        verdict = classifier.classify(text, title=strange_text(dice) if dice.random() < 0.1 else "")
        assert verdict.type in example.case_types
        assert 0 < verdict.confidence <= 1
        assert verdict.confidence >= max((share for _, share in verdict.alternatives), default=0)
        assert all(piece.start < len(text) + MAX_CHARACTERS for piece in verdict.evidence)
        assert all(matter.type in example.case_types for matter in verdict.several)
