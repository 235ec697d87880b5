"""Reads units.toml: who is responsible, who works there, who is on duty when."""

from datetime import time

from models.city.city import Shift, Staff, Unit
from models.city.documents import Document, Row
from models.lifecycle import Role


def read_units(document: Document) -> dict[str, Unit]:
    """Return the sound units by code, in the order of the file."""
    units: dict[str, Unit] = {}
    for row in document.rows("unit"):
        told = row.data
        if told["code"] in units:
            row.fault(f"单位编号“{told['code']}”重复", "code")
            continue
        units[told["code"]] = Unit(
            told["code"], told["name"], told["phone"], areas=row.texts("areas"), types=row.texts("types")
        )
    return units


def read_staff(document: Document) -> dict[str, Staff]:
    """Return the sound people of the roster by code."""
    staff: dict[str, Staff] = {}
    for row in document.rows("staff"):
        told = row.data
        if told["code"] in staff:
            row.fault(f"人员编号“{told['code']}”重复", "code")
            continue
        staff[told["code"]] = Staff(
            told["code"],
            told["name"],
            role=Role(told["role"]),
            unit=told["unit"],
            phone=told.get("phone", ""),
        )
    return staff


def read_shifts(document: Document) -> tuple[Shift, ...]:
    """Return the sound shifts in the order of the file; the first that fits a moment leads."""
    return tuple(
        Shift(
            unit=row.data["unit"],
            staff=row.texts("staff"),
            weekdays=tuple(row.data["weekdays"]),
            since=time.fromisoformat(row.data["since"]),
            until=time.fromisoformat(row.data["until"]),
        )
        for row in document.rows("shift")
    )


def check_roster(document: Document, areas: set[str] | None, types: set[str] | None) -> None:
    """Note references that lead nowhere; ``None`` means that the file of those codes could not be read."""
    units, staff = document.codes("unit") or set(), document.codes("staff")
    for row in document.rows("unit"):
        _check_list(row, "areas", areas, "区域")
        _check_list(row, "types", types, "案件类别")
    for row in [*document.rows("staff"), *document.rows("shift")]:
        if row.data["unit"] not in units:
            row.fault(f"单位“{row.data['unit']}”不存在", "unit")
    for row in document.rows("shift"):
        _check_list(row, "staff", staff, "人员")


def _check_list(row: Row, key: str, known: set[str] | None, what: str) -> None:
    for index, code in enumerate(row.data.get(key, ())):
        if known is not None and code not in known:
            row.fault(f"{what}“{code}”不存在", key, index)
