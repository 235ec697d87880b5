"""Every command and every job is explained where people look for it."""

import pytest
from checkout import text_of

from bot.__main__ import COMMANDS
from scheduler.jobs import JOBS


@pytest.mark.parametrize("readme", ["README.md", "docs/README.zh.md"])
def test_every_command_has_its_row(readme):
    assert first_words(readme, "./gongzhi ") == [name for name, *_ in COMMANDS]


def test_every_job_has_its_row():
    names = {job.name for job in JOBS}
    assert names
    assert names <= set(first_words("scheduler/README.md"))


def first_words(readme, before=""):
    """Return the first word in backticks of each table row, of those that start with ``before``."""
    cells = [line.split("`")[1] for line in text_of(readme).splitlines() if line.startswith(f"| `{before}")]
    return [cell.removeprefix(before).split()[0] for cell in cells]
