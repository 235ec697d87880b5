"""The clocks of a case by name, and what steps do to them."""

from models.lifecycle import ClockDeed, Timing

ACCEPT = "accept"  # 受理: from the report
DISPATCH = "dispatch"  # 派遣: from acceptance or return
TAKE = "take"  # 接单: from dispatch
HANDLING = "handling"  # 处置: from dispatch to hand-back, its pauses left out
CHECK = "check"  # 核查: from hand-back
REPLY = "reply"  # the reporter's answer to a question
PAUSE = "pause"  # 挂账: until the day that was set
SUPERVISION = "supervision"  # 督办: until it is answered
TALK = "talk"  # a talk with the desk: until it has been silent for long enough
INQUIRY = "inquiry"  # 核实: until somebody has looked


def start(clock: str) -> Timing:
    """Begin that clock anew."""
    return Timing(ClockDeed.START, clock)


def resume(clock: str) -> Timing:
    """Let that clock run on if a pause made it stand still."""
    return Timing(ClockDeed.RESUME, clock)


def go_on(clock: str) -> Timing:
    """Let that clock run on from what it had used, or begin where there is none."""
    return Timing(ClockDeed.CONTINUE, clock)


def pause(clock: str) -> Timing:
    """Let that clock stand still."""
    return Timing(ClockDeed.PAUSE, clock)


def stop(clock: str) -> Timing:
    """End that clock; what it used stays."""
    return Timing(ClockDeed.STOP, clock)


PAUSE_WORK = (pause(HANDLING), pause(CHECK), pause(DISPATCH), pause(TAKE))
RESUME_WORK = (resume(HANDLING), resume(CHECK), resume(DISPATCH), resume(TAKE))
END_ALL = tuple(
    stop(name) for name in (ACCEPT, DISPATCH, TAKE, HANDLING, CHECK, REPLY, PAUSE, INQUIRY, SUPERVISION, TALK)
)
