"""How fast and how right the classifier is: beside jieba alone, the limit, and TF-IDF with a linear SVM, the usual way.

Nothing that is scored was learned from: weights are cross-validated, and a keyword that only the held-out messages
contain is taken away too, as somebody may have chosen it after reading them. That is harder than the truth.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

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


def main() -> None:
    """Print both tables."""
    options = _arguments()
    city = load_city(EXAMPLE)
    lessons, messages = _read(options.lessons), _read(options.messages)
    with TemporaryDirectory() as folder:
        tokenizer = warm(city.dictionary, Path(folder))
        _show_speed(Classifier(city, tokenizer), lessons, messages)
        if options.speed_only:
            return
        print(f"\nright on messages not learned from, {FOLDS} folds of {len(messages)}")
        _show_accuracy(city, tokenizer, lessons, messages)


def _show_speed(classifier: Classifier, lessons: Rows, messages: Rows) -> None:
    texts = [_whole(row) for row in messages]
    svm = _fit(lessons)
    ways: dict[str, Callable[[str], object]] = {
        "(a) jieba.lcut alone": jieba.lcut,
        "(b) TF-IDF + linear SVM": lambda text: svm.predict([text]),
        "(c) ours, with evidence": classifier.classify,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):  # in turns, so that a slow moment hits all alike
        for name, way in ways.items():
            begun = time.perf_counter()
            for text in texts:
                way(text)
            taken[name].append(time.perf_counter() - begun)
    rates = {name: len(texts) / statistics.median(times) for name, times in taken.items()}
    limit = rates["(a) jieba.lcut alone"]
    for name, rate in rates.items():
        print(f"{name:<26}{rate:>8.0f} messages/s   {rate / limit:.2f} of (a)")
    long = "".join(texts)[:2000]
    begun = time.perf_counter()
    classifier.classify(long)
    print(f"one text of 2,000 characters: {(time.perf_counter() - begun) * 1000:.1f} ms   aim 20")


def _show_accuracy(city: City, tokenizer: Tokenizer, lessons: Rows, messages: Rows) -> None:
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
        svm = _fit([*lessons, *(messages[place] for place in rest)])
        usual.update(zip(held, svm.predict([_whole(messages[place]) for place in held]), strict=True))
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


def _fit(rows: Rows) -> Any:
    """Return the usual way, trained: TF-IDF over jieba's words and a linear SVM, both as they come."""
    model = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC())
    return model.fit([_whole(row) for row in rows], [row["label"] for row in rows])


def _whole(row: dict[str, Any]) -> str:
    return f"{row.get('title') or ''}\n{row['text']}".strip()


def _read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, default=EXAMPLE / "lessons.jsonl")
    parser.add_argument("--messages", type=Path, default=Path("tests/models/classify/messages.jsonl"))
    parser.add_argument("--speed-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
