"""One way of writing for what people type: width, letters, signs, and the ornaments that phones put between words."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

MOST_TEXT = 4000  # characters of one message: people type at most some two thousand
MOST_ALIKE = 40
_RUN = re.compile(rf"\W{{{MOST_ALIKE},}}|\d{{{MOST_ALIKE},}}|(\S)\1{{{MOST_ALIKE},}}")

_HAN = range(0x3400, 0xA000)
_WIDE = range(0xFF01, 0xFF5F)  # full-width forms stand in the order of ASCII


def _simplified() -> dict[int, str]:
    """Return traditional characters with their simplified form, as OpenCC knows them one by one."""
    letters = [chr(code) for code in _HAN]
    told = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    pairs = zip(letters, told, strict=True)
    return {ord(letter): form for letter, form in pairs if form != letter and len(form) == 1}


HALF_WIDTH: dict[int, str] = {**{wide: chr(wide - 0xFEE0) for wide in _WIDE}, 0x3000: " "}
SIMPLIFIED = _simplified()
ONE_WAY: dict[int, str] = {
    **{code: letter.lower() for code, letter in HALF_WIDTH.items()},
    **{ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **SIMPLIFIED,
}

# What signs are for matching: a pause, an end, a question, a bracket, or a blank. No pattern lists signs by hand.
_LISTED = ",，、﹐､;；﹔"
_PAUSES = _LISTED + ":：﹕︰／/|｜·•・"
_ENDS = ".。．｡!！﹗…⋯~～〜∼﹏^"
_QUESTIONS = "?？﹖¿"
_OPENING, _CLOSING = "(（〔【［[{｛〈《<＜", ")）〕】］]}｝〉》>＞"
_QUOTES = "\"'“”‘’「」『』＂＇`´"
_DASHES = "-－—–―─‐‑_＿=＝#＃*＊"
_CIRCLED = {
    **{0x2460 + n: str(n + 1) for n in range(9)},  # ①
    **{0x2474 + n: str(n + 1) for n in range(9)},  # ⑴
    **{0x2488 + n: str(n + 1) for n in range(9)},  # ⒈
    **{0x2776 + n: str(n + 1) for n in range(9)},  # ❶
    **{0x3220 + n: "一二三四五六七八九"[n] for n in range(9)},  # ㈠
}
_SIGNS: dict[int, str] = {
    **{ord(sign): "," for sign in _PAUSES},
    **{ord(sign): "." for sign in _ENDS},
    **{ord(sign): "?" for sign in _QUESTIONS},
    **{ord(sign): "(" for sign in _OPENING},
    **{ord(sign): ")" for sign in _CLOSING},
    **{ord(sign): " " for sign in _QUOTES},
    **{ord(sign): "-" for sign in _DASHES},
}
_FOLDED = {**ONE_WAY, **_CIRCLED, **_SIGNS}
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9０-９])[.．:：/／-](?=[0-9０-９])")  # 1.5, 8:30, 12/31, 2-3

# Signs in patterns, so that none lists them by hand. Of folded text: what may stand between the parts of a command,
# a mark that ends a clause, any character within a clause.
GAP, MARK, WITHIN = r"[\s,.()-]", r"[,.?]", r"[^,.]"
SIGNS = " ,.?()-\n\t"
# Of text as it was typed: what parts a list, what pauses, what ends, either of them, anything else.
LISTED = rf"[\s{_LISTED}]"
PAUSE = rf"[\s{re.escape(_PAUSES)}]"
END = rf"[\n{re.escape(_ENDS + _QUESTIONS)}]"
ANY_MARK = rf"[\s{re.escape(_PAUSES + _ENDS + _QUESTIONS)}]"
NO_MARK = rf"[^\n{re.escape(_PAUSES + _ENDS + _QUESTIONS)}]"
NO_END = rf"[^\n{re.escape(_ENDS + _QUESTIONS)}]"
MARKS = f" \n{_PAUSES}{_ENDS}{_QUESTIONS}"  # every mark, to strip from the ends of words as they were typed
QUESTION = f"[{re.escape(_QUESTIONS)}]"
# The same without what parts a list or follows a name (、：): a clause goes on there.
_BREAKS = ",，;；" + _ENDS + _QUESTIONS
BREAK, NO_BREAK = rf"[\s{re.escape(_BREAKS)}]", rf"[^\n{re.escape(_BREAKS)}]"
ANY_SIGN = rf"[\s{re.escape(_PAUSES + _ENDS + _QUESTIONS + _OPENING + _CLOSING + _QUOTES + _DASHES)}]"

# The platform's own stand-ins for what it cannot show as text, for pieces that are no text, and its faces.
_WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _any_of(kind: str) -> str:
    """Return a pattern for the words of ``characters.toml``, the longest first."""
    return "|".join(re.escape(word) for word in sorted(_WRITTEN[kind].split(), key=len, reverse=True))


_STAND_INS = re.compile(
    r"[\[【](?:(?:收到|当前|暂)[^\]】]{0,40}(?:消息|类型|版本|查看)|不支持的?(?:消息|类型))[^\]】]{0,40}[\]】]"
    rf"|[\[【](?:{_any_of('pieces')})[^\]】]{{0,12}}[\]】]",
    re.IGNORECASE,
)
_FACES = re.compile(rf"\[(?:{_any_of('faces')})\]|/:(?:{_any_of('codes')})", re.IGNORECASE)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u2775\u2780-\u27bf\u2b00-\u2bff\u2300-\u23ff\u200d\u20e3\ufe0e\ufe0f\u200b-\u200f\u2060-\u2064\ufeff"
    "\U000e0020-\U000e007f]+"
)
_WHITE = re.compile(r"[ \t\u3000\xa0]{2,}")

PRAISE, BLAME, AGREE, THANK = "👍", "👎", "👌", "🙏"  # what a gesture alone may mean
_GESTURES = {
    ornament: meaning
    for kind, meaning in (("praise", PRAISE), ("blame", BLAME), ("agree", AGREE), ("thank", THANK))
    for ornament in _WRITTEN[kind].split()
}


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody typed: their words without ornaments, and the gesture that an ornament alone makes ("" if none)."""

    words: str
    gesture: str
    unseen: bool = False  # the platform could not show what was sent: a sticker, a voice, a forwarded piece


def read_characters(text: str) -> Written:
    """Take emoji, WeChat's faces and the platform's stand-ins out of a text: they are no speech."""
    ornaments = _STAND_INS.findall(text)
    rest = _STAND_INS.sub(" ", text)
    faces = [*_FACES.findall(rest), *(sign for run in _EMOJI.findall(rest) for sign in run)]
    if not ornaments and not faces:
        return Written(text.strip(), "")
    words = _WHITE.sub(" ", _EMOJI.sub(_blank, _FACES.sub(" ", rest))).strip()
    return Written(
        "" if not words.strip(SIGNS + _PAUSES + _ENDS) else words, _gesture(faces), bool(ornaments)
    )


def fold(text: str) -> str:
    """Return the text in one way of writing, for matching only: every character stays where it was.

    Width, case and traditional forms become one; pauses become ``,``, ends ``.``, questions ``?``, quotes blanks. A
    sign between two digits keeps its meaning: 1.5, 8:30.
    """
    folded = text.translate(_FOLDED)
    for found in _BETWEEN_DIGITS.finditer(text):
        kept = text[found.start()].translate(HALF_WIDTH)
        folded = folded[: found.start()] + kept + folded[found.end() :]
    return folded


def folded_pattern(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern for folded text in which ``\M`` is a mark and ``\C`` a character within a clause."""
    return re.compile(pattern.replace(r"\M", MARK).replace(r"\C", WITHIN))


def bare(folded: str) -> str:
    """Return a folded text without signs around it, and without blanks inside where only Chinese stands."""
    return folded.strip(SIGNS)


def _blank(run: re.Match[str]) -> str:
    """Return what is left of a run of emoji: nothing for what only dresses a digit (1️⃣), a blank for the rest."""
    return (
        "" if not run.group().strip("\u20e3\ufe0e\ufe0f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff") else " "
    )


def _gesture(ornaments: list[str]) -> str:
    told = (_GESTURES.get(ornament.lower()) for ornament in ornaments)
    return next(filter(None, told), "")


def bounded(text: str) -> str:
    """Return a person's words so that reading them takes no longer than reading may: shortened, and runs cut.

    No word has the same character, blanks, signs or figures ``MOST_ALIKE`` times running; a pattern that begins anew at
    each of ten thousand of them keeps everybody waiting.
    """
    return _RUN.sub(lambda run: run[0][:MOST_ALIKE], text[:MOST_TEXT])
