"""What the house tests look at: the files of this checkout, and the Python in them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "models", "scheduler")
MIGRATIONS = "models/migrations/"  # written by Tortoise


@cache
def files():
    """Return every file that is or will be committed, as paths from the root."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(name for name in told.stdout.split("\0") if name and (ROOT / name).is_file())


def python_files(*folders):
    """Return the Python files under these folders, without migrations."""
    inside = tuple(f"{folder}/" for folder in folders)
    return [
        name
        for name in files()
        if name.endswith(".py") and name.startswith(inside) and not name.startswith(MIGRATIONS)
    ]


def text_of(name):
    """Return the text of a file, or '' for one that is no text."""
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree_of(name):
    """Return the syntax tree of a Python file."""
    return ast.parse(text_of(name))


def functions_of(name):
    """Return every function of a file, inner ones and methods too."""
    return [
        node for node in ast.walk(tree_of(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def code_lines(name, node):
    """Return how many lines of a node hold code: no blank lines, no comments, no docstrings."""
    skipped = {
        line
        for inner in ast.walk(node)
        if isinstance(inner, ast.Expr)
        and isinstance(inner.value, ast.Constant)
        and isinstance(inner.value.value, str)
        for line in range(inner.lineno, inner.end_lineno + 1)
    }
    lines = text_of(name).splitlines()
    numbers = range(node.lineno, node.end_lineno + 1)
    return sum(
        1
        for number in numbers
        if number not in skipped
        and lines[number - 1].strip()
        and not lines[number - 1].strip().startswith("#")
    )


def imports_of(name):
    """Return what a file imports, as dotted names, each with the node that does it."""
    found = []
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(f"{node.module or ''}.{alias.name}", node) for alias in node.names]
    return found
