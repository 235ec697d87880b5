"""Random steps by random roles against a model: nothing illegal passes, history only grows, everyone is told once."""

import asyncio
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models.cases.actions import join_case, move_case, open_case, supplement_case, urge_case, wake_case
from models.cases.clocks import load_clock, moment_of, used_time
from models.cases.flows import CASE_FLOW
from models.cases.history import find_break
from models.cases.moves import Actor, Move, Report
from models.cases.queries import list_history
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.undoing import undo_step
from models.city.city import GcjPoint
from models.database import close_database, migrate, open_database
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
}
BY_PEOPLE = sorted(name for name, step in CASE_FLOW.steps.items() if step.by - {Role.CLOCK, Role.RULE})
# Their actions do more than a step; they have stories of their own.
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
STEPS = [name for name in BY_PEOPLE if name not in ELSEWHERE]


class Loop(RuleBasedStateMachine):
    """One case, the people around it, and what we expect of both."""

    town = None

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.now, self.case, self.seen, self.people = START, None, 0, {}
        self.database = self.run(self.set_up())

    def run(self, work):
        return self.runner.run(work)

    async def set_up(self):
        database = await open_database(self.fresh())
        for name, (roles, unit) in PEOPLE.items():
            self.people[name] = await Person.create(
                openid=f"o-{name}", name=name, roles=roles, is_staff=bool(roles), unit=unit, created_at=START
            )
        return database

    def teardown(self):
        self.run(close_database(self.database))
        self.runner.close()

    @initialize(urgent=st.booleans(), shop=st.booleans())
    def report(self, urgent, shop):
        told = Report("manhole", "井盖坏了", GcjPoint(31.5560, 120.1450), urgent=urgent)
        opened = open_case(told, reporter=self.people["reporter"], town=self.town, now=self.now)
        self.case = self.run(opened)

    @rule(minutes=st.sampled_from([1, 3, 20, 60, 100, 300, 1500, 8000]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        before = self.case.state
        self.run(wake_case(self.case.id, town=self.town, now=self.now))
        self.again()
        assert self.case.wake_at is None or self.case.wake_at > self.now, "what was due has rung"
        assert self.case.state == before or before in {"asking", "suspended"}

    @rule(
        step=st.sampled_from(STEPS),
        who=st.sampled_from(sorted(PEOPLE)),
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

    def attempt(self, step, who, *, note, photo):
        person, before = self.people[who], self.case
        move = Move(
            step, Actor(ROLE_OF[who], person), "说明" if note else "", until=self.now + timedelta(days=9)
        )
        if photo:
            piece = self.run(note_evidence(person, kind="image", media_id="m", now=self.now))
            move = replace(move, evidence=(piece.id,))
        if step == "reassign":
            move = replace(move, person_id=self.people["colleague"].id)
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
        assert who != "outsider", "another unit's case is not theirs"
        assert not ({"note", "photo"} & known.needs) or note
        if known.target == STAY:
            assert self.case.state == before.state
        elif known.target == BACK:
            assert self.case.state == before.back_to
        elif step != "verify":
            assert self.case.state == known.target
        if step == "verify":
            assert before.handler_id != person.id, "nobody checks their own work"

    @rule(who=st.sampled_from(["reporter", "joiner"]), name=st.sampled_from(["supplement", "urge", "join"]))
    def somebody_says_more(self, who, name):
        person = self.people[who]
        role = Role.REPORTER if who == "reporter" else Role.CITIZEN
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
            assert self.case.state not in OPEN or name == "urge"
        self.again()

    @rule(who=st.sampled_from(sorted(PEOPLE)))
    def somebody_undoes(self, who):
        before = self.case
        try:
            self.run(undo_step(Actor(ROLE_OF[who], self.people[who]), town=self.town, now=self.now))
        except Refusal:
            self.again()
            assert self.case.steps == before.steps
            return
        self.again()
        assert self.case.steps == before.steps + 1

    @invariant()
    def history_holds_together_and_only_grows(self):
        if self.case is None:
            return
        history = self.run(list_history(self.case))
        assert len(history) == self.case.steps >= self.seen
        assert find_break(self.case, history) is None
        self.seen = len(history)

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

    def again(self):
        async def read():
            return await Case.get(id=self.case.id)

        self.case = self.run(read())


@pytest.fixture
async def migrated(tmp_path):
    """A database file that is migrated and empty; each run works on a copy of it."""
    url = f"sqlite://{tmp_path}/empty.db"
    database = await open_database(url)
    await migrate(url)
    await close_database(database)
    return tmp_path / "empty.db"


def test_random_steps_of_random_people_keep_every_promise(stage_town, migrated):
    copies = count(1)

    def fresh(_machine):
        copy = migrated.with_name(f"run-{next(copies)}.db")
        shutil.copy(migrated, copy)
        return f"sqlite://{copy}"

    machine = type("LoopHere", (Loop,), {"town": stage_town, "fresh": fresh})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
