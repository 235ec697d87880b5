"""How fast and how right the classifier is: beside jieba alone, the limit, and TF-IDF with a linear SVM, the usual way.

Nothing that is scored was learned from: weights are cross-validated, and a keyword that only the held-out messages
contain is taken away too, as somebody may have chosen it after reading them. That is harder than the truth.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import jieba

from models.city.city import City
from models.city.load import EXAMPLE, load_city
from models.classify import learning
from models.classify.evaluate import evaluate
from models.classify.lessons import Course, answer_rows, read_lesson
from models.classify.rules import Classifier
from models.classify.tokens import Tokenizer, plain, warm

Rows = list[dict[str, Any]]
FOLDS = 10
ROUNDS = 7
MORE_WEIGHT = 2.0
SVM = "(b) TF-IDF + linear SVM"


class Usual:
    """The usual way, in a process and a virtual environment of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [".venv-bench/bin/python", "benchmarks/usual_classifier.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, lessons: Rows, messages: Rows) -> tuple[list[str], float]:
        """Return its labels for the messages after learning the lessons, and how many seconds they took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        train = [[_whole(row), row["label"]] for row in lessons]
        line = json.dumps({"train": train, "ask": [_whole(row) for row in messages]})
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return told["labels"], told["seconds"]


@dataclass(frozen=True)
class Tools:
    """What accuracy is measured with."""

    city: City
    tokenizer: Tokenizer
    usual: Usual


def main() -> None:
    """Print both tables."""
    options = _arguments()
    city = load_city(EXAMPLE)
    lessons, messages = _read(options.lessons), _read(options.messages)
    with TemporaryDirectory() as folder:
        tokenizer = warm(city.dictionary, Path(folder))
        usual = Usual()
        _show_speed(Classifier(city, tokenizer), usual, lessons, messages)
        if options.speed_only:
            return
        print(f"\nright on messages not learned from, {FOLDS} folds of {len(messages)}")
        _show_accuracy(Tools(city, tokenizer, usual), lessons, messages)


def _show_speed(classifier: Classifier, usual: Usual, lessons: Rows, messages: Rows) -> None:
    texts = [_whole(row) for row in messages]
    ways: dict[str, Callable[[str], object]] = {
        "(a) jieba.lcut alone": jieba.lcut,
        "(c) ours, with evidence": classifier.classify,
    }
    taken: dict[str, list[float]] = {name: [] for name in (*ways, SVM)}
    for _ in range(ROUNDS):  # in turns, so that a slow moment hits all alike
        for name, way in ways.items():
            begun = time.perf_counter()
            for text in texts:
                way(text)
            taken[name].append(time.perf_counter() - begun)
        taken[SVM].append(usual.ask(lessons, messages)[1])
    rates = {name: len(texts) / statistics.median(times) for name, times in taken.items()}
    limit = rates["(a) jieba.lcut alone"]
    for name, rate in rates.items():
        print(f"{name:<26}{rate:>8.0f} messages/s   {rate / limit:.2f} of (a)")
    long = "".join(texts)[:2000]
    long_times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        classifier.classify(long)
        long_times.append((time.perf_counter() - begun) * 1000)
    times = sorted(long_times)
    spread = f"({times[0]:.1f} to {times[-1]:.1f})"
    print(f"one text of 2,000 characters: {statistics.median(times):.1f} ms {spread}   aim 20")


def _show_accuracy(tools: Tools, lessons: Rows, messages: Rows) -> None:
    city, tokenizer = tools.city, tools.tokenizer
    codes = tuple(city.case_types)
    own = tuple(read_lesson(row, Classifier(city, tokenizer)) for row in lessons)
    order = list(range(len(messages)))
    Random(1).shuffle(order)  # the same folds every time
    heights: dict[int, Any] = {}
    usual: dict[int, str] = {}
    for fold in range(FOLDS):
        held, rest = order[fold::FOLDS], [place for place in order if place not in set(order[fold::FOLDS])]
        known = _join([*(messages[place] for place in rest), *lessons])
        unread = Classifier(_unread(city, known, _join([messages[place] for place in held])), tokenizer)
        more = tuple(read_lesson(messages[place], unread, MORE_WEIGHT) for place in rest)
        weights = learning.learn((*own, *more), codes, Course(own).vocabulary)
        guessed = learning.guess(weights, [read_lesson(messages[place], unread) for place in held], codes)
        heights.update(zip(held, guessed, strict=True))
        learned = [*lessons, *(messages[place] for place in rest)]
        labels, _ = tools.usual.ask(learned, [messages[place] for place in held])
        usual.update(zip(held, labels, strict=True))
    told = learning.stack(*[heights[place][None, :] for place in range(len(messages))])
    temperature = city.learned.temperature if city.learned else 1.0
    print(evaluate(answer_rows(messages, told, codes, temperature)))
    right = sum(usual[place] in {row["label"], row.get("alt")} for place, row in enumerate(messages))
    print(
        f"\n(b) TF-IDF + linear SVM, same folds: {right} / {len(messages)} {100 * right / len(messages):.1f} %"
    )


def _unread(city: City, known: str, unseen: str) -> City:
    """Return the city without the keywords that stand in the unseen texts and in none of the known ones."""
    types = {
        code: replace(
            case_type,
            keywords=tuple(
                keyword
                for keyword in case_type.keywords
                if plain(keyword.word) in known or plain(keyword.word) not in unseen
            ),
        )
        for code, case_type in city.case_types.items()
    }
    return replace(city, case_types=types)


def _join(rows: Rows) -> str:
    """Return all texts as one."""
    return "\n".join(plain(_whole(row)) for row in rows)


def _whole(row: dict[str, Any]) -> str:
    return f"{row.get('title') or ''}\n{row['text']}".strip()


def _read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, default=EXAMPLE / "lessons.jsonl")
    parser.add_argument("--messages", type=Path, default=Path("tests/data/messages.jsonl"))
    parser.add_argument("--speed-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
