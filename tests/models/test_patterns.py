"""A person's words are bounded before any pattern sees them."""

from models.characters import MOST_ALIKE, MOST_TEXT, bounded


def test_words_are_bounded_and_no_more():
    assert bounded("井盖坏了  12 号哈哈哈") == "井盖坏了  12 号哈哈哈"
    assert bounded("1" * 16_000) == "1" * MOST_ALIKE
    assert (
        bounded("啊" + " \t\n" * 999 + "哈" * 999) == "啊" + (" \t\n" * 99)[:MOST_ALIKE] + "哈" * MOST_ALIKE
    )
    assert len(bounded("井盖" * 100_000)) == MOST_TEXT
