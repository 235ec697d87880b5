"""Reads the little Markdown that a city writes its notices in; what comes out is text, never HTML: pure."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_ITEM = re.compile(r"[-*+]\s+(.+)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line, bold or not."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """``heading``, ``paragraph`` or ``list``; a list has a line for each item, the others have one."""

    kind: str
    lines: tuple[tuple[Span, ...], ...]
    level: int = 0


def read_blocks(text: str) -> list[Block]:
    """Return headings (#, ##, ###), lists (-) and paragraphs with **bold** words; all else stays as it is."""
    blocks: list[Block] = []
    for line in text.splitlines():
        block = _block(line.strip())
        if block.kind == "gap":
            blocks.append(block)
        elif blocks and block.kind == blocks[-1].kind and block.kind != "heading":
            blocks[-1] = _joined(blocks[-1], block)
        else:
            blocks.append(block)
    return [block for block in blocks if block.kind != "gap"]


def _block(line: str) -> Block:
    if not line:
        return Block("gap", ())
    if heading := _HEADING.fullmatch(line):
        return Block("heading", (_spans(heading[2]),), level=len(heading[1]))
    if item := _ITEM.fullmatch(line):
        return Block("list", (_spans(item[1]),))
    return Block("paragraph", (_spans(line),))


def _joined(one: Block, other: Block) -> Block:
    """Add an item to its list, or a line to its paragraph."""
    if one.kind == "list":
        return Block("list", one.lines + other.lines)
    return Block("paragraph", ((*one.lines[0], *other.lines[0]),))


def _spans(line: str) -> tuple[Span, ...]:
    # Every second piece stood between the marks.
    pieces = _BOLD.split(line)
    return tuple(Span(piece, bold=place % 2 == 1) for place, piece in enumerate(pieces) if piece)
