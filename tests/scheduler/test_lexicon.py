"""Every process follows the town's lexicon; words are proposed by night only."""

from datetime import UTC, datetime

from models.cases.corrections import TypeCorrection
from models.cases.tables import Case
from models.lexicon.tables import WordProposal
from models.lexicon.versions import go_back, save_change
from models.lexicon.words import WordChange
from scheduler.jobs import JOBS
from scheduler.lexicon import propose_words
from scheduler.run import Timetable

TEN_PAST_THREE = datetime(2026, 7, 6, 19, 10, tzinfo=UTC)


async def test_two_processes_both_follow_a_change_and_the_way_back(stage):
    job = next(job for job in JOBS if job.name == "refresh_lexicon")
    first, second = Timetable(stage.house.tools), Timetable(stage.house.tools)
    town, now = stage.house.town, stage.clock.now()
    await save_change([WordChange("dogs", "翘翘怪", 8.0)], town=town, by="小王", why="试", now=now)
    assert await first.run(job) == 1
    assert town.classifier.classify("翘翘怪").type == "dogs"
    assert await second.run(job) == 0, "it looked as well: nothing was newer"
    await go_back(0, by="小王", why="试完了", now=now)
    assert await second.run(job) == 1
    assert town.classifier.classify("翘翘怪").type != "dogs"


async def test_words_are_proposed_between_three_and_four_at_night(stage):
    town = stage.house.town
    now = stage.clock.now()
    for number in range(24):
        fresh = number >= 20
        case = await Case.create(
            number=f"26070500{number:02}",
            state="handling" if fresh else "closed",
            type="street_vending" if fresh else "street_light",
            text=f"翘翘铺又来了第{number}次" if fresh else "路灯不亮",
            opened_at=now,
            due_at=now,
            changed_at=now,
        )
        if fresh:
            await TypeCorrection.create(
                case_id=case.id, at=now, said="other", right="street_vending", role="officer"
            )
    assert await propose_words(town, stage.clock) == 0
    stage.clock.advance((TEN_PAST_THREE - now).total_seconds())
    assert await propose_words(town, stage.clock) > 0
    assert {row.type for row in await WordProposal.all()} == {"street_vending"}
    assert await propose_words(town, stage.clock) == 0
