"""Reads a text once for everything that weighs it: places blanked, keywords found, words cut."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.city.city import City
from models.city.place_words import PlaceWords
from models.classify.features import list_features
from models.classify.forms import clauses, ends_asking, names_question
from models.classify.scores import Evidence, Scorer, Spans, blank
from models.classify.sounds import Sounds
from models.classify.tokens import MAX_CHARACTERS, Tokenizer, offsets, plain

SEVERAL = 2
PlaceFinder = Callable[[str], Spans]


@dataclass(frozen=True)
class Reading:
    """A text as it is weighed; offsets count in title, line break and text joined."""

    said: str  # as it was typed
    whole: str  # plain
    readable: str  # plain, place words blanked
    places: tuple[str, ...]  # the place words
    evidence: tuple[Evidence, ...]  # what the keywords say
    words: tuple[str, ...]  # of ``readable``; none without a tokenizer
    titled: bool = False

    @cached_property
    def features(self) -> dict[str, int]:
        """What the learned part sees, and where it stands."""
        return list_features(self.words, self.readable, titled=self.titled) if self.words else {}

    @property
    def clauses(self) -> Iterator[tuple[int, int]]:
        """Where its clauses begin and end."""
        return clauses(self.readable)

    @cached_property
    def names_question(self) -> bool:
        """Whether words of it ask, not its end alone."""
        return names_question(self.whole)

    @cached_property
    def asks(self) -> bool:
        """Whether it has the form of a question."""
        return self.names_question or ends_asking(self.whole)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a text that some keyword stands in."""

    said: str  # as it was typed
    evidence: Sequence[Evidence]
    features: Sequence[str]  # those that stand here first


def read_clauses(reading: Reading) -> list[Clause]:
    """Return the clauses of a text that keywords stand in, in their order; none when there are not several."""
    told_at = [piece.start for piece in reading.evidence]
    if len(set(told_at)) < SEVERAL:
        return []
    spans = [
        (start, end, bisect_left(told_at, start), bisect_left(told_at, end)) for start, end in reading.clauses
    ]
    spoken = [span for span in spans if span[2] < span[3]]
    if len(spoken) < SEVERAL:
        return []
    features = sorted((start, name) for name, start in reading.features.items() if start >= 0)
    found_at = [start for start, _ in features]
    return [
        Clause(
            reading.said[start:end].strip(),
            reading.evidence[first:last],
            [name for _, name in features[bisect_left(found_at, start) : bisect_left(found_at, end)]],
        )
        for start, end, first, last in spoken
    ]


class Reader:
    """Reads with the keywords and place words of one city."""

    def __init__(self, city: City, tokenizer: Tokenizer | None, find_places: PlaceFinder | None) -> None:
        self._tokenizer = tokenizer
        self._find_places = find_places or PlaceWords(city).spans
        self._scorer = Scorer(city)
        self._sounds = Sounds(city, tokenizer) if tokenizer else None

    def read(self, text: str, title: str = "", place_spans: Spans | None = None) -> Reading:
        """Return what stands in the text; ``place_spans`` are offsets in ``text``, found here when not given."""
        title, text = title.strip()[:MAX_CHARACTERS], text[:MAX_CHARACTERS]
        head = f"{title}\n" if title else ""
        spans = self._find_places(text) if place_spans is None else place_spans
        if title:
            spans = [
                *self._find_places(title),
                *((start + len(head), end + len(head)) for start, end in spans),
            ]
        whole = plain(head + text)
        readable = blank(whole, spans)
        readable, words = self._cut(readable)
        edges = frozenset(offsets(words)) if words else None
        evidence = self._scorer.weigh(readable, title_end=len(head), edges=edges)
        places = tuple(whole[start:end] for start, end in spans)
        return Reading(
            head + text, whole, readable, places, tuple(evidence), tuple(words), titled=bool(title)
        )

    def _cut(self, readable: str) -> tuple[str, list[str]]:
        """Return the text as it was meant, and its words."""
        if self._tokenizer is None or self._sounds is None:
            return readable, []
        return self._sounds.mend(readable, self._tokenizer.cut(readable))
