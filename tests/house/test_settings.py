"""Every setting is explained where operators look, in the words of bot/config.py."""

import re

import pytest
from checkout import PACKAGES, python_files, text_of

from bot.config import SETTINGS

NAMES = {setting.name for setting in SETTINGS}
FOR_TESTS = {"GONGZHI_REQUIRE", "GONGZHI_TEST_POSTGRES"}


@pytest.mark.parametrize("name", ["README.md", "docs/README.zh.md", "docs/settings.md", "deploy/gongzhi.env"])
def test_guide_names_every_setting_and_no_other(name):
    named = set(re.findall(r"\bGONGZHI_[A-Z][A-Z_]+\b", text_of(name)))
    assert named - FOR_TESTS == NAMES


def test_table_of_settings_says_what_the_code_says():
    rows = [f"| `{s.name}` | {s.help} | {s.default} | {s.hint} |" for s in SETTINGS]
    written = [line for line in text_of("docs/settings.md").splitlines() if line.startswith("| `GONGZHI_")]
    assert written == [row.replace("\n", " ") for row in rows]


def test_no_file_reads_the_environment_on_its_own():
    readers = [
        name for name in python_files(*PACKAGES) if re.search(r"\bos\.(environ|getenv)\b", text_of(name))
    ]
    assert readers == ["bot/config.py"]
