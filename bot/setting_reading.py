"""Reads settings one after the other, and keeps every mistake so that all can be told at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

PREFIX = "GONGZHI_"
SLIP = 0.9  # how alike an unknown name must be to a known one to be taken for a slip of the pen

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the environment, what holds without it, and what it is for.

    ``help`` is English, for the docs; ``hint`` is Chinese and tells an operator what to write.
    """

    name: str
    default: str
    help: str
    hint: str
    is_needed_to_serve: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """One setting that is missing or wrong, and a Chinese sentence that says so and what to write."""

    name: str
    sentence: str


class SettingErrors(Exception):  # noqa: N818 - all of them at once
    """Every mistake of the settings together; its text is for the operator, a line for each."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        lines = (f"- {mistake.name}:{mistake.sentence}" for mistake in mistakes)
        super().__init__("\n".join((f"设置有 {len(mistakes)} 处要改：", *lines)))
        self.mistakes = mistakes


class Reading:
    """Reads one setting after the other and remembers what was wrong with each."""

    def __init__(self, settings: Sequence[Setting], environ: Mapping[str, str]) -> None:
        self._settings = {setting.name: setting for setting in settings}
        self._environ = environ
        self.mistakes: list[Mistake] = []

    def one(self, name: str, read: Callable[[str], Value], default: Value, *, unset: str = "") -> Value:
        """Return what ``read`` makes of the setting or else of ``unset``; ``default`` for nothing and for mistakes."""
        text = self._text(name) or unset
        try:
            return read(text) if text else default
        except ValueError as error:
            for why in str(error).splitlines() or ["写得不对"]:
                self.refuse(name, why)
            return default

    def refuse(self, name: str, why: str) -> None:
        """Note a mistake; the setting's own hint says what to write."""
        self.mistakes.append(Mistake(name, f"{why}。请{self._settings[name].hint}。"))

    def demand_account(self) -> None:
        """Note what a real service account still lacks."""
        for setting in self._settings.values():
            if setting.is_needed_to_serve and not self._text(setting.name):
                self.refuse(setting.name, "没有填写")

    def refuse_slips(self) -> None:
        """Note names that are nearly ours: a setting misspelt would silently not hold."""
        for name in self._environ:
            close = get_close_matches(name, self._settings, n=1, cutoff=SLIP)
            if name.startswith(PREFIX) and name not in self._settings and close:
                self.mistakes.append(Mistake(name, f"没有这个设置。请改成 {close[0]}，或者删掉。"))

    def _text(self, name: str) -> str:
        return self._environ.get(name, "").strip()
