"""A lifecycle is data: states, and the steps between them with who may take each and whom it tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the town; one person may be several."""

    CITIZEN = "citizen"  # 市民
    MERCHANT = "merchant"  # 商户
    VOLUNTEER = "volunteer"  # 志愿者
    COMMUNITY = "community"  # 社区工作者
    OFFICER = "officer"  # 城管队员, 网格员, 路长
    DISPATCHER = "dispatcher"  # 派遣员
    ADMIN = "admin"  # 管理员
    REPORTER = "reporter"  # 上报人: the citizen to whom this case belongs
    CLOCK = "clock"  # 定时
    RULE = "rule"  # 规则: the house acts by itself


class Told(StrEnum):
    """Whom a step tells."""

    REPORTER = "reporter"
    JOINED = "joined"  # all who joined
    FOLLOWERS = "followers"  # the reporter and all who joined
    HANDLER = "handler"
    UNIT = "unit"  # everybody on duty for the unit
    DISPATCHERS = "dispatchers"


@dataclass(frozen=True, slots=True)
class Words:
    """What one audience reads of a step; a format string over the case's words."""

    to: Told
    text: str
    use: str = "progress"  # which template or subscribe notice carries it outside the window
    choices: tuple[tuple[str, str], ...] = ()  # (first digits of the id, label); the thing's number follows


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted move of a thing: 环节."""

    name: str
    source: frozenset[str]
    target: str
    by: frozenset[Role]
    tells: tuple[Words, ...] = ()
    needs: frozenset[str] = frozenset()  # "note", "photo"


class Lifecycle:
    """The states of a thing and its steps; pure data with look-ups."""

    def __init__(self, states: Iterable[str], steps: Iterable[Step], final: Iterable[str]) -> None:
        self.states = tuple(states)
        self.steps = {step.name: step for step in steps}
        self.final = frozenset(final)

    def find(self, name: str, state: str) -> Step | None:
        """Return the step of that name if it may start from ``state``."""
        step = self.steps.get(name)
        return step if step and state in step.source else None

    def steps_from(self, state: str, role: Role) -> tuple[Step, ...]:
        """Return what ``role`` may do with a thing in ``state``, in the order of the data."""
        return tuple(s for s in self.steps.values() if state in s.source and role in s.by)

    def drawing(self, names: Mapping[str, str], step_names: Mapping[str, str]) -> str:
        """Return the lifecycle as a Mermaid state diagram, in the words that people read."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state}: {names[state]}" for state in self.states]
        for step in self.steps.values():
            label = step_names.get(step.name, step.name)
            lines += [
                f"    {source} --> {step.target}: {label}" for source in self.states if source in step.source
            ]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines)
