"""A town at work: its data with the tools that read places, types and links from it."""

from dataclasses import dataclass

from models.city.city import City
from models.city.places import Atlas
from models.classify.rules import Classifier
from models.links import Links


@dataclass(frozen=True)
class Town:
    """Built once at start; whoever decides anything about the town is handed it."""

    city: City
    atlas: Atlas
    classifier: Classifier
    links: Links
