"""Words as people change them, laid over those of the city folder: pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from models.city.city import CaseType, City, Keyword
from models.classify.tokens import plain
from models.errors import Refusal

LONGEST = 12  # characters of a word
HEAVIEST = 8.0
NO_TYPE = "没有“{type}”这个类别。可用：{codes}。"
NO_WORD = "词要有 1 到 {most} 个字，不能有空格和标点。"
NO_WEIGHT = "分量要在 -{most} 到 {most} 之间，不能是 0；要去掉一个词，用 --remove。"
NOT_THERE = "“{type}”里没有“{word}”，去不掉。"


@dataclass(frozen=True, slots=True)
class WordChange:
    """What a word counts for a type from now on; ``weight`` None: nothing, whatever the city folder says.

    It takes the place of every entry of that word in that type.
    """

    type: str
    word: str
    weight: float | None
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it takes the place of."""
        return self.type, plain(self.word)

    def say(self) -> str:
        """Return it as people read it."""
        if self.weight is None:
            return f"{self.type} 去掉“{self.word}”"
        near = f"，附近要有 {'、'.join(self.near)}" if self.near else ""
        unless = f"，有 {'、'.join(self.unless)} 时不算" if self.unless else ""
        return f"{self.type} “{self.word}” {self.weight:+g}{near}{unless}"


def check_change(city: City, change: WordChange) -> None:
    """Raise Refusal for a change that makes no sense in this city."""
    if change.type not in city.case_types:
        raise Refusal(NO_TYPE.format(type=change.type, codes="、".join(city.case_types)))
    if not (0 < len(change.word) <= LONGEST and plain(change.word).isalnum()):
        raise Refusal(NO_WORD.format(most=LONGEST))
    if change.weight is not None and not 0 < abs(change.weight) <= HEAVIEST:
        raise Refusal(NO_WEIGHT.format(most=f"{HEAVIEST:g}"))
    known = {plain(keyword.word) for keyword in city.case_types[change.type].keywords}
    if change.weight is None and plain(change.word) not in known:
        raise Refusal(NOT_THERE.format(type=change.type, word=change.word))


def apply_words(city: City, changes: Iterable[WordChange]) -> City:
    """Return the city as it classifies with these changes; those of types that it no longer has count nothing."""
    by_type: dict[str, dict[str, WordChange]] = {}
    for change in changes:
        by_type.setdefault(change.type, {})[plain(change.word)] = change
    types = {code: _apply(kind, by_type.get(code, {})) for code, kind in city.case_types.items()}
    return replace(city, case_types=types) if by_type else city


def merge(changes: Iterable[WordChange], newer: Iterable[WordChange]) -> tuple[WordChange, ...]:
    """Return all changes, the newer ones in the place of what they change."""
    return tuple({change.key: change for change in (*changes, *newer)}.values())


def load_words(rows: Iterable[dict[str, Any]]) -> tuple[WordChange, ...]:
    """Return the changes that a version keeps."""
    return tuple(
        WordChange(row["type"], row["word"], row["weight"], tuple(row["near"]), tuple(row["unless"]))
        for row in rows
    )


def dump_words(changes: Iterable[WordChange]) -> list[dict[str, Any]]:
    """Return the changes as JSON data."""
    return [asdict(change) for change in changes]


def _apply(kind: CaseType, changes: dict[str, WordChange]) -> CaseType:
    if not changes:
        return kind
    kept = tuple(keyword for keyword in kind.keywords if plain(keyword.word) not in changes)
    added = tuple(
        Keyword(change.word, change.weight, change.near, change.unless)
        for change in changes.values()
        if change.weight is not None
    )
    return replace(kind, keywords=(*kept, *added))
