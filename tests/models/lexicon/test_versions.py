"""Every change of the lexicon is a version with who and why, an older one can come back, proposals wait for a yes."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from small_city import small_city

from models.cases.corrections import TypeCorrection
from models.cases.tables import Case
from models.classify.rules import Classifier
from models.database import close_database, open_database
from models.errors import Refusal
from models.lexicon.past import list_corrected, list_past
from models.lexicon.proposals import accept_proposal, list_proposals, propose, refuse_proposal
from models.lexicon.tables import LexiconVersion
from models.lexicon.versions import (
    current_words,
    go_back,
    list_versions,
    newest_version,
    refresh_classifier,
    save_change,
)
from models.lexicon.words import WordChange

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
STALL = WordChange("street_vending", "板车", 4.0)
LAMP = WordChange("street_light", "灯泡", 3.0)


@pytest.fixture
async def town(database_url, tokenizer):
    database = await open_database(database_url)
    city = small_city()
    yield SimpleNamespace(city=city, classifier=Classifier(city, tokenizer))
    await close_database(database)


async def save(town, *changes, why="商贩都推板车"):
    return await save_change(changes, town=town, by="小王", why=why, now=NOW)


async def test_a_saved_word_counts_at_once_in_every_process_that_looks(town):
    version = await save(town, STALL)
    assert (version.number, version.by, version.why) == (1, "小王", "商贩都推板车")
    assert await refresh_classifier(town) is True
    assert town.classifier.classify("板车又来了").type == "street_vending"
    assert await refresh_classifier(town) is False


async def test_changes_add_up_and_an_older_version_comes_back_whole(town):
    await save(town, STALL)
    await save(town, LAMP)
    assert set(await current_words()) == {STALL, LAMP}
    third = await go_back(1, by="老张", why="灯泡不灵", now=NOW)
    assert third.number == 3
    assert await current_words() == (STALL,)
    await go_back(0, by="老张", why="都不要", now=NOW)
    assert await current_words() == ()
    assert [version.number for version in await list_versions()] == [4, 3, 2, 1], "nothing is lost"
    await refresh_classifier(town)
    assert town.classifier.classify("板车又来了").type == "other"


@pytest.mark.parametrize("why", ["", "  "])
async def test_no_change_without_a_reason(town, why):
    with pytest.raises(Refusal):
        await save(town, STALL, why=why)
    assert await newest_version() is None


async def test_a_version_that_never_was_cannot_come_back(town):
    await save(town, STALL)
    for number in (7, 1):
        with pytest.raises(Refusal):
            await go_back(number, by="小王", why="试", now=NOW)


async def test_of_two_who_save_at_the_same_moment_the_second_is_told(town, monkeypatch):
    await save(town, STALL)

    async def stale():
        return None

    monkeypatch.setattr("models.lexicon.versions.newest_version", stale)
    with pytest.raises(Refusal) as refused:
        await save(town, LAMP)
    assert "刚才" in refused.value.sentence
    assert await LexiconVersion.all().count() == 1


async def corrected_case(number, text, *, said="other", right="street_vending"):
    case = await Case.create(
        number=f"26070600{number:02}",
        state="handling",
        type=right,
        text=text,
        opened_at=NOW,
        due_at=NOW,
        changed_at=NOW,
    )
    await TypeCorrection.create(case_id=case.id, at=NOW, said=said, right=right, role="officer")
    return case


async def ended_cases(count=20):
    for number in range(count):
        await Case.create(
            number=f"26070500{number:02}",
            state="closed",
            type="street_light",
            text="路灯不亮",
            opened_at=NOW,
            due_at=NOW,
            changed_at=NOW,
        )


async def test_words_of_corrections_are_proposed_once_and_count_when_accepted(town):
    await ended_cases()
    for number in range(4):
        await corrected_case(number, f"板车卖瓜第{number}天")
    rows = await propose(town, now=NOW)
    row = next(row for row in rows if row.word == "板车")
    assert len(row.cases) == 4
    assert await propose(town, now=NOW) == []
    version = await accept_proposal(row.id, town=town, by="周姐", now=NOW)
    assert "板车" in version.change
    assert "2607060000" in version.why
    await refresh_classifier(town)
    assert town.classifier.classify("板车又来了").type == "street_vending"
    with pytest.raises(Refusal):
        await accept_proposal(row.id, town=town, by="周姐", now=NOW)


async def test_a_refused_word_does_not_come_again(town):
    await ended_cases()
    for number in range(4):
        await corrected_case(number, f"板车卖瓜第{number}天")
    assert await propose(town, now=NOW)
    for row in await list_proposals():
        await refuse_proposal(row.id, by="周姐", why="太常见", now=NOW)
    assert await list_proposals() == []
    assert await propose(town, now=NOW) == []
    assert await newest_version() is None


async def test_what_is_right_is_known_of_corrected_and_ended_cases_only(town):
    await corrected_case(1, "板车")
    for number, state in ((2, "closed"), (3, "handling")):
        await Case.create(
            number=f"26070600{number:02}",
            state=state,
            type="garbage",
            text="垃圾",
            opened_at=NOW,
            due_at=NOW,
            changed_at=NOW,
        )
    known = {past.name[-1]: past.right for past in await list_past()}
    assert known == {"1": {"street_vending"}, "2": {"garbage"}, "3": frozenset()}
    assert [past.name[-1] for past in await list_corrected()] == ["1"]


async def test_of_two_corrections_of_a_case_the_last_counts(town):
    case = await corrected_case(1, "板车")
    await TypeCorrection.create(
        case_id=case.id, at=NOW, said="street_vending", right="garbage", role="officer"
    )
    assert [past.right for past in await list_corrected()] == [{"garbage"}]
