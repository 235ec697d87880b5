"""Says which case type a text is, how surely and why: the keywords of a city, and what was learned beside them."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from math import exp
from operator import itemgetter

from models.city.city import City
from models.classify.danger import find_emergency
from models.classify.features import word_of
from models.classify.forms import complains, opens_with_question, says_nothing
from models.classify.linear import Heard, Linear
from models.classify.reading import Clause, PlaceFinder, Reader, Reading, read_clauses
from models.classify.scores import Evidence as Evidence
from models.classify.scores import Spans, sum_by_type
from models.classify.tokens import Tokenizer, plain

CONSULTATION = "consultation"
OTHER = "other"
HAIR = 1e-3
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
    said: bool = False  # a keyword of the type stands in the text; else it was learned words alone that spoke
    places: tuple[str, ...] = ()  # the words that say where
    silent: bool = False  # nothing in the text tells what it is about: no type may be made of it


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
        self._codes = tuple(city.case_types) or (OTHER,)
        self._handled = frozenset(code for code, kind in city.case_types.items() if kind.handled)
        self._small = {
            code: {small.code: frozenset(map(plain, small.keywords)) for small in kind.small}
            for code, kind in city.case_types.items()
        }
        # Where nothing speaks all types are alike, the fallback a hair before the others.
        self._silence = self._share([HAIR * (code == _fallback(city)) for code in self._codes])
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
        heard = self._linear.hear(reading.features) if self._linear else None
        speaks = self._speaks(reading, heard)
        shares = self._weigh(self.score(reading), heard) if speaks else self._silence
        ranked = sorted(shares.items(), key=itemgetter(1), reverse=True)
        (best, confidence), *others = ranked[: 1 + ALTERNATIVES]
        evidence = (*reading.evidence, *self._learned_evidence(reading, heard, best))
        return Verdict(
            best,
            confidence,
            evidence=_evidence_for(evidence, [best, *(code for code, _ in others)]),
            alternatives=tuple(others),
            small_class=self._small_class(best, reading.readable),
            urgent=find_emergency(self.city, reading.readable) is not None,
            consultation=speaks and best not in self._handled and _is_consultation(best, confidence, reading),
            several=self._matters(best, reading),
            said=any(piece.type == best and piece.weight > 0 for piece in reading.evidence),
            places=reading.places,
            handled=sum(share for code, share in ranked if code in self._handled) if speaks else 0.0,
            silent=not speaks,
        )

    def score(self, reading: Reading) -> dict[str, float]:
        """Return what the keywords and the form of the text say for each type."""
        scores = dict.fromkeys(self._codes, 0.0) | sum_by_type(reading.evidence)
        if CONSULTATION in scores:
            scores[CONSULTATION] += QUESTION * _question_strength(reading)
        return scores

    def _weigh(self, scores: Mapping[str, float], heard: Heard | None) -> dict[str, float]:
        """Return the confidence in each type, as keywords and learned words speak together."""
        said = [scores.get(code, 0.0) for code in self._codes]
        if self._linear and heard:
            return self._share(self._linear.add(said, heard))
        heights = [max(points, 0.0) / TEMPERATURE for points in said]
        return self._share(heights) if any(heights) else self._silence

    def _share(self, heights: Sequence[float]) -> dict[str, float]:
        """Return the softmax of the heights, given in the order of the codes."""
        top = max(heights)
        parts = [exp(height - top) for height in heights]
        whole = sum(parts)
        return {code: part / whole for code, part in zip(self._codes, parts, strict=True)}

    def _matters(self, best: str, reading: Reading) -> tuple[Matter, ...]:
        """Return the matters that a text tells of, ``best`` first: each is sure in a clause of its own."""
        parts = read_clauses(reading) if best in self._handled else []
        told: dict[str, list[str]] = {best: []}
        for clause in parts:
            code = self._name_clause(clause)
            if code in self._handled:
                told.setdefault(code, []).append(clause.said)
        return tuple(Matter(code, "，".join(words)) for code, words in told.items()) if len(told) > 1 else ()

    def _name_clause(self, clause: Clause) -> str:
        """Return the type that a clause names by itself, "" where it is not sure or has hardly a keyword of it."""
        told = sum_by_type(clause.evidence)
        if max(told.values()) < PART_SAID:
            return ""
        shares = self._weigh(told, self._linear.hear(clause.features) if self._linear else None)
        code = max(shares, key=lambda code: shares[code])
        return code if shares[code] >= PART_SURE and told.get(code, 0.0) >= PART_SAID else ""

    def _speaks(self, reading: Reading, heard: Heard | None) -> bool:
        """Tell whether anything in the text speaks for a type."""
        if says_nothing(reading.readable):
            return False
        return bool(heard and heard.names) or bool(reading.evidence) or reading.asks

    def _learned_evidence(self, reading: Reading, heard: Heard | None, code: str) -> list[Evidence]:
        """Return the learned words that spoke loudest about the type, in points of the keywords."""
        if not self._linear or not heard:
            return []
        scale, starts = self._linear.scale, reading.features
        return [
            Evidence(word_of(name), code, weight / scale, starts[name], learned=True)
            for name, weight in self._linear.explain(heard, self._codes.index(code), LEARNED)
        ]

    def _small_class(self, code: str, readable: str) -> str:
        """Return the small class whose words say most; the first of the city's file when equal."""
        said = {
            small: sum(len(word) for word in words if word in readable)
            for small, words in self._small.get(code, {}).items()
        }
        best = max(said, key=lambda small: said[small], default="")
        return best if said.get(best) else ""


def _fallback(city: City) -> str:
    """Return the type of what no word names: other, else the last one that is not handled, else the last."""
    if OTHER in city.case_types or not city.case_types:
        return OTHER
    unhandled = [code for code, case_type in city.case_types.items() if not case_type.handled]
    return (unhandled or list(city.case_types))[-1]


def _question_strength(reading: Reading) -> float:
    """Return 2 for a text that begins by asking and complains of nothing, 1 for one of both, 0 for none.

    Half of it where nothing but the end of the text asks: 公平吗? is seldom meant as a question.
    """
    if not reading.asks:
        return 0.0
    strength = opens_with_question(reading.whole) + (not complains(reading.whole))
    return strength if reading.names_question else strength / 2


def _is_consultation(code: str, confidence: float, reading: Reading) -> bool:
    """Tell whether an answer is wanted rather than a case: 在吗 leans to consultation, but asks nothing."""
    return reading.asks or (code == CONSULTATION and confidence >= SURE_QUESTION)


def _evidence_for(evidence: Iterable[Evidence], order: list[str]) -> tuple[Evidence, ...]:
    place = {code: index for index, code in enumerate(order)}
    told = [piece for piece in evidence if piece.type in place]
    return tuple(sorted(told, key=lambda piece: (place[piece.type], -abs(piece.weight)))[:EVIDENCE])
