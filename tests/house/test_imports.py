"""Imports stand at the top of a file and mean what they say; some libraries stay in one room."""

import ast

from checkout import PACKAGES, functions_of, imports_of, python_files

# What only these files may import; import-linter holds all other rules (pyproject.toml).
ONLY_IN = {
    "apscheduler": {"scheduler/run.py"},
    "bot.simulator": {"bot/__main__.py", "bot/demo.py"},
}


def test_nothing_is_imported_for_the_type_checker_alone():
    names = [
        (name, imported)
        for name in python_files(*PACKAGES)
        for imported, _ in imports_of(name)
        if imported == "typing.TYPE_CHECKING"
    ]
    assert not names, "a type that needs this lives in the wrong file"


def test_nothing_is_imported_late():
    late = [
        (name, function.name)
        for name in python_files(*PACKAGES)
        for function in functions_of(name)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not late, "imports belong at the top of the file"


def test_nothing_is_imported_by_a_name_made_at_run_time():
    found = [
        (name, imported)
        for name in python_files(*PACKAGES)
        for imported, _ in imports_of(name)
        if imported.startswith("importlib")
        and not imported.startswith(("importlib.resources", "importlib.metadata"))
    ]
    assert not found, "import-linter cannot see such imports"


def test_some_libraries_stay_in_one_room():
    strangers = [
        (name, imported)
        for name in python_files(*PACKAGES)
        for imported, _ in imports_of(name)
        for library, homes in ONLY_IN.items()
        if f"{imported}.".startswith(f"{library}.")
        and name not in homes
        and not name.startswith(in_path(library))
    ]
    assert not strangers


def in_path(library):
    """Return the folder of a library of ours: its own files may import each other."""
    return library.replace(".", "/") + "/"
