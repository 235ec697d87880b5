"""A push acts once and is answered alike, however often it comes."""

import asyncio

import pytest
from letters import WORDS, Slow, answering, letter, push_xml
from stage import HERE

from handlers.kit.reply import Text
from models.cases.tables import Case, CaseEvent
from models.deliveries.tables import Delivery
from models.inbox import Letter
from models.talks import Talk


async def test_three_copies_at_once_are_answered_alike_and_open_one_case(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    answers = await stage.simulator.push(push_xml(stage, phone, Content="提交"), duplicates=3)
    case = await Case.get()
    assert {answer.text for answer in answers} == {answers[0].text}
    assert case.number in answers[0].text
    assert await CaseEvent.filter(step="report").count() == 1
    assert await Delivery.filter(key__startswith="late-").count() == 0


async def test_copies_that_come_one_after_another_get_the_first_answer_word_for_word(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    xml = push_xml(stage, phone, Content="提交")
    first = (await stage.simulator.push(xml))[0]
    await phone.say("帮助")
    stage.clock.advance(300)
    again = (await stage.simulator.push(xml))[0]
    assert again.raw["Content"] == first.raw["Content"]
    assert await Case.all().count() == 1


async def test_hundred_people_push_thrice_at_once_and_each_is_heard_once(stage):
    phones = [await stage.citizen(f"居民{number}") for number in range(100)]
    pushes = [push_xml(stage, phone, Content=f"路灯不亮，第{n}盏") for n, phone in enumerate(phones)]
    said = await asyncio.gather(*(stage.simulator.push(xml, duplicates=3) for xml in pushes))
    for answers in said:
        assert {answer.tries for answer in answers} == {1}
        assert len({answer.text for answer in answers}) == 1
    talks = await Talk.filter(topic="report")
    assert sorted(talk.data["text"][0] for talk in talks) == sorted(f"路灯不亮，第{n}盏" for n in range(100))
    assert all(len(talk.data["text"]) == 1 for talk in talks)


async def test_two_people_with_the_same_number_and_second_are_both_heard(stage):
    first, second = await stage.citizen("王阿姨"), await stage.citizen("老张")
    xml = push_xml(stage, first, Content="路灯不亮")
    answers = [
        (await stage.simulator.push(one))[0] for one in (xml, xml.replace(first.openid, second.openid))
    ]
    assert all("路灯" in answer.text for answer in answers)
    assert await Talk.filter(topic="report").count() == 2


async def test_copies_that_come_while_the_first_is_at_work_wait_for_its_answer(postgres_stage):
    stage, slow = postgres_stage, Slow()
    phone = await stage.citizen()
    path, incoming = answering(stage, slow), letter(postgres_stage, phone)
    first = asyncio.create_task(path.hear(incoming))
    await slow.running.wait()
    copies = [asyncio.create_task(path.hear(incoming)) for _ in range(2)]
    done, _ = await asyncio.wait(copies, timeout=0.2)
    assert not done, "a copy was answered before there was an answer"
    slow.go.set()
    assert await asyncio.gather(first, *copies) == [Text("好，记下了(1)")] * 3
    assert slow.runs == 1


async def test_copy_that_takes_over_a_claim_undoes_its_own_work_when_the_first_was_only_slow(postgres_stage):
    stage, slow = postgres_stage, Slow()
    phone = await stage.citizen()
    path, incoming = answering(stage, slow), letter(postgres_stage, phone)
    first = asyncio.create_task(path.hear(incoming))
    await slow.running.wait()
    stage.clock.advance(6)  # longer than a claim: the first might be dead
    copy = asyncio.create_task(path.hear(incoming))
    done, _ = await asyncio.wait({copy}, timeout=0.3)  # it waits for the person's row
    assert not done
    slow.go.set()
    said = await asyncio.gather(first, copy)
    assert said == [Text("好，记下了(1)")] * 2
    kept = await Letter.get(key=incoming.key)
    assert kept.reply["text"] == "好，记下了(1)"


@pytest.mark.parametrize("words", ["提交", "1"])
async def test_confirming_twice_opens_one_case(stage, words):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await asyncio.gather(phone.say(words), phone.say(words), phone.say(words))
    assert await Case.all().count() == 1
