"""Says which case type a text is, how surely and why: the keywords of a city, and what was learned beside them."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from math import exp

from models.city.city import City
from models.classify.danger import find_emergency
from models.classify.features import word_of
from models.classify.forms import asks, clauses, complains, is_small_talk, opens_with_question
from models.classify.linear import Linear
from models.classify.reading import PlaceFinder, Reader, Reading
from models.classify.scores import Evidence as Evidence
from models.classify.scores import Spans, sum_by_type
from models.classify.tokens import Tokenizer, plain

CONSULTATION = "consultation"
OTHER = "other"
TEMPERATURE = 0.9  # of the softmax; see README, "How sure"
QUESTION = 2.5  # what the form of a question adds to consultation
SURE_QUESTION = 0.5  # confidence from which words alone, without the form, make a question
PART_SURE, PART_SAID = 0.7, 1.5  # confidence and keywords from which a clause is a matter of its own
ALTERNATIVES = 5
EVIDENCE = 20
LEARNED = 6  # learned words that are told


@dataclass(frozen=True, slots=True)
class Matter:
    """One of several things that a text tells of, with the words about it as they were typed."""

    type: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is about; ``alternatives`` are the next types, the likeliest first."""

    type: str
    confidence: float  # 0..1
    evidence: tuple[Evidence, ...] = ()  # of the type first, then of the alternatives
    alternatives: tuple[tuple[str, float], ...] = ()
    small_class: str = ""  # code, "" when no word names one
    urgent: bool = False
    consultation: bool = False
    several: tuple[Matter, ...] = ()  # more than one when the text tells of several things, the type first
    handled: float = 0.0  # how sure it is that the text is about something that we handle, of whatever type
    places: tuple[str, ...] = ()  # the words that say where


class Classifier:
    """The keywords of one city, and what was learned from labelled messages where the city has that."""

    def __init__(
        self, city: City, tokenizer: Tokenizer | None = None, find_places: PlaceFinder | None = None
    ) -> None:
        self._tokenizer, self._find_places = tokenizer, find_places
        self.learn_words(city, version=0)

    def learn_words(self, city: City, version: int) -> None:
        """Classify by the words of ``city`` from now on; ``version`` is the number of the town's lexicon."""
        self.city, self.version = city, version
        self._reader = Reader(city, self._tokenizer, self._find_places)
        self._codes = tuple(city.case_types)
        self._handled = frozenset(code for code, kind in city.case_types.items() if kind.handled)
        self._fallback = _fallback(city)
        self._linear = Linear(city.learned, self._codes) if city.learned and self._tokenizer else None

    def with_words(self, city: City) -> "Classifier":
        """Return another one with the words of ``city``, to see what would change."""
        other = copy(self)  # the learned part is large and the same
        other.city, other._reader = city, Reader(city, self._tokenizer, self._find_places)
        return other

    def classify(self, text: str, title: str = "", place_spans: Spans | None = None) -> Verdict:
        """Return the verdict; ``place_spans`` are offsets in ``text``, found here when not given."""
        return self.judge(self.read(text, title, place_spans))

    def read(self, text: str, title: str = "", place_spans: Spans | None = None) -> Reading:
        """Return what stands in the text, for whoever wants to judge it or to learn from it."""
        return self._reader.read(text, title, place_spans)

    def judge(self, reading: Reading) -> Verdict:
        """Return the verdict on what was read."""
        scores = self.score(reading)
        ranked = self._ranked(scores, reading)
        (best, confidence), *others = ranked
        alternatives = tuple((code, share) for code, share in others[:ALTERNATIVES])
        evidence = (*reading.evidence, *self._learned_evidence(reading, best))
        return Verdict(
            best,
            confidence,
            evidence=_evidence_for(evidence, [best, *(code for code, _ in alternatives)]),
            alternatives=alternatives,
            small_class=self._small_class(best, reading.readable),
            urgent=find_emergency(self.city, reading.readable) is not None,
            consultation=_is_consultation(
                best, confidence, handled=best in self._handled, text=reading.readable
            ),
            several=self._matters(best, reading),
            places=reading.places,
            handled=sum(share for code, share in ranked if code in self._handled)
            if self._speaks(reading)
            else 0.0,
        )

    def score(self, reading: Reading) -> dict[str, float]:
        """Return what the keywords and the form of the text say for each type."""
        scores = dict.fromkeys(self._codes, 0.0) | sum_by_type(reading.evidence)
        if CONSULTATION in scores:
            scores[CONSULTATION] += QUESTION * _question_strength(reading.whole)
        return scores

    def _ranked(self, scores: dict[str, float], reading: Reading) -> list[tuple[str, float]]:
        """Return all types with their confidence, the likeliest first; the fallback when nothing speaks."""
        if not self._speaks(reading):
            return _shares({self._fallback: 0.0, **dict.fromkeys(self._codes, 0.0)}, TEMPERATURE)
        return self._sum(scores, reading.features)

    def _sum(self, scores: dict[str, float], features: Iterable[str]) -> list[tuple[str, float]]:
        """Return the types with their confidence, as keywords and learned words speak together."""
        if self._linear:
            learned = self._linear.weigh(features)
            told = {
                code: self._linear.scale * scores[code] + float(learned[place])
                for place, code in enumerate(self._codes)
            }
            return _shares(told, self._linear.temperature)
        heights = {code: max(score, 0.0) for code, score in scores.items()}
        if not any(heights.values()):
            heights = {self._fallback: 0.0, **heights}
        return _shares(heights, TEMPERATURE)

    def _matters(self, best: str, reading: Reading) -> tuple[Matter, ...]:
        """Return the matters that a text tells of, ``best`` first: each is sure in a clause of its own."""
        told: dict[str, list[str]] = {best: []}
        parts = list(clauses(reading.readable))
        for part in parts if len(parts) > 1 and best in self._handled else ():
            code = self._name_part(reading, *part)
            if code in self._handled:
                told.setdefault(code, []).append(reading.said[slice(*part)].strip())
        return tuple(Matter(code, ",".join(words)) for code, words in told.items()) if len(told) > 1 else ()

    def _name_part(self, reading: Reading, start: int, end: int) -> str:
        """Return the type that a clause names by itself, "" where it is not sure or has no keyword of it."""
        evidence = [piece for piece in reading.evidence if start <= piece.start < end]
        if not evidence:
            return ""
        said = dict.fromkeys(self._codes, 0.0) | sum_by_type(evidence)
        features = [name for name, at in reading.features.items() if start <= at < end]
        code, confidence = self._sum(said, features)[0]
        return code if confidence >= PART_SURE and said[code] >= PART_SAID else ""

    def _speaks(self, reading: Reading) -> bool:
        """Tell whether anything in the text speaks for a type."""
        if is_small_talk(reading.readable):
            return False
        learned = self._linear is not None and self._linear.knows(reading.features)
        return learned or bool(reading.evidence) or asks(reading.whole)

    def _learned_evidence(self, reading: Reading, code: str) -> list[Evidence]:
        """Return the learned words that spoke loudest about the type, in points of the keywords."""
        if not self._linear:
            return []
        given = self._linear.explain(reading.features, self._codes.index(code), LEARNED)
        return [
            Evidence(word_of(name), code, weight / self._linear.scale, start, learned=True)
            for name, start, weight in given
        ]

    def _small_class(self, code: str, readable: str) -> str:
        """Return the small class whose words say most; the first of the city's file when equal."""
        case_type = self.city.case_types.get(code)
        said = {
            small.code: sum(len(word) for word in set(map(plain, small.keywords)) if word in readable)
            for small in (case_type.small if case_type else ())
        }
        best = max(said, key=lambda small: said[small], default="")
        return best if said.get(best) else ""


def _shares(heights: dict[str, float], temperature: float) -> list[tuple[str, float]]:
    """Return each type with its share of the softmax, the highest first; of equals the first."""
    order = sorted(heights, key=lambda code: heights[code], reverse=True)
    top = heights[order[0]]
    parts = {code: exp((heights[code] - top) / temperature) for code in order}
    whole = sum(parts.values())
    return [(code, parts[code] / whole) for code in order]


def _fallback(city: City) -> str:
    """Return the type of what no word names: other, else the last one that is not handled, else the last."""
    if OTHER in city.case_types or not city.case_types:
        return OTHER
    unhandled = [code for code, case_type in city.case_types.items() if not case_type.handled]
    return (unhandled or list(city.case_types))[-1]


def _question_strength(text: str) -> int:
    """Return 2 for a text that begins by asking and complains of nothing, 1 for one of both, 0 for none."""
    return (opens_with_question(text) + (not complains(text))) if asks(text) else 0


def _is_consultation(code: str, confidence: float, *, handled: bool, text: str) -> bool:
    """Tell whether an answer is wanted rather than a case: 在吗 leans to consultation, but asks nothing."""
    return not handled and (asks(text) or (code == CONSULTATION and confidence >= SURE_QUESTION))


def _evidence_for(evidence: Iterable[Evidence], order: list[str]) -> tuple[Evidence, ...]:
    place = {code: index for index, code in enumerate(order)}
    told = [piece for piece in evidence if piece.type in place]
    return tuple(sorted(told, key=lambda piece: (place[piece.type], -abs(piece.weight)))[:EVIDENCE])
