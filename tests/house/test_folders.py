"""Every folder says in its README what it is for."""

from pathlib import Path

from checkout import PACKAGES, ROOT, python_files

LEAST = 300  # characters: a title alone is no README


def test_every_folder_has_a_readme():
    assert not [folder for folder in folders() if len(readme_of(folder)) < LEAST]


def test_readmes_name_no_file_that_is_not_there():
    missing = [
        (folder, name)
        for folder in folders()
        for name in first_cells(readme_of(folder))
        if name.endswith((".py", ".md", "/")) and not list((ROOT / folder).rglob(name.strip("/")))
    ]
    assert not missing


def folders():
    """Return the folders of guides and all that hold Python of ours."""
    inner = {str(Path(name).parent) for name in python_files(*PACKAGES)}
    return sorted({"tests", "docs", "benchmarks", "deploy", *PACKAGES, *inner})


def readme_of(folder):
    """Return the folder's README, or '' where there is none."""
    readme = ROOT / folder / "README.md"
    return readme.read_text("utf-8") if readme.is_file() else ""


def first_cells(text):
    """Return what stands in backticks at the start of each row of the text's tables."""
    return [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
