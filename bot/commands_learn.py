"""The command ``lexicon learn``: weights of words from labelled messages, with an honest word on how good they are."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Any, Protocol

from bot.app import build_town
from bot.config import load_settings, read_environment
from bot.json_lines import LinesError, number_rows
from models.city.learned import FILE, LearnedFile, dump_learned
from models.classify import learning
from models.classify.evaluate import evaluate
from models.classify.lessons import Course, answer_rows, cross_validate, read_lesson

FEWEST = 20  # lessons
TOO_FEW = "例句太少，至少要 {least} 条。"
MORE_WEIGHT = 2.0  # real messages count twice beside lessons that were made up
WRONG = "{file} 第 {line} 行要有 text 和 label:{why}"
LEARNED = "已写入 {file}：{features} 个特征，来自 {count} 条。重启服务后生效。"
Row = dict[str, Any]


class SubParsers(Protocol):
    """What ``add_subparsers`` returns."""

    def add_parser(self, name: str, *, help: str, description: str) -> ArgumentParser:  # noqa: A002
        """Add a command."""


def learn(options: Namespace) -> int:
    """Learn from labelled messages; show how right it is on messages that were not learned from."""
    settings = load_settings(read_environment())
    classifier = build_town(settings).classifier
    codes = tuple(classifier.city.case_types)
    rows = [row for file in options.files for _, row in read_labelled(file, codes)]
    more = [row for file in options.more for _, row in read_labelled(file, codes)]
    if len(rows) < FEWEST:
        raise LinesError(TOO_FEW.format(least=FEWEST))
    course = Course(
        tuple(read_lesson(row, classifier) for row in rows),
        tuple(read_lesson(row, classifier, MORE_WEIGHT) for row in more),
    )
    temperature = _validate(course, rows, more, codes)
    weights = learning.learn((*course.own, *course.more), codes, course.vocabulary)
    words = learning.pack(weights, codes, temperature)
    out = options.out or settings.city / FILE
    dump_learned(out, LearnedFile(words, {"lessons": len(rows), "messages": len(more)}))
    told = LEARNED.format(file=out, features=len(words.weights), count=len(rows) + len(more))
    print(told)  # noqa: T201
    return 0


def read_labelled(file: Path, codes: tuple[str, ...] = ()) -> Iterator[tuple[int, Row]]:
    """Yield the rows with the numbers of their lines; raises LinesError in the words of whoever wrote the file."""
    for number, row in number_rows(file, ("label",)):
        label = row["label"]
        if not label or (codes and label not in codes) or not (row.get("text") or row.get("title")):
            raise LinesError(WRONG.format(file=file, line=number, why=f"label = {label}"))
        yield number, row


def add_learn(acts: SubParsers) -> None:
    """Add the command to those of the lexicon."""
    told = "learn the weights of words from labelled messages, for the city folder"
    parser = acts.add_parser("learn", help=told, description=told)
    parser.add_argument(
        "files", nargs="+", type=Path, help="JSON lines with text, label and perhaps title, alt"
    )
    parser.add_argument("--more", nargs="*", type=Path, default=[], help="messages whose words are not kept")
    parser.add_argument("--out", type=Path, help="where to write; the city's learned.json without it")
    parser.set_defaults(act=None, learn=learn)


def _validate(course: Course, rows: list[Row], more: list[Row], codes: tuple[str, ...]) -> float:
    """Show how right the answers are on messages that were not learned from; return the temperature."""
    own_heights, more_heights = cross_validate(course, codes)
    # Made-up lessons are harder than life, on purpose; messages that were read when keywords were chosen are easier
    # than those to come. The truth lies between: the geometric mean of what each of them asks for.
    temperature = learning.find_temperature(own_heights, course.own, codes)
    if more:
        temperature = sqrt(temperature * learning.find_temperature(more_heights, course.more, codes))
    parts = [("lessons", rows, own_heights), ("further messages", more, more_heights)]
    for name, told, reached in parts:
        if told:
            table = evaluate(answer_rows(told, reached, codes, temperature))
            print(f"{name}, cross-validated\n{table}\n", file=sys.stderr)  # noqa: T201
    return temperature
