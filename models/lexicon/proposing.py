"""Finds words that corrections speak for: pure statistics, with their evidence. A person decides."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.classify.features import CHARACTER, FORM, PAIR, word_of
from models.classify.rules import Classifier
from models.classify.tokens import plain
from models.lexicon.bench import Past, Trial, try_words
from models.lexicon.words import HEAVIEST, LONGEST, WordChange, apply_words

LEAST_CASES = 3  # corrected messages that share the word: fewer is chance
LEAST_LIFT = 4.0  # how much more frequent it must be in them than in messages of other types
WEIGHTS = (2.0, 3.5, 5.0, HEAVIEST)  # that are tried; what was learned speaks too, and some words need all
SHORTEST = 2  # characters


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word for a type, and what speaks for it."""

    change: WordChange
    cases: tuple[str, ...]  # the corrected messages that have it
    elsewhere: int  # messages of other types that have it
    better: int
    worse: int


def propose_words(
    corrected: Sequence[Past], past: Sequence[Past], classifier: Classifier, known: Iterable[tuple[str, str]]
) -> list[Proposal]:
    """Return words that put more past messages right than wrong; ``known`` are (type, word) proposed before."""
    everything = {message.name: message for message in (*past, *corrected)}
    words = {name: _words_of(message, classifier) for name, message in everything.items()}
    by_type: dict[str, list[Past]] = defaultdict(list)
    for message in corrected:
        for code in message.right & classifier.city.case_types.keys():  # a type may be gone since
            by_type[code].append(message)
    taken = {(code, plain(word)) for code, word in known}
    found = []
    for code, messages in by_type.items():
        others = [words[message.name] for message in past if message.right and code not in message.right]
        for word, names in _frequent(messages, words).items():
            elsewhere = sum(word in other for other in others)
            lift = _lift(len(names), len(messages), elsewhere, len(others))
            if lift >= LEAST_LIFT and (code, word) not in taken and not _has(classifier, code, word):
                found += [
                    Proposal(
                        change, tuple(sorted(names)), elsewhere, trial.count("better"), trial.count("worse")
                    )
                    for change, trial in _try_weights(code, word, classifier, everything.values())
                ]
    return sorted(found, key=lambda one: (one.worse - one.better, one.change.key))


def _words_of(message: Past, classifier: Classifier) -> frozenset[str]:
    """Return the words and pairs of neighbours in a message, place words left out."""
    features = classifier.read(message.text, message.title).features
    names = (name for name in features if not name.startswith((CHARACTER, FORM)))
    return frozenset(
        word_of(name)
        for name in names
        if SHORTEST <= len(name) - name.count(PAIR) <= LONGEST and _is_word(name)
    )


def _is_word(name: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in word_of(name))


def _frequent(messages: Sequence[Past], words: dict[str, frozenset[str]]) -> dict[str, set[str]]:
    counts = Counter(word for message in messages for word in words[message.name])
    common = {word for word, count in counts.items() if count >= LEAST_CASES}
    return {word: {message.name for message in messages if word in words[message.name]} for word in common}


def _lift(found: int, of: int, elsewhere: int, others: int) -> float:
    return ((found + 0.5) / (of + 1)) / ((elsewhere + 0.5) / (others + 1))


def _has(classifier: Classifier, code: str, word: str) -> bool:
    return any(plain(keyword.word) == word for keyword in classifier.city.case_types[code].keywords)


def _try_weights(
    code: str, word: str, classifier: Classifier, past: Iterable[Past]
) -> list[tuple[WordChange, Trial]]:
    """Return the change that does most good with what it does, the lightest of equals; nothing when none does any."""
    tried = [
        (change, _try(change, classifier, past)) for change in (WordChange(code, word, w) for w in WEIGHTS)
    ]
    best = max(tried, key=lambda one: (_gain(one[1]), -(one[0].weight or 0.0)))
    return [best] if _gain(best[1]) > 0 else []


def _gain(trial: Trial) -> int:
    return trial.count("better") - trial.count("worse")


def _try(change: WordChange, classifier: Classifier, past: Iterable[Past]) -> Trial:
    after = classifier.with_words(apply_words(classifier.city, [change]))
    return try_words(classifier, after, [change.word], past)
