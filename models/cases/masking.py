"""Hides in a text what leads to a person, before the text is shown to people it does not belong to: pure."""

import re

PHONE, NUMBER, MAIL, ACCOUNT, PLATE, ROOM = (
    f"（{what}已隐去）" for what in ("电话", "号码", "邮箱", "账号", "车牌", "门牌")
)

_NARROW = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# People write gaps and dashes into long numbers.
_GAP = r"[\s.·‐-―−-]{0,2}"
_START, _END = r"(?<!\d)", r"(?!\d)"
_CITIZEN_ID = rf"[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}\d{{3}}{_GAP}[\dXx]"
_CARD = rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?"
_MOBILE = rf"(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
_MOBILE_IN_OTHER_GROUPS = rf"1[3-9]\d(?:(?:{_GAP}\d{{3}}){{2}}{_GAP}\d{{2}}|\d{_GAP}\d{{4}}{_GAP}\d{{3}})"
_MOBILE_IN_WORDS = r"[一幺](?:[零〇一二三四五六七八九幺]\s?){9}[零〇一二三四五六七八九幺]"
_LINE = rf"(?:(?:\+|00)?86{_GAP})?[(\uff08]?0\d{{2,3}}[)\uff09]?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}"
_CALLED = (
    r"(?<=电话)[号码是为:\uff1a\s]{0,4}[2-9]\d{6,7}(?!\d)|(?<=手机)[号码是为:\uff1a\s]{0,4}\d{7,11}(?!\d)"
)
_CHAT = r"(?i:微信|weixin|wechat|(?<![a-z])(?:wx|vx|v信|qq))"
_ACCOUNT = _CHAT + r"(?:号码?|群)?[是为:\uff1a\s]{0,3}[A-Za-z0-9][A-Za-z0-9_-]{4,19}"
_PLATE_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = rf"[{_PLATE_PLACES}][A-Z][\s·.-]?(?=[A-Z0-9]*\d)[A-HJ-NP-Z0-9]{{5,6}}"
_ROOM = r"(?:[A-Za-z]?\d{3,4}|[一二三四五六七八九十零〇]{3,4})\s?(?:室|房间?)(?!外)"

_RULES = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", MAIL),
        (_START + _CITIZEN_ID + _END, NUMBER),
        (_START + _MOBILE + _END, PHONE),
        (_START + _MOBILE_IN_OTHER_GROUPS + _END, PHONE),
        (_MOBILE_IN_WORDS, PHONE),
        (_START + _LINE + _END, PHONE),
        (_CALLED, PHONE),
        (_START + _CARD + _END, NUMBER),
        (_START + r"\d{12,19}[Xx]?" + _END, NUMBER),
        (_ACCOUNT, ACCOUNT),
        (_PLATE, PLATE),
        (_ROOM, ROOM),
    )
)


def mask_personal(text: str) -> str:
    """Return the text without phone and identity numbers, bank cards, mail and chat accounts, plates and rooms.

    Numbers of hot lines (12345, 400 …), house numbers, dates and case numbers stay. Names cannot be told from other
    words and stay too: a text with a name in it needs a person's eye. Full-width digits and letters become narrow.
    """
    text = text.translate(_NARROW)
    for pattern, shown in _RULES:
        text = pattern.sub(shown, text)
    return text
