"""What a town is made of: plain values loaded from a city folder, never constants in code."""

from dataclasses import dataclass, field
from datetime import date, time

from shapely import Geometry

from models.lifecycle import Role


@dataclass(frozen=True, slots=True)
class GcjPoint:
    """A place as WeChat and Chinese maps give it (GCJ-02), degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Wgs84Point:
    """A place as GPS, GeoJSON and Open311 give it (WGS-84), degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Area:
    """区/街/格 (a polygon) or 路 (a line with a width), in GCJ-02 with x = longitude."""

    code: str
    name: str
    kind: str  # "district" 区, "street" 街, "grid" 格, "road" 路
    shape: Geometry
    parent: str | None = None
    width: float = 0.0  # metres, roads only
    aliases: tuple[str, ...] = ()
    grade: str = ""  # of a grid: "A" for 六个 A 类网格, which are walked most often


@dataclass(frozen=True, slots=True)
class Unit:
    """责任单位: who handles cases."""

    code: str
    name: str
    phone: str
    areas: tuple[str, ...]  # area codes it serves
    types: tuple[str, ...] = ()  # case types it serves; empty = all


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the roster before they bind their WeChat; invented people in the example city."""

    code: str
    name: str
    role: Role
    unit: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """值守: who is on duty for a unit, when; ``until`` <= ``since`` runs over midnight."""

    unit: str
    staff: tuple[str, ...]  # first one first, the others stand in
    weekdays: tuple[int, ...]  # ISO, Monday = 1
    since: time
    until: time


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: ``amount`` of ``unit``.

    Units: work_hour, work_day, urgent_hour, urgent_day, natural_hour, natural_day, natural_minute.
    """

    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that speaks for (weight > 0) or against (< 0) a case type."""

    word: str
    weight: float
    near: tuple[str, ...] = ()  # counts only when one of these stands in the text too
    unless: tuple[str, ...] = ()  # does not count when one of these stands in the text


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """What was learned from labelled messages (``learned.json``): a linear model over the features of a text.

    ``weights`` give for each feature its weight by the place of the type in ``types``; ``scale`` is the worth of one
    point of the keywords beside them, ``temperature`` divides the sum so that confidence means what it says.
    """

    types: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, dict[int, float]]
    scale: float
    temperature: float


@dataclass(frozen=True, slots=True)
class SmallClass:
    """A GB/T 30428-style small class of a case type, e.g. SJ0406 占道经营, with its own limit if any."""

    code: str
    name: str
    keywords: tuple[str, ...] = ()
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class CaseType:
    """案件类别."""

    code: str
    name: str  # long: 占道经营与流动摊贩
    short: str  # as said to people: 占道经营
    limit: Limit
    keywords: tuple[Keyword, ...] = ()
    small: tuple[SmallClass, ...] = ()
    ask: str = ""  # what to photograph or say, for this type
    radius: float = 100.0  # metres: how near counts as the same
    auto_dispatch: bool = True
    handled: bool = True  # False: consultation and other, no case unless the person insists
    elsewhere: str = ""  # for "other": who handles it (unit and phone)
    settings: dict[str, float] = field(default_factory=dict)  # where it differs from the town (settings.py)


@dataclass(frozen=True, slots=True)
class LawRef:
    """Where an answer stands in law; ``article`` is None when unknown, never guessed."""

    law: str
    article: str | None
    scope: str  # 全国, 江苏, 无锡 …


@dataclass(frozen=True, slots=True)
class Faq:
    """A question that people ask, with its answer and source."""

    code: str
    topic: str
    question: str
    variants: tuple[str, ...]
    answer: str
    refs: tuple[LawRef, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that is not ours: who handles it, told at once."""

    name: str
    words: tuple[str, ...]
    tell: str  # the sentence, with the phone number


@dataclass(frozen=True, slots=True)
class AnswerTemplate:
    """答复模板: words that an officer or dispatcher may choose instead of typing them."""

    steps: tuple[str, ...]
    label: str  # as offered to tap
    text: str
    types: tuple[str, ...] = ()  # case types; empty: all


@dataclass(frozen=True, slots=True)
class Emergency:
    """Danger to life, recognised before anything else."""

    name: str
    words: tuple[str, ...]  # 「煤气|燃气…漏|味」: one of these, and soon after it one of those
    unless: tuple[str, ...]  # before the word in the same thought, or around it
    tell: str  # the first sentence, with the number to call
    case_type: str  # "": nothing for us to do, only for whom to call
    type_from_words: bool = (
        False  # the words tell the type better where they do: a fallen tree is no broken road
    )
    lasting: bool = False  # what was so yesterday is so until somebody puts it right
    threat: bool = False  # an if makes it no less dangerous: 再不管我就跳楼


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working hours, the rows in which this town differs from the country, and what it was told of whole years.

    ``announced`` are the years whose arrangement by the State Council stands in the data of the town.
    """

    periods: tuple[tuple[time, time], ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()
    national_holidays: frozenset[date] = frozenset()
    national_workdays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named point: estate, market, school, station, so that words find a place."""

    name: str
    point: GcjPoint
    aliases: tuple[str, ...] = ()
    kind: str = ""  # "estate", "school", "toilet", "parking", "station" …: for 「附近」 lists
    note: str = ""  # opening hours or how to get in, for people


@dataclass(frozen=True)
class City:
    """Everything that makes this town this town."""

    name: str
    account: str  # name of the service account
    code: str  # six digits of the administrative division, opens every case number
    hotline: str  # the phone line in hand-overs
    scope: tuple[str, ...]  # which laws hold here: 全国, 江苏, 无锡
    centre: GcjPoint
    areas: dict[str, Area]
    units: dict[str, Unit]
    staff: dict[str, Staff]
    shifts: tuple[Shift, ...]
    case_types: dict[str, CaseType]
    faq: tuple[Faq, ...]
    emergencies: tuple[Emergency, ...]
    elsewhere: tuple[Elsewhere, ...]
    calendar: WorkingCalendar
    landmarks: tuple[Landmark, ...]
    fallback_unit: str  # 属地: unclear duty goes here
    templates: tuple[AnswerTemplate, ...] = ()
    dictionary: tuple[str, ...] = ()  # words for jieba: places, shops, terms
    abuse: tuple[str, ...] = ()
    advert: tuple[str, ...] = ()
    privacy_version: str = "1"
    privacy_notice: str = ""
    settings: dict[str, float] = field(default_factory=dict)
    tone: LearnedWords | None = None  # what danger sounds like as a whole; its types are calm and live
    learned: LearnedWords | None = None  # a town without lessons has its keywords alone
