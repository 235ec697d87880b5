"""Reads longitude and latitude out of cells, and in which system they are: pure."""

import re
import unicodedata
from math import isfinite

from models.characters import LISTED

CHINA = ((3.0, 54.0), (73.0, 136.0))  # degrees of latitude and longitude
# 国家2000 differs from WGS-84 by centimetres.
SYSTEMS = {"gcj02": "gcj", "高德": "gcj", "腾讯": "gcj", "火星": "gcj", "国测局": "gcj"}
SYSTEMS |= {"wgs84": "wgs", "gps": "wgs", "cgcs2000": "wgs", "国家2000": "wgs", "大地2000": "wgs"}

HALF_POINT = "经度、纬度要么都填，要么都空着。"
NO_POINT = "坐标看不懂。请写数字，比如经度 120.145、纬度 31.556；没有就空着。"
SWAPPED = "经度和纬度写反了。经度是 73 到 136 之间的那个，请对调。"
FAR_POINT = "坐标不在国内。没有坐标就把经度、纬度都空着。"


def read_degrees(lng: str, lat: str) -> tuple[list[float], str]:
    """Return longitude and latitude, nothing where none are told, and what is wrong with them, "" for nothing."""
    pair = [lng, lat]
    if not any(pair):
        return [], ""
    if "" in pair:
        return [], HALF_POINT
    numbers = [number for number in map(_degrees, pair) if number is not None]
    return numbers, _wrong_degrees(numbers)


def read_pair(told: str) -> tuple[list[float], str]:
    """Return the same out of one cell, in which either order is usual, and plain to see."""
    pair = re.split(rf"(?:{LISTED}|/)+", unicodedata.normalize("NFKC", told).strip("()[] "))
    if not any(pair):
        return [], ""
    numbers = [number for number in map(_degrees, pair) if number is not None]
    words = HALF_POINT if "" in pair else _wrong_degrees(numbers)
    return (numbers[::-1], "") if words == SWAPPED else (numbers, words)


def system_of(told: str) -> str:
    """Return the system that folded words name, gcj or wgs; "" for one that we do not know."""
    plain = told.replace("-", "").replace("_", "") or "gcj02"
    return next((system for name, system in SYSTEMS.items() if name in plain), "")


def _degrees(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _wrong_degrees(numbers: list[float]) -> str:
    """Return what is wrong with longitude and latitude, "" for nothing."""
    if len(numbers) != 2:
        return NO_POINT
    (south, north), (west, east) = CHINA
    lng, lat = numbers
    if west <= lng <= east and south <= lat <= north:
        return ""
    return SWAPPED if west <= lat <= east and south <= lng <= north else FAR_POINT
