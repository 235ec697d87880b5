"""What the town's QR codes stand for: a landmark or an area, by its name."""

from dataclasses import dataclass

from models.city.city import City, GcjPoint


@dataclass(frozen=True, slots=True)
class CodePlace:
    """The place that a scanned code brings along."""

    name: str
    point: GcjPoint


def find_scene(city: City, name: str) -> CodePlace | None:
    """Return the place of that name; an area stands for a point inside it; None when nothing is called so."""
    for landmark in city.landmarks:
        if landmark.name == name:
            return CodePlace(name, landmark.point)
    for area in city.areas.values():
        if area.name == name:
            inside = area.shape.representative_point()
            return CodePlace(name, GcjPoint(inside.y, inside.x))
    return None
