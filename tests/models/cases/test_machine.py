"""Random steps by random roles against a model: nothing illegal passes, history only grows, everyone is told once."""

import shutil
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from loop_machine import Loop
from tortoise.connection import get_connection


def play(machine, *, examples):
    """Run the machine ``examples`` times, 50 steps each."""
    kept = settings(
        max_examples=examples, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=kept)


def test_random_steps_of_random_people_keep_every_promise(stage_town, migrated_file, tmp_path):
    copies = count(1)

    class Here(Loop):
        town = stage_town

        def fresh(self):
            copy = tmp_path / f"run-{next(copies)}.db"
            shutil.copy(migrated_file, copy)
            return f"sqlite://{copy}"

    play(Here, examples=80)


def test_so_they_do_on_postgres(stage_town, postgres_url):
    class Here(Loop):
        town = stage_town

        def fresh(self):
            return postgres_url

        async def empty(self):
            tables = "person, case_file, case_event, delivery, talk, serial, evidence"
            await get_connection("postgres").execute_script(f"TRUNCATE {tables} CASCADE")

    play(Here, examples=25)
