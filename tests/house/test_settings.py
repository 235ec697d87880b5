"""Every setting is explained where operators look, in the words of bot/config.py."""

import json
import re

import pytest
from checkout import PACKAGES, python_files, text_of

from bot.config import SETTINGS
from models.city.settings import DEFAULTS, TOWN_DEFAULTS

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


def test_table_of_a_towns_settings_says_what_the_code_says():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", text_of("models/city/README.md"), re.MULTILINE)
    assert {name: float(value) for name, value in rows} == DEFAULTS | TOWN_DEFAULTS


def test_a_type_may_differ_in_every_setting():
    known = json.loads(text_of("models/city/schemas/case_types.json"))
    assert set(DEFAULTS) <= set(re.findall(r'"(\w+)": \{', json.dumps(known)))
