"""The example town understands plain sentences of every case type, and is not led astray by place words."""

import pytest

SENTENCES = {
    "street_vending": [
        "桥下每天早上有流动摊贩占道卖菜",
        "放学时校门口好几个小贩摆摊",
        "烤红薯的三轮车停在路口卖东西",
    ],
    "shop_overflow": ["水果店把货摆到人行道上,走都走不过去", "面馆天天在门外摆桌子做生意", "五金店店外经营"],
    "illegal_ad": ["楼道口贴满开锁小广告", "有人在路口发传单塞车窗", "对面招牌的灯箱太亮晃眼睛"],
    "illegal_parking": ["小车违停把我们车库门堵住了", "僵尸车占着公共车位半年了", "有人私装地锁霸占车位"],
    "bike_parking": ["共享单车倒了一地没人扶", "盲道上停满电动车", "地铁口电瓶车乱停"],
    "garbage": ["河边一堆垃圾没人清理", "这条路好几天没人扫,落叶满地", "草丛里有只死猫,都发臭了"],
    "waste_sorting": ["垃圾桶满了两天没人来收", "垃圾车把分好类的混装拉走了", "分类投放点的桶盖坏了"],
    "construction_waste": ["半夜有渣土车沿路洒落泥土", "有人往河滩偷倒建筑垃圾", "装修垃圾堆在楼下一个月"],
    "road_damage": ["菜场门口路面有个大坑", "人行道地砖松动翘起来绊人", "桥面坑坑洼洼"],
    "manhole": ["路中间窨井盖松动,车一压咣当响", "电线垂下来快碰到头了", "水管爆裂水流了一街"],
    "drainage": ["一下雨巷子就积水到小腿", "下水道堵了污水往外冒", "河水发黑有人排放污水"],
    "street_light": ["三岔口路灯不亮好几天了", "后街没有路灯,晚上漆黑", "景观灯一闪一闪"],
    "greening": ["行道树枝条太长要修剪", "草坪枯死一大片", "有人在小区外面毁绿种菜"],
    "illegal_building": ["邻居在楼顶违章搭建铁皮棚", "一楼把院子圈起来盖房子,是违建", "彩钢棚越搭越大"],
    "noise": ["工地半夜施工吵得睡不着", "店里高音喇叭从早放到晚", "广场舞音响开太大"],
    "fume_dust": ["楼下小饭店油烟直排到窗户里", "有人在田头烧秸秆,烟呛人", "路边喷漆刺鼻"],
    "gas_safety": ["楼道里电瓶车飞线充电", "消防通道被杂物堵死了", "小吃店煤气罐放在门口暴晒"],
    "dogs": ["有人遛狗不牵绳吓到孩子", "流浪狗成群追人", "隔壁的狗半夜吠叫"],
    "residential": ["物业不作为,电梯坏了一周", "楼上漏水物业公司不管", "业委会一直不换届"],
    "public_facility": ["公厕没水又没纸", "健身器材断了一根", "站牌倒了没人扶"],
    "traffic_facility": ["路口红绿灯不亮", "斑马线磨没了", "每天早高峰交通拥堵"],
    "consultation": ["请问办养犬证需要什么材料", "换门头招牌怎么申请", "想了解一下外摆的政策"],
    "other": ["老板拖欠工资三个月", "公交车司机拒载老人", "小区停水一天了"],
}
TRAPS = [
    ("烤鱼店门口路灯不亮", "street_light"),
    ("垃圾焚烧站旁边路灯坏了", "street_light"),
    ("消防支队旁有人摆摊卖水果", "street_vending"),
    ("绿化带旁一堆垃圾没人扫", "garbage"),
    ("公交站对面路面有个大坑", "road_damage"),
    ("停车场出口旁边窨井盖松动", "manhole"),
    ("派出所隔壁饭店油烟直排", "fume_dust"),
    ("这不是占道,是垃圾没人扫", "garbage"),
    ("请问消防通道能停车吗", "consultation"),
    ("希望在巷口装一盏路灯", "street_light"),
    ("不是噪音的事,是井盖翘起来了", "manhole"),
    ("吵倒是不吵了,就是门口的垃圾没人扫", "garbage"),
    ("烧烤城对面的行道树倒了一棵", "greening"),
]


def sentences():
    return [(text, code) for code, texts in SENTENCES.items() for text in texts]


def test_every_case_type_of_the_example_town_has_sentences(example):
    assert set(SENTENCES) == set(example.case_types)


@pytest.mark.parametrize(("text", "code"), sentences())
def test_a_plain_sentence_finds_its_type(classifier, text, code):
    assert classifier.classify(text).type == code


@pytest.mark.parametrize(("text", "code"), TRAPS)
def test_place_words_and_denials_lead_nobody_astray(classifier, text, code):
    assert classifier.classify(text).type == code


@pytest.mark.parametrize(
    "text", [text for text, code in sentences() if code not in {"consultation", "other"}]
)
def test_a_report_is_sure_enough_to_be_named_and_is_no_question(classifier, text):
    verdict = classifier.classify(text)
    assert verdict.confidence >= 0.35  # below, people are asked to choose
    assert verdict.handled >= 0.5
    assert not verdict.consultation


@pytest.mark.parametrize("text", SENTENCES["consultation"])
def test_a_question_is_heard_as_one(classifier, text):
    assert classifier.classify(text).consultation


@pytest.mark.parametrize("text", ["你好", "在吗", "谢谢", "嗯嗯", "[微笑]", "1"])
def test_small_talk_names_no_type(classifier, text):
    verdict = classifier.classify(text)
    assert verdict.confidence < 0.35
    assert not verdict.consultation


def test_a_small_class_belongs_to_its_type(example, classifier):
    verdict = classifier.classify("装修垃圾堆在楼下一个月")
    assert verdict.small_class in {small.code for small in example.case_types[verdict.type].small}


def test_place_words_danger_and_matters_are_told_with_the_type(classifier):
    verdict = classifier.classify("富安花园门口路灯坏了不亮,另外旁边的井盖没了")
    assert verdict.places[0].startswith("富安花园")
    assert verdict.urgent
    assert [(matter.type, matter.words) for matter in verdict.several] == [
        ("street_light", "富安花园门口路灯坏了不亮"),
        ("manhole", "旁边的井盖没了"),
    ]


def test_evidence_says_which_words_were_learned_and_which_are_keywords(classifier):
    evidence = classifier.classify("巷子里的路灯一闪一闪的,晃得眼花").evidence
    assert {piece.learned for piece in evidence} == {True, False}
    assert all(piece.word for piece in evidence)


@pytest.mark.parametrize("text", ["你好", "谢谢啊", "我要投诉", "好的收到", "???", "123"])
def test_small_talk_is_about_nothing_that_we_handle(classifier, text):
    assert classifier.classify(text).handled == 0.0
