"""Reads what people say behind the name of a place: number, building, corner, how near, which way and how far."""

import re
from dataclasses import dataclass

from models.characters import LISTED, SIMPLIFIED
from models.city.numerals import NUMERAL, ROUGH_NUMERAL, number_of

AT, BESIDE, ACROSS, NEAR = 1.0, 0.97, 0.95, 0.9  # what such words leave of the surety
UNIT_METRES = {"米": 1.0, "m": 1.0, "公里": 1000.0, "千米": 1000.0, "km": 1000.0, "里": 500.0}

# As wide as they are long, so that offsets stay: full-width figures and letters, blanks and a few signs.
_WIDE = (
    *range(0xFF10, 0xFF1A),
    *range(0xFF21, 0xFF3B),
    *range(0xFF41, 0xFF5B),
    0xFF0D,
    0xFF0E,
    0xFF0F,
    0xFF5E,
)
_LEVEL = {
    **SIMPLIFIED,
    **{code: chr(code - 0xFEE0) for code in _WIDE},
    0x3000: " ",
}

_B = r"\s{0,3}"
_N = rf"(?:[0-9]{{1,5}}|{NUMERAL}{{1,7}})"
_MORE = rf"(?:{_B}[-—–~至、/]{_B}{_N}){{0,9}}"
NUMBER = rf"(?:{_B}(?P<number>{_N}){_MORE}{_B}(?:号|弄|巷)(?!线)(?:院|楼|店)?)"
_NUMBER = re.compile(NUMBER)
_DETAIL = re.compile(
    rf"(?:{_B}(?:第?{_N}|[A-Za-z][0-9]{{0,2}}|[甲乙丙丁东南西北中]){_B}(?:号楼|[幢栋座期区弄室]|单元|号)"
    rf"|{_B}[0-9]{{1,5}}{_B}[楼层]|{_B}{NUMERAL}{{1,2}}楼){{1,9}}"
)
_CORNER = re.compile(
    rf"{_B}的?{_B}(?:(?:十字|[丁三交叉岔]{{2}})?路口|十字|交[叉汇界会接](?:路?口|处|点)?|相交(?:处|路?口)?|交口|"
    r"[拐转][角弯]|口(?![罩味碑袋头水红供]))处?"
)
_SIDES = {
    AT: r"[东南西北正大后]{0,2}门口|[东南西北正大后]{1,2}门(?![店卫面头窗禁锁])|门前|楼[下前]|[入出]口处?",
    BESIDE: r"旁边?|隔壁|边上|路口|[后前侧][面边]|一侧|[东南西北]{1,2}(?:侧|面|边|口|角)",
    ACROSS: r"斜?对[面过门]",
    NEAR: r"附近|周[边围]|一带|不远处?|那一?片",
}
_BESIDE = {left: re.compile(rf"{_B}的?{_B}(?:{words})") for left, words in _SIDES.items()}

_ABOUT = (
    r"(?:大概|大约|约|差不多|将近|不到|近|有|就|只|还|还有|是|走|行|直行|步行|开|骑|过去|去|前进|"
    r"相距|距离?|的|再|\s){0,4}"
)
_FAR = (
    rf"(?P<amount>[0-9]{{1,5}}(?:\.[0-9])?[百千]?|{ROUGH_NUMERAL}{{1,7}}){_B}[多余来把几]?{_B}"
    r"(?P<unit>公里|千米|米|里(?!面|边|头|弄|的)|(?i:km|m)(?![a-z0-9²]))(?P<off>多?(?:处|左右|开外|以外|远|外|的地方|的位置))?(?![长高宽深])"
)
_FILLER = rf"{LISTED}{{0,3}}(?:(?:出来|出去|出门|出发|开始|起|那里|那边|这里|这边|过来){LISTED}{{0,3}})?"
_WAY = r"(?P<way>[东西][南北]|[东西南北])"
_TOWARDS = re.compile(
    rf"{_FILLER}(?:的|再|继续|一直|然后){{0,2}}(?:往|向|朝|以|靠|偏|正|沿路|顺着路){{0,3}}{_WAY}(?:侧|面|边|方向|方|头|向)?{_ABOUT}{_FAR}"
)
_AWAY = re.compile(
    rf"{_FILLER}(?:(?P<ahead>往[前后里]|前[面方]?|后[面方]?|旁边?|附近|外){_ABOUT}|{_ABOUT}){_FAR}"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """How far from the place named; ``way`` is one or two of 东南西北, empty when nobody said."""

    metres: float
    way: str = ""


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a name; ``end`` is where it stops, ``sides`` where its words of nearness begin."""

    end: int
    sides: int
    number: int = 0
    corner: bool = False
    nearness: float = AT
    shift: Shift | None = None


def level(text: str) -> str:
    """Return the text simplified and with half-width figures, every character where it was."""
    return text.translate(_LEVEL)


def read_tail(text: str, at: int, *, is_road: bool, apart: bool) -> Tail:
    """Return what stands behind the name that ends at ``at``; ``apart``: 距 or 离 stood before it."""
    numbered = _NUMBER.match(text, at) if is_road else None
    end = numbered.end() if numbered else at
    detail = _DETAIL.match(text, end) if numbered or not is_road else None
    end = detail.end() if detail else end
    corner = _CORNER.match(text, end) if is_road and not numbered else None
    end = sides = corner.end() if corner else end
    shifted = _read_shift(text, end, apart=apart or corner is not None)
    nearness = AT
    if not shifted:
        nearness, end = _read_side(text, end)
        shifted = _read_shift(text, end, apart=end > sides)
    return Tail(
        shifted[1] if shifted else end,
        sides,
        number=int(number_of(numbered["number"])) if numbered else 0,
        corner=corner is not None,
        nearness=nearness,
        shift=shifted[0] if shifted else None,
    )


def _read_side(text: str, at: int) -> tuple[float, int]:
    for left, words in _BESIDE.items():
        if found := words.match(text, at):
            return left, found.end()
    return AT, at


def _read_shift(text: str, at: int, *, apart: bool) -> tuple[Shift, int] | None:
    """Return how far and where it ends; without a direction only where it cannot mean a length: 50米的裂缝."""
    found = _TOWARDS.match(text, at)
    way = found["way"] if found else ""
    if not found:
        found = _AWAY.match(text, at)
        if not found or not (apart or found["ahead"] or found["off"]):
            return None
    metres = number_of(found["amount"], rough=True) * UNIT_METRES[found["unit"].lower()]
    return Shift(metres, way), found.end()
