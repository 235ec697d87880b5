"""A report while it is being put together from pieces that come in any order: pure."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from models.cases.moves import Report
from models.city.city import CaseType, GcjPoint
from models.classify.rules import OTHER

PLACE_SURE = 0.5  # from here on the words alone fix the place
# What an answer to "where?" may look like: 幸福里, 村口, 小学 (never 路都走不了: no name before the 路; nor 不知道).
PLACE_WORDS = re.compile(
    r"(?<=[\u4e00-\u9fff\d])(?<!知)[路街道巷弄里村桥港浜园苑庭坊湾墩区场站校学院楼栋幢厂店馆寺庙河塘](?![都也很太真又难])"
    r"|[路街村桥河塘湖][口边上头]|\d+ ?号|门口|旁|边上|对面|后面|前面|附近|楼下|中间"
)
WHAT, WHERE = "what", "where"
DROPPED = "dropped"  # the topic after a report was left: for a while it may be taken up again
KEPT = "kept"  # the topic of a report that rests: 「继续」 brings it back
REMIND_AFTER = timedelta(minutes=30)
EXPIRE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a report is here. ``point`` is GCJ-02 [lat, lng]; ``ranked`` are type codes, the likeliest first."""

    text: tuple[str, ...] = ()
    evidence: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()  # of the evidence, in its order: image, video, voice
    point: tuple[float, float] | None = None
    address: str = ""
    type: str = ""
    small_class: str = ""
    chosen: bool = False  # the person named the type: words do not change it any more
    ranked: tuple[str, ...] = ()
    urgent: bool = False
    guessed: str = ""  # the type that we said first, before the person named one
    matters: tuple[tuple[str, str], ...] = ()  # type and words of each, where the words tell of several
    insists: bool = False  # told that it is not ours, the person wants it kept all the same
    asked: str = ""  # what we asked for last
    apart_from: str = ""  # number of the near case that this one is not
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Return all that was said, as one text."""
        return "\n".join(self.text)

    @property
    def place(self) -> GcjPoint | None:
        """Return the point, if one is known."""
        return GcjPoint(*self.point) if self.point else None

    def missing(self) -> tuple[str, ...]:
        """Return what is still needed: what it is about, and where."""
        what = () if self.type else (WHAT,)
        where = () if self.point or self.address else (WHERE,)
        return (*what, *where)

    def with_words(self, words: str, *, is_place: bool) -> "Draft":
        """Return the draft with more words; words about a place are the address where none is known yet."""
        answered = is_place and not self.point and not self.address
        text = self.text if words in self.text else (*self.text, words)
        return replace(self, text=text, address=words[:200] if answered else self.address)

    def with_piece(self, piece: int, kind: str) -> "Draft":
        """Return the draft with one more photo, video or voice."""
        return replace(self, evidence=(*self.evidence, piece), kinds=(*self.kinds, kind))

    def without_pieces(self) -> "Draft":
        """Return the draft without photos, videos and voices."""
        return replace(self, evidence=(), kinds=())

    def without_words(self) -> "Draft":
        """Return the draft without what was said, and without the type that the words suggested."""
        kept = self if self.chosen else replace(self, type="", small_class="", ranked=())
        return replace(kept, text=(), matters=(), asked=WHAT)

    def with_place(self, point: tuple[float, float] | None, address: str) -> "Draft":
        """Return the draft with a place that was put right: what was said before no longer says where."""
        return replace(self, point=point, address=address[:200], extra={**self.extra, "placed": True})

    def count_pieces(self) -> Counter[str]:
        """Return how many pieces of each kind are here; those of drafts from before kinds were kept are photos."""
        return Counter([*self.kinds, *["image"] * (len(self.evidence) - len(self.kinds))])

    def with_type(self, kind: CaseType, *, small: str = "", ranked: tuple[str, ...] = ()) -> "Draft":
        """Return the draft of that type, as the words suggest it; what the person chose stays."""
        if self.chosen or kind.code == self.refused:
            return self
        return replace(self, type=kind.code, small_class=small, ranked=ranked or self.ranked)

    def without_type(self) -> "Draft":
        """Return the draft whose type the person refused: it is not taken again, whatever the words sound like."""
        extra = {**self.extra, "refused": self.type} if self.type else self.extra
        return replace(self, type="", small_class="", extra=extra)

    @property
    def refused(self) -> str:
        """Return the type that the person refused, or ""."""
        return str(self.extra.get("refused", ""))

    def report(self, *, origin: str, source: str = "随手拍") -> Report:
        """Return what opens the case; ``origin`` makes sure that it opens once."""
        return Report(
            type=self.type,
            text=self.words,
            point=self.place,
            address=self.address,
            evidence=self.evidence,
            urgent=self.urgent,
            small_class=self.small_class,
            source=source,
            origin=origin,
            guessed="" if self.insists or self.type == OTHER else self.guessed,
        )


def names_place(words: str) -> bool:
    """Tell whether words sound like an answer to "where?"."""
    return PLACE_WORDS.search(words) is not None


def load_draft(data: dict[str, Any]) -> Draft:
    """Return the draft kept in a talk's data; unknown keys are left out, missing ones are empty."""
    known = {name: data[name] for name in Draft.__dataclass_fields__ if name in data}
    for name in ("text", "evidence", "kinds", "ranked", "point"):
        if known.get(name) is not None:
            known[name] = tuple(known[name])
    known["matters"] = tuple((code, words) for code, words in known.get("matters", ()))
    return Draft(**known)


def dump_draft(draft: Draft) -> dict[str, Any]:
    """Return the draft as JSON data."""
    return asdict(draft)
