"""Offers ready words for a step, so that officers need not type with cold fingers."""

from handlers.kit.reply import Choice
from handlers.kit.scene import Scene
from models.cases.tables import Case
from models.cases.taps import TEMPLATE
from models.city.city import AnswerTemplate, City

OFFERED = 4


def offer_words(scene: Scene, case: Case, step: str) -> tuple[Choice, ...]:
    """Return the ready words for that step of that case, to tap."""
    fitting = _fitting(scene.town.city, case, step)[:OFFERED]
    return tuple(
        Choice(f"{TEMPLATE}{place}{case.number}", template.label)
        for place, template in enumerate(fitting, start=1)
    )


def chosen_words(scene: Scene, case: Case, step: str) -> str:
    """Return what the message says: the chosen ready words, else its own."""
    place = scene.choice.removeprefix(TEMPLATE)[:1] if scene.choice.startswith(TEMPLATE) else ""
    fitting = _fitting(scene.town.city, case, step)[:OFFERED]
    return fitting[int(place) - 1].text if place.isdigit() and 1 <= int(place) <= len(fitting) else scene.text


def _fitting(city: City, case: Case, step: str) -> list[AnswerTemplate]:
    return [one for one in city.templates if step in one.steps and (not one.types or case.type in one.types)]
