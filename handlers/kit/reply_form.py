"""Replies as plain data, so that the inbox can keep an answer and give the very same one again."""

from typing import Any

from handlers.kit.reply import Article, Choice, Reply, Silence, Text


def to_data(reply: Reply) -> dict[str, Any]:
    """Return the reply as JSON data."""
    match reply:
        case Text(text, choices):
            return {"kind": "text", "text": text, "choices": [[c.id, c.label] for c in choices]}
        case Article(title, description, url, picture_url):
            return {"kind": "article", "words": [title, description, url, picture_url]}
        case Silence():
            return {"kind": "silence"}


def from_data(data: dict[str, Any]) -> Reply:
    """Return the reply that ``to_data`` turned into ``data``."""
    match data["kind"]:
        case "text":
            return Text(data["text"], tuple(Choice(*choice) for choice in data["choices"]))
        case "article":
            return Article(*data["words"])
        case _:
            return Silence()
