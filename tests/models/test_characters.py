"""Width and signs are folded, faces and stand-ins fall away, and every other character stays where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.characters import AGREE, BLAME, PRAISE, THANK, bare, fold, read_characters

ALIKE = [
    ("催办！", "催办"),
    ("催办。", "催办"),
    ("　催办　", "催办"),
    ("催办…", "催办"),
    ("催办～", "催办"),
    ("「催办」", "催办"),
    ("“催办”", "催办"),
    ("（催办）", "催办"),
    ("催办!!!", "催办"),
    ("催办？", "催办"),
    ("催辦", "催办"),
    ("ＯＫ", "ok"),
    ("１２", "12"),
    ("①", "1"),
    ("⑵", "2"),
    ("⒊", "3"),
    ("㈠", "一"),
    ("❶", "1"),
    ("是的、", "是的"),
    ("—好—", "好"),
    ("补充：靠近学校", "补充,靠近学校"),
    ("补充:靠近学校", "补充,靠近学校"),
    ("补充；靠近学校", "补充,靠近学校"),
    ("不满意，太慢了", "不满意,太慢了"),
    ("不满意,太慢了", "不满意,太慢了"),
    ("不满意、太慢了", "不满意,太慢了"),
    ("接单／0012", "接单,0012"),
    ("接单－0012", "接单-0012"),
    ("接单——0012", "接单--0012"),
    ("Ｎｏ", "no"),
    ("８：３０", "8:30"),
    ("1.5公里", "1.5公里"),
    ("12/31", "12/31"),
    ("2-3", "2-3"),
    ("１．５", "1.5"),
]
WORDLESS = [
    "[微笑]",
    "[抱拳]",
    "[OK]",
    "[Smile]",
    "[捂脸][捂脸]",
    "/::)",
    "/:rose",
    "/::'(",
    "😊",
    "👍🏻",
    "👩‍👧",
    "❤️",
    "⭐",
    "【收到不支持的消息类型，暂无法显示】",
    "[收到不支持的消息类型，暂无法显示]",
    "[图片]",
    "【图片】",
    "[语音]",
    "[动画表情]",
    "[视频]",
    "[Photo]",
    "[Sticker]",
    "[当前版本不支持查看此消息]",
    "[收到一条视频号消息，请在手机上查看]",
    "[位置]",
    "[文件]",
    "[红包]",
    "[聊天记录]",
    "[微笑]。",
    "😊！",
    "[旺柴] [旺柴]",
]
DRESSED = [
    ("提交[抱拳]", "提交"),
    ("[微笑]提交", "提交"),
    ("好的/:rose", "好的"),
    ("路灯坏了😡😡快来", "路灯坏了 快来"),
    ("1️⃣", "1"),
    ("🙏谢谢", "谢谢"),
    ("井盖坏了[图片]", "井盖坏了"),
    ("[胡埭路]坏了", "[胡埭路]坏了"),
    ("我要[紧急]处理", "我要[紧急]处理"),
    ("【物业】不管", "【物业】不管"),
    ("http://a.cn/b", "http://a.cn/b"),
    ("一楼/二楼", "一楼/二楼"),
    ("满意👍", "满意"),
    ("第⑤栋", "第⑤栋"),
    ("℃㎡№", "℃㎡№"),
]


@pytest.mark.parametrize(("typed", "word"), ALIKE)
def test_however_a_sign_is_typed_the_word_is_the_same(typed, word):
    assert bare(fold(typed)) == word


@pytest.mark.parametrize("typed", WORDLESS)
def test_faces_and_stand_ins_are_no_words(typed):
    assert read_characters(typed).words == ""


@pytest.mark.parametrize(("typed", "words"), DRESSED)
def test_beside_words_ornaments_fall_away_and_nothing_else_does(typed, words):
    assert read_characters(typed).words == words


@pytest.mark.parametrize(
    ("typed", "gesture"),
    [
        ("👍", PRAISE),
        ("[强]", PRAISE),
        ("/:weak", BLAME),
        ("[OK]", AGREE),
        ("👌🏻", AGREE),
        ("🌹🌹", THANK),
        ("[微笑]", ""),
        ("[发呆]", ""),
    ],
)
def test_an_ornament_alone_may_be_a_gesture(typed, gesture):
    assert read_characters(typed).gesture == gesture


def test_what_the_platform_could_not_show_is_known_as_such():
    assert read_characters("【收到不支持的消息类型，暂无法显示】").unseen
    assert not read_characters("[微笑]").unseen


@given(st.text(max_size=60))
def test_folding_keeps_every_character_where_it_was(text):
    assert len(fold(text)) == len(text)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
