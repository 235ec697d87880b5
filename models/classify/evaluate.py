"""Classifies rows as the command line hands them over, and counts how often that was right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from models.classify.rules import Classifier
from models.classify.scores import Spans
from models.classify.tokens import MAX_CHARACTERS

Row = Mapping[str, Any]
PlaceFinder = Callable[[str], Spans]

_TOP_MISTAKES = 15


def classify_row(row: Row, classifier: Classifier, find_places: PlaceFinder | None = None) -> dict[str, Any]:
    """Return the row with ``type``, ``confidence``, ``evidence`` and ``alternatives``, as contract.md has them.

    ``find_places`` gives the spans of place words; the classifier finds them by itself when it is missing.
    """
    text = _words(row, "text")[:MAX_CHARACTERS]
    spans = find_places(text) if find_places else None
    verdict = classifier.classify(text, _words(row, "title"), place_spans=spans)
    evidence = [
        {"word": e.word, "type": e.type, "weight": round(e.weight, 2), "start": e.start}
        for e in verdict.evidence
    ]
    return {
        **row,
        "type": verdict.type,
        "confidence": round(verdict.confidence, 4),
        "evidence": evidence,
        "alternatives": [
            {"type": code, "confidence": round(share, 4)} for code, share in verdict.alternatives
        ],
    }


def evaluate(rows: Iterable[Row]) -> str:
    """Return a table of how many classified rows are right: ``type`` equals ``label`` or ``alt``."""
    labelled = [row for row in rows if row.get("label")]
    if not labelled:
        return "no row has a label"
    parts = [
        _line("all", labelled),
        _line("by label alone", labelled, is_exact),
        *_group("type", labelled, "label"),
        *_group("pick", labelled, "pick"),
        *_group("channel", labelled, "channel"),
        *_sureness(labelled),
        *_mistakes(labelled),
    ]
    return "\n".join(parts)


def is_right(row: Row) -> bool:
    """Tell whether the type is the label or its alternative."""
    return row["type"] in {row["label"], row.get("alt")}


def is_exact(row: Row) -> bool:
    """Tell whether the type is the label itself."""
    return bool(row["type"] == row["label"])


def _words(row: Row, field: str) -> str:
    said = row.get(field)
    return said if isinstance(said, str) else ""


def _line(name: str, rows: list[Row], right: Callable[[Row], bool] = is_right) -> str:
    count = sum(map(right, rows))
    return f"{name:<22}{count:>5} / {len(rows):<5}{100 * count / len(rows):6.1f} %"


def _group(title: str, rows: list[Row], field: str) -> list[str]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get(field):
            groups[str(row[field])].append(row)
    return [f"\nby {title}", *(_line(name, groups[name]) for name in sorted(groups))] if groups else []


def _sureness(rows: list[Row]) -> list[str]:
    """Return accuracy by confidence: where the figures differ much, the temperature is wrong."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[min(9, int(10 * float(row["confidence"])))].append(row)
    return [
        "\nby confidence",
        *(_line(f"{n / 10:.1f}-{(n + 1) / 10:.1f}", groups[n]) for n in sorted(groups)),
    ]


def _mistakes(rows: list[Row]) -> list[str]:
    counts = Counter((str(row["label"]), str(row["type"])) for row in rows if not is_right(row))
    worst = sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:_TOP_MISTAKES]
    return [
        "\nlabel -> taken for",
        *(f"{label:<20}-> {taken:<20}{count:>4}" for (label, taken), count in worst),
    ]
