"""The command ``lexicon danger``: what danger sounds like, learned from sentences that are marked as live or not."""

from argparse import Namespace
from pathlib import Path

from bot.commands_learn import SubParsers
from bot.config import load_settings, read_environment
from bot.json_lines import read_rows
from models.city.city import City
from models.city.learned import TONE, LearnedFile, dump_learned
from models.city.load import load_city
from models.classify import learning
from models.classify.danger import find_spoken
from models.classify.learning import Lesson
from models.classify.tokens import plain
from models.classify.tone import CALM, LIVE, tone_features, word_points

BACKGROUND = 1.2  # how much a message counts that was not written for this, beside a sentence that was
LEARNED = "已写入 {file}：{features} 个特征，来自 {count} 条。重启服务后生效。"


def learn_danger(options: Namespace) -> int:
    """Learn from sentences (text, live) and from everyday messages (text), which count as calm."""
    settings = load_settings(read_environment())
    city = load_city(settings.city)
    lessons = [
        _lesson(city, str(row["text"]), LIVE if row["live"] else CALM)
        for file in options.files
        for row in read_rows(file, ("text", "live"))
    ]
    told = [str(row["text"]) for file in options.calm for row in read_rows(file, ("text",))]
    calm = [lesson for text in told if not (lesson := _lesson(city, text, CALM, BACKGROUND)).scores.get(LIVE)]
    lessons += calm
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


def _lesson(city: City, text: str, label: str, weight: float = 1.0) -> Lesson:
    found, doubted = find_spoken(city, plain(text))
    points = word_points(spoken=found is not None, doubted=doubted)
    pieces = tuple(("word", code, given) for code, given in points.items())
    return Lesson(tone_features(text), points, label, weight=weight, pieces=pieces)
