"""Loads a city folder into a City, or says everything that is wrong with it."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.city.city import City, GcjPoint
from models.city.coverage import check_coverage
from models.city.documents import Document, read_document
from models.city.faults import CityError as CityError
from models.city.faults import CityErrors as CityErrors
from models.city.kinds import read_case_types
from models.city.learned import TONE, read_learned
from models.city.parsing import UnreadableError, read_text
from models.city.phrases import read_elsewhere, read_emergencies, read_faq, read_templates
from models.city.places import Atlas
from models.city.roster import check_roster, read_shifts, read_staff, read_units
from models.city.shapes import check_nesting, feature_codes, read_areas, read_landmarks
from models.city.working_days import read_calendar

EXAMPLE = Path(__file__).parent / "example"
FILES = (
    "city.toml",
    "areas.geojson",
    "units.toml",
    "case_types.toml",
    "faq.toml",
    "words.toml",
    "landmarks.geojson",
    "calendar.toml",
)
NOTICE = "privacy.md"
NO_FOLDER = "没有这个城市资料文件夹，请看 GONGZHI_CITY 的写法"
EMPTY = "内容是空的，请写上隐私说明"
UNFORESEEN = "这些文件合在一起读不懂（{why}），请先改其他各条；没有其他的，就把文件夹和日志发给开发者"

log = logging.getLogger(__name__)


def load_city(folder: Path) -> City:
    """Return the town of that folder; raise CityErrors with every mistake of every file, each with its line."""
    if not folder.is_dir():
        raise CityErrors([CityError(_printable(folder), 1, NO_FOLDER)])
    documents = {file: read_document(folder, file) for file in FILES}
    notice, mistakes = _notice(folder)
    learned, more = read_learned(folder, documents["case_types.toml"].codes("type"))
    tone, still_more = read_learned(folder, {"calm", "live"}, TONE)
    mistakes += more + still_more
    try:
        city = _build(documents)
        _check_whole(documents, city)
    except Exception as error:
        log.exception("a city folder broke its reader", extra={"action": "city_broken"})
        mistakes.append(CityError(FILES[0], 1, UNFORESEEN.format(why=type(error).__name__)))
    if errors := [error for document in documents.values() for error in document.errors] + mistakes:
        raise CityErrors(errors)
    return replace(city, learned=learned, tone=tone, privacy_notice=notice)


def _build(documents: dict[str, Document]) -> City:
    """Put together what is sound; stand-ins take the place of what is not, and are never returned."""
    told = documents["city.toml"]
    head = {name: value for name, value in told.data.items() if told.is_sound((name,))}
    roster = documents["units.toml"]
    words = documents["words.toml"]
    scope = tuple(head.get("scope", ()))
    return City(
        name=head.get("name", ""),
        account=head.get("account", ""),
        code=head.get("code", ""),
        hotline=head.get("hotline", ""),
        scope=scope,
        centre=_centre(head),
        areas=read_areas(documents["areas.geojson"]),
        units=read_units(roster),
        staff=read_staff(roster),
        shifts=read_shifts(roster),
        case_types=read_case_types(documents["case_types.toml"]),
        faq=read_faq(documents["faq.toml"], scope),
        emergencies=read_emergencies(words, documents["case_types.toml"].codes("type")),
        elsewhere=read_elsewhere(words),
        calendar=read_calendar(documents["calendar.toml"]),
        landmarks=read_landmarks(documents["landmarks.geojson"]),
        fallback_unit=head.get("fallback_unit", ""),
        templates=read_templates(words, documents["case_types.toml"].codes("type")),
        dictionary=_list(words, "dictionary"),
        abuse=_list(words, "abuse"),
        advert=_list(words, "advert"),
        privacy_version=head.get("privacy_version", "1"),
        settings={name: float(value) for name, value in head.get("settings", {}).items()},
    )


def _check_whole(documents: dict[str, Document], city: City) -> None:
    """Note what no file shows alone: references between files, the map as a whole, duty day and night."""
    map_, types, roster = documents["areas.geojson"], documents["case_types.toml"], documents["units.toml"]
    check_nesting(map_, city.areas)
    check_roster(roster, feature_codes(map_) if map_.is_read else None, types.codes("type"))
    _check_points(documents, city)
    head = documents["city.toml"]
    if not (head.is_read and head.is_sound(("fallback_unit",)) and roster.is_read):
        return
    if city.fallback_unit not in (roster.codes("unit") or set()):
        head.fault(("fallback_unit",), f"单位“{city.fallback_unit}”不存在")
    elif roster.has_only_sound("unit", "staff", "shift"):
        check_coverage(city, types, roster)


def _check_points(documents: dict[str, Document], city: City) -> None:
    """Note a centre or a landmark that no grid covers, when the map itself is sound."""
    if documents["areas.geojson"].errors or not city.areas:
        return
    atlas = Atlas(city)
    head, marks = documents["city.toml"], documents["landmarks.geojson"]
    if head.is_read and head.is_sound(("centre",)) and not atlas.areas_at(city.centre).grid:
        head.fault(("centre",), "城市中心不在任何网格内")
    points = {landmark.name: landmark.point for landmark in city.landmarks}
    for row in marks.rows("features"):
        point = points.get(row.data["properties"]["name"])
        if point and not atlas.areas_at(point).grid:
            row.fault(f"地标“{row.data['properties']['name']}”不在任何网格内", "geometry")


def _list(document: Document, key: str) -> tuple[Any, ...]:
    return tuple(document.data.get(key, ())) if document.is_sound((key,)) else ()


def _centre(head: dict[str, Any]) -> GcjPoint:
    return GcjPoint(**head["centre"]) if "centre" in head else GcjPoint(0.0, 0.0)


def _notice(folder: Path) -> tuple[str, list[CityError]]:
    """Return the privacy notice, and what is wrong with it."""
    try:
        notice = read_text(folder / NOTICE)
    except UnreadableError as error:
        return "", [CityError(NOTICE, error.line, error.message)]
    return notice, [] if notice.strip() else [CityError(NOTICE, 1, EMPTY)]


def _printable(folder: Path) -> str:
    return str(folder).encode(errors="replace").decode()
