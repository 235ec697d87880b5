"""The town's areas and landmarks as GeoJSON for a map to draw, in GCJ-02 as Chinese maps are."""

import json
from typing import Any

from shapely import to_geojson
from shapely.geometry import Point

from models.city.city import City


def city_geojson(city: City) -> dict[str, Any]:
    """Return a FeatureCollection of areas (kind, name) and landmarks."""
    features = [_feature(area.shape, area.name, area.kind, area.width) for area in city.areas.values()]
    features += [_feature(Point(m.point.lng, m.point.lat), m.name, "landmark", 0) for m in city.landmarks]
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: Any, name: str, kind: str, width: float) -> dict[str, Any]:
    properties = {"name": name, "kind": kind, "width": width}
    return {"type": "Feature", "geometry": json.loads(to_geojson(shape)), "properties": properties}
