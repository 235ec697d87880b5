"""Builds a town of a few case types in code, so that a rule's test says what its words weigh."""

from datetime import time

from models.city.city import (
    CaseType,
    City,
    Elsewhere,
    Emergency,
    GcjPoint,
    Keyword,
    Limit,
    SmallClass,
    WorkingCalendar,
)

LIMIT = Limit(1, "work_day")


def kind(code, words, *, handled=True, small=()):
    """Return a case type; ``words`` are Keywords, or weights by word."""
    keywords = [Keyword(w, x) for w, x in words.items()] if isinstance(words, dict) else words
    return CaseType(code, code, code, LIMIT, keywords=tuple(keywords), handled=handled, small=tuple(small))


TYPES = (
    kind(
        "street_light",
        {"路灯": 4.0, "没有路灯": 5.0, "不亮": 1.5},
        small=[SmallClass("L1", "路灯", ("路灯",)), SmallClass("L2", "路灯杆", ("灯杆", "路灯杆"))],
    ),
    kind("garbage", {"垃圾": 3.0, "没人扫": 2.0, "垃圾站": -1.0}),
    kind("waste_sorting", {"垃圾站": 4.0}),
    kind("street_vending", {"占道": 3.0, "摆摊": 4.0, "出店": 3.0}),
    kind(
        "illegal_parking",
        [Keyword("停满", 3.0, unless=("电动车",)), Keyword("挡住", 2.0, near=("小车", "货车"))],
    ),
    kind("greening", {"绿化带": 3.5}),
    kind("consultation", {"请问": 2.5, "什么材料": 4.0}, handled=False),
    kind("other", {"停水": 3.0, "公交车": 3.0}, handled=False),
)


def small_city(types=TYPES, **changes):
    """Return a town without places, people or areas."""
    facts = {
        "name": "柳河镇",
        "account": "柳河帮手",
        "code": "421199",
        "hotline": "0713-8555000",
        "scope": ("全国", "湖北"),
        "centre": GcjPoint(30.4530, 114.8850),
        "areas": {},
        "units": {},
        "staff": {},
        "shifts": (),
        "case_types": {case_type.code: case_type for case_type in types},
        "faq": (),
        "emergencies": (
            Emergency("着火", ("着火", "起火"), ("怕", "隐患"), "打 119。", "garbage"),
            Emergency("煤气", ("煤气味",), (), "关阀,打 119。", "garbage"),
        ),
        "elsewhere": (
            Elsewhere("停水", ("停水",), "打供水公司。"),
            Elsewhere("公交", ("公交车", "班次"), "打 12328。"),
        ),
        "calendar": WorkingCalendar(((time(9), time(17)),)),
        "landmarks": (),
        "fallback_unit": "yamen",
        "abuse": ("笨鹅",),
        "advert": ("代开发票", "加微信"),
    }
    return City(**(facts | changes))
