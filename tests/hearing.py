"""Hears for whole stories: after each step, what everybody was told, in words and in number."""

from stage import HERE, photo

from models.cases.history import find_break
from models.cases.queries import list_history
from models.cases.tables import Case
from models.deliveries.tables import Delivery, Owing
from models.lifecycle import Role

WORDS = "路边的井盖坏了，一走就响，怕摔着人"
PICTURE = "（照片）"


class Ears:
    """All people of a story by name, and what each of them was told since somebody asked last."""

    def __init__(self, stage, **phones):
        self.stage, self.phones, self.last = stage, phones, 0

    def __getattr__(self, name):
        try:
            return self.phones[name]
        except KeyError:
            raise AttributeError(name) from None

    async def expect(self, **told):
        """Let everything be sent, then compare: ``reporter="words"`` is one delivery with them, a list is several."""
        heard = await self.listen()
        wanted = {name: [words] if isinstance(words, str) else words for name, words in told.items()}
        assert {name: len(texts) for name, texts in heard.items()} == {
            name: len(texts) for name, texts in wanted.items()
        }, heard
        for name, texts in wanted.items():
            for words, text in zip(texts, heard[name], strict=True):
                assert words in text, (name, words, text)

    async def listen(self):
        """Let everything be sent; return what each person was told since the last time, oldest first."""
        await self.stage.run_jobs()
        names = {phone.openid: name for name, phone in self.phones.items()}
        heard = {}
        for row in await Delivery.filter(id__gt=self.last).order_by("id").prefetch_related("person"):
            self.last = row.id
            name = names.get(row.person.openid, f"somebody else ({row.person.name})")
            if row.person.following and row.text:  # a picture is sent within a reply window only
                assert row.state is Owing.SENT, (name, row.state, row.text)
            heard.setdefault(name, []).append(row.text or PICTURE)
        return heard


async def cast(stage):
    """One of each: who reported, who joins, an officer, a colleague, the leader, the desk, an admin, a patrol."""
    return Ears(
        stage,
        reporter=await stage.citizen("王阿姨"),
        joined=await stage.citizen("老张"),
        officer=await stage.officer(name="小李"),
        colleague=await stage.officer(name="虞大伟"),
        leader=await stage.officer(name="老陈", role=Role.LEADER),
        desk=await stage.dispatcher(),
        admin=await stage.officer("zhihui", name="尤主任", role=Role.ADMIN),
        patrol=await stage.officer("zhihui", name="老吴", role=Role.PATROL),
    )


async def report(phone, words=WORDS, place=HERE, label=""):
    """Report with a photo, a place and words; return the case."""
    await phone.photo(photo())
    await phone.locate(*place, label)
    await phone.say(words)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def join(phone, words=WORDS, place=HERE):
    """Report the same as somebody else did, and say that it is the same."""
    await phone.photo(photo("同一处"))
    await phone.locate(*place)
    await phone.say(words)
    assert "是同一件吗" in (await phone.say("提交")).text
    assert "加进案件" in (await phone.say("1")).text


async def hand_back(phone, case, words="已换新井盖"):
    """Hand the case back with words and a photo."""
    await phone.say(f"办结 {case.number} {words}")
    assert "等核查" in (await phone.photo(photo("修好"))).text


async def state_of(case):
    """Return the state of the case, whose history holds together."""
    await case.refresh_from_db()
    assert find_break(case, await list_history(case)) is None
    return case.state
