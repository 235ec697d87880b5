"""Reads when something was, as people, spreadsheets and other offices' systems write it: pure."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from models.clock import BEIJING, local

_SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=BEIJING)  # a spreadsheet's day 0
_SERIALS = (36526, 73051)  # the years 2000 to 2099
_UNIX = (946684800, 4102444800)
_FUTURE = timedelta(days=1)  # a day without its year is the last one that there was

_DAY = (
    r"(?P<year>\d{4}|\d\d(?=年)) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?!\d) ?[日号]?"
    r"|(?P<year8>\d{4})(?P<month8>\d\d)(?P<day8>\d\d)"
    r"|(?P<month0>\d{1,2})月 ?(?P<day0>\d{1,2}) ?[日号]?"
)
_MORNING, _AFTERNOON, _NOON = "凌晨 半夜 清晨 早上 早晨 上午 am", "下午 傍晚 晚上 夜里 夜间 pm", "中午"
_HALF = "|".join(f"{_MORNING} {_AFTERNOON} {_NOON}".split())
_CLOCK = (
    rf"(?P<half>{_HALF})? ?(?P<hour>\d{{1,2}}) ?(?:"
    r"[:时点](?P<part>半|1刻|3刻|整)"
    r"|[:时点] ?(?P<minute>\d{1,2})(?: ?[:分] ?(?P<second>\d{1,2})(?:[.,]\d+)?)? ?[分秒]?|[时点]"
    r") ?(?P<after>am|pm)?"
    r"|(?P<hour4>\d\d)(?P<minute4>\d\d)(?P<second4>\d\d)?"
)
_ZONE = r"(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d)?"
_MOMENT = re.compile(rf"(?:{_DAY})(?:[ t,]*(?:{_CLOCK}))? ?{_ZONE}")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十]+(?=[年月日号时点分秒刻])")
_DIGITS = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
_MINUTES = {"半": 30, "1刻": 15, "3刻": 45, "整": 0}


def read_moment(told: str, now: datetime) -> datetime | None:
    """Return the moment that a cell tells, None when it tells none; without a zone it is Beijing time."""
    plain = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", told).lower())
    plain = re.sub(r"\s+", " ", _NUMERAL.sub(_number, plain)).strip()
    if re.fullmatch(r"\d{5}(\.\d*)?|\d{10}|\d{13}", plain):
        return _counted(plain)
    found = _MOMENT.fullmatch(plain)
    try:
        return _joined(found.groupdict(), now) if found else None
    except (ValueError, OverflowError):  # 31 February
        return None


def _counted(plain: str) -> datetime | None:
    """Return the moment behind a number of days or of seconds."""
    if len(plain) in (10, 13) and "." not in plain:
        seconds = int(plain[:10])
        return datetime.fromtimestamp(seconds, BEIJING) if _UNIX[0] <= seconds < _UNIX[1] else None
    days = float(plain)
    if not _SERIALS[0] <= days < _SERIALS[1]:
        return None
    return _SERIAL_ZERO + timedelta(seconds=round(days * 86400))


def _joined(part: dict[str, str | None], now: datetime) -> datetime | None:
    clock = _clock(part)
    if clock is None:
        return None
    month = int(part["month"] or part["month8"] or part["month0"] or 0)
    day = int(part["day"] or part["day8"] or part["day0"] or 0)
    year = int(part["year"] or part["year8"] or local(now).year)
    at = datetime(year + 2000 if year < 100 else year, month, day, tzinfo=_zone(part["zone"])) + clock
    if part["month0"] and at > now + _FUTURE:
        return at.replace(year=year - 1)
    return at


def _clock(part: dict[str, str | None]) -> timedelta | None:
    """Return how long after midnight it is; 24:00 is the end of the day. None for a time that there is not."""
    hour = int(part["hour"] or part["hour4"] or 0)
    minute = int(part["minute"] or part["minute4"] or _MINUTES.get(part["part"] or "", 0))
    second = int(part["second"] or part["second4"] or 0)
    half = part["half"] or part["after"] or ""
    if half and hour <= 12:
        hour = _by_day(half, hour)
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute + second > 0):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _by_day(half: str, hour: int) -> int:
    """Return the hour of twenty-four: 下午3点 is 15, 晚上12点 the end of the day, 凌晨12点 its beginning."""
    if half in _NOON:
        return hour + 12 if hour < 4 else hour
    if half in _AFTERNOON.split():
        return hour + 12 if hour < 12 or half not in ("下午", "pm") else hour
    return 0 if hour == 12 and half != "上午" else hour


def _zone(told: str | None) -> tzinfo:
    if not told:
        return BEIJING
    if told[0] not in "+-":
        return UTC
    minutes = int(told[1:3]) * 60 + int(told[-2:])
    return timezone(timedelta(minutes=-minutes if told[0] == "-" else minutes))


def _number(found: re.Match[str]) -> str:
    """Return 三 as 3, 二十五 as 25, 二〇二六 as 2026."""
    said = found.group()
    if "十" not in said:
        return "".join(_DIGITS[sign] for sign in said)
    tens, _, ones = said.partition("十")
    return f"{_DIGITS.get(tens, '1') if tens else '1'}{_DIGITS.get(ones, '0') if ones else '0'}"
