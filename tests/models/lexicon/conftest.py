"""jieba, warmed once."""

import pytest

from models.classify.tokens import warm


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory):
    """jieba without words of a town."""
    return warm((), tmp_path_factory.mktemp("jieba"))
