"""What people type becomes plain text of the same length, and words."""

import stat
import tempfile
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.classify.tokens import MAX_CHARACTERS, Tokenizer, offsets, plain, warm


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ＬＥＤ屏１２３，太亮！", "led屏123,太亮!"),
        ("KTV\u3000太吵", "ktv 太吵"),
        ("路灯\u200b坏了\x07", "路灯 坏了 "),
        ("着火啦🔥🔥", "着火啦  "),
        ("两行\n文字", "两行\n文字"),
        ("半个\ud83d字", "半个 字"),
    ],
)
def test_typing_habits_make_no_difference(typed, read):
    assert plain(typed) == read


@given(st.text(alphabet=st.characters(), max_size=300))
def test_plain_text_keeps_every_offset_and_stays_as_it_is(text):
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_an_endless_text_is_read_only_so_far():
    assert len(plain("灯" * (MAX_CHARACTERS + 1))) == MAX_CHARACTERS


def test_the_cache_is_written_to_our_folder_and_to_no_shared_one(tmp_path):
    shared = Path(tempfile.gettempdir())
    before = {path.name for path in shared.glob("jieba*")}
    private = tmp_path / "jieba"
    warm((), private)
    assert [path.name for path in private.iterdir()] == ["words.cache"]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {path.name for path in shared.glob("jieba*")} == before


def test_the_towns_words_stay_whole_and_jieba_itself_does_not_learn_them(tmp_path):
    word = "柳河鹅市口"
    assert word in warm((word,), tmp_path).words("他在柳河鹅市口摆摊")
    assert word not in jieba.dt.FREQ


def test_words_joined_are_the_text_again(tokenizer: Tokenizer):
    text = "安泰路3号门口,路灯不亮 KTV太吵\n快来"
    words = tokenizer.words(text)
    assert "".join(words) == plain(text)
    assert {0, len(text), text.index("路灯")} <= set(offsets(words))
