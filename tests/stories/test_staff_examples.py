"""Every example of docs/staff.zh.md is read from the file and played through the door, in a situation that fits it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hearing import cast, report
from stage import HERE, Stage, photo

from models.cases.tables import Case, Serial

GUIDE = Path(__file__).parents[2] / "docs" / "staff.zh.md"
NEARBY = (HERE[0] + 0.002, HERE[1])
OF_NAMES = {"治本案件", "是不是要…"}  # what stands in quotation marks and is said by nobody


@dataclass(frozen=True)
class Played:
    """Who says it, what happened before, and what is so afterwards: words that are read, and the state of 0012."""

    who: str
    before: tuple = ()
    words: str = ""
    state: str = ""
    number: str = "0012"
    is_question: bool = False  # 0012 is a question to a person, not a report


TAKEN = (("officer", "接单 0012"),)
BACK = (("officer", "退回 0012 不归我们管"),)
DONE = (*TAKEN, ("officer", "办结 0012 已换新井盖"), ("officer", photo))
PAUSE_ASKED = (*TAKEN, ("officer", "暂缓 0012 12月1日 等管线迁改"))
SECOND = (("second", ""),)
ACCEPTED = (("desk", "改类 0012 illegal_building"),)
TO_SEE = (*ACCEPTED, ("desk", "核实 0012"))

SITUATIONS = {
    "待办": Played("officer", words="0012"),
    "0012": Played("officer", words="2607060012"),
    "撤销": Played("officer", TAKEN, "撤销了", "dispatched"),
    "取消": Played("officer", (("officer", "退回 0012"),), "先不办", "dispatched"),
    "接单 0012": Played("officer", words="接好了", state="handling"),
    "退回 0012 不归我们管，该找市政": Played("officer", words="已退回", state="returned"),
    "办结 0012 已换新井盖": Played("officer", TAKEN, "照片", "handling"),
    "0012修好了": Played("officer", TAKEN, "照片", "handling"),
    "延期 0012 等新井盖到货": Played("officer", TAKEN, "延期申请交上去了"),
    "暂缓 0012 12月1日 等管线迁改": Played("officer", TAKEN, "暂缓申请交上去了"),
    "转派 0012 虞大伟 我在外面": Played("officer", TAKEN, "转给同事了", "dispatched"),
    "转派": Played("officer", TAKEN, "转给谁"),
    "备注": Played("officer", TAKEN, "要备注什么"),
    "问 0012 是靠马路那个吗？": Played("officer", TAKEN, "已去问上报人", "asking"),
    "备注 0012 已约物业": Played("officer", TAKEN, "记下了"),
    "店铺 0012 老王面馆": Played("officer", TAKEN, "记到这家店名下"),
    "督办 0012 情况和办法": Played("officer", (*TAKEN, ("desk", "发督办 0012 抓紧")), "督办回复交上去了"),
    "报进展 0012 已进场": Played("officer", (*TAKEN, ("desk", "挂牌 0012 换整段")), "进展记下了"),
    "申诉 0012 暴雨封路": Played(
        "officer",
        (*TAKEN, ("hours", 3), ("officer", "办结 0012 已换新井盖"), ("officer", photo)),
        "申诉交上去了",
    ),
    "派 0012": Played("desk", BACK, "已派给", "dispatched"),
    "派 0012 环卫所": Played("desk", TAKEN, "已派给环卫所", "dispatched"),
    "收回 0012": Played("desk", TAKEN, "收回了", "returned"),
    "不受理 0012 原因": Played("desk", BACK, "不受理", "rejected"),
    "答 0012 内容": Played("desk", BACK, "已答复", "closed"),
    "人工": Played("reporter", words="打在下面"),
    "答 0012 要先到社区登记": Played("desk", words="已答复", state="talking", is_question=True),
    "结束 0012": Played("desk", (("desk", "答 0012 要登记"),), "结束了", "closed", is_question=True),
    "通过 0012": Played("desk", DONE, "已办结", "closed"),
    "没处理好 0012 原因": Played("desk", DONE, "再去处理", "handling"),
    "同意 0012": Played("desk", (*TAKEN, ("officer", "延期 0012 等材料")), "已同意"),
    "不同意 0012 原因": Played("desk", (*TAKEN, ("officer", "延期 0012 等材料")), "不同意"),
    "同意 0012 12月1日": Played("desk", PAUSE_ASKED, "暂缓到 12月1日", "suspended"),
    "同意 0013": Played(
        "desk",
        (
            *SECOND,
            *(("officer", "接单 0013"), ("officer", "延期 0013 等材料")),
            *(*BACK, ("desk", "不受理 0012")),
        ),
        "已同意",
        "returned",
    ),
    "合并 0013 2607060012": Played("desk", SECOND, "并过去了", "merged", number="0013"),
    "分开 0013": Played("desk", (*SECOND, ("desk", "合并 0013 0012")), "单独办", "dispatched", number="0013"),
    "拆分 0012 环卫所、市政养护队": Played("desk", words="分下去了", state="split"),
    "改类 0012 路灯照明": Played("desk", words="改为「路灯", state="dispatched"),
    "核实 0012": Played("desk", ACCEPTED, "已请人去现场看", "accepted"),
    "发督办 0012 内容": Played("desk", TAKEN, "督办单发出了"),
    "挂牌 0012 办法": Played("desk", TAKEN, "挂牌了"),
    "摘牌 0012": Played("desk", (*TAKEN, ("desk", "挂牌 0012 换整段")), "摘牌了"),
    "恢复 0012": Played("desk", (*PAUSE_ASKED, ("desk", "同意 0012")), "恢复处理了", "handling"),
    "返工 0012": Played("desk", (*DONE, ("desk", "通过 0012"), ("reporter", "满意")), "返工", "handling"),
    "巡查": Played("patrol", DONE, "要看的有 1 件"),
    "打卡": Played("patrol", words="发位置"),
    "核查通过": Played("patrol", DONE, "核查通过", "closed"),
    "没处理好": Played("patrol", DONE, "哪里没处理好", "handed_back"),
    "核查通过 0012": Played("patrol", DONE, "核查通过", "closed"),
    "没处理好 0012 盖子还响": Played("patrol", DONE, "再去", "handling"),
    "接单": Played("officer", (), "这件归您", "handling"),
    "属实 0012": Played("patrol", TO_SEE, "现场情况交上去了"),
    "不属实 0012": Played("patrol", TO_SEE, "现场情况交上去了"),
}


def examples():
    """Return what stands in quotation marks in the guide, each once."""
    return sorted(set(re.findall("「([^」]*)」", GUIDE.read_text(encoding="utf-8"))) - OF_NAMES)


@pytest.fixture
async def stage(stage_town, sqlite_url, tmp_path):
    """A stage on one database: the table is long."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=datetime(2026, 7, 6, 1, 0, tzinfo=UTC)) as stage:
        yield stage


async def take(stage, town, who, what):
    """Let one thing happen that came before."""
    if who == "hours":
        return await stage.pass_time(hours=what)
    if who == "second":
        return await report(town.joined, "人行道上一个井盖松动", NEARBY)
    phone = town.phones[who]
    if what is photo:
        return await phone.photo(photo("修好"))
    told = (await phone.say(what)).text
    assert "没找到" not in told, (what, told)
    return None


def test_every_example_has_a_situation_and_every_situation_an_example():
    assert set(examples()) == set(SITUATIONS)
    assert len(SITUATIONS) > 45


@pytest.mark.parametrize("example", SITUATIONS)
async def test_example_of_the_guide_does_what_the_guide_says(stage, example):
    played, town = SITUATIONS[example], await cast(stage)
    await stage.officer("huanwei", name="小张")
    await Serial.create(day="260706", given=11)
    if played.is_question:
        await town.reporter.say("人工 老房子想加装雨棚")
    else:
        await report(town.reporter)
    for who, what in played.before:
        await take(stage, town, who, what)
    said = (await town.phones[played.who].say(example)).text
    assert played.words in said
    if played.state:
        assert (await Case.get(number=f"260706{played.number}")).state == played.state
