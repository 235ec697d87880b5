"""What the operators' guide names is there: commands with their words, settings, alerts, files, template words."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from bot.__main__ import _parser
from bot.config import SETTINGS
from models.cases.words import FIELDS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operate.zh.md").read_text("utf-8")
BLOCKS = "\n".join(re.findall(r"^ *```sh\n(.*?)^ *```", GUIDE, re.MULTILINE | re.DOTALL))
TYPED = re.findall(r"(?:^|`|&& )gongzhi ((?:check|[a-z]+ )[^`\n#]*)", GUIDE, re.MULTILINE)
OURS = re.findall(r"/srv/gongzhi/gongzhi ((?:[a-z]+)[^\"\n]*)", BLOCKS)
RULES = yaml.safe_load((ROOT / "deploy" / "monitoring" / "alerts.yml").read_text("utf-8"))["groups"]


def test_commands_are_found():
    assert len(TYPED) > 12
    assert OURS


@pytest.mark.parametrize("line", sorted({line.strip() for line in [*TYPED, *OURS]}))
def test_command_is_one_of_ours_with_words_that_it_takes(line, capsys):
    _parser().parse_args(shlex.split(line))


def test_settings_are_ours():
    named = set(re.findall(r"\bGONGZHI_[A-Z][A-Z_]+\b", GUIDE))
    assert named
    assert named <= {setting.name for setting in SETTINGS}


def test_every_alert_is_explained_and_no_other():
    assert set(re.findall(r"`(Gongzhi\w+)`", GUIDE)) == {
        rule["alert"] for group in RULES for rule in group["rules"]
    }


def test_files_that_are_copied_are_there():
    named = set(re.findall(r"\bdeploy/[\w./-]+\w", GUIDE)) - {"deploy/.env"}
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_links_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", GUIDE) if "://" not in link]
    assert links
    assert not [link for link in links if not (ROOT / "docs" / link).exists()]


def test_template_words_are_those_that_a_notice_carries():
    (row,) = re.findall(r"^ *\| `progress` .*$", GUIDE, re.MULTILINE)
    assert tuple(re.findall(r"`(\w+)` [\u4e00-\u9fff]", row.split("|")[4])) == FIELDS


def test_signs_are_chinese():
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", GUIDE, flags=re.DOTALL)
    assert not re.findall(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", prose)
