"""A machine of random steps by random roles, and what is expected of the cases: used by test_machine.py."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.cases.actions import join_case, move_case, open_case, supplement_case, urge_case, wake_case
from models.cases.asking import ask_reporter
from models.cases.clocks import load_clock, moment_of, used_time
from models.cases.correcting import correct_case
from models.cases.flows import CASE_FLOW
from models.cases.history import find_break
from models.cases.linking import link_cases, split_case, unlink_case
from models.cases.moves import Actor, Move, Report
from models.cases.queries import is_involved, list_history
from models.cases.states import AT_DESK, AT_WORK, OPEN
from models.cases.tables import Case
from models.cases.undoing import undo_step
from models.city.city import GcjPoint
from models.database import close_database, open_database
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.evidence import note_evidence
from models.lifecycle import BACK, STAY, Role
from models.people import Person

START = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
PEOPLE = {  # who plays: name -> (roles, unit)
    "reporter": ([], ""),
    "joiner": ([], ""),
    "officer": (["officer"], "shizheng"),
    "colleague": (["officer"], "shizheng"),
    "outsider": (["officer"], "yuanlin"),
    "leader": (["leader"], "shizheng"),
    "patrol": (["patrol"], ""),
    "dispatcher": (["dispatcher"], "zhihui"),
    "admin": (["admin"], "zhihui"),
}
RUNS = 3  # of the job after time passed: a pause that ends may wake a clock that is over its limit already
CONTRACTOR = "市政养护队"
ROLE_OF = {
    "reporter": Role.REPORTER,
    "joiner": Role.FOLLOWER,
    "officer": Role.OFFICER,
    "colleague": Role.OFFICER,
    "outsider": Role.OFFICER,
    "leader": Role.LEADER,
    "patrol": Role.PATROL,
    "dispatcher": Role.DISPATCHER,
    "admin": Role.ADMIN,
    "contractor": Role.CONTRACTOR,
}
BY_PEOPLE = sorted(name for name, step in CASE_FLOW.steps.items() if step.by - {Role.CLOCK, Role.RULE})
# Their actions do more than a step: rules of their own.
ELSEWHERE = {"link", "unlink", "split", "correct", "ask_back"}
MAIN_ROAD = {
    "take",
    "hand_back",
    "verify",
    "close",
    "fail",
    "return",
    "rate",
    "rework",
    "complain",
    "dispatch",
}
ONWARD = ("dispatch", "take", "hand_back", "verify", "close", "rate", "rework", "reply", "resume")
STEPS = [name for name in BY_PEOPLE if name not in ELSEWHERE]


class Loop(RuleBasedStateMachine):
    """One case, the people around it, and what we expect of both."""

    town = None

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.now, self.case, self.people = START, None, {}
        self.family, self.seen = [], Counter()  # ids of the cases in play, and how long their histories were
        self.database = self.run(self.set_up())

    def run(self, work):
        return self.runner.run(work)

    async def set_up(self):
        database = await open_database(self.fresh())
        await self.empty()
        for name, (roles, unit) in PEOPLE.items():
            self.people[name] = await Person.create(
                openid=f"o-{name}", name=name, roles=roles, is_staff=bool(roles), unit=unit, created_at=START
            )
        return database

    async def empty(self):
        """Make a used database like new; ``fresh`` may give a new one instead."""

    def teardown(self):
        self.run(close_database(self.database))
        self.runner.close()

    @initialize(urgent=st.booleans())
    def report(self, urgent):
        told = Report("manhole", "井盖坏了", GcjPoint(31.5560, 120.1450), urgent=urgent)
        for who in ("joiner", "reporter"):
            opened = open_case(told, reporter=self.people[who], town=self.town, now=self.now)
            self.case = self.run(opened)
            self.family.append(self.case.id)

    @rule(data=st.data())
    def look_at_another(self, data):
        self.again(data.draw(st.sampled_from(self.family)))

    @rule(minutes=st.sampled_from([1, 3, 20, 60, 100, 300, 1500, 8000]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        before = self.case.state
        for _ in range(RUNS):
            self.run(wake_case(self.case.id, town=self.town, now=self.now))
        self.again()
        assert self.case.wake_at is None or self.case.wake_at > self.now, "what was due has rung"
        assert self.case.state == before or before in {"asking", "suspended"}

    @rule(
        step=st.sampled_from(STEPS),
        who=st.sampled_from(sorted(ROLE_OF)),
        note=st.booleans(),
        photo=st.booleans(),
    )
    def anybody_tries_anything(self, step, who, note, photo):
        self.attempt(step, who, note=note, photo=photo)

    @rule(data=st.data())
    def somebody_takes_a_step_that_fits(self, data):
        fitting = [
            (step.name, who)
            for who, role in ROLE_OF.items()
            for step in CASE_FLOW.steps_from(self.case.state, role)
            if step.name not in ELSEWHERE
            for _ in range(6 if step.name in MAIN_ROAD else 1)
        ]
        if fitting:
            self.attempt(*data.draw(st.sampled_from(fitting)), note=True, photo=True)

    @rule(data=st.data(), steps=st.integers(1, 4))
    def the_work_goes_on(self, data, steps):
        for _ in range(steps):
            fitting = [
                (step, who)
                for who, role in ROLE_OF.items()
                for step in ONWARD
                if (known := CASE_FLOW.find(step, self.case.state)) and role in known.by
            ]
            if fitting:
                self.attempt(*data.draw(st.sampled_from(fitting)), note=True, photo=True)

    def attempt(self, step, who, *, note, photo):
        person, before = self.people.get(who), self.case
        actor = Actor(ROLE_OF[who], person, "" if person else CONTRACTOR)
        move = Move(step, actor, "说明" if note else "", until=self.now + timedelta(days=9))
        if photo:
            piece = self.run(
                note_evidence(person or self.people["officer"], kind="image", media_id="m", now=self.now)
            )
            move = replace(move, evidence=(piece.id,))
        if step == "reassign":
            move = replace(move, person_id=self.people["colleague"].id)
        if step == "entrust":
            move = replace(move, contractor=CONTRACTOR)
        known = CASE_FLOW.find(step, before.state)
        legal = known is not None and ROLE_OF[who] in known.by
        try:
            self.run(move_case(before.id, move, town=self.town, now=self.now))
        except Refusal:
            self.again()
            assert (self.case.state, self.case.steps) == (before.state, before.steps), (
                "a refusal changes nothing"
            )
            return
        self.again()
        assert legal, f"{who} must not {step} in {before.state}"
        assert who != "outsider" or before.unit == "yuanlin", "another unit's case is not theirs"
        assert who != "contractor" or before.contractor == CONTRACTOR, "only what was entrusted"
        assert not ({"note", "photo"} & known.needs) or note
        if known.target == STAY:
            assert self.case.state == before.state
        elif known.target == BACK:
            assert self.case.state == before.back_to
        elif step != "verify":
            assert self.case.state == known.target
        if step == "verify":
            assert person is None or before.handler_id != person.id, "nobody checks their own work"

    @rule(who=st.sampled_from(["dispatcher", "admin", "officer"]), name=st.sampled_from(sorted(ELSEWHERE)))
    def somebody_does_more_than_a_step(self, who, name):
        before, other = self.case, next(one for one in self.family if one != self.case.id)
        move = Move(name, Actor(ROLE_OF[who], self.people[who]), "说明")
        around = {"town": self.town, "now": self.now}
        kind = "street_light" if before.type == "manhole" else "manhole"
        works = {
            "link": lambda: link_cases(before.id, other, move, **around),
            "unlink": lambda: unlink_case(before.id, move, **around),
            "split": lambda: split_case(before.id, ("shizheng", "yuanlin"), move, **around),
            "correct": lambda: correct_case(before.id, move, type_code=kind, **around),
            "ask_back": lambda: ask_reporter(before.id, move, **around),
        }
        known = CASE_FLOW.find(name, before.state)
        try:
            done = self.run(works[name]())
        except Refusal:
            self.again()
            assert (self.case.state, self.case.steps) == (before.state, before.steps)
            return
        self.again()
        assert known is not None, f"{name} must not pass in {before.state}"
        assert ROLE_OF[who] in known.by, f"{who} must not {name}"
        if name == "split":
            self.family += [part.id for part in done]
            assert {part.unit for part in done} == {"shizheng", "yuanlin"}
            assert {part.parent_id for part in done} == {before.id}
        assert (self.case.same_as_id == other) == (name == "link")

    @rule(who=st.sampled_from(["reporter", "joiner"]), name=st.sampled_from(["supplement", "urge", "join"]))
    def somebody_says_more(self, who, name):
        person = self.people[who]
        role = Role.REPORTER if person.id == self.case.reporter_id else Role.CITIZEN
        move = Move("supplement", Actor(role, person), "还有")
        works = {
            "supplement": lambda: supplement_case(self.case.id, move, town=self.town, now=self.now),
            "urge": lambda: urge_case(self.case.id, move.actor, town=self.town, now=self.now),
            "join": lambda: join_case(
                self.case.id, person, note="", evidence=(), town=self.town, now=self.now
            ),
        }
        try:
            self.run(works[name]())
        except Refusal:
            self.again()
            is_theirs = self.run(is_involved(self.case, person))
            assert self.case.state not in OPEN or name == "urge" or (name == "supplement" and not is_theirs)
        self.again()

    @rule(who=st.sampled_from(sorted(PEOPLE)))
    def somebody_undoes(self, who):
        before, person = self.case, self.people.get(who)
        if person is None:
            return
        try:
            undone, _ = self.run(undo_step(Actor(ROLE_OF[who], person), town=self.town, now=self.now))
        except Refusal:
            self.again()
            assert self.case.steps == before.steps
            return
        self.again(undone.id)
        assert undone.id != before.id or self.case.steps == before.steps + 1

    @invariant()
    def history_holds_together_and_only_grows(self):
        if self.case is None:
            return
        history = self.run(list_history(self.case))
        assert len(history) == self.case.steps >= self.seen[self.case.id]
        assert find_break(self.case, history) is None
        self.seen[self.case.id] = len(history)

    @invariant()
    def it_stands_in_the_lists_of_its_state(self):
        if self.case is None:
            return
        state = self.case.state
        assert self.case.is_open == (state in OPEN)
        assert self.case.at_work == (state in AT_WORK)
        assert self.case.at_desk == (state in AT_DESK or self.case.waiting or self.case.is_left())

    @invariant()
    def clocks_agree_with_the_pure_functions(self):
        if self.case is None:
            return
        calendar = self.town.city.calendar
        clocks = {name: load_clock(data) for name, data in self.case.clocks.items()}
        work = clocks.get("handling")
        if work is not None and work.since is not None:
            assert self.case.due_at == moment_of(work, 1.0, calendar)
            assert self.case.state in {"dispatched", "handling", "split"}, (
                "work runs only while somebody works"
            )
        for clock in clocks.values():
            assert used_time(clock, self.now, calendar) >= timedelta()
        if self.case.state not in OPEN | {"disputed"}:
            assert self.case.wake_at is None or "supervision" in clocks

    @invariant()
    def everyone_is_told_each_step_once(self):
        if self.case is None:
            return
        history = self.run(list_history(self.case))
        owed = self.run(self.deliveries())
        for event in history:
            people = [said["person"] for said in event.said]
            assert len(people) == len(set(people)), "nobody twice in one step"
            assert event.person_id not in people, "nor who took it"
            for person in people:
                assert owed[f"s{self.case.id}-{event.seq}-{person}"] == 1
        undone = sum(event.step == "undo" for event in history)
        assert undone or sum(owed.values()) == sum(len(event.said) for event in history)

    async def deliveries(self):
        rows = await Delivery.filter(case_id=self.case.id).exclude(use="photo")
        return Counter(row.key for row in rows)

    def again(self, case_id=None):
        async def read():
            return await Case.get(id=case_id or self.case.id)

        self.case = self.run(read())
