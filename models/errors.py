"""What the house says when it cannot do what a person asks."""


class Refusal(Exception):  # noqa: N818 - the glossary's word: 不予办理
    """A rule says no; ``sentence`` is Chinese, for the person, and says what to do next."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
