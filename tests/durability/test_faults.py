"""The table of faults at small size: nothing is lost, nothing is sent twice, and everything goes on by itself."""

import pytest
from faults import ALL, FAULTS, LITE, SHARED, play

# What was on its way, for a person to see to.
MAY_BE_UNCLEAR = {"kill": 1, "api_500": 1, "api_hangs": 1, "api_lies": 3}


def of(databases):
    """The faults that these databases have."""
    return pytest.mark.parametrize(
        "fault", [one for one in FAULTS if one.databases == databases], ids=lambda fault: fault.name
    )


async def check(fault, database_url, town, folder):
    outcome = await play(fault, database_url, town, folder)
    assert (outcome.lost, outcome.twice) == (0, 0), outcome
    assert outcome.uncertain <= MAY_BE_UNCLEAR.get(fault.name, 0), outcome
    assert outcome.minutes <= 2, outcome


@of(ALL)
async def test_fault_loses_nothing_and_heals_by_itself(stage_town, database_url, tmp_path, fault):
    await check(fault, database_url, stage_town, tmp_path)


@of(LITE)
async def test_fault_of_the_file_loses_nothing_and_heals_by_itself(stage_town, sqlite_url, tmp_path, fault):
    await check(fault, sqlite_url, stage_town, tmp_path)


@of(SHARED)
async def test_fault_of_the_server_loses_nothing_and_heals_by_itself(
    stage_town, postgres_url, tmp_path, fault
):
    await check(fault, postgres_url, stage_town, tmp_path)
