"""Knows by which words people name places: the town's own names first, then shapes such as …小区 and …支队."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.city.city import City, GcjPoint
from models.city.place_tails import NUMBER, Tail, level, read_tail

APART = re.compile(r"(?:距离?|离)(?:着|我们?|这里)?\s{0,3}$")  # before a name: 距安泰广场约200米
OPENING = 2  # letters by which names are looked up

# What cannot stand inside an unknown name: punctuation, function words, and the end of the name before.
_STOP = (
    r"\s，。！？、：；（）“”‘’《》—…,.!?:;()\"'"
    "的了在是有到从和与及被把将向往由对也都就还又很太没不我你他她它们这那哪个些每请于至内里上下前后旁边号区镇市县省"
)
_NAME = rf"(?P<name>[^{_STOP}]{{2,7}}?)"
# Endings that make a name whatever stands before them, even a word of ours: 绿化路, 消防支队.
_STRONG = (
    r"街道|(?<![马道公铁线电水堵挡修断短小出过走问主辅支泥土烂让占封破挖掘思油条段宽])路(?![面灯人况牌过障线])|(?<![逛临沿行业])街|"
    r"大道|大桥|支队|大队|中队|派出所|小区|(?:花园|花苑|雅苑|家园|新村|公寓)(?:小区)?|社区"
)
# Endings that are places only when nothing of ours stands before them: 油烟扰民饭店 is no name.
_WEAK = (
    r"卫生院|医院|学校|小学|中学|幼儿园|大学|学院|公园|广场(?!舞)|大厦|酒店|宾馆|商场|超市|(?<!菜)市场(?!监)|菜场|银行|"
    r"地铁站|汽车站|火车站|高铁站|客运站|(?<![农中新])村(?![民委干])|店(?![外铺面门])"
)
# Words that end before a name begins.
_BREAKS = (
    "影响|造成|污染|安装|堵塞|停车|停在|表示|反映|投诉|来电|途[径经]|位于|地处|靠近|附近|对面|旁边|隔壁|楼下|门口|入口|出口|"
    "一排|一带|其中|倒入|高发|时间|剩余|希望|建议|关于|整个|破坏|占用|因为|但是|所有|周边|周围|街道"
)
_TRADES = re.compile(
    r"(?:烧烤|火锅|早餐|早点|夜宵|小吃|快餐|餐饮|水果|蔬菜|修车|修理|维修|洗车|汽修|汽车|五金|宠物|理发|美容|服装|家具|饭|酒|快递|便利|"
    r"副食|建材|面|菜|农贸|批发|商|门|分|本)+$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of the town that a text names; either ``point`` (a landmark) or ``area`` (a code) is set."""

    start: int
    tail: Tail
    address: str  # the words from the name, or the 距 before it, to the end of the tail
    sides: str  # those of them that stand behind name, number and corner
    area: str = ""
    is_road: bool = False
    point: GcjPoint | None = None

    @property
    def end(self) -> int:
        """Where the last word of the mention ends."""
        return self.tail.end


class PlaceWords:
    """The place words of one town."""

    def __init__(self, city: City) -> None:
        points = {name: mark.point for mark in city.landmarks for name in (mark.name, *mark.aliases)}
        areas = {area.code: area for area in city.areas.values() if area.kind != "district"}
        self._points = {level(name): point for name, point in points.items()}
        self._areas = {level(name): area for area in areas.values() for name in (area.name, *area.aliases)}
        self._openings: dict[str, list[str]] = {}
        for name in sorted({*self._points, *self._areas}, key=len, reverse=True):
            self._openings.setdefault(name[:OPENING], []).append(name)
        self._firsts = re.compile("|".join(sorted({re.escape(name[0]) for name in self._openings})) or "(?!)")
        self._shapes = re.compile(f"{_NAME}(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK})){NUMBER}?")
        ours = {k.word for kind in city.case_types.values() for k in kind.keywords if k.weight >= 1}
        words = "|".join(map(re.escape, sorted(ours, key=len, reverse=True)))
        self._ours = re.compile(words or "(?!)")
        self._breaks = re.compile(_BREAKS)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the town's own places in the order of the text, the longest name first at each spot."""
        text, at = level(text), 0
        while first := self._firsts.search(text, at):
            at = first.start()
            name = self._name_at(text, at)
            if name:
                mention = self._mention(text, at, name)
                yield mention
            at = mention.end if name else at + 1

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return ordered [start, end) pairs of place words, known or shaped like a name, without overlaps."""
        known = [(mention.start, mention.end) for mention in self.mentions(text)]
        shaped = [span for found in self._shapes.finditer(level(text)) if (span := self._name_span(found))]
        return _merged([*known, *shaped])

    def _name_at(self, text: str, at: int) -> str:
        """Return the longest name that stands here, or nothing."""
        for opening in (text[at : at + OPENING], text[at]):  # the second for a name of one letter
            for name in self._openings.get(opening, ()):
                if text.startswith(name, at):
                    return name
        return ""

    def _mention(self, text: str, start: int, name: str) -> Mention:
        area = None if name in self._points else self._areas[name]
        is_road = area is not None and area.kind == "road"
        before = APART.search(text, max(0, start - 8), start)
        tail = read_tail(text, start + len(name), is_road=is_road, apart=before is not None)
        since = before.start() if before and tail.shift else start
        return Mention(
            start,
            tail,
            address=_close_up(text[since : tail.end]),
            sides=_close_up(text[tail.sides : tail.end]),
            area=area.code if area else "",
            is_road=is_road,
            point=self._points.get(name),
        )

    def _name_span(self, found: re.Match[str]) -> tuple[int, int] | None:
        """Return the span of a name by shape; words of ours before it are left to the classifier."""
        name, cut = found["name"], 0
        for word in self._ours.finditer(found.string, found.start(), found.end("name") + 3):
            if word.start() < found.end("name") and not (found["strong"] and word[0] == name):
                cut = max(cut, word.end() - found.start())
        for word in self._breaks.finditer(name):
            cut = max(cut, word.end())
        trade = _TRADES.search(name) if found["weak"] else None
        start, end = found.start() + cut, found.start() + trade.start() if trade else found.end()
        return (start, end) if cut < len(name) and end - start >= 2 else None


def _close_up(words: str) -> str:
    """Return the words without the blanks between them: 胡埭路 88 号 is 胡埭路88号."""
    return "".join(words.split())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole
