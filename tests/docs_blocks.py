"""Reads what the guides tell people to type: blocks of commands, and commands inside sentences and tables."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
GUIDES = ("README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")))
# Why a block cannot be played in a test; the guide says it in a comment just before the block.
REASONS = {
    "needs root": "installs into the machine: systemd, nginx, users",
    "要在正式的机器上做": "the same, in the Chinese guide; tests/deploy hold its commands to the code",
    "sets a machine up": "tests/house/test_setup.py plays it with an index of its own",
    "takes minutes": "learns from everything; tests/bot plays it with a few lines",
}
_BLOCK = re.compile(
    r"^ *(?:<!-- not run: (?P<reason>.*?) -->\n *)?```(?P<kind>\w*)\n(?P<text>.*?)^ *```",
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"^(?:\S*/)?gongzhi |^python -m bot\b|^\.venv/bin/|^make\b")


@dataclass(frozen=True)
class Block:
    """One block of commands, and why it is not run, if it is not."""

    guide: str
    number: int
    text: str
    reason: str


def read_blocks(guide, text):
    """Return the blocks of shell commands of a guide."""
    found = [match for match in _BLOCK.finditer(text) if match["kind"] == "sh"]
    return [Block(guide, number, m["text"], m["reason"] or "") for number, m in enumerate(found, start=1)]


def read_unmarked(text):
    """Return the lines that look like commands but stand in no block of kind ``sh``: nobody would run them."""
    others = "".join(m["text"] for m in _BLOCK.finditer(text) if m["kind"] != "sh")
    indented = "\n".join(
        line.strip() for line in _BLOCK.sub("", text).splitlines() if line.startswith("    ")
    )
    return [line for line in f"{others}\n{indented}".splitlines() if _COMMAND.match(line)]


def read_spans(text):
    """Return the commands that stand inside sentences and tables, each alternative of ``a|b`` on its own."""
    spans = [span.replace("\\|", "|") for span in _SPAN.findall(_BLOCK.sub("", text))]
    return [command for span in spans if _COMMAND.match(span) for command in _alternatives(span)]


def _alternatives(span):
    words = span.split()
    choices = [index for index, word in enumerate(words) if "|" in word]
    if not choices:
        return [span]
    at = choices[0]
    return [" ".join([*words[:at], word]) for word in words[at].split("|")]
