"""A phone may send any id: a tap counts only for whom it was offered to, or whose case it is; its action checks too."""

import pytest
from hearing import WORDS, cast, join, report, state_of
from stage import HERE, photo

from handlers.chat.forged import NOT_FOR_STAFF, NOT_FOR_YOU
from models.cases import taps
from models.cases.actions import join_case, supplement_case, urge_case
from models.cases.moves import Actor, Move
from models.cases.tables import Case, CaseEvent, Following
from models.errors import Refusal
from models.evidence import Evidence
from models.lifecycle import Role
from models.people import Person

EVERY = {name: value for name, value in vars(taps).items() if name.isupper() and isinstance(value, str)}
FORGERS = ("stranger", "colleague", "other")
AWAY = (HERE[0] + 0.004, HERE[1])
ILL = "我妈妈癌症晚期，想问雨棚怎么申请"


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case, a stranger, and an officer of another unit."""
    town = await cast(stage)
    town.phones["stranger"] = await stage.citizen("路人")
    town.phones["other"] = await stage.officer("yuanlin", name="小林")
    return town


@pytest.fixture
async def case(town):
    """A case in an officer's hands."""
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    return case


@pytest.fixture
async def question(town):
    """A question to the desk about somebody's illness."""
    await town.reporter.say(f"人工 {ILL}")
    await town.listen()
    return await Case.all().order_by("-id").first()


async def rows_of(case):
    """What anybody could have changed of the case."""
    await case.refresh_from_db()
    return (
        (case.state, case.followers, case.urged, case.rating, case.steps),
        await CaseEvent.filter(case_id=case.id).count(),
        await Evidence.filter(case_id=case.id).count(),
        await Following.filter(case_id=case.id).count(),
    )


async def person_of(phone):
    return await Person.get(openid=phone.openid)


@pytest.mark.parametrize("who", FORGERS)
async def test_no_forged_tap_changes_a_case_or_tells_of_it(town, case, who):
    phone, before = town.phones[who], await rows_of(case)
    for name, tap in EVERY.items():
        for begun in (False, True):
            if begun:  # with a photo in hand that the tap could give away
                await phone.photo(photo(name))
            said = (await phone.tap(tap + case.number, "好")).text
            assert WORDS not in said, name
            if tap not in taps.PUBLIC:
                assert said in {NOT_FOR_YOU, NOT_FOR_STAFF}, name
            await phone.say("取消")
    assert await rows_of(case) == before
    await town.expect()


@pytest.mark.parametrize("who", FORGERS)
async def test_no_forged_tap_finds_a_question_to_the_desk(town, question, who):
    phone, before = town.phones[who], await rows_of(question)
    for name, tap in EVERY.items():
        said = (await phone.tap(tap + question.number, "好")).text
        assert not [word for word in ("癌症", "雨棚", "咨询") if word in said], name
        await phone.say("取消")
    assert await rows_of(question) == before


async def test_taps_on_ones_own_case_reach_what_they_stand_for(town, case):
    for name, tap in EVERY.items():
        said = (await town.reporter.tap(tap + case.number, "好")).text
        assert said not in {"", NOT_FOR_YOU}, name
        await town.reporter.say("取消")
    assert await state_of(case) == "handling"


async def test_number_of_a_question_is_unknown_to_strangers_and_known_to_who_asked(town, question):
    unknown = "2607069999"
    for words in ("{}", "进度 {}", "查 {}", "补充 {} 好", "催办 {}", "撤回 {}", "不满意 {} 不好"):
        told = (await town.stranger.say(words.format(question.number))).text
        assert (
            told.replace(question.number, unknown) == (await town.stranger.say(words.format(unknown))).text
        ), words
    told = (await town.other.say(question.number)).text
    assert told.replace(question.number, unknown) == (await town.other.say(unknown)).text
    assert "咨询" in (await town.desk.say(question.number)).text
    assert "咨询" in (await town.reporter.say(f"进度 {question.number}")).text


async def test_tap_for_somebody_else_is_not_ones_own(town, case):
    """What was offered to one person is nothing in another's hands, also when it is passed on."""
    await town.joined.photo(photo("同一处"))
    await town.joined.locate(*HERE)
    await town.joined.say(WORDS)
    asked = await town.joined.say("提交")
    assert "是同一件吗" in asked.text
    await town.stranger.photo(photo("别的"))
    assert (await town.stranger.tap(taps.JOIN + case.number, "是同一件，一起跟进")).text == NOT_FOR_YOU
    assert "加进案件" in (await town.joined.tap(taps.JOIN + case.number, "是同一件，一起跟进")).text
    assert (await rows_of(case))[3] == 1


async def test_old_button_works_days_later_for_whom_it_was_offered_to(stage, town, case):
    await town.joined.photo(photo("同一处"))
    await town.joined.locate(*HERE)
    await town.joined.say(WORDS)
    await town.joined.say("提交")
    await town.joined.say("取消")
    await town.joined.say("帮助")  # something else was asked since
    await stage.pass_time(days=3)
    assert "加进案件" in (await town.joined.tap(taps.JOIN + case.number, "是同一件，一起跟进")).text
    assert await Following.filter(case_id=case.id).count() == 1


async def test_old_button_takes_nothing_from_a_report_of_another_place(town, case):
    await town.joined.photo(photo("同一处"))
    await town.joined.locate(*HERE)
    await town.joined.say(WORDS)
    await town.joined.say("提交")
    await town.joined.say("取消")
    await town.joined.photo(photo("别处"))
    await town.joined.locate(*AWAY)
    pieces = await Evidence.filter(case_id=case.id).count()
    assert "加进案件" in (await town.joined.tap(taps.JOIN + case.number, "是同一件，一起跟进")).text
    assert await Evidence.filter(case_id=case.id).count() == pieces
    await town.joined.say("路灯不亮")
    assert "案件编号" in (await town.joined.say("提交")).text, "the report of the other place went on"
    assert await Case.all().count() == 2


async def test_button_of_a_delivery_works_days_later(stage, town):
    case = await report(town.reporter)
    await stage.run_jobs()
    await town.officer.say("帮助")
    await stage.pass_time(days=2)
    assert "归您" in (await town.officer.tap(taps.TAKE + case.number, "接单")).text


async def test_letters_that_merely_quote_a_number_offer_nothing(town, case):
    tap = taps.JOIN + case.number
    for words in (tap, f'"{tap}"', f'[["{tap}","好"]]', f'"choices":[["{tap}","好"]]'):
        await town.stranger.say(words)
    await town.stranger.photo(photo())
    assert (await town.stranger.tap(tap, "好")).text == NOT_FOR_YOU


@pytest.mark.parametrize("wild", ["41%", "41__________", "65%0001", "4126070600٠١"])
async def test_ids_that_are_no_numbers_find_nothing(town, case, wild):
    before = await rows_of(case)
    await join(town.joined)
    assert (await town.joined.tap(wild, "好")).text == NOT_FOR_YOU
    assert (await rows_of(case))[3] == before[3] + 1


async def test_actions_check_whose_the_case_is(stage, town, case, question):
    stranger, other = await person_of(town.stranger), await person_of(town.other)
    given = {"town": stage.town, "now": stage.clock.now()}
    for actor in (
        Actor(Role.CITIZEN, stranger),
        Actor(Role.FOLLOWER, stranger),
        Actor(Role.REPORTER, stranger),
        Actor(Role.OFFICER, other),
        Actor(Role.OFFICER, None, "别的平台", "yuanlin"),
        Actor(Role.CITIZEN),
    ):
        for deed in (
            supplement_case(case.id, Move("supplement", actor, "乱写"), **given),
            urge_case(case.id, actor, **given),
        ):
            with pytest.raises(Refusal):
                await deed
    with pytest.raises(Refusal):
        await join_case(question.id, stranger, note="", evidence=(), **given)
    assert (await rows_of(question))[3] == 0
