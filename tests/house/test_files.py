"""Files and functions keep to the sizes and shapes of the house."""

import ast
from pathlib import Path

from checkout import PACKAGES, code_lines, files, functions_of, python_files, text_of, tree_of

FILE_LINES = 300
FUNCTION_LINES = 40
PARAMETERS = 6
AGREED = {
    *PACKAGES,
    "tests",
    "docs",
    "benchmarks",
    "deploy",
    "Makefile",
    "README.md",
    "CHANGELOG.md",
    "gongzhi",
}
CONFIGURATION = {
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "requirements.lock",
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements-node.lock",
}
EMPTY_NAMES = {
    *("util", "utils", "helper", "helpers", "manager", "managers"),
    *("service", "services", "base", "common", "info", "misc"),
}


def test_every_file_opens_with_one_sentence():
    without = [
        name for name in python_files(*PACKAGES, "tests", "benchmarks") if not opens_with_a_sentence(name)
    ]
    assert not without, "these do not say in their first line what they are"


def test_a_file_holds_one_thing():
    lengths = {name: len(text_of(name).splitlines()) for name in python_files(*PACKAGES)}
    assert not {name: length for name, length in lengths.items() if length > FILE_LINES}


def test_functions_are_short():
    lengths = {
        f"{name}:{node.name}": code_lines(name, node)
        for name in python_files(*PACKAGES)
        for node in functions_of(name)
    }
    assert lengths, "no function found: this test looks at nothing"
    assert not {function: length for function, length in lengths.items() if length > FUNCTION_LINES}


def test_functions_take_few_parameters():
    counts = {
        f"{name}:{node.name}": len(parameters_of(node))
        for name in python_files(*PACKAGES)
        for node in functions_of(name)
    }
    assert not {function: count for function, count in counts.items() if count > PARAMETERS}


def test_names_say_what_is_inside():
    assert not [name for name in files() if words_of(name) & EMPTY_NAMES]


def test_the_top_level_stays_as_it_was_agreed():
    top = {name.split("/")[0] for name in files()}
    assert not {name for name in top - AGREED - CONFIGURATION if not name.startswith(".")}


def opens_with_a_sentence(name):
    """Tell whether a file's docstring starts with a whole sentence; an empty file has nothing to say."""
    if not text_of(name).strip():
        return True
    docstring = ast.get_docstring(tree_of(name)) or ""
    return docstring.partition("\n")[0].endswith(".")


def parameters_of(node):
    """Return the names of a function's parameters, without the object it belongs to."""
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return [parameter.arg for parameter in given if parameter.arg not in {"self", "cls"}]


def words_of(name):
    """Return the words that a path is made of."""
    parts = Path(name).with_suffix("").parts
    return {word for part in parts for word in part.lower().replace("-", "_").split("_")}
