"""Says what the words between two places make of them: a crossing, or the stretch from one to the other."""

import re

from models.characters import LISTED, PAUSE

SURE_CORNER = 0.85  # 安泰路与胡埭路路口
SURE_MEETING = 0.8  # 安泰路靠近胡埭路, 安泰路/胡埭路
SURE_LIST = 0.6  # 安泰路和胡埭路: may as well be both roads

_MEETING = re.compile(
    r"^\s*[上的]?(?:\s*[(（]?(?:[/×xX*&+]|交叉?|相交|靠近|临近|邻近|挨着|接近|快到|快要到|近|靠)\s*|\s*)$"
)
_APART = rf"(?:{LISTED}|[—-])*"
_LIST = re.compile(rf"^\s*[上的]?{_APART}(?:与|和|跟|同|及|以及)?{_APART}的?\s*$")
_FROM_TO = re.compile(r"^\s*(?:往[东南西北])?\s*(?:一直)?(?:到|至|[-—–~]{1,2})\s*$")
_AND = re.compile(rf"^\s*{LISTED}?\s*(?:与|和|跟|同)\s*$")
_BETWEEN = re.compile(r"^\s*[这那]?(?:两条路|两处|两头)?的?\s*(?:之间|中间|当中|区间)")
_STRETCH = re.compile(r"^\s*[)）]?\s*[这那]?一?(?:路?段|截)")
_FROM = re.compile(r"(?:从|自|由)\s*$")
_LEADS = re.compile(rf"^\s*[上的]?\s*(?:[（(]|{PAUSE})?\s*(?:从|自|由|在)?\s*$")
_LED = re.compile(r"^\s*[这那]?(?:之间|中间|一?段)的?\s*$")


def crossing_surety(between: str, *, corner: bool) -> float:
    """Return how surely two roads with these words between them make a crossing; 0 when they do not."""
    meets, is_list = _MEETING.match(between), _LIST.match(between)
    if corner and (meets or is_list):
        return SURE_CORNER
    if meets:
        return SURE_MEETING
    return SURE_LIST if is_list else 0.0


def is_stretch(before: str, between: str, after: str, *, led: bool) -> bool:
    """Whether the words tell of what lies between two places; ``led``: a road stands right before them."""
    if _BETWEEN.match(after):
        return bool(_FROM_TO.match(between) or _AND.match(between))
    told = _FROM.search(before) or _STRETCH.match(after) or led
    return bool(_FROM_TO.match(between) and told)


def leads(between: str) -> bool:
    """Whether a road named before these words is the one whose stretch follows: 胡埭路（安泰路到振胡路）."""
    return bool(_LEADS.match(between))


def is_led(between: str) -> bool:
    """Whether a road named after these words is the one whose stretch was told: 安泰路到振胡路之间的胡埭路."""
    return bool(_LED.match(between))
