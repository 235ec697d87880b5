"""The command ``lexicon danger``: what danger sounds like, learned from sentences that are marked as live or not."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from bot.commands_learn import SubParsers
from bot.config import load_settings, read_environment
from models.city.learned import TONE, LearnedFile, dump_learned
from models.city.load import load_city
from models.classify import learning
from models.classify.danger import find_spoken
from models.classify.learning import Lesson
from models.classify.tokens import plain
from models.classify.tone import CALM, LIVE, tone_features

BACKGROUND = 0.6  # how much a message counts that was not written for this, beside a sentence that was
WRONG = "{file} 第 {line} 行要有 text 和 live：{why}"
LEARNED = "已写入 {file}：{features} 个特征，来自 {count} 条。重启服务后生效。"


def learn_danger(options: Namespace) -> int:
    """Learn from sentences (text, live) and from everyday messages (text), which count as calm."""
    settings = load_settings(read_environment())
    city = load_city(settings.city)
    try:
        lessons = [_lesson(row) for file in options.files for row in _rows(file)]
        told = [str(row["text"]) for file in options.calm for row in _rows(file, needs=("text",))]
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    calm = [text for text in told if find_spoken(city, plain(text))[0] is None]
    lessons += [Lesson(tone_features(text), {}, CALM, weight=BACKGROUND) for text in calm]
    words = learning.pack(learning.learn(lessons, (CALM, LIVE)), (CALM, LIVE), 1.0)
    out = options.out or settings.city / TONE
    dump_learned(out, LearnedFile(words, {"sentences": len(lessons) - len(calm), "messages": len(calm)}))
    print(LEARNED.format(file=out, features=len(words.weights), count=len(lessons)))  # noqa: T201
    return 0


def add_danger(acts: SubParsers) -> None:
    """Add the command to those of the lexicon."""
    told = "learn what danger sounds like from sentences marked as live or not, for the city folder"
    parser = acts.add_parser("danger", help=told, description=told)
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with text and live (true or false)")
    parser.add_argument("--calm", nargs="*", type=Path, default=[], help="JSON lines of everyday messages")
    parser.add_argument("--out", type=Path, help="where to write; the city's danger.json without it")
    parser.set_defaults(act=None, learn=learn_danger)


def _lesson(row: dict[str, object]) -> Lesson:
    return Lesson(tone_features(str(row["text"])), {}, LIVE if row["live"] else CALM)


def _rows(file: Path, needs: tuple[str, ...] = ("text", "live")) -> list[dict[str, object]]:
    """Return the rows of the file; raises ValueError in the words of whoever wrote it."""
    rows: list[dict[str, object]] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict) or any(name not in row for name in needs):
            raise ValueError(WRONG.format(file=file, line=number, why=line[:40]))
        rows.append(row)
    return rows
