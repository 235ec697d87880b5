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
    LEADER = "leader"  # 单位负责人
    PATROL = "patrol"  # 巡查员
    ROAD_CHIEF = "road_chief"  # 路长
    ADMIN = "admin"  # 管理员
    REPORTER = "reporter"  # 上报人: the citizen to whom this case belongs
    FOLLOWER = "follower"  # 关注人: who joined this case
    CONTRACTOR = "contractor"  # 外包单位: works by a link, without an account
    SYSTEM = "system"  # 接入系统: another system that opens cases
    CLOCK = "clock"  # 定时
    RULE = "rule"  # 规则: the house acts by itself


class Told(StrEnum):
    """Whom a step tells."""

    REPORTER = "reporter"
    JOINED = "joined"  # all who joined
    FOLLOWERS = "followers"  # the reporter and all who joined
    HANDLER = "handler"  # who has it in hand, else who was asked to take it
    HANDS = "hands"  # who has it in hand or was asked, and nobody else
    UNIT = "unit"  # everybody on duty for the unit
    LEADERS = "leaders"  # of the unit
    CHECKER = "checker"  # who was asked to look at the place
    DISPATCHERS = "dispatchers"
    ANSWERER = "answerer"  # who of the desk talks with the reporter, else the dispatchers
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Words:
    """What one audience reads of a step; a format string over the case's words."""

    to: Told
    text: str
    use: str = "progress"  # which template or subscribe notice carries it outside the window
    choices: tuple[tuple[str, str], ...] = ()  # (first digits of the id, label); the thing's number follows


class ClockDeed(StrEnum):
    """What a step does to a clock."""

    START = "start"
    RESUME = "resume"  # what a pause made stand still
    CONTINUE = "continue"  # from what was used, or begin where there is none
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Timing:
    """A step's deed on one clock."""

    deed: ClockDeed
    clock: str


STAY = ""  # target of a side step: the state stays
BACK = "*"  # target of what ends a pause: the state before it


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted move of a thing: 环节."""

    name: str
    source: frozenset[str]
    target: str
    by: frozenset[Role]
    tells: tuple[Words, ...] = ()
    needs: frozenset[str] = frozenset()  # "note", "photo"
    clocks: tuple[Timing, ...] = ()
    pauses: bool = False  # the state before is kept, for the step that goes BACK to it


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

    def ends_of(self, step: Step) -> list[tuple[str, str]]:
        """Return the pairs of states between which the step leads, in the order of the data; none for side steps."""
        if step.target == BACK:
            pauses = [other for other in self.steps.values() if other.pauses and other.target in step.source]
            return [
                (other.target, source) for other in pauses for source in self.states if source in other.source
            ]
        if step.target == STAY:
            return []
        return [(source, step.target) for source in self.states if source in step.source]

    def drawing(self, names: Mapping[str, str], step_names: Mapping[str, str]) -> str:
        """Return the lifecycle as a Mermaid state diagram, in the words that people read."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state}: {names[state]}" for state in self.states]
        for step in self.steps.values():
            label = step_names.get(step.name, step.name)
            lines += [f"    {source} --> {target}: {label}" for source, target in self.ends_of(step)]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines)

    def table(self, step_names: Mapping[str, str]) -> str:
        """Return every step as a Markdown table: from, to, by whom, whom it tells, which clocks it moves."""
        lines = ["| step | | from | to | by | tells | clocks |", "|---|---|---|---|---|---|---|"]
        for step in self.steps.values():
            target = {STAY: "(stays)", BACK: "(as before)"}.get(step.target, step.target)
            cells = (
                step.name,
                step_names.get(step.name, step.name),
                ", ".join(state for state in self.states if state in step.source),
                target,
                ", ".join(role.value for role in Role if role in step.by),
                ", ".join(dict.fromkeys(words.to.value for words in step.tells)),
                ", ".join(f"{timing.deed.value} {timing.clock}" for timing in step.clocks),
            )
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines)
