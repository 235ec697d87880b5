"""Danger to life is heard before anything else, and only when it is there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import small_city

from models.city.city import Emergency
from models.classify.danger import find_elsewhere, find_emergency

CITY = small_city()
DANGERS = [
    ("三楼着火了", "着火"),
    ("着火啦!!!🔥🔥", "着火"),
    ("我家起火了,我好怕", "着火"),
    ("火锅店厨房着火", "着火"),
    ("楼道里有很浓的煤气味", "燃气泄漏"),
    ("闻到煤气味怎么办", "燃气泄漏"),
    ("去年也着火,现在又着火了", "着火"),
    ("没有人管!隔壁着火了", "着火"),
    ("电线掉在地上还在冒火花", "触电漏电"),
    ("路面塌陷了,有车掉进去", "塌陷坍塌"),
    ("有个老人晕倒在路边快来", "有人受伤"),
    ("窨井的井盖不见了", "井盖缺失"),
    ("这口井没有井盖", "井盖缺失"),
    ("消防栓旁边水管爆裂", "水管爆裂"),
    ("楼下电瓶车充电冒烟", "着火"),
    ("屋里有煤气味道", "燃气泄漏"),
    ("小孩掉进窨井了", "落水落井"),
    ("救命啊有人掉河里", "落水落井"),
    ("一家人煤气中毒了", "有人受伤"),
    ("广告牌快倒了", "塌陷坍塌"),
    ("有人触电了", "触电漏电"),
    ("我不想活了", "轻生"),
    ("老人走丢了", "走失"),
    ("他打我,我怕", "家里打人"),
    ("烧烤摊前面打起来了", "打架行凶"),
    ("有人拿刀追人", "打架行凶"),
]
# What people say before and after it: fear, questions and calls for help make it no less live.
HITS = [
    "着火了",
    "有人触电了",
    "煤气味很重",
    "电梯困人",
    "有人掉进没盖子的井里",
    "出车祸了",
    "老人摔倒了起不来",
]
AFTER = [
    *(
        "我怕",
        "我怕得很",
        "怎么办",
        "快打电话",
        "报警器一直响",
        "我不敢过去",
        "是不是要打119",
        "你们快来啊",
        "会不会出人命",
    ),
    *(
        "没人管",
        "不知道要不要紧",
        "千万别爆炸",
        "担心还有人",
        "请问找谁",
        "如果再不来就完了",
        "求求你们",
        "我一个人在家好害怕",
    ),
]
BEFORE = [
    *(
        "救命啊",
        "我好害怕",
        "你们好我是三号楼的",
        "没人管",
        "打你们电话打不通",
        "我不是开玩笑",
        "刚刚",
        "这不是演习",
    ),
    *("不知道怎么办了", "我家隔壁", "急死人了"),
]
VETOES = [
    *(
        "万一",
        "如果",
        "要是哪天",
        "怕",
        "防止",
        "预防",
        "没有",
        "并没有发生",
        "去年",
        "以前",
        "上次",
        "梦见",
        "演练的内容是",
    ),
    *("新闻里说外地", "社区宣传", "一旦", "如何避免", "电影里"),
]
# The issue's own sentences, and everyday words that were missing.
EVERYDAY = [
    ("着火了我怕", "着火"),
    ("有人触电了快打电话", "触电漏电"),
    ("煤气味很重报警器一直响", "燃气泄漏"),
    ("天然气的味道", "燃气泄漏"),
    ("掉进没盖子的井里", "落水落井"),
    ("压着电线在冒火花", "触电漏电"),
    ("电梯困人", "电梯困人"),
    ("老人摔倒了起不来", "有人受伤"),
    ("出车祸了", "车祸"),
    ("对面楼著火啦", "着火"),
    ("煤氣味好大點算", "燃气泄漏"),
    ("着货了快来", "着火"),
    ("起 火 了", "着火"),
    ("有人晕到了", "有人受伤"),
    ("媒气味好重", "燃气泄漏"),
    ("电体坏了我被困在里面", "电梯困人"),
    ("屋头燃起来了", "着火"),
    ("墙冧咗压住人", "塌陷坍塌"),
    ("小囡落河里哉", "落水落井"),
    ("有人掉马葫芦里了", "落水落井"),
    ("遭电打了", "触电漏电"),
    ("阿婆跌亲起唔到身", "有人受伤"),
    ("老头子跌勒一跤立弗起来哉", "有人受伤"),
    ("打锤了打得头破血流", "有人受伤"),
    ("井盖呒不脱哉", "井盖缺失"),
    ("４０２着火了！！", "着火"),
    ("再不给钱我就跳楼", "轻生"),
    ("孩子反锁在屋里", "有人被困"),
    ("奶奶出去到现在没回来", "走失"),
    ("喝农药了快救人", "有人受伤"),
    ("有人揸刀斩人", "打架行凶"),
]
NUMBERS = {
    "燃气泄漏": ("119", "0510-"),
    "着火": ("119",),
    "触电漏电": ("120", "95598"),
    "电梯困人": ("96333",),
    "塌陷坍塌": ("110", "119", "120"),
    "落水落井": ("119", "120"),
    "车祸": ("120", "122"),
    "有人受伤": ("120",),
    "有人被困": ("119",),
    "井盖缺失": ("110",),
    "水管爆裂": ("0510-",),
    "轻生": ("110", "12356"),
    "走失": ("110",),
    "家里打人": ("110",),
    "打架行凶": ("110",),
    "求救": ("110", "120", "119"),
}
CALM = [
    "没有着火,就是烟大",
    "未发生火灾,不用担心",
    "这里去年着火过",
    "昨天三号楼着火,已经扑灭",
    "消防支队门口停满车",
    "消防通道被堵,一旦着火后果严重",
    "灭火器过期了",
    "怕着火,请来看看",
    "楼道充电容易引起火灾",
    "希望加强防火宣传",
    "为防止触电请修一下围栏",
    "着火隐患很大",
    "路灯不亮",
    "燃气怎么开户",
    "这家面好吃得救命",
    "清仓跳楼价,喇叭吵死人",
    "家里的狗走丢了",
    "手机掉进下水道了",
    "昨天打架的已经处理了",
    "店铺倒闭快要搬走",
    "怕孩子掉下去了,请装护栏",
    "轮胎没气了的共享单车",
    "烧烤冒烟太呛",
    "",
]


@pytest.mark.parametrize(("text", "name"), DANGERS)
def test_danger_is_heard(example, text, name):
    found = find_emergency(example, text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", CALM)
def test_what_is_denied_feared_or_past_is_no_emergency(example, text):
    assert find_emergency(example, text) is None


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("hit", HITS)
def test_what_follows_a_danger_never_silences_it(example, hit, after):
    assert find_emergency(example, hit + after) is not None
    assert find_emergency(example, f"{hit}，{after}") is not None


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("hit", HITS)
def test_what_is_no_veto_before_it_leaves_it_live(example, before, hit):
    assert find_emergency(example, before + hit) is not None


@pytest.mark.parametrize("veto", VETOES)
@pytest.mark.parametrize("hit", ["着火", "触电", "电梯困人", "燃气泄漏"])
def test_a_veto_before_it_in_the_same_thought_makes_it_calm(example, veto, hit):
    assert find_emergency(example, veto + hit) is None


@pytest.mark.parametrize(("text", "name"), EVERYDAY)
def test_everyday_words_of_danger_are_heard(example, text, name):
    assert find_emergency(example, text).name == name


def test_each_kind_names_its_own_number_and_promises_no_time(example):
    assert {emergency.name for emergency in example.emergencies} == set(NUMBERS)
    for emergency in example.emergencies:
        assert all(number in emergency.tell for number in NUMBERS[emergency.name]), emergency.name
        assert not re.search(r"\d+ ?(?:分钟|小时)|马上到|到场", emergency.tell), emergency.name


def test_a_live_word_beside_a_denied_one_is_heard():
    assert find_emergency(CITY, "东边没有着火,西边起火了") is not None


def test_a_word_against_it_counts_only_in_its_own_clause():
    assert find_emergency(CITY, "着火了,我怕") is not None
    assert find_emergency(CITY, "我怕着火") is None


def test_the_first_of_the_citys_list_wins():
    both = "有煤气味,着火了"
    assert find_emergency(CITY, both).name == "着火"
    assert find_emergency(small_city(emergencies=CITY.emergencies[::-1]), both).name == "煤气"


def test_the_citys_own_entry_comes_back_with_its_words_as_written():
    written = Emergency("煤气", ("ＬＰＧ泄漏",), (), "打 119。", "garbage")
    assert find_emergency(small_city(emergencies=(written,)), "lpg泄漏了") is written


@pytest.mark.parametrize(
    ("text", "name"),
    [("停水两天了", "停水"), ("公交车不停站", "公交"), ("公交车改了班次,也停水", "公交")],
)
def test_what_is_not_ours_is_told_at_once(text, name):
    assert find_elsewhere(CITY, text).name == name


@pytest.mark.parametrize(
    "text", ["路灯不亮", "公交车站旁边垃圾没人扫", "不是停水,是路灯坏了", "停水后路灯不亮,没有路灯", ""]
)
def test_what_we_handle_stays_ours(text):
    assert find_elsewhere(CITY, text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("家里停水两天了", "停水与水费"), ("老板拖欠工资不给", "欠薪与劳动"), ("学校补课乱收费", "入学与教育")],
)
def test_the_example_town_knows_who_handles_what(example, text, name):
    assert find_elsewhere(example, text).name == name


@pytest.mark.parametrize("text", ["公交车站旁边垃圾成堆", "路灯停电了不亮", "半夜打麻将太吵"])
def test_the_example_town_sends_nobody_away_wrongly(example, text):
    assert find_elsewhere(example, text) is None


@given(st.text(alphabet=st.sampled_from("没有着火起煤气味怕不会已经扑灭去年现在,。!\n 🔥停水"), max_size=120))
def test_no_text_breaks_the_rules(text):
    assert find_emergency(CITY, text) in {None, *CITY.emergencies}
    assert find_elsewhere(CITY, text) in {None, *CITY.elsewhere}
