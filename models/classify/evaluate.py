"""Classifies rows as the command line hands them over, and counts how often that was right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from models.classify.rules import CONSULTATION, OTHER, Classifier
from models.classify.scores import Spans
from models.classify.tokens import MAX_CHARACTERS

Row = Mapping[str, Any]
PlaceFinder = Callable[[str], Spans]

TOLD = 15  # kinds of mistakes
FIRST = 3  # types that are offered when the first is not sure


def classify_row(row: Row, classifier: Classifier, find_places: PlaceFinder | None = None) -> dict[str, Any]:
    """Return the row with ``type``, ``confidence``, ``evidence``, ``alternatives`` and what else was understood.

    ``find_places`` gives the spans of place words; the classifier finds them by itself when it is missing.
    """
    text = _words(row, "text")[:MAX_CHARACTERS]
    spans = find_places(text) if find_places else None
    verdict = classifier.classify(text, _words(row, "title"), place_spans=spans)
    evidence = [
        {"word": e.word, "type": e.type, "weight": round(e.weight, 2), "start": e.start, "learned": e.learned}
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
        "small_class": verdict.small_class,
        "urgent": verdict.urgent,
        "consultation": verdict.consultation,
        "several": [{"type": matter.type, "words": matter.words} for matter in verdict.several],
        "places": list(verdict.places),
    }


def evaluate(rows: Iterable[Row]) -> str:
    """Return a table of how many classified rows are right: ``type`` equals ``label`` or ``alt``."""
    labelled = [row for row in rows if row.get("label")]
    if not labelled:
        return "no row has a label"
    parts = [
        _line("all", labelled),
        _line("by label alone", labelled, is_exact),
        _line("one of the first three", labelled, is_among_three),
        f"{'calibration error':<22}{calibration_error(labelled):>20.3f}",
        *_group("type", labelled, "label"),
        *_f1(labelled),
        *_group("pick", labelled, "pick"),
        *_group("channel", labelled, "channel"),
        *_group("source", labelled, "source"),
        *_group("file", labelled, "file"),
        *_sureness(labelled),
        *_mistakes(labelled),
        *_confusion(labelled),
    ]
    return "\n".join(parts)


def is_right(row: Row) -> bool:
    """Tell whether the type is the label or its alternative."""
    return row["type"] in {row["label"], row.get("alt")}


def is_exact(row: Row) -> bool:
    """Tell whether the type is the label itself."""
    return bool(row["type"] == row["label"])


def is_among_three(row: Row) -> bool:
    """Tell whether the type or one of the next two is the label or its alternative."""
    first = {row["type"], *(next_["type"] for next_ in row["alternatives"][: FIRST - 1])}
    return bool(first & {row["label"], row.get("alt")})


def calibration_error(rows: list[Row]) -> float:
    """Return how far confidence and accuracy lie apart: by tenths of confidence, weighted by their number."""
    bands: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        bands[_band(row)].append(is_right(row) - float(row["confidence"]))
    return sum(abs(sum(apart)) for apart in bands.values()) / len(rows)


def f1_score(rows: list[Row], code: str) -> float:
    """Return the F1 of a type; a row counts as right by its alternative too."""
    found = sum(row["type"] == code and is_right(row) for row in rows)
    wrong = sum(row["type"] == code and not is_right(row) for row in rows)
    missed = sum(row["label"] == code and not is_right(row) for row in rows)
    return 2 * found / (2 * found + wrong + missed) if found else 0.0


def _band(row: Row) -> int:
    return min(9, int(10 * float(row["confidence"])))


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
        groups[_band(row)].append(row)
    return [
        "\nby confidence",
        *(_line(f"{n / 10:.1f}-{(n + 1) / 10:.1f}", groups[n]) for n in sorted(groups)),
    ]


def _f1(rows: list[Row]) -> list[str]:
    codes = [code for code in (CONSULTATION, OTHER) if any(row["label"] == code for row in rows)]
    return ["\nF1", *(f"{code:<22}{f1_score(rows, code):>13.3f}" for code in codes)] if codes else []


def _confusion(rows: list[Row]) -> list[str]:
    """Return the table of what was taken for what; a row that its alternative makes right counts as its label."""
    counts = Counter((str(row["label"]), _taken(row)) for row in rows)
    codes = sorted({code for pair in counts for code in pair})
    head = " " * 25 + "".join(f"{number:>4}" for number in range(1, len(codes) + 1))
    lines = [
        f"{number:>3} {label:<21}" + "".join(f"{counts[label, taken] or '.':>4}" for taken in codes)
        for number, label in enumerate(codes, start=1)
    ]
    return ["\nconfusion: a line for each label, a column for each answer", head, *lines]


def _mistakes(rows: list[Row]) -> list[str]:
    counts = Counter((str(row["label"]), str(row["type"])) for row in rows if not is_right(row))
    worst = sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:TOLD]
    return [
        "\nlabel -> taken for",
        *(f"{label:<20}-> {taken:<20}{count:>4}" for (label, taken), count in worst),
    ]


def _taken(row: Row) -> str:
    return str(row["label"] if is_right(row) else row["type"])
