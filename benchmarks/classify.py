"""How fast and how right the classifier is: beside jieba alone, the limit, and TF-IDF with a linear SVM, the usual way.

Nothing that is scored was learned from: weights are cross-validated, and a keyword that only the held-out messages
contain is taken away too, as somebody may have chosen it after reading them. That is harder than the truth. The
temperature of each fold is chosen on the other folds. ``--unseen`` scores messages that nobody looked at while words
and settings were chosen: that is the figure to expect.
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
from models.classify.learning import Lesson
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
    usual: Usual | None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the city's types."""
        return tuple(self.city.case_types)

    def read(self, rows: Rows, city: City | None = None, weight: float = 1.0) -> tuple[Lesson, ...]:
        """Return the rows as the keywords of the city, or of another one, read them."""
        classifier = Classifier(city or self.city, self.tokenizer)
        return tuple(read_lesson(row, classifier, weight) for row in rows)


def main() -> None:
    """Print both tables, and a third one for messages that nobody looked at."""
    options = _arguments()
    city = load_city(EXAMPLE)
    lessons, messages, unseen = _read([options.lessons]), _read(options.messages), _read(options.unseen)
    with TemporaryDirectory() as folder:
        tokenizer = warm(city.dictionary, Path(folder))
        tools = Tools(city, tokenizer, None if options.alone else Usual())
        if not options.accuracy_only:
            _show_speed(Classifier(city, tokenizer), tools.usual, lessons, messages)
        if options.speed_only:
            return
        print(f"\nright on messages not learned from, {FOLDS} folds of {len(messages)}")
        temperature = _show_accuracy(tools, lessons, messages)
        if unseen:
            print(f"\nright on {len(unseen)} messages that nothing was learned or chosen from")
            heights = _guess_all(tools, lessons, messages, unseen)
            print(evaluate(answer_rows(unseen, heights, tools.codes, temperature)))


def _show_speed(classifier: Classifier, usual: Usual | None, lessons: Rows, messages: Rows) -> None:
    texts = [_whole(row) for row in messages]
    ways: dict[str, Callable[[str], object]] = {
        "(a) jieba.lcut alone": jieba.lcut,
        "(c) ours, with evidence": classifier.classify,
    }
    taken: dict[str, list[float]] = {name: [] for name in (*ways, *([SVM] if usual else []))}
    for _ in range(ROUNDS):  # in turns, so that a slow moment hits all alike
        for name, way in ways.items():
            begun = time.perf_counter()
            for text in texts:
                way(text)
            taken[name].append(time.perf_counter() - begun)
        if usual:
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


def _show_accuracy(tools: Tools, lessons: Rows, messages: Rows) -> float:
    """Show how right the folds are; return the temperature that they ask for together."""
    own = tools.read(lessons)
    order = list(range(len(messages)))
    Random(1).shuffle(order)  # the same folds every time
    folds = [order[fold::FOLDS] for fold in range(FOLDS)]
    heights: dict[int, Any] = {}
    usual: dict[int, str] = {}
    for held in folds:
        rest = [messages[place] for place in order if place not in set(held)]
        asked = [messages[place] for place in held]
        heights.update(zip(held, _guess(tools, (lessons, own), rest, asked), strict=True))
        if tools.usual:
            labels, _ = tools.usual.ask([*lessons, *rest], asked)
            usual.update(zip(held, labels, strict=True))
    answered: dict[int, dict[str, Any]] = {}
    for held in folds:
        others = [place for place in order if place not in set(held)]
        told = answer_rows(
            [messages[place] for place in held],
            learning.stack(*[heights[place][None, :] for place in held]),
            tools.codes,
            _temperature(tools, messages, heights, others),
        )
        answered.update(zip(held, told, strict=True))
    print(evaluate([answered[place] for place in range(len(messages))]))
    if usual:
        right = sum(usual[place] in {row["label"], row.get("alt")} for place, row in enumerate(messages))
        print(f"\n{SVM}, same folds: {right} / {len(messages)} {100 * right / len(messages):.1f} %")
    return _temperature(tools, messages, heights, order)


def _guess(
    tools: Tools, made_up: tuple[Rows, tuple[Lesson, ...]], rest: Rows, asked: Rows
) -> learning.Matrix:
    """Return what the asked rows come to by weights and keywords that never saw them."""
    lessons, own = made_up
    unread = _unread(tools.city, _join([*rest, *lessons]), _join(asked))
    more = tools.read(rest, unread, MORE_WEIGHT)
    weights = learning.learn((*own, *more), tools.codes, Course(own).vocabulary)
    return learning.guess(weights, tools.read(asked, unread), tools.codes)


def _temperature(tools: Tools, messages: Rows, heights: dict[int, Any], places: list[int]) -> float:
    """Return the temperature at which confidence means what it says on these places."""
    told = learning.stack(*[heights[place][None, :] for place in places])
    rows = [messages[place] for place in places]
    lessons = [Lesson((), {}, str(row["label"]), str(row.get("alt") or "")) for row in rows]
    return learning.find_temperature(told, lessons, tools.codes)


def _guess_all(tools: Tools, lessons: Rows, messages: Rows, asked: Rows) -> learning.Matrix:
    """Return what the asked rows come to by weights learned from all the rest, keywords as they are."""
    own, more = tools.read(lessons), tools.read(messages, weight=MORE_WEIGHT)
    weights = learning.learn((*own, *more), tools.codes, Course(own).vocabulary)
    return learning.guess(weights, tools.read(asked), tools.codes)


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


def _read(paths: list[Path]) -> Rows:
    """Return the rows of all files, each with its file and, where its id tells, its source."""
    rows = []
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            source = str(row.get("source") or str(row.get("id") or "").partition("#")[0])
            rows.append({**row, "source": source, "file": path.stem})
    return rows


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, default=EXAMPLE / "lessons.jsonl")
    parser.add_argument("--messages", type=Path, nargs="+", default=[Path("tests/data/messages.jsonl")])
    parser.add_argument("--unseen", type=Path, nargs="*", default=[], help="scored, and nothing else")
    parser.add_argument("--alone", action="store_true", help="without the usual way beside it")
    parser.add_argument("--speed-only", action="store_true")
    parser.add_argument("--accuracy-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
