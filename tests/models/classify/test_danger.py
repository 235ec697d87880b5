"""Danger to life is heard before anything else, and only when it is there."""

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
