"""Checks that every case type has somebody in every grid at every hour."""

from collections.abc import Iterable

from models.city.city import Area, City, Shift, Unit
from models.city.documents import Document
from models.city.duty import WEEK, find_unit, shift_spans

DAYS = "一二三四五六日"


def check_coverage(city: City, types: Document, units: Document) -> None:
    """Note types that no unit takes in a grid, and hours in which a unit and the fallback both have nobody."""
    rows = {row.data["code"]: row for row in types.rows("type")}
    last = city.units[city.fallback_unit]
    for code, kind in city.case_types.items():
        bare = [] if not last.types or code in last.types else _bare_grids(city, code)
        if bare:
            names = "、".join(grid.name for grid in bare)
            rows[code].fault(f"类别“{kind.name}”没有责任单位，兜底单位“{last.name}”也不办；网格：{names}")
    _check_hours(city, units)


def duty_gaps(shifts: Iterable[Shift], units: set[str]) -> list[tuple[int, int]]:
    """Return the [since, until) minutes of the week in which none of ``units`` has a shift."""
    spans = sorted(span for shift in shifts if shift.unit in units for span in shift_spans(shift))
    gaps: list[tuple[int, int]] = []
    reached = 0
    for since, until in [*spans, (WEEK, WEEK)]:
        if since > reached:
            gaps.append((reached, since))
        reached = max(reached, until)
    return gaps


def _bare_grids(city: City, code: str) -> list[Area]:
    grids = [area for area in city.areas.values() if area.kind == "grid"]
    return [grid for grid in grids if find_unit(city.units.values(), code, _chain(city, grid)) is None]


def _chain(city: City, area: Area | None) -> tuple[str, ...]:
    codes: list[str] = []
    while area is not None and area.code not in codes:
        codes.append(area.code)
        area = city.areas.get(area.parent or "")
    return tuple(codes)


def _check_hours(city: City, document: Document) -> None:
    last = city.units[city.fallback_unit]
    for row in document.rows("unit"):
        gaps = duty_gaps(city.shifts, {row.data["code"], last.code})
        if gaps:
            row.fault(f"单位“{row.data['name']}”{_tell(gaps)}无人值守，{_backing(row.data['code'], last)}")


def _backing(code: str, last: Unit) -> str:
    return "兜底单位必须全天有人" if code == last.code else f"兜底单位“{last.name}”当时也无人"


def _tell(gaps: list[tuple[int, int]]) -> str:
    since, until = gaps[0]
    hours = sum(end - start for start, end in gaps) / 60
    return f"周{DAYS[since // 1440]} {_clock(since)} 至 {_clock(until)} 等共 {hours:g} 小时"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
