"""Saves what the town changes in its lexicon, version by version, and brings an older one back."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.errors import Refusal
from models.lexicon.tables import LexiconVersion
from models.lexicon.words import WordChange, apply_words, check_change, dump_words, load_words, merge
from models.town import Town

FOLDER = 0  # the number of the city folder's own words
NO_VERSION = "没有第 {number} 版。现在是第 {newest} 版。"
NO_REASON = "请写上为什么改（--why），以后的人才看得懂。"
ALREADY = "现在就是第 {number} 版的内容，不用退。"
OVERTAKEN = "就在刚才有人存了第 {number} 版。请先看看改了什么，再试一次。"
BACK = "退回第 {number} 版"


async def newest_version() -> LexiconVersion | None:
    """Return the version that holds; None where the town never changed a word."""
    return await LexiconVersion.all().order_by("-number").first()


async def list_versions(limit: int = 50) -> list[LexiconVersion]:
    """Return the newest versions, the newest first."""
    return await LexiconVersion.all().order_by("-number").limit(limit)


async def current_words() -> tuple[WordChange, ...]:
    """Return every change that holds."""
    newest = await newest_version()
    return load_words(newest.words) if newest else ()


async def save_change(
    changes: Sequence[WordChange], *, town: Town, by: str, why: str, now: datetime
) -> LexiconVersion:
    """Save a new version with these changes on top of the newest; raises Refusal for one that makes no sense."""
    _check_reason(why)
    async with in_transaction():
        newest = await newest_version()
        words = load_words(newest.words) if newest else ()
        city = apply_words(town.city, words)
        for change in changes:
            check_change(city, change)
        said = "；".join(change.say() for change in changes)
        return await _append(newest, merge(words, changes), said, by=by, why=why, now=now)


async def go_back(number: int, *, by: str, why: str, now: datetime) -> LexiconVersion:
    """Save a new version with the words of an older one; 0 are those of the city folder. Raises Refusal."""
    _check_reason(why)
    async with in_transaction():
        newest = await newest_version()
        old = await LexiconVersion.get_or_none(number=number)
        if old is None and number != FOLDER:
            raise Refusal(NO_VERSION.format(number=number, newest=newest.number if newest else FOLDER))
        words = load_words(old.words) if old else ()
        if newest is None or set(words) == set(load_words(newest.words)):
            raise Refusal(ALREADY.format(number=number))
        return await _append(newest, words, BACK.format(number=number), by=by, why=why, now=now)


async def refresh_classifier(town: Town) -> bool:
    """Let this process classify by the newest version; tell whether anything changed."""
    newest = await newest_version()
    number = newest.number if newest else FOLDER
    if number == town.classifier.version:
        return False
    words = load_words(newest.words) if newest else ()
    town.classifier.learn_words(apply_words(town.city, words), number)
    return True


async def _append(
    newest: LexiconVersion | None, words: Sequence[WordChange], said: str, *, by: str, why: str, now: datetime
) -> LexiconVersion:
    number = (newest.number if newest else FOLDER) + 1
    try:
        return await LexiconVersion.create(
            number=number,
            at=now,
            by=by[:80],
            why=why.strip()[:300],
            words=dump_words(words),
            change=said[:300],
        )
    except IntegrityError as error:
        raise Refusal(OVERTAKEN.format(number=number)) from error


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refusal(NO_REASON)
