"""What is owed goes the cheapest permitted way, at most once, and never beyond what the platform grants."""

import pytest
from owing import owe, refused, said_to

from bot.demo import TEMPLATES
from models.deliveries.actions import Chosen, retry_deliveries
from models.deliveries.claims import claim_next
from models.deliveries.sender import Channel, Outcome, Result
from models.deliveries.tables import Delivery, Owing
from models.errors import Refusal
from models.people import Person
from scheduler.deliver import AT_ONCE, deliver_owed, recover

NOTICE = "S-progress"


async def state_of(delivery):
    await delivery.refresh_from_db()
    return delivery.state, delivery.channel


async def writer(stage, name="王阿姨"):
    """Somebody who has just written."""
    phone = await stage.citizen(name)
    await phone.say("你好")
    return phone


def with_notices(stage, monkeypatch):
    """Play a town whose account has a subscribe notice beside the template of the same use."""
    known = stage.house.tools.sender._templates["progress"]
    templates = {"progress": type(known)(known.template, NOTICE, known.fields)}
    monkeypatch.setattr(stage.house.tools.sender, "_templates", templates)
    fields = stage.simulator.platform.templates[TEMPLATES["progress"][0]]["fields"]
    monkeypatch.setattr(stage.simulator.platform, "notices", {NOTICE: {"title": "进展", "fields": fields}})
    stage.house.tools.ready()["progress"] = [Channel.SUBSCRIBE, Channel.TEMPLATE]


# --- which way ---


async def test_inside_the_window_it_goes_as_a_customer_message(stage):
    phone = await writer(stage)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    assert await state_of(delivery) == (Owing.SENT, "customer")
    assert said_to(stage, phone) == [delivery.text]
    assert not stage.simulator.calls("template/send")


async def test_follower_who_never_wrote_can_be_told_three_things_in_the_first_minute(stage):
    phone = await stage.citizen()
    stage.without_templates()
    owed = [await owe(stage, phone) for _ in range(4)]
    await stage.run_jobs()
    assert [(await state_of(one))[0] for one in owed] == [Owing.SENT] * 3 + [Owing.WAITING]
    assert not refused(stage)


async def test_out_of_the_window_a_notice_goes_before_a_template(stage, monkeypatch):
    with_notices(stage, monkeypatch)
    phone = await writer(stage)
    await phone.subscribe(NOTICE)
    stage.clock.advance(3 * 86400)
    first, second = await owe(stage, phone), await owe(stage, phone)
    await stage.run_jobs()
    assert await state_of(first) == (Owing.SENT, "subscribe")
    assert await state_of(second) == (Owing.SENT, "template"), "one yes is good for one notice"
    assert not stage.simulator.calls("custom/send")


async def test_out_of_the_window_it_goes_as_a_template_with_its_fields_and_link(stage):
    phone = await writer(stage)
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone, url="https://town.example/h5/c/1")
    await stage.run_jobs()
    assert await state_of(delivery) == (Owing.SENT, "template")
    call = stage.simulator.calls("template/send")[-1].body
    assert call["url"] == "https://town.example/h5/c/1"
    assert call["data"]["character_string1"]["value"] == "2607060001"


async def test_without_any_way_it_waits_for_the_next_contact_and_rides_on_that_answer(stage):
    phone = await writer(stage)
    stage.without_templates()
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    assert (await state_of(delivery))[0] == Owing.WAITING
    assert not stage.simulator.calls("custom/send")
    answer = await phone.say("帮助")
    assert delivery.text in answer.text
    assert await state_of(delivery) == (Owing.SENT, "reply")
    await stage.run_jobs()
    assert said_to(stage, phone) == [], "it is not told twice"


async def test_what_asks_something_is_asked_anew_at_the_next_contact_not_hidden_in_an_answer(stage):
    phone = await writer(stage)
    stage.without_templates()
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone, choices=[["11", "满意"], ["12", "不满意"]])
    await stage.run_jobs()
    assert delivery.text not in (await phone.say("帮助")).text
    await stage.run_jobs()
    assert await state_of(delivery) == (Owing.SENT, "customer")
    assert phone.received[-1].kind == "msgmenu"


async def test_what_does_not_fit_on_the_answer_follows_it(stage):
    phone = await writer(stage)
    stage.without_templates()
    stage.clock.advance(3 * 86400)
    owed = [await owe(stage, phone, text=f"{n}" + "长" * 400) for n in range(3)]
    await stage.run_jobs()
    await phone.say("帮助")
    await stage.run_jobs()
    assert [(await state_of(one))[0] for one in owed] == [Owing.SENT] * 3
    everything = "".join(bubble.text for bubble in phone.received)
    assert [everything.count(one.text) for one in owed] == [1, 1, 1]


async def test_words_without_fields_never_go_as_an_empty_template(stage):
    phone = await writer(stage)
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone, fields_={})
    await stage.run_jobs()
    assert not stage.simulator.calls("template/send")
    assert delivery.text in (await phone.say("帮助")).text


async def test_picture_alone_is_not_kept_for_the_next_contact(stage):
    phone = await writer(stage)
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone, text="", use="photo", photo="0" * 64, fields_={})
    await Delivery.filter(id=delivery.id).update(text="")
    await stage.run_jobs()
    assert (await state_of(delivery))[0] == Owing.DROPPED


async def test_who_left_is_told_nothing(stage):
    phone = await writer(stage)
    delivery = await owe(stage, phone)
    await phone.unfollow()
    await stage.run_jobs()
    assert (await state_of(delivery))[0] == Owing.DROPPED
    assert not stage.simulator.calls("custom/send")


# --- what the platform says ---


async def test_window_that_the_platform_closed_earlier_leads_to_the_next_way(stage):
    phone = await writer(stage)
    phone.person.windows.close()
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    assert refused(stage) == [45015]
    assert await state_of(delivery) == (Owing.SENT, "template")
    await owe(stage, phone)
    await stage.run_jobs()
    assert refused(stage) == [45015], "it is not asked again before the person writes"


async def test_lost_answer_of_a_customer_message_is_shown_as_uncertain_and_never_sent_again(stage):
    phone = await writer(stage)
    stage.simulator.order_fault("lost_reply", path="custom/send", times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    await stage.pass_time(minutes=30)
    await stage.pass_time(days=1)
    assert (await state_of(delivery))[0] == Owing.UNCERTAIN
    assert len(stage.simulator.calls("custom/send")) == 1


async def test_lost_answer_of_a_template_is_tried_again_under_the_same_key_and_arrives_once(stage):
    phone = await writer(stage)
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("lost_reply", path="template/send", times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    await stage.pass_time(minutes=2)
    assert await state_of(delivery) == (Owing.SENT, "template")
    keys = [call.body["client_msg_id"] for call in stage.simulator.calls("template/send")]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert [bubble.kind for bubble in phone.bubbles].count("template") == 1


async def test_platform_in_trouble_leaves_it_uncertain_and_never_tells_twice(stage):
    phone = await writer(stage)
    stage.simulator.order_fault("server_error", path="custom/send", times=2)
    delivery = await owe(stage, phone)
    for _ in range(6):
        await stage.pass_time(minutes=15)
    assert (await state_of(delivery))[0] in {Owing.SENT, Owing.UNCERTAIN}
    assert said_to(stage, phone).count(delivery.text) <= 1


async def test_one_that_cannot_be_sent_does_not_hold_up_the_others(stage):
    first, second = await writer(stage), await writer(stage, "老张")
    bad = await owe(stage, first, text="", photo="0" * 64)
    await Delivery.filter(id=bad.id).update(text="")
    good = await owe(stage, second)
    await stage.run_jobs()
    assert (await state_of(bad))[0] == Owing.FAILED
    assert (await state_of(good))[0] == Owing.SENT


async def test_person_may_have_an_uncertain_one_sent_again_once_they_know_what_it_means(stage):
    phone = await writer(stage)
    stage.simulator.order_fault("lost_reply", path="custom/send", times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    chosen = Chosen(ids=(delivery.id,))
    with pytest.raises(Refusal, match="两遍"):
        await retry_deliveries(chosen, now=stage.clock.now())
    assert await retry_deliveries(chosen, may_repeat=True, now=stage.clock.now()) == 1
    await stage.run_jobs()
    assert await state_of(delivery) == (Owing.SENT, "customer")


async def test_the_same_thing_is_owed_once(stage):
    phone = await writer(stage)
    await owe(stage, phone, key="same", text="一")
    await owe(stage, phone, key="same", text="二")
    await stage.run_jobs()
    assert len(said_to(stage, phone)) == 1


async def test_one_go_ends_and_the_next_takes_up_the_rest(stage):
    sent = []

    class Counting:
        async def send(self, parcel):
            sent.append(parcel.key)
            return Outcome(Result.SENT)

    phones = [await writer(stage, f"居民{n}") for n in range(AT_ONCE // 5 + 2)]
    owed = [await owe(stage, phone) for phone in phones for _ in range(5)]
    ready = stage.house.tools.ready
    assert await deliver_owed(Counting(), stage.clock, ready=ready) == AT_ONCE
    assert await deliver_owed(Counting(), stage.clock, ready=ready) == len(owed) - AT_ONCE
    assert sent == [one.key for one in owed], "the oldest first, each once"


# --- a process that dies while it sends ---


async def test_customer_message_of_a_dead_process_is_uncertain_and_is_not_repeated(stage):
    phone = await writer(stage)
    delivery = await owe(stage, phone)
    assert await claim_next(now=stage.clock.now(), ready={}) is not None
    assert await recover(stage.clock) == 0, "it may still be at work"
    stage.clock.advance(61)
    assert await recover(stage.clock) == 1
    await stage.run_jobs()
    assert (await state_of(delivery))[0] == Owing.UNCERTAIN
    assert not stage.simulator.calls("custom/send")
    person = await Person.get(openid=phone.openid)
    assert person.message_used == 1, "it counts as spent: it may have arrived"


async def test_template_of_a_dead_process_is_sent_again_under_its_key_and_arrives_once(stage):
    phone = await writer(stage)
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone)
    tools = stage.house.tools
    owed = await claim_next(now=stage.clock.now(), ready=tools.ready())
    assert (await tools.sender.send(owed.parcel)).result is Result.SENT  # and then it dies
    stage.clock.advance(61)
    await stage.run_jobs()
    assert await state_of(delivery) == (Owing.SENT, "template")
    assert [bubble.kind for bubble in phone.bubbles].count("template") == 1


async def test_nothing_is_claimed_twice(stage):
    phone = await writer(stage)
    await owe(stage, phone)
    now = stage.clock.now()
    assert await claim_next(now=now, ready={}) is not None
    assert await claim_next(now=now, ready={}) is None
