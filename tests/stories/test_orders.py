"""A report's pieces in any order and in as many messages as it takes make one case with all of them."""

from dataclasses import dataclass
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from processes import spread
from stage import photo

from models.cases.tables import Case
from models.evidence import Evidence

PICTURE = photo()
NUMBERS = count()
WORDS = (
    ("路边的井盖坏了，一走就响，怕摔着人",),
    ("路灯不亮",),
    ("垃圾堆了好几天没人收，臭得很",),
    ("井盖坏了", "骑车的老人差点摔倒"),
    ("有人占道经营卖水果", "路都走不了，天天这样"),
)
ADDRESSES = ("就在幸福里后面那条小巷子，三号楼旁边", "胡埭路 12 号门口", "菜场北门对面")
SUBMIT = ("提交", "好了", "1")


@dataclass(frozen=True)
class Piece:
    """One message of a report."""

    kind: str
    words: str = ""


@st.composite
def reports(draw):
    """The pieces of one report in an order of their own, and how it is confirmed."""
    photos = [Piece("photo")] * draw(st.integers(1, 3))
    where = draw(
        st.one_of(st.just(Piece("place")), st.sampled_from(ADDRESSES).map(lambda a: Piece("words", a)))
    )
    what = draw(st.sampled_from(WORDS))
    order = draw(st.permutations([*photos, where, *[Piece("words")] * len(what)]))
    sentences = iter(what)  # two sentences come one after the other, whatever comes between them
    pieces = [Piece("words", next(sentences)) if piece == Piece("words") else piece for piece in order]
    return pieces, draw(st.sampled_from(SUBMIT))


async def send(phone, piece):
    if piece.kind == "photo":
        return await phone.photo(PICTURE)
    if piece.kind == "place":
        return await phone.locate(*spread(next(NUMBERS)))
    return await phone.say(piece.words)


@given(report=reports())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pieces_in_any_order_make_one_case_with_all_of_them(stage, report):
    pieces, confirm = report
    phone = await stage.citizen()
    said = [(await send(phone, piece)).text for piece in pieces]
    said.append((await phone.say(confirm)).text)
    if "是同一件吗" in said[-1]:
        said.append((await phone.say("2")).text)
    case = await Case.get(reporter__openid=phone.openid)
    assert case.number in said[-1], said
    words = [piece.words for piece in pieces if piece.words]
    assert case.text.split("\n") == words
    photos = [piece for piece in pieces if piece.kind == "photo"]
    assert await Evidence.filter(case_id=case.id).count() == len(photos)
    assert case.address
    assert not any(case.address in sentences for sentences in WORDS), "a story is no address"


async def test_address_by_itself_begins_a_report_and_the_matter_is_asked_for(stage):
    phone = await stage.citizen()
    asked = (await phone.say("菜场北门对面")).text
    assert "位置收到：菜场北门对面" in asked
    assert "是什么事" in asked
    assert "提交" in (await phone.say("路灯不亮")).text
    await phone.say("提交")
    case = await Case.get()
    assert (case.type, case.text) == ("street_light", "菜场北门对面\n路灯不亮")
