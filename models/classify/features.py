"""What the learned part sees of a text: its words, their characters, pairs of neighbours, and its form."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from models.classify.forms import complains, ends_asking, names_question, opens_with_question

CHARACTER, PAIR, FORM = "*", "+", "?"  # *灯, 路灯+不亮, ?asks
_FIRST_HAN = "\u4e00"
# 公交站对面: what stands before these says where.
_BESIDE = frozenset(
    [
        "对面",
        "斜对面",
        "对过",
        "旁",
        "旁边",
        "边上",
        "隔壁",
        "附近",
        "前面",
        "后面",
        "前方",
        "后方",
        "楼下",
        "南侧",
        "北侧",
        "东侧",
        "西侧",
        "南边",
        "北边",
        "东边",
        "西边",
    ]
)
# Characters that stand in every text: what they were learned to say is chance, and short texts are full of them.
_EMPTY = frozenset(
    "的了得地着过吗呢吧啊呀么啦个是在有和就都也很到去来上下我你他她它们您这那把被让给跟与及或但而且自己说看好真太还又再"
)
_DENIED = re.compile(r"(?<!是)不是|并非|不属于|不存在|不算")
_REACH = 6  # characters behind a denial that it covers
_LONGEST, _MOST_MARKS = 7, 3  # from here on longer texts, and more question marks, are all alike


def list_features(words: Sequence[str], text: str, *, titled: bool = False) -> dict[str, int]:
    """Return what a text has, each thing with where it stands first, -1 for its form.

    ``words`` are the plain text, place words blanked, cut up; ``titled`` tells whether a title stands before it.
    """
    first: dict[str, int] = {}
    denied = [found.end() for found in _DENIED.finditer(text)]
    before, start = "", 0
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        # A mark, a figure or a blank: what stands before it is no neighbour.
        if not word.isalpha() or following in _BESIDE or (denied and _is_denied(denied, start)):
            before = ""
        else:
            _add_word(first, word, start)
            if before:
                first.setdefault(f"{before}{PAIR}{word}", start - len(before))
            before = word
        start += len(word)
    return first | dict.fromkeys(_forms(text, titled=titled), -1)


def word_of(feature: str) -> str:
    """Return the words that people typed, as evidence shows them."""
    return feature.removeprefix(CHARACTER).replace(PAIR, "")


def _add_word(first: dict[str, int], word: str, start: int) -> None:
    if word not in first and word not in _EMPTY:
        first[word] = start
        if word > _FIRST_HAN:
            for offset, letter in enumerate(word, start):
                if letter not in _EMPTY:
                    first.setdefault(CHARACTER + letter, offset)


def _is_denied(denied: Sequence[int], start: int) -> bool:
    """Tell whether one of the denials, given by their ends in order, reaches so far."""
    before = bisect_right(denied, start)
    return before > 0 and start < denied[before - 1] + _REACH


def _forms(text: str, *, titled: bool) -> Iterator[str]:
    if names_question(text):
        yield from (FORM + "asks", FORM + "names")
    elif ends_asking(text):
        yield FORM + "asks"
    if opens_with_question(text):
        yield FORM + "opens"
    if complains(text):
        yield FORM + "complains"
    # How people write tells where: a letter has a title, who only asks is short and marks it once.
    yield f"{FORM}long{min(_LONGEST, (len(text) + 1).bit_length() - 1)}"
    yield f"{FORM}marks{min(_MOST_MARKS, text.count('?'))}"
    if titled:
        yield FORM + "titled"
