"""Recognises abuse, advertisements and the same text again; what to do about them is decided elsewhere."""

import re
from collections import Counter
from itertools import pairwise

from models.city.city import City
from models.classify.remembered import once_per_city
from models.classify.scores import Scorer, sum_by_type
from models.classify.tokens import plain
from models.classify.trie import Trie

REPORT = 3.0  # weight from which a text that names an advertisement reports it
ALIKE = 0.92  # share of character pairs from which two long texts are the same
SHORT = 12  # characters below which only the very same words are the same
_LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|xyz|cc|vip|shop)\b")
_WECHAT_ID = re.compile(
    r"(?:微信号?|威信|薇信?|v信|vx|wx|\bv)[::\s]*[a-z][-_a-z0-9]{5,19}|(?:加|联系)(?:微|薇|v)"
)
_PHONE = re.compile(
    r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)400[- ]?\d{3}[- ]?\d{4}(?!\d)|q{2}[::\s]*\d{5,11}"
)
_SELLS = re.compile(
    r"优惠|低价|免费|特价|促销|秒到|秒批|返利|佣金|日赚|日结|包过|代办|代开|招聘|招代理|加盟|点击|扫码|领取|私聊|咨询热线|套现"
)
_BREAK = re.compile(r"[^\u4e00-\u9fffa-z0-9]+")
_DIGITS = re.compile(r"[0-9一二三四五六七八九十百]+")


def is_abuse(city: City, text: str) -> bool:
    """Tell whether the text holds one of the city's abusive words, spaces and dots within them or not."""
    lexicon, _, _ = _words(city)
    return bool(lexicon.find(_BREAK.sub("", plain(text))))


def is_advert(city: City, text: str) -> bool:
    """Tell whether the text sells something; who reports an advertisement or leaves a phone number does not."""
    _, lexicon, scorer = _words(city)
    heard = plain(text)
    words = {hit.word for hit in lexicon.find(heard)}
    sells = len(words) * 2 + bool(_SELLS.search(heard))
    ways = bool(_LINK.search(heard)) + bool(_WECHAT_ID.search(heard)) + bool(_PHONE.search(heard))
    return sells > 0 and sells + ways >= 2 and not _reports(city, scorer, heard)


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts say the same in the same words; numbers must agree: 3号 is not 5号."""
    a, b = (_BREAK.sub("", plain(text)) for text in (one, other))
    if a == b:
        return bool(a)
    if min(len(a), len(b)) < SHORT or _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    return _likeness(a, b) >= ALIKE


@once_per_city
def _words(city: City) -> tuple[Trie, Trie, Scorer]:
    abuse = (_BREAK.sub("", plain(word)) for word in city.abuse)
    return Trie(abuse), Trie(map(plain, city.advert)), Scorer(city)


def _reports(city: City, scorer: Scorer, text: str) -> bool:
    scores = sum_by_type(scorer.weigh(text))
    return any(score >= REPORT for code, score in scores.items() if city.case_types[code].handled)


def _likeness(a: str, b: str) -> float:
    """Return Dice's share of character pairs, counted with repeats."""
    pairs, others = Counter(pairwise(a)), Counter(pairwise(b))
    return 2 * (pairs & others).total() / max(1, pairs.total() + others.total())
