"""The report of played days: what happened, and whether it adds up."""

from collections import Counter
from dataclasses import dataclass, field

from models.cases.audience import is_field
from models.cases.clocks import load_clock, moment_of, used_time
from models.cases.history import find_break
from models.cases.queries import list_desk, list_history, list_work
from models.cases.states import AT_DESK, AT_WORK, OPEN, STATE_NAMES, STEP_NAMES
from models.cases.tables import Case, CaseEvent
from models.deliveries.tables import Delivery
from models.inbox import Letter
from models.people import Person

EVERYTHING = 10_000


@dataclass
class Report:
    """Lines to print, and every check with whether it holds."""

    lines: list[str] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)

    def tell(self, head, counts):
        """Add a line of counts, the largest first."""
        told = "  ".join(f"{name} {number}" for name, number in counts.most_common())
        self.lines.append(f"{head:<10} {sum(counts.values()):>6}   {told}")


async def write_report(day):
    """Count everything that lies in the database now, and check that it adds up."""
    report, cases = Report(), await Case.all().order_by("id")
    calendar, now = day.stage.town.city.calendar, day.stage.clock.now()
    events, deliveries = await CaseEvent.all(), await Delivery.all()
    states = Counter(case.state for case in cases)
    report.tell("cases", Counter(case.source for case in cases))
    report.tell("types", Counter(case.type for case in cases))
    report.tell("states", Counter({STATE_NAMES[state]: number for state, number in states.items()}))
    report.tell("steps", Counter(STEP_NAMES.get(event.step, event.step) for event in events))
    report.tell("ratings", Counter(case.rating or "—" for case in cases))
    report.tell("clocks", Counter(_timing(case, now) for case in cases))
    report.tell("told", Counter(delivery.state.value for delivery in deliveries))
    report.tell("people", Counter(player.role for player in day.players))
    report.lines.append(f"messages   {day.counts['messages']:>6}   answers {day.counts['answers']}")
    checks = report.checks
    checks["every message had one answer"] = day.counts["answers"] == day.counts["messages"]
    checks["no letter waits"] = not await Letter.filter(answered_at=None).exists()
    checks["every report is a case or joined one"] = (
        day.counts["begun"] == day.counts["opened"] + day.counts["joined"]
    )
    checks["cases opened are cases there"] = day.counts["opened"] == len(cases)
    checks["states sum to cases"] = sum(states.values()) == len(cases)
    checks["steps sum to histories"] = sum(case.steps for case in cases) == len(events)
    checks["who was told has one delivery"] = _told_once(events, deliveries)
    checks["no delivery failed"] = not any(d.state.value in {"failed", "uncertain"} for d in deliveries)
    histories = [(case, await list_history(case)) for case in cases]
    checks["histories hold together"] = all(find_break(case, history) is None for case, history in histories)
    checks["the last step left the state"] = all(
        history[-1].state == case.state for case, history in histories if history[-1].step != "undo"
    )
    checks["clocks agree with the pure functions"] = all(_agrees(case, now, calendar) for case in cases)
    checks["no alarm was slept through"] = all(case.wake_at is None or case.wake_at > now for case in cases)
    checks["what waits is on somebody's list"] = await _is_listed(cases, day)
    return report


def _timing(case, now):
    if case.state in {"rejected", "withdrawn", "merged"}:
        return "none"
    if case.handed_back_at and case.state not in AT_WORK:
        return "late" if case.late else "in time"
    return "under way, late" if now > case.due_at else "under way"


def _told_once(events, deliveries):
    owed = Counter(delivery.key for delivery in deliveries)
    said = [f"s{event.case_id}-{event.seq}-{told['person']}" for event in events for told in event.said]
    return len(said) == len(set(said)) and all(owed[key] == 1 for key in said)


def _agrees(case, now, calendar):
    clocks = {name: load_clock(data) for name, data in case.clocks.items()}
    work = clocks.get("handling")
    if work is not None and work.since is not None and case.due_at != moment_of(work, 1.0, calendar):
        return False
    return all(used_time(clock, now, calendar).total_seconds() >= 0 for clock in clocks.values())


async def _is_listed(cases, day):
    """Tell whether each case that waits for the desk or an officer stands on a list of somebody who is there."""
    now, city = day.stage.clock.now(), day.stage.town.city
    desk = {case.id for case in await list_desk(limit=EVERYTHING)}
    listed = set()
    for person in await Person.filter(is_staff=True, following=True):
        if is_field(person):
            work = await list_work(person, units=(), limit=EVERYTHING)
            listed |= {case.id for case in work}
    assert city, now
    waiting = [case for case in cases if case.state in OPEN | {"disputed"}]
    return all(
        (case.id in desk) == (case.state in AT_DESK or case.waiting)
        and (case.state not in AT_WORK or case.id in listed or case.id in desk or case.unit == "zhihui")
        for case in waiting
    )
