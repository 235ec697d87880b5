"""The command ``lexicon replies``: what short messages come to, learned from replies that are marked by meaning."""

from argparse import Namespace
from pathlib import Path

from bot.commands_learn import SubParsers
from bot.json_lines import LinesError, read_rows
from models.city.learned import LearnedFile, dump_learned
from models.classify import learning
from models.classify.gist import FILE, GISTS, Gist
from models.classify.learning import Lesson
from models.classify.replies import written_words
from models.classify.tone import tone_features

LISTED, BACKGROUND = 0.5, 0.25  # how much a listed word and a message count beside a reply that was written
LEARNED = "已写入 {file}：{features} 个特征，来自 {count} 条。重启服务后生效。"
UNKNOWN = "{file}：不认识的意思“{meaning}”"


def learn_replies(options: Namespace) -> int:
    """Learn from replies (text, meaning), from the listed words, and from messages (text), which are no replies."""
    lessons = [
        Lesson(tone_features(str(row["text"])), {}, _gist(file, str(row["meaning"])))
        for file in options.files
        for row in read_rows(file, ("text", "meaning"))
    ]
    words = [str(row["text"]) for file in options.words for row in read_rows(file, ("text",))]
    listed = [
        Lesson(tone_features(word), {}, kind, weight=LISTED)
        for kind, told in written_words().items()
        if kind in set(GISTS)
        for word in told
    ]
    others = [Lesson(tone_features(text), {}, Gist.WORDS, weight=BACKGROUND) for text in words]
    learned = learning.pack(learning.learn([*lessons, *listed, *others], GISTS), GISTS, 1.0)
    dump_learned(options.out, LearnedFile(learned, {"replies": len(lessons), "messages": len(words)}))
    count = len(lessons) + len(listed) + len(others)
    print(LEARNED.format(file=options.out, features=len(learned.weights), count=count))  # noqa: T201
    return 0


def add_replies(acts: SubParsers) -> None:
    """Add the command to those of the lexicon."""
    told = "learn what short messages come to from replies marked by meaning"
    parser = acts.add_parser("replies", help=told, description=told)
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with text and meaning")
    parser.add_argument(
        "--words", nargs="*", type=Path, default=[], help="JSON lines of messages, no replies"
    )
    parser.add_argument(
        "--out", type=Path, default=FILE, help="where to write; the house's own file without it"
    )
    parser.set_defaults(act=None, learn=learn_replies)


def _gist(file: Path, meaning: str) -> Gist:
    if meaning not in set(GISTS):
        raise LinesError(UNKNOWN.format(file=file, meaning=meaning))
    return Gist(meaning)
