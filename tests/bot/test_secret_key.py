"""The secret key is made once, whole, and read by nobody else."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.secret_key import FILE, keep_secret_key


def test_key_is_made_once_and_found_again(tmp_path):
    first = keep_secret_key(tmp_path)
    assert len(first) >= 32
    assert keep_secret_key(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_two_data_folders_have_different_keys(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert keep_secret_key(tmp_path / "a") != keep_secret_key(tmp_path / "b")


def test_only_the_owner_may_read_the_key(tmp_path):
    keep_secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: keep_secret_key(tmp_path), range(32)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_who_comes_second_takes_the_key_of_who_came_first(tmp_path, monkeypatch):
    (tmp_path / FILE).write_text("k" * 40)
    monkeypatch.setattr("pathlib.Path.exists", lambda _: False)  # looked before the other had written
    assert keep_secret_key(tmp_path) == b"k" * 40


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path):
    (tmp_path / FILE).write_text("short\n")
    with pytest.raises(ValueError, match="no key"):
        keep_secret_key(tmp_path)
    assert (tmp_path / FILE).read_text() == "short\n"
