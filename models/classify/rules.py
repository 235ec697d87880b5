"""Says which case type a text is, how surely and why: pure rules over the keywords of a city."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp

from models.city.city import City
from models.city.place_words import PlaceWords
from models.classify.danger import find_emergency
from models.classify.forms import asks, complains, opens_with_question
from models.classify.scores import Evidence as Evidence
from models.classify.scores import Scorer, Spans, blank, sum_by_type
from models.classify.tokens import MAX_CHARACTERS, Tokenizer, plain

CONSULTATION = "consultation"
OTHER = "other"
TEMPERATURE = 0.9  # of the softmax; see README, "How sure"
QUESTION = 2.5  # what the form of a question adds to consultation
SURE_QUESTION = 0.5  # confidence from which words alone, without the form, make a question
SEVERAL = 0.75  # share of the best score from which another type is named too
SEVERAL_LEAST = 3.5
ALTERNATIVES = 5
EVIDENCE = 20


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
    several: tuple[str, ...] = ()  # more than one when the text tells of several things


class Classifier:
    """The rules of one city; ``find_places`` gives the spans of place words, which do not count."""

    def __init__(
        self,
        city: City,
        tokenizer: Tokenizer | None = None,
        find_places: Callable[[str], Spans] | None = None,
    ) -> None:
        self._city = city
        self._tokenizer = tokenizer
        self._find_places = find_places or PlaceWords(city).spans
        self._scorer = Scorer(city)
        self._codes = tuple(city.case_types)
        self._fallback = _fallback(city)

    def classify(self, text: str, title: str = "", place_spans: Spans | None = None) -> Verdict:
        """Return the verdict; ``place_spans`` are offsets in ``text``, found here when not given."""
        title, text = title.strip()[:MAX_CHARACTERS], text[:MAX_CHARACTERS]
        head = f"{title}\n" if title else ""
        spans = self._find_places(text) if place_spans is None else place_spans
        spans = [*self._find_places(title), *((start + len(head), end + len(head)) for start, end in spans)]
        whole = plain(head + text)
        readable = blank(whole, spans)
        evidence = self._scorer.weigh(readable, title_end=len(head), edges=self._edges(whole))
        scores = self._scores(evidence, whole)
        ranked = self._ranked(scores)
        return self._verdict(ranked, scores, evidence, readable)

    def _edges(self, whole: str) -> Callable[[], frozenset[int]] | None:
        tokenizer = self._tokenizer
        return (lambda: tokenizer.edges(whole)) if tokenizer else None

    def _scores(self, evidence: list[Evidence], whole: str) -> dict[str, float]:
        scores = dict.fromkeys(self._codes, 0.0) | sum_by_type(evidence)
        if CONSULTATION in scores:
            scores[CONSULTATION] += QUESTION * _question_strength(whole)
        return scores

    def _ranked(self, scores: dict[str, float]) -> list[tuple[str, float]]:
        """Return all types with their confidence, the likeliest first; the fallback when nothing speaks."""
        order = sorted(scores, key=lambda code: scores[code], reverse=True)
        if scores[order[0]] <= 0:
            order = [self._fallback, *(code for code in order if code != self._fallback)]
        top = scores[order[0]]
        heights = {code: exp((max(scores[code], 0.0) - top) / TEMPERATURE) for code in order}
        whole = sum(heights.values())
        return [(code, heights[code] / whole) for code in order]

    def _verdict(
        self,
        ranked: list[tuple[str, float]],
        scores: dict[str, float],
        evidence: list[Evidence],
        readable: str,
    ) -> Verdict:
        (best, confidence), *others = ranked
        alternatives = tuple((code, share) for code, share in others[:ALTERNATIVES])
        return Verdict(
            best,
            confidence,
            evidence=_evidence_for(evidence, [best, *(code for code, _ in alternatives)]),
            alternatives=alternatives,
            small_class=self._small_class(best, readable),
            urgent=find_emergency(self._city, readable) is not None,
            consultation=_is_consultation(best, confidence, handled=self._is_handled(best), text=readable),
            several=_several(ranked, scores),
        )

    def _is_handled(self, code: str) -> bool:
        return code in self._city.case_types and self._city.case_types[code].handled

    def _small_class(self, code: str, readable: str) -> str:
        """Return the small class whose words say most; the first of the city's file when equal."""
        case_type = self._city.case_types.get(code)
        said = {
            small.code: sum(len(word) for word in set(map(plain, small.keywords)) if word in readable)
            for small in (case_type.small if case_type else ())
        }
        best = max(said, key=lambda small: said[small], default="")
        return best if said.get(best) else ""


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


def _evidence_for(evidence: list[Evidence], order: list[str]) -> tuple[Evidence, ...]:
    place = {code: index for index, code in enumerate(order)}
    told = [piece for piece in evidence if piece.type in place]
    return tuple(sorted(told, key=lambda piece: (place[piece.type], -abs(piece.weight)))[:EVIDENCE])


def _several(ranked: list[tuple[str, float]], scores: dict[str, float]) -> tuple[str, ...]:
    """Return the types that stand next to the best one, with it; none when it stands alone."""
    least = max(SEVERAL_LEAST, SEVERAL * scores.get(ranked[0][0], 0.0))
    strong = tuple(code for code, _ in ranked if scores.get(code, 0.0) >= least)
    return strong if len(strong) > 1 else ()
