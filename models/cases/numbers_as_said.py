"""Reads figures as people write them: full width, 一三八, 壹叁捌, ①②, in the length of the text: pure."""

import re

from models.characters import HALF_WIDTH

_SAID = {
    **dict.fromkeys("零〇○洞", "0"),
    **dict.fromkeys("一壹幺妖", "1"),
    **dict.fromkeys("二贰两", "2"),
    **dict.fromkeys("三叁仨", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆", "6"),
    **dict.fromkeys("七柒拐", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖", "9"),
}
_NARROW: dict[int, str] = HALF_WIDTH | {0x2460 + place: str(place + 1) for place in range(9)} | {0x24EA: "0"}
_NARROW |= str.maketrans(
    {"、": ",", "。": ".", **dict.fromkeys("‐‑‒–—―−－─", "-"), **dict.fromkeys("‧•・", "·")}
)
_SIGN = "".join(_SAID)
# Three said figures or more in a row, or one beside Arabic ones, are a number; 一 alone, 三三两两 and 十一 are words.
_NUMBER = re.compile(rf"[{_SIGN}0-9](?:[\s.,·-]?[{_SIGN}0-9]){{2,}}")
_LETTERS = re.compile(r"(?<=\d)[oOlI](?=\d)|(?<=\d)[oOlI](?=[oOlI]\d)|(?<=1[3-9])[oO](?=\d)")
_AS_FIGURE = {"o": "0", "O": "0", "l": "1", "I": "1"}


def as_figures(text: str) -> str:
    """Return the text, character for character as long, with narrow letters and every number in Arabic figures."""
    narrow = text.translate(_NARROW)
    figures = _NUMBER.sub(lambda found: "".join(_SAID.get(sign, sign) for sign in found[0]), narrow)
    return _LETTERS.sub(lambda found: _AS_FIGURE[found[0]], figures)
