"""What all talk about cases shares: which case is meant, commands with a number, and talks that are still warm."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.kit.filters import Filter, Topic, matches, means
from handlers.kit.openers import note_opener, opens_something
from handlers.kit.reply import Choice, Text
from handlers.kit.scene import Scene
from models.cases.draft import DROPPED, KEPT
from models.cases.involved import find_shown
from models.cases.moves import Actor
from models.cases.queries import find_case
from models.cases.tables import Case
from models.cases.taps import TEMPLATE
from models.cases.words import case_words, say_place, shorten
from models.characters import GAP, bare, fold
from models.classify.replies import Meaning
from models.errors import Refusal
from models.evidence import note_evidence
from models.lifecycle import Role
from models.people import Person

WARM = timedelta(hours=2)  # a question of ours that was left longer is no longer being answered
AT_EASE = ("", "question", "also", KEPT, DROPPED)  # topics that a new subject may push aside
WHOLE = 10  # digits of a whole case number, at least
PLACE_SHOWN = 10  # characters of a place in a line to tap
PIECES = {"image": "image", "video": "video", "shortvideo": "video"}
PIECE_NAMES = {"image": "照片", "video": "视频", "shortvideo": "视频", "voice": "语音"}
PIECE_WORDS = {
    kind: f"（{name}）" for kind, name in PIECE_NAMES.items()
}  # in place of words that did not come
PIECE_SEEN = {kind: f"（见{name}）" for kind, name in PIECE_NAMES.items()}  # the same, as an answer

STAFF = frozenset(
    {Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.ADMIN, Role.PATROL, Role.ROAD_CHIEF, Role.COMMUNITY}
)
NUMBER = r"(?P<number>\d{10,12}(?!\d)|\d{4}(?![\d年月日号元点]))"
# A whole message that is a case number: the day comes first, and a mobile phone number is none.
DAY_FIRST = r"(?!1[3-9]\d{9}$)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4,6}"
BEFORE_NUMBER = r"(?:查询?一?下?|查进度|进度|案件(?:编号)?|编号)?"
AFTER_NUMBER = (
    r"(?:的?进度|(?:怎么样|咋样|到哪|到哪一步|办到哪|办到哪一步)了?|(?:办|修|处理)?好了(?:吗|没有?))?"
)
ASKS_NUMBER = rf"{BEFORE_NUMBER}{GAP}*(?P<number>{DAY_FIRST}){GAP}*{AFTER_NUMBER}"
ASKS_TAIL = rf"(?P<number>\d{{4}}){GAP}*{AFTER_NUMBER}"  # the last four digits of a case of one's own

NO_SUCH = "没有找到编号 {number} 的案件。请核对一下，回复「进度」看您报过的，工作人员回复「待办」。"
THANKS = ("谢谢", "🙏")


def is_choice(scene: Scene) -> bool:
    """Tell whether the message is an offered answer: never words for what is being talked about."""
    return bool(scene.choice)


is_number = matches(ASKS_NUMBER)
is_tail = matches(ASKS_TAIL)
agrees = means(Meaning.YES)
refuses = means(Meaning.NO, Meaning.DROP)
thanks = means(Meaning.THANKS)
is_done = means(Meaning.SUBMIT, Meaning.YES)  # nothing more is coming
# Answers nothing that begins with why.
is_no_reason = means(
    Meaning.YES, Meaning.SUBMIT, Meaning.THANKS, Meaning.HEARD, Meaning.GREETING, Meaning.BYE, Meaning.FILLER
)
stops = means(Meaning.DROP)
LEAD = r"(?:(?:请|麻烦|麻烦你们?|帮我|帮忙|我要|我想|给我|那就|再)[\s,]*)?"  # politeness before an order


def is_other_word(scene: Scene) -> bool:
    """Tell whether the message opens something else: a command or a key word of anybody's, a number, a tap."""
    return is_number(scene) or is_choice(scene) or opens_something(scene)


def is_another_word(scene: Scene) -> bool:
    """Tell whether the message is no ready words for the question just asked, and means something else."""
    return not scene.choice.startswith(TEMPLATE) and is_other_word(scene)


@dataclass(frozen=True, slots=True)
class Said:
    """A command as it was said: the number, whole or its last four digits or "", and the words after it."""

    number: str = ""
    words: str = ""


class Command:
    """Takes texts that are one of the words, alone or with a case number before or after it, and a few words then.

    ``roles`` are those of the staff whose command it is; none where anybody may say it.
    """

    def __init__(self, *words: str, roles: Iterable[Role] = ()) -> None:
        self.words, self.roles = words, frozenset(roles)
        note_opener(self.is_named, STAFF if self.roles else ())  # with its number it is an order
        note_opener(self if self.roles else self.is_alone, self.roles)
        names = "|".join(sorted(words, key=len, reverse=True))
        usual = rf"{GAP}*{LEAD}(?:{names})(?=$|\d|{GAP}){GAP}*{NUMBER}?{GAP}*(?P<words>.*)"
        turned = rf"{GAP}*{NUMBER}{GAP}*{LEAD}(?:{names})(?=$|{GAP}){GAP}*(?P<words>.*)"  # 0012 接单
        self._before_object = re.compile(rf"{GAP}*{LEAD}(?:{names})(?P<object>[^\W\d].*)", re.DOTALL)
        self._patterns = (re.compile(usual, re.DOTALL), re.compile(turned, re.DOTALL))

    def __call__(self, scene: Scene) -> bool:
        """Tell whether the message is this command: a filter."""
        return scene.incoming.kind == "text" and self._match(scene.said) is not None

    def is_named(self, scene: Scene) -> bool:
        """Tell whether the message is this command with the number of a case."""
        return self(scene) and bool(self.read(scene.text).number)

    def is_alone(self, scene: Scene) -> bool:
        """Tell whether the message is this command and nothing else."""
        return self(scene) and not self.read(scene.text).words

    def is_bare(self, scene: Scene) -> bool:
        """Tell whether the message is the mere word, without a number."""
        return self.is_alone(scene) and not self.is_named(scene)

    def read(self, text: str) -> Said:
        """Return what was said; nothing when the text is not this command."""
        found = self._match(fold(text))
        return Said(found["number"] or "", text[found.start("words") :].strip()) if found else Said()

    def object_of(self, text: str) -> str:
        """Return the words right behind the command, without a blank: 那个井盖 of 撤回那个井盖; "" where none stand."""
        found = self._before_object.fullmatch(fold(text))
        return text[found.start("object") :].strip() if found else ""

    def _match(self, said: str) -> re.Match[str] | None:
        return next(filter(None, (pattern.fullmatch(said) for pattern in self._patterns)), None)


ADDS = Command("补充", "补充一下", "补充说明", "我要补充")


@dataclass(frozen=True, slots=True)
class Warm(Topic):
    """Takes messages while one of these was talked about a short time ago."""

    within: timedelta

    def __call__(self, scene: Scene) -> bool:
        """Tell whether it was."""
        return scene.talk.topic in self.topics and scene.now - scene.talk.changed_at < self.within


def warm(*topics: str, within: timedelta = WARM) -> Filter:
    """Take messages while one of these was talked about a short time ago."""
    return Warm(topics, within)


def read_number(text: str) -> str:
    """Return the case number, whole or its last four digits, that is all of the message, or ""."""
    said = bare(fold(text))
    found = re.fullmatch(ASKS_NUMBER, said) or re.fullmatch(ASKS_TAIL, said)
    return found["number"] if found else ""


async def find_meant(scene: Scene, number: str, among: Sequence[Case]) -> Case | None:
    """Return the case with that number, or the only one of ``among`` that the digits fit; None when several do.

    Raises Refusal when the number fits none, or only one that is no business of who speaks.
    """
    if len(number) >= WHOLE:
        meant = [await find_visible(scene, number)]
    else:
        meant = [case for case in among if case.number.endswith(number)]
    if number and not meant:
        raise Refusal(NO_SUCH.format(number=number))
    return meant[0] if len(meant) == 1 else None


async def find_visible(scene: Scene, number: str) -> Case:
    """Return the case with that whole number; raises Refusal when there is none that the speaker may know of."""
    case = await find_shown(number, scene.person, scene.town.city)
    if case is None:
        raise Refusal(NO_SUCH.format(number=number))
    return case


async def find_whole(number: str) -> Case:
    """Return the case with that whole number; raises Refusal when there is none."""
    case = await find_case(number)
    if case is None:
        raise Refusal(NO_SUCH.format(number=number))
    return case


def chosen(scene: Scene, prefix: str) -> str:
    """Return the case number behind the chosen answer if its id begins with ``prefix``, else ""."""
    return scene.choice.removeprefix(prefix) if scene.choice.startswith(prefix) else ""


def ask_which(scene: Scene, cases: Sequence[Case], prefix: str, question: str) -> Text:
    """Ask which of several cases is meant."""
    return Text(question, tuple(Choice(prefix + case.number, label(scene, case)) for case in cases))


def label(scene: Scene, case: Case, *more: str) -> str:
    """Say a case in one short line to tap; its last four digits make it the only one of its kind."""
    kind = scene.town.city.case_types.get(case.type)
    short = kind.short if kind else case.type
    place = shorten(say_place(case, scene.town), PLACE_SHOWN)
    return " ".join((case.number[-4:], short, *(more or (place,))))


def words_of(scene: Scene, case: Case) -> dict[str, str]:
    """Return what sentences about the case may name."""
    return case_words(case, scene.town, note="", now=scene.now, handler=None)


def citizen_of(case: Case, person: Person) -> Actor:
    """Return the person as the one to whom this case belongs, or as one who joined it."""
    return Actor(Role.REPORTER if case.reporter_id == person.id else Role.FOLLOWER, person)


async def keep_piece(scene: Scene) -> int:
    """Keep a photo, video or voice that was just sent; return the id of the evidence."""
    incoming = scene.incoming
    piece = await note_evidence(
        scene.person,
        kind=PIECES.get(incoming.kind, incoming.kind),
        media_id=incoming.media_id,
        url=incoming.picture_url,
        now=scene.now,
    )
    kept: int = piece.id
    return kept
