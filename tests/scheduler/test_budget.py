"""Whatever people do and whatever is owed to them, the platform never has to say no; it is the judge here."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from owing import owe, refused

from models.deliveries.tables import Delivery, Owing

DEEDS = st.one_of(
    st.tuples(st.just("say"), st.just(0)),
    st.tuples(st.just("tap"), st.just(0)),
    st.tuples(st.just("menu"), st.just(0)),
    st.tuples(st.just("scan"), st.just(0)),
    st.tuples(st.just("owe"), st.integers(1, 7)),
    st.tuples(
        st.just("pass"), st.sampled_from([1, 20, 54, 55, 56, 60, 61, 600, 86400, 172799, 172800, 172801])
    ),
    st.tuples(st.just("run"), st.just(0)),
)


async def do(stage, phone, deed, amount):
    match deed:
        case "say":
            await phone.say("你好")
        case "tap":
            await phone.tap("99", "帮助")
        case "menu":
            await phone._event("CLICK", {"EventKey": "HELP"})
        case "scan":
            await phone.scan("somewhere")
        case "owe":
            for number in range(amount):
                await owe(stage, phone, choices=[["11", "满意"]] if number % 3 == 2 else [])
        case "pass":
            stage.clock.advance(amount)
        case "run":
            await stage.run_jobs(times=1)


@given(deeds=st.lists(DEEDS, min_size=3, max_size=14), templates=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_sequence_of_deeds_makes_the_platform_say_no(stage, deeds, templates):
    if not templates:
        stage.without_templates()
    phone = await stage.citizen()
    before = len(refused(stage))
    for deed, amount in deeds:
        await do(stage, phone, deed, amount)
        stage.clock.advance(1)  # two taps of one second are one event to the platform
    await stage.run_jobs(times=2)
    assert refused(stage)[before:] == []
    mine = await Delivery.filter(person__openid=phone.openid)
    assert {one.state for one in mine} <= {Owing.SENT, Owing.WAITING}
    told = [line for bubble in phone.received for line in bubble.text.splitlines()]
    for one in mine:
        way = one.channel if one.state == Owing.SENT else "nothing"
        assert told.count(one.text) == (way in {"customer", "reply"}), f"{one.text} by {way}"
