"""What we answer at once, before any channel's form is put on it: 回复."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tap or to answer by number; ``id`` is digits only (WeChat returns nothing else safely)."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """A few lines of text; ``choices`` follow it as tappable links and as numbers to answer with."""

    text: str
    choices: tuple[Choice, ...] = field(default_factory=tuple)
    keeps_question: bool = False  # what was asked before may still be answered by its numbers


@dataclass(frozen=True, slots=True)
class Article:
    """One card with a picture that opens a page."""

    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing to say: WeChat gets ``success``."""


Reply = Text | Article | Silence
