"""The lexicon as a town changed it: versions that are never altered, and words that wait for a person's yes."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class LexiconVersion(Model):
    """词库版本: all words in which the town differs from its city folder from then on, appended and never changed."""

    id = fields.BigIntField(primary_key=True)
    number = fields.IntField(unique=True)
    at = fields.DatetimeField()
    by = fields.CharField(max_length=80)
    why = fields.CharField(max_length=300)
    words: list[dict[str, Any]] = fields.JSONField[list[dict[str, Any]]]()  # every WordChange that holds
    change = fields.CharField(max_length=300)  # what this version did, as people read it

    class Meta:
        table = "lexicon_version"


class WordProposal(Model):
    """关键词建议: a word that corrections speak for: it counts once a person has accepted it."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    type = fields.CharField(max_length=30)
    word = fields.CharField(max_length=20)
    weight = fields.FloatField()
    cases: list[str] = fields.JSONField[list[str]]()  # numbers of the corrected cases that have the word
    elsewhere = fields.IntField()  # past messages of other types that have it
    better = fields.IntField()  # past messages that the word would put right
    worse = fields.IntField()
    state = fields.CharField(max_length=10, default="open")  # open, accepted, refused
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.CharField(max_length=80, default="")
    why = fields.CharField(max_length=300, default="")

    class Meta:
        table = "word_proposal"
        unique_together = (("type", "word"),)
