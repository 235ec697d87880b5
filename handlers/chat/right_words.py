"""What somebody puts right in their own words: another place, another type, a tap by mistake."""

from dataclasses import dataclass

from handlers.chat.drafting import is_sure
from handlers.kit.scene import Scene
from models.cases.draft import PLACE_SURE
from models.city.spots import Spot
from models.classify.amends import corrected_place
from models.classify.forms import is_address
from models.classify.replies import Meaning, clauses_of


def puts_place_right(scene: Scene) -> bool:
    """Tell whether the words say that the place told before was wrong."""
    return scene.incoming.kind == "text" and corrected_place(scene.said) is not None


def names_other_type(scene: Scene) -> bool:
    """Tell whether the words say no to the type that we heard, and name another: 不是井盖,是路灯."""
    return scene.incoming.kind == "text" and other_type(scene) is not None


def slipped(scene: Scene) -> bool:
    """Tell whether the words say that something was tapped by mistake."""
    return scene.likely_answer is Meaning.SLIP


@dataclass(frozen=True, slots=True)
class Right:
    """The place that the words name instead of a wrong one; ``spot`` where the town knows it."""

    words: str
    spot: Spot | None


def right_place(scene: Scene) -> Right | None:
    """Return the right place of the words; None where they contrast other things than places."""
    found = corrected_place(scene.said)
    if found is None:
        return None
    words = scene.text[found.start : found.end].strip()
    spot = spot_of(scene, words) if words else None
    names_place = is_address(words) or bool(words and scene.town.atlas.find_words(words))
    names_matter = bool(words and type_of(scene, words))
    if names_matter and not found.plainly:
        return None  # 不是我家,是隔壁店门口堆垃圾
    if not names_place and (not found.plainly or names_matter):
        return None
    return Right(words, spot)


@dataclass(frozen=True, slots=True)
class OtherType:
    """The type that somebody names instead of ours; ``denied`` the one that they deny by name, or ""."""

    code: str
    denied: str


def other_type(scene: Scene) -> OtherType | None:
    """Return the type that the words name instead of the one that we heard, or None."""
    found = corrected_place(scene.said)
    if found is not None:
        code = type_of(scene, scene.text[found.start : found.end])
        denied = type_of(scene, scene.text[found.old_start : found.old_end])
        return OtherType(code, denied) if code and denied else None
    if scene.answer is not Meaning.NO or scene.meaning is not None:
        return None
    first = clauses_of(scene.said)[0]
    code = type_of(scene, scene.text[scene.said.index(first) + len(first) :])
    return OtherType(code, "") if code else None


def type_of(scene: Scene, words: str) -> str:
    """Return the code of the type that words surely name, or ""."""
    verdict = scene.town.classifier.classify(words)
    kind_ = scene.town.city.case_types[verdict.type]
    return verdict.type if kind_.handled and verdict.said and is_sure(verdict) else ""


def spot_of(scene: Scene, words: str) -> Spot | None:
    """Return the place that words surely name, or None."""
    spot = scene.town.atlas.find_words(words)
    return spot if spot is not None and spot.sure >= PLACE_SURE else None
