"""A command of the staff that was mistyped: we ask whether it was meant, and never take it for a report."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from handlers.chat.case_talk import AT_EASE, STAFF, Command, agrees, refuses, warm
from handlers.chat.help import explain
from handlers.kit.filters import Says, is_a, kind, topic
from handlers.kit.openers import OPENERS, note_opener
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.taps import MEANT
from models.classify.sounds import sounds_of

router = Router("near_miss")

TOPIC = "meant"  # of whom we asked whether they meant a command; what they probably meant is kept
ASK = "没看懂「{typed}」，是不是要「{meant}」？点一下，或回复 1；不是就重新打。"
UNKNOWN = "没看懂「{typed}」。"
DROPPED = "好，请重新打。回复「帮助」看能说什么，回复「待办」看手上有什么。"
SHOWN = 2
# A case as a command names it: its number, whole or the last four digits.
NO_CASE = r"(?!\d|[年月日号元点路弄幢栋楼室米])"  # what makes another thing of a number
COMMAND = re.compile(
    rf"(?P<head>[^\W\d_]{{1,6}})(?P<rest>[\W_]*(?P<number>\d{{10,12}}|\d{{4}}){NO_CASE}.*)?", re.DOTALL
)
FUZZY = str.maketrans({"h": "", "g": "", "n": "l"})  # zh as z, ng as n, n as l: as many people speak
IDLE = (*AT_EASE, "which", "patrol", "handed_back")
SHORT = 2  # characters: a shorter command is never guessed

is_staff = is_a(*sorted(STAFF))


def misses(scene: Scene) -> bool:
    """Tell whether the message is nearly a command of this person's: beside a number, or sounding like one."""
    return bool(_guesses(scene))


def names_a_case(scene: Scene) -> bool:
    """Tell whether the message looks like a command, a word or two and a case, but is none, nor tells of anything."""
    found = _read(scene)
    if found is None or not found["rest"] or scene.talk.topic not in IDLE:
        return False
    return not scene.verdict.said


def retyped(scene: Scene) -> Scene:
    """Return the message as it was probably meant, once the person has said so; else as it is.

    Either way we are back where the talk stood before we asked.
    """
    if scene.talk.topic != TOPIC or scene.incoming.kind == "event" or refuses(scene):
        return scene
    texts, is_fresh = scene.talk.data["texts"], warm(TOPIC)(scene)
    _go_back(scene)
    place = int(scene.choice.removeprefix(MEANT)[:1] or 0) if scene.choice.startswith(MEANT) else 0
    if not scene.choice and agrees(scene):
        place = 1
    if not is_fresh or not 1 <= place <= len(texts):
        return scene
    incoming = replace(scene.incoming, kind="text", text=texts[place - 1], menu_id="")
    return replace(scene, incoming=incoming, choice="")


note_opener(misses, STAFF)  # while we wait for words it is asked about too


@router.on(is_staff, topic(TOPIC), refuses)
async def drop(scene: Scene) -> Reply:
    """They meant something else."""
    _go_back(scene)
    return Text(DROPPED)


@router.on(is_staff, kind("text"), misses)
async def ask(scene: Scene) -> Reply:
    """Ask whether the nearest command was meant; one tap carries it out."""
    texts = _guesses(scene)
    scene.talk.begin(TOPIC, scene.now, texts=texts, before=[scene.talk.topic, scene.talk.data])
    choices = tuple(Choice(f"{MEANT}{place}", text) for place, text in enumerate(texts, start=1))
    return Text(ASK.format(typed=scene.text, meant=texts[0]), choices)


@router.on(is_staff, kind("text"), names_a_case)
async def tell_commands(scene: Scene) -> Reply:
    """Say what there is to say to the staff."""
    told = await explain(scene)
    words = told.text if isinstance(told, Text) else ""
    return Text(UNKNOWN.format(typed=scene.text) + words)


def _go_back(scene: Scene) -> None:
    """Turn to what was talked about before we asked."""
    before, data = scene.talk.data["before"]
    scene.talk.begin(before, scene.now, **data)


def _read(scene: Scene) -> re.Match[str] | None:
    if scene.incoming.kind != "text" or scene.choice:
        return None
    return COMMAND.fullmatch(unicodedata.normalize("NFKC", scene.text))


def _guesses(scene: Scene) -> list[str]:
    """Return the message with each likely command in place of what was typed, the likeliest first."""
    found = _read(scene)
    if found is None:
        return []
    head, rest = found["head"], found["rest"] or ""
    known = set(_words_of(scene))
    if head in known or len(head) < SHORT:
        return []
    scored = sorted(
        (score, word) for word in known if (score := _distance(head, word, near=bool(rest))) is not None
    )
    return [f"{word} {rest.strip()}".strip() for score, word in scored if score == scored[0][0]][:SHOWN]


def _words_of(scene: Scene) -> Iterator[str]:
    """Yield the words with which this person may begin something at work."""
    for opener in OPENERS:
        if not opener.roles & {role for role in STAFF if scene.person.is_a(role)}:
            continue
        command = getattr(opener.takes, "__self__", opener.takes)
        words = command.words if isinstance(command, Command | Says) else ()
        yield from (word for word in words if len(word) >= SHORT)
    yield from ("待办",)


def _distance(typed: str, word: str, *, near: bool) -> int | None:
    """Return how far the typed word is from the command, 0 for the same sound; None when it is another word."""
    if _sound(typed) == _sound(word):
        return 0
    if len(typed) == len(word) and sorted(typed) == sorted(word):
        return 1
    if not near and min(len(typed), len(word)) <= SHORT:
        return None  # alone, one character of two is too little to go by
    return 2 if _is_one_off(typed, word) else None


def _sound(text: str) -> str:
    return "".join(sounds_of(text.lower())).translate(FUZZY)


def _is_one_off(typed: str, word: str) -> bool:
    """Tell whether one character was left out, added, or is another."""
    if abs(len(typed) - len(word)) > 1 or max(len(typed), len(word)) < SHORT:
        return False
    if len(typed) == len(word):
        return sum(a != b for a, b in zip(typed, word, strict=True)) == 1
    longer, shorter = sorted((typed, word), key=len, reverse=True)
    return len(shorter) >= SHORT and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))
