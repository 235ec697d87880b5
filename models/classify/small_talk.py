"""What people ask about us rather than about the town: our phone, our hours, who we are, who has their case."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from models.characters import bare
from models.classify.replies import POLITE_WORDS
from models.classify.segments import Segments, segments_of


class AboutUs(StrEnum):
    """What is asked about us."""

    PHONE = "phone"
    WHO_HAS_IT = "who_has_it"
    HOURS = "hours"
    WHO_ARE_YOU = "who_are_you"


@dataclass(frozen=True, slots=True)
class Rule:
    """A question about us: one word of each of ``needs``, and besides them only what ``may`` stand there."""

    about: AboutUs
    needs: tuple[frozenset[str], ...]
    may: frozenset[str]

    def fits(self, kinds: frozenset[str]) -> bool:
        """Tell whether words of these kinds make this question."""
        known = self.may.union({"polite"}, *self.needs)
        return kinds <= known and all(need & kinds for need in self.needs)


def _rule(about: AboutUs, *needs: str, may: str) -> Rule:
    return Rule(about, tuple(frozenset(need.split()) for need in needs), frozenset(may.split()))


RULES = (  # the first that fits
    _rule(AboutUs.PHONE, "phone", may="us ask who handler mine time machine be work"),
    _rule(AboutUs.WHO_HAS_IT, "who either", "deal handler passed", may="us ask mine be time"),
    _rule(AboutUs.WHO_HAS_IT, "handler", "ask who be", may="us mine"),
    _rule(AboutUs.WHO_HAS_IT, "passed", may="us mine ask be who"),
    _rule(AboutUs.HOURS, "work", "time ask", may="us mine be machine who"),
    _rule(AboutUs.WHO_ARE_YOU, "machine", "be us talk", may="ask mine either account"),
    _rule(AboutUs.WHO_ARE_YOU, "who", "be us talk", may="mine account ask"),
    _rule(AboutUs.WHO_ARE_YOU, "us account", "use", may="be mine ask"),
    _rule(AboutUs.WHO_ARE_YOU, "account", "us mine be use", may="ask"),
    _rule(AboutUs.WHO_ARE_YOU, "us", "be", "ask", may="mine account"),
    _rule(AboutUs.WHO_ARE_YOU, "us", "talk", may="be ask"),
)


def about_us(said: str) -> AboutUs | None:
    """Return what folded words ask about us, and nothing besides."""
    kinds = _words().cut(bare(said))
    if not kinds:
        return None
    return next((rule.about for rule in RULES if rule.fits(frozenset(kinds))), None)


@cache
def _words() -> Segments[str]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    polite = dict.fromkeys(POLITE_WORDS, "polite")
    return segments_of(polite | {word: kind for kind, words in data.items() for word in words.split()})
