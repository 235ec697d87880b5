"""Says which days the law itself makes holidays for everybody, in any year, announced or not.

全国年节及纪念日放假办法, revised on 10 November 2024 (国务院令第795号), in force since 1 January 2025:
元旦; 春节 from 除夕 to 正月初三; 清明; 1 and 2 May; 端午; 中秋; 1 to 3 October. Which weekdays bridge them
and which weekends are worked for that (调休) is announced year by year and stands in the data of the town.
"""

from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate, TermUtils

FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
NEW_YEAR, DRAGON_BOAT, MID_AUTUMN = (1, 1), (5, 5), (8, 15)  # month and day of the moon's year
SPRING_FESTIVAL = range(-1, 3)  # days from 正月初一: 除夕 to 初三


@lru_cache(maxsize=32)
def statutory_holidays(year: int) -> frozenset[date]:
    """Return the days off that the law fixes for that year; beyond the moon's table (2100) those of the sun alone."""
    fixed = {date(year, month, day) for month, day in FIXED}
    try:
        return frozenset(fixed | _by_the_moon(year))
    except InvalidLunarDateError:
        return frozenset(fixed)


def _by_the_moon(year: int) -> set[date]:
    spring = LunarDate(year, *NEW_YEAR).to_solar_date()
    days = {spring + timedelta(days=n) for n in SPRING_FESTIVAL}
    days |= {LunarDate(year, *feast).to_solar_date() for feast in (DRAGON_BOAT, MID_AUTUMN)}
    return days | {TermUtils.nth_term_day(year, term_name="清明")}
