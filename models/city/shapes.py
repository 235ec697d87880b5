"""Reads areas.geojson and landmarks.geojson, and says what is wrong with their geometry."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from models.city.city import Area, GcjPoint, Landmark, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.city.documents import Document, Row

PARENTS = {"district": None, "street": "district", "grid": "street"}
KIND_NAMES = {"district": "区", "street": "街", "grid": "格", "road": "路"}
LNG = (73.0, 136.0)  # China, with some room
LAT = (3.0, 54.0)
SLIVER = 0.01  # neighbours drawn by hand overlap a little: up to 1 % of the smaller one is let pass


def read_areas(document: Document) -> dict[str, Area]:
    """Return the sound areas by code; every geometry error is noted in the document."""
    areas: dict[str, Area] = {}
    for row in document.rows("features"):
        shape = _shape(row, is_line=row.data["properties"]["kind"] == "road")
        code = row.data["properties"]["code"]
        if code in areas:
            row.fault(f"编号“{code}”重复", "properties", "code")
        elif shape is not None:
            areas[code] = _area(row, shape)
    return areas


def read_landmarks(document: Document) -> tuple[Landmark, ...]:
    """Return the sound landmarks in the order of the file."""
    found: dict[str, Landmark] = {}
    for row in document.rows("features"):
        told = row.data["properties"]
        position = row.data["geometry"]["coordinates"]
        problem = _position_problem(position)
        if problem:
            row.fault(problem, "geometry", "coordinates")
        elif told["name"] in found:
            row.fault(f"地标“{told['name']}”重复", "properties", "name")
        else:
            [(lng, lat)] = _to_gcj([position], row.document)
            found[told["name"]] = Landmark(
                name=told["name"],
                point=GcjPoint(lat, lng),
                aliases=tuple(told.get("aliases", ())),
                kind=told.get("kind", ""),
                note=told.get("note", ""),
            )
    return tuple(found.values())


def check_nesting(document: Document, areas: dict[str, Area]) -> None:
    """Note parents that are wrong, areas that stick out of theirs, grids that overlap, streets with bare spots."""
    rows = {row.data["properties"]["code"]: row for row in document.rows("features")}
    for code, area in areas.items():
        _check_parent(rows[code], area, areas)
    grids = [area for area in areas.values() if area.kind == "grid"]
    for index, grid in enumerate(grids):
        for other in grids[:index]:
            if _share(grid.shape.intersection(other.shape), min(grid.shape.area, other.shape.area)) > SLIVER:
                rows[grid.code].fault(f"网格“{grid.name}”与“{other.name}”重叠", "geometry")
    if document.errors:  # a grid that was left out would show as a bare spot
        return
    for street in (area for area in areas.values() if area.kind == "street"):
        inside = shapely.union_all([grid.shape for grid in grids if grid.parent == street.code])
        if _share(street.shape.difference(inside), street.shape.area) > SLIVER:
            rows[street.code].fault(f"街“{street.name}”有一部分没有网格覆盖", "properties", "name")


def feature_codes(document: Document) -> set[str]:
    """Return every code in the file, those of entries with mistakes too."""
    features = document.dicts("features")
    told = [feature.get("properties") for feature in features]
    return {str(properties.get("code")) for properties in told if isinstance(properties, dict)}


def _area(row: Row, shape: BaseGeometry) -> Area:
    told = row.data["properties"]
    return Area(
        code=told["code"],
        name=told["name"],
        kind=told["kind"],
        shape=shape,
        parent=told.get("parent"),
        width=float(told.get("width", 0.0)),
        aliases=tuple(told.get("aliases", ())),
        grade=told.get("grade", ""),
    )


def _shape(row: Row, *, is_line: bool) -> BaseGeometry | None:
    """Return the geometry in GCJ-02, or None with the reasons noted."""
    told = row.data["properties"]
    geometry = row.data["geometry"]
    name, kind = told["name"], geometry["type"]
    if kind.endswith("LineString") is not is_line:
        row.fault(
            f"“{name}”是{KIND_NAMES[told['kind']]}，应画成{'线' if is_line else '多边形'}", "geometry", "type"
        )
        return None
    if is_line and "width" not in told:
        row.fault(f"路“{name}”缺少宽度 width（米）", "properties")
        return None
    parts = geometry["coordinates"] if kind.startswith("Multi") else [geometry["coordinates"]]
    problem = next(filter(None, (_part_problem(part, is_line=is_line) for part in parts)), None)
    if problem:
        row.fault(f"“{name}”{problem}", "geometry", "coordinates")
        return None
    return _sound_shape(row, parts, is_line=is_line)


def _sound_shape(row: Row, parts: list[Any], *, is_line: bool) -> BaseGeometry | None:
    if is_line:
        return shapely.union_all([shapely.LineString(_to_gcj(part, row.document)) for part in parts])
    polygons = [shapely.Polygon(_to_gcj(part[0], row.document)) for part in parts]
    crossed = next((polygon for polygon in polygons if not polygon.is_valid), None)
    if crossed is not None:
        reason = shapely.is_valid_reason(crossed)
        row.fault(f"“{row.data['properties']['name']}”的边界自相交（{reason}）", "geometry", "coordinates")
        return None
    return shapely.union_all(polygons)


def _part_problem(part: Any, *, is_line: bool) -> str | None:
    """Say what is wrong with one line, or with one polygon's rings."""
    rings = [part] if is_line else part
    if not isinstance(rings, list) or not all(isinstance(ring, list) for ring in rings):
        return "的坐标层数不对"
    if len(rings) > 1:
        return "的多边形里有洞，请把洞补上或拆成几块"
    if not rings or not rings[0]:
        return "还没有坐标"
    ring = rings[0]
    problem = next(filter(None, map(_position_problem, ring)), None)
    if problem:
        return problem
    if is_line:
        return None if any(point[:2] != ring[0][:2] for point in ring) else "的线至少要两个点"
    return _ring_problem(ring)


def _ring_problem(ring: list[Any]) -> str | None:
    if ring[0] != ring[-1]:
        return "的边界没有闭合，首尾两点应相同"
    return None if len(ring) >= 4 else "的边界至少要三个点"


def _position_problem(position: Any) -> str | None:
    if not isinstance(position, list) or len(position) < 2:
        return "的坐标应写成 [经度， 纬度]"
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in position):
        return "的坐标应是数字"
    lng, lat = position[:2]
    if LNG[0] <= lng <= LNG[1] and LAT[0] <= lat <= LAT[1]:
        return None
    return f"的坐标 {position[:2]} 不在国内，请看经度、纬度是否写反"


def _to_gcj(positions: list[list[float]], document: Document) -> list[tuple[float, float]]:
    """Return (lng, lat) pairs in GCJ-02, whatever the file's "crs" says it holds."""
    if document.data.get("crs", {}).get("properties", {}).get("name") != "WGS-84":
        return [(position[0], position[1]) for position in positions]
    turned = [wgs_to_gcj(Wgs84Point(position[1], position[0])) for position in positions]
    return [(point.lng, point.lat) for point in turned]


def _check_parent(row: Row, area: Area, areas: dict[str, Area]) -> None:
    wanted = PARENTS.get(area.kind)
    parent = areas.get(area.parent) if area.parent else None
    if area.parent and parent is None:
        if area.parent not in feature_codes(
            row.document
        ):  # a parent with a broken shape has been noted already
            row.fault(f"上级“{area.parent}”不存在", "properties", "parent")
    elif area.kind == "road":
        return
    elif wanted and parent is None:
        row.fault(f"{KIND_NAMES[area.kind]}“{area.name}”缺少上级 parent", "properties")
    elif parent and parent.kind != wanted:
        row.fault(f"{KIND_NAMES[area.kind]}的上级不能是{KIND_NAMES[parent.kind]}", "properties", "parent")
    elif parent and _share(area.shape.difference(parent.shape), area.shape.area) > SLIVER:
        row.fault(f"“{area.name}”超出了上级“{parent.name}”的边界", "geometry")


def _share(shape: BaseGeometry, of: float) -> float:
    return float(shape.area / of) if of else 0.0
