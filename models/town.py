"""A town at work: its data with the tools that read places, types and links from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from models.city.city import City
from models.city.places import Atlas
from models.classify.faq import FaqFinder
from models.classify.rules import Classifier
from models.links import Links


class PassOn(Protocol):
    """Owes one step of a case to other systems, inside the case's transaction (models/exchange/owing.py).

    Cases do not know the exchange, which knows them: it is handed over when the house is built.
    """

    async def __call__(self, case: Any, event: Any, town: "Town", *, now: datetime) -> None:
        """Owe it; ``case`` is as it stands after the step, ``event`` its row of the history."""


@dataclass(frozen=True)
class Town:
    """Built once at start; whoever decides anything about the town is handed it."""

    city: City
    atlas: Atlas
    classifier: Classifier
    faq: FaqFinder
    links: Links
    pass_on: PassOn | None = None
