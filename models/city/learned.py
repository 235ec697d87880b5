"""Reads and writes ``learned.json``: what a command learned from labelled messages, kept with the city's data.

Nobody writes it by hand and it is large, so it is checked for sense here and not by a schema with line numbers.
"""

import json
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from models.city.city import LearnedWords
from models.city.faults import CityError
from models.city.parsing import MOST_WHY, UnreadableError, read_text

FILE = "learned.json"
TONE = "danger.json"  # what danger sounds like: the same kind of file, of the types calm and live
BROKEN = "读不懂：{why}。这个文件由命令生成，请重新运行 ./gongzhi lexicon learn，或者删掉它"
UNKNOWN = "类别“{codes}”不在 case_types.toml 里，请重新运行 ./gongzhi lexicon learn"


@dataclass(frozen=True)
class LearnedFile:
    """What stands in the file: the weights, and what they were learned from."""

    words: LearnedWords
    about: dict[str, Any] = field(default_factory=dict)


def read_learned(
    folder: Path, codes: set[str] | None, file: str = FILE
) -> tuple[LearnedWords | None, list[CityError]]:
    """Return the city's learned weights, None where it has none, and every mistake; ``codes`` None: not known."""
    path = folder / file
    if not path.exists():
        return None, []
    try:
        words = load_learned(path).words
    except UnreadableError as error:
        return None, [CityError(file, error.line, BROKEN.format(why=error.message))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        return None, [CityError(file, 1, BROKEN.format(why=f"{type(error).__name__} {error}"[:MOST_WHY]))]
    strange = sorted(set(words.types) - codes) if codes is not None else []
    return words, [CityError(file, 1, UNKNOWN.format(codes="、".join(strange)))] if strange else []


def load_learned(path: Path) -> LearnedFile:
    """Return the file's content; raises UnreadableError, ValueError, KeyError or TypeError for what is none."""
    told = json.loads(read_text(path))
    types = tuple(map(str, told["types"]))
    bias = tuple(map(float, told["bias"]))
    if len(bias) != len(types) or not 0 < float(told["temperature"]) < 100:
        raise ValueError("types, bias or temperature")
    if not all(map(isfinite, (*bias, float(told["scale"])))):
        raise ValueError("bias or scale")
    weights = {name: _weights(given, len(types)) for name, given in told["weights"].items()}
    words = LearnedWords(types, bias, weights, float(told["scale"]), float(told["temperature"]))
    return LearnedFile(words, dict(told.get("about", {})))


def dump_learned(path: Path, file: LearnedFile) -> None:
    """Write the file, one feature a line, so that two versions can be compared."""
    words = file.words
    head = {
        "about": file.about,
        "types": list(words.types),
        "bias": list(words.bias),
        "scale": words.scale,
        "temperature": words.temperature,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in head.items()]
    rows = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(_text(given))}"
        for name, given in sorted(words.weights.items())
    ]
    text = "\n".join(["{", *lines, ' "weights": {', ",\n".join(rows), " }", "}"])
    path.write_text(text + "\n", encoding="utf-8")


def _text(given: dict[int, float]) -> str:
    return " ".join(f"{place}:{weight:g}" for place, weight in sorted(given.items()))


def _weights(told: str, types: int) -> dict[int, float]:
    pairs = (part.split(":") for part in told.split())
    given = {int(place): float(weight) for place, weight in pairs}
    if any(not 0 <= place < types or not isfinite(weight) for place, weight in given.items()):
        raise ValueError(f"no such type: {told}")
    return given
