"""Hides in a text what leads to a person, before the text is shown to people it does not belong to: pure."""

import re
from collections.abc import Iterable, Sequence

from models.cases.numbers_as_said import as_figures

PHONE, NUMBER, MAIL, ACCOUNT, PLATE, ROOM, NAME = (
    f"（{what}已隐去）" for what in ("电话", "号码", "邮箱", "账号", "车牌", "门牌", "姓名")
)

# People write gaps and dashes into long numbers.
_GAP = r"[\s.·_/~,-]{0,3}"
_START, _END = r"(?<!\d)", r"(?!\d)"
_CITIZEN_ID = rf"[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}\d{{3}}{_GAP}[\dXx]"
_CARD = rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?"
_MOBILE = rf"(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
_MOBILE_IN_OTHER_GROUPS = (
    rf"1[3-9]\d(?:(?:{_GAP}\d{{3}}){{2}}{_GAP}\d{{2}}|\d{_GAP}\d{{4}}{_GAP}\d{{3}}|(?:{_GAP}\d{{2}}){{4}})"
)
_MOBILE_IN_SINGLES = r"1[\s.,·-]{1,2}[3-9](?:[\s.,·-]{1,2}\d){9}"
_LINE = rf"(?:(?:\+|00)?86{_GAP})?\(?0\d{{2,3}}\)?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}"
_CALLED = (
    r"(?<=电话)[号码是为:\s]{0,4}[2-9]\d{2,3}[\s-]?\d{4}(?!\d)|(?<=手机)[号码是为:\s]{0,4}\d{7,11}(?!\d)"
)
_CHAT = (
    r"(?i:微信|薇信|威信|维信|微x|weixin|wechat|企鹅号?|扣扣|抖音|快手|支付宝|淘宝"
    r"|(?<![a-z])(?:wx|vx|wxid|v信|vx号|qq|v)(?=\s*(?:号|[:是]|[a-z_]*\d|id|\s)))"
)
_ACCOUNT = _CHAT + r"(?:账?号码?|群|id|ID|同号|联系|加)?[是为叫,:\s]{0,3}[A-Za-z0-9][A-Za-z0-9_-]{4,19}"
_PLATE_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = (
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[牌照车号是为的:,辆]))?[{_PLATE_PLACES}]\s?[A-Za-z]\s?[·.-]?\s?"
    r"(?=[A-Za-z0-9]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[学警港澳挂试超])(?![A-Za-z0-9])"
)
_NO_ROOM = r"(?!\s?(?:米|元|块|户|人|平|年|天|月|日|号|路|弄|车|件|次|斤|吨|公|个|多|分|点|小时|[:%\d]))"
_ROOM = r"(?:[A-Za-z]?\d{3,4}|[A-Za-z]?\d{1,2}层\d{1,2})\s?(?:室|房间?)(?!外)"
_IN_HOUSE = (
    r"(?:(?<=[\d十]号)|(?<=[幢栋楼])|(?<=[A-Za-z\d一二三四五六七八九十]座)|(?<=单元)|(?<=号门))"
    r"[\s,的#-]{0,2}(?:\d{1,2}[层楼]\s?)?"
)
_ROOM_IN_HOUSE = rf"{_IN_HOUSE}[A-Za-z]?\d{{3,4}}{_NO_ROOM}(?:室|房|户)?"
_ROOM_WITH_DASHES = (
    r"(?<![\d-])(?!(?:19|20)\d\d)(?!400\D)(?!800\D)[A-Za-z]?\d{1,3}(?:号楼|号|幢|栋|座|#)?"
    r"\s?[-/]\s?\d{1,2}(?:单元)?\s?[-/]\s?(?!(?:19|20)\d\d)\d{3,4}(?![\d-])" + _NO_ROOM
)
_ROOM_OF_BUILDING = rf"(?<=[幢栋])\s?[-#]?\s?\d{{3,4}}(?![\d-]){_NO_ROOM}"
_ROOM_OF_TWO = (
    r"(?<=[村苑园庭坊里庄府城湾邸区院])\s?\d{1,3}\s?[-#]\s?(?!(?:19|20)\d\d(?!\d))\d{3,4}(?![\d-])" + _NO_ROOM
)

_RULES = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", MAIL),
        (_START + _CITIZEN_ID + _END, NUMBER),
        (_START + _MOBILE + _END, PHONE),
        (_START + _MOBILE_IN_OTHER_GROUPS + _END, PHONE),
        (_START + _MOBILE_IN_SINGLES + _END, PHONE),
        (_START + _LINE + _END, PHONE),
        (_CALLED, PHONE),
        (_START + _CARD + _END, NUMBER),
        (_START + r"\d{12,19}[Xx]?" + _END, NUMBER),
        (_ACCOUNT, ACCOUNT),
        (_PLATE, PLATE),
        (_ROOM_WITH_DASHES, ROOM),
        (_ROOM, ROOM),
        (_ROOM_IN_HOUSE, ROOM),
        (_ROOM_OF_BUILDING, ROOM),
        (_ROOM_OF_TWO, ROOM),
    )
)

# The hundred commonest family names and the double ones; what follows 我叫 without one of them is hardly a name.
_FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤虞华浦过荣殷祝谈费季包章"
)
_NAMED = re.compile(
    r"(?:我(?:的名字)?叫|我是|本人|姓名(?:是|为)?|联系人|名字(?:是|叫)|叫我|署名)[:\s]{0,2}"
    rf"(欧阳[\u4e00-\u9fff]{{1,2}}|上官[\u4e00-\u9fff]{{1,2}}|诸葛[\u4e00-\u9fff]{{1,2}}|[{_FAMILIES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=$|[^\w]|\d|电话|手机|住在|住|家住|微信)"
)


def mask_personal(text: str) -> str:
    """Return the text without phone and identity numbers, bank cards, mail and chat accounts, plates and rooms.

    However they are written: with gaps, in full width, in Chinese figures, spelt out. Numbers of hot lines (12345,
    400 …), house numbers of streets, lamp posts, dates, amounts and case numbers stay. Of names only those stay away
    with which somebody introduces themselves (我叫王秀英); others cannot be told from words: a text with a name in it
    needs a person's eye.
    """
    figures = as_figures(text)
    for pattern, shown in _RULES:
        if spans := [found.span() for found in pattern.finditer(figures)]:
            text = _replaced(text, spans, shown)
            figures = as_figures(text)
    return without_names(text, names_in(text))


def names_in(text: str) -> list[str]:
    """Return the names by which people call themselves in a text: 我叫王秀英, 联系人：李强."""
    spans = [found.span(1) for found in _NAMED.finditer(as_figures(text))]
    return list(dict.fromkeys(text[start:end] for start, end in spans))


def numbers_in(text: str) -> list[str]:
    """Return what ``mask_personal`` hides in a text apart from names, as it stands there: 138 1234 5678, 12-3-502."""
    figures = as_figures(text)
    spans = [found.span() for pattern, _ in _RULES for found in pattern.finditer(figures)]
    return list(dict.fromkeys(text[start:end].strip() for start, end in spans))


def without_names(text: str, names: Iterable[str]) -> str:
    """Return the text with each of the names, or numbers, hidden, the longest first."""
    for name in sorted({one for one in names if len(one) > 1}, key=len, reverse=True):
        text = text.replace(name, NUMBER if any(sign.isdigit() for sign in name) else NAME)
    return text


def _replaced(text: str, spans: Sequence[tuple[int, int]], shown: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + shown + text[end:]
    return text
