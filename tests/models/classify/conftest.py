"""The tools that tests of classifying share: jieba warmed once, and the example town."""

import pytest

from models.city.load import EXAMPLE, load_city
from models.classify.rules import Classifier
from models.classify.tokens import warm


@pytest.fixture(scope="session")
def example():
    """The example town."""
    return load_city(EXAMPLE)


@pytest.fixture(scope="session")
def tokenizer(example, tmp_path_factory):
    """jieba with the example town's words."""
    return warm(example.dictionary, tmp_path_factory.mktemp("jieba"))


@pytest.fixture(scope="session")
def classifier(example, tokenizer):
    """The rules of the example town."""
    return Classifier(example, tokenizer)
