"""What is wrong with a city folder: every error with its file and line, in one list."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class CityError:
    """One mistake in a city folder; prints as ``file:line: message``."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CityErrors(Exception):  # noqa: N818 - it holds many
    """All mistakes of a city folder, ordered by file and line; ``errors`` is never empty."""

    def __init__(self, errors: list[CityError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__("\n".join(map(str, self.errors)))
