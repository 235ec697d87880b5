"""Each push becomes one Incoming, and no push, however broken, becomes anything but BadMessage."""

from datetime import UTC, datetime

import pytest

from bot.inbound import MAX_BYTES, BadMessage, parse


def xml(inner="", *, kind="text", sender="oLin", created="1789000000"):
    head = f"<ToUserName>gh_town</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
    return f"<xml>{head}<CreateTime>{created}</CreateTime><MsgType>{kind}</MsgType>{inner}</xml>".encode()


def event(name, inner="", **more):
    return xml(f"<Event><![CDATA[{name}]]></Event>{inner}", kind="event", **more)


def test_a_text_says_who_wrote_what_to_whom_and_when():
    heard = parse(xml("<Content><![CDATA[ 东街 口\n井盖松了 ]]></Content><MsgId>9007199254740993</MsgId>"))
    assert (heard.kind, heard.openid, heard.account) == ("text", "oLin", "gh_town")
    assert heard.text == "东街 口\n井盖松了"
    assert heard.at == datetime.fromtimestamp(1789000000, UTC)
    assert heard.fields["MsgId"] == "9007199254740993"


def test_a_tap_on_a_menu_line_carries_its_number():
    assert parse(xml("<Content>满意</Content><bizmsgmenuid>101</bizmsgmenuid>")).menu_id == "101"


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        (
            "image",
            "<PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId>",
            {"picture_url": "http://p/1", "media_id": "m1"},
        ),
        (
            "voice",
            "<MediaId>m2</MediaId><Format>amr</Format><Recognition/>",
            {"media_id": "m2", "format": "amr", "text": ""},
        ),
        (
            "video",
            "<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>",
            {"media_id": "m3", "thumb_media_id": "t3"},
        ),
        ("shortvideo", "<MediaId>m4</MediaId><ThumbMediaId>t4</ThumbMediaId>", {"thumb_media_id": "t4"}),
        (
            "location",
            "<Location_X>31.49</Location_X><Location_Y>120.31</Location_Y><Scale>16</Scale><Label>惠山路</Label>",
            {"lat": 31.49, "lng": 120.31, "label": "惠山路"},
        ),
        (
            "link",
            "<Title>公告</Title><Description>d</Description><Url>https://t/1</Url>",
            {"title": "公告", "url": "https://t/1"},
        ),
        ("hologram", "<Whatever>1</Whatever>", {"kind": "hologram", "fields.Whatever": "1"}),
    ],
)
def test_each_kind_of_message_is_read(kind, inner, expected):
    heard = parse(xml(inner, kind=kind))
    assert heard.kind == kind
    for name, value in expected.items():
        found = heard.fields["Whatever"] if name == "fields.Whatever" else getattr(heard, name)
        assert found == value


@pytest.mark.parametrize(
    ("name", "inner", "expected"),
    [
        ("subscribe", "<EventKey/>", {"event_key": ""}),
        (
            "subscribe",
            "<EventKey>qrscene_shop8</EventKey><Ticket>T</Ticket>",
            {"event_key": "shop8", "ticket": "T"},
        ),
        ("unsubscribe", "", {"event": "unsubscribe"}),
        (
            "SCAN",
            "<EventKey>qrscene_odd</EventKey><Ticket>T</Ticket>",
            {"event": "scan", "event_key": "qrscene_odd"},
        ),
        (
            "LOCATION",
            "<Latitude>31.5</Latitude><Longitude>120.3</Longitude><Precision>9</Precision>",
            {"lat": 31.5, "lng": 120.3},
        ),
        ("CLICK", "<EventKey>REPORT</EventKey>", {"event": "click", "event_key": "REPORT"}),
        ("VIEW", "<EventKey>https://t/h5</EventKey><MenuId>4</MenuId>", {"event_key": "https://t/h5"}),
        (
            "location_select",
            "<EventKey>P</EventKey><SendLocationInfo><Location_X>31</Location_X><Location_Y>120</Location_Y><Poiname>南门</Poiname></SendLocationInfo>",
            {"lat": 31.0, "lng": 120.0, "label": "南门", "event_key": "P"},
        ),
        ("view_miniprogram", "<EventKey>pages/a</EventKey><MenuId>4</MenuId>", {"event_key": "pages/a"}),
        ("user_authorization_revoke", "<OpenID>oLin</OpenID><RevokeInfo>1</RevokeInfo>", {"kind": "event"}),
        ("some_new_event", "<X>1</X>", {"event": "some_new_event"}),
    ],
)
def test_each_event_is_read(name, inner, expected):
    heard = parse(event(name, inner))
    assert (heard.kind, heard.event) == ("event", name.lower())
    for field, value in expected.items():
        assert getattr(heard, field) == value


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_may_repeat_is_always_a_list(count):
    pictures = "<item><PicMd5Sum>a</PicMd5Sum></item>" * count
    heard = parse(
        event("pic_weixin", f"<SendPicsInfo><Count>2</Count><PicList>{pictures}</PicList></SendPicsInfo>")
    )
    assert heard.fields["SendPicsInfo"]["PicList"]["item"] == [{"PicMd5Sum": "a"}] * count
    answers = (
        "<List><TemplateId>t</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>" * count
    )
    heard = parse(
        event("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{answers}</SubscribeMsgPopupEvent>")
    )
    assert len(heard.fields["SubscribeMsgPopupEvent"]["List"]) == count


def test_a_scanned_code_and_a_finished_publication_keep_their_nested_fields():
    code = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>w8</ScanResult></ScanCodeInfo>"
    assert parse(event("scancode_waitmsg", code)).fields["ScanCodeInfo"]["ScanResult"] == "w8"
    done = (
        "<PublishEventInfo><publish_id>p1</publish_id><article_detail><count>1</count>"
        "<item><idx>1</idx><article_url>u</article_url></item></article_detail><fail_idx>2</fail_idx></PublishEventInfo>"
    )
    info = parse(event("PUBLISHJOBFINISH", done)).fields["PublishEventInfo"]
    assert info["article_detail"]["item"][0]["article_url"] == "u"
    assert info["fail_idx"] == ["2"]


def test_a_repeated_element_counts_by_its_first():
    heard = parse(xml("<Content>甲</Content><Content>乙</Content><Content>丙</Content>"))
    assert heard.text == "甲"
    assert heard.fields["Content"] == ["甲", "乙", "丙"]


@pytest.mark.parametrize("inner", ["", "<Content/>", "<Content>   </Content>", "<Content><b>x</b></Content>"])
def test_a_text_without_words_is_empty(inner):
    assert parse(xml(inner)).text == ""


@pytest.mark.parametrize("lat", ["", "nan", "inf", "-inf", "north", "91", "1e400", "<b/>"])
def test_a_place_that_is_none_has_no_coordinates(lat):
    heard = parse(xml(f"<Location_X>{lat}</Location_X><Location_Y>120</Location_Y>", kind="location"))
    assert (heard.lat, heard.lng) == (None, None)


def test_control_characters_and_broken_utf8_do_not_lose_a_message():
    heard = parse(
        xml("<Content>路\x00灯\x08坏\x1f了</Content>").replace("坏".encode(), "坏".encode() + b"\xed\xa0\xbd")
    )
    assert heard.text.replace("�", "") == "路灯坏了"
    assert heard.text.encode()


def test_an_xml_declaration_and_a_byte_order_mark_are_no_hindrance():
    body = b'\xef\xbb\xbf<?xml version="1.0" encoding="gb2312"?>\n' + xml("<Content>好</Content>")
    assert parse(body).text == "好"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml/>",
        b"<xml></xml>",
        b"<xml>words</xml>",
        b"<xml>",
        b"<html><MsgType>text</MsgType></html>",
        xml() + xml(),
        xml().replace(b"<MsgType>text</MsgType>", b""),
        xml(kind=""),
        xml(kind="event"),
        xml(sender=""),
        xml(sender="o" * 65),
        xml().replace(b"<ToUserName>gh_town</ToUserName>", b""),
        xml(created=""),
        xml(created="now"),
        xml(created="-1"),
        xml(created="9" * 12),
        xml("<Content>&nothing;</Content>"),
        xml("<Content>&#0;</Content>"),
        xml("<Content>&#xD800;</Content>"),
        "<?xml version='1.0' encoding='utf-16'?><xml/>".encode("utf-16"),
    ],
    ids=range(22),
)
def test_a_broken_push_is_a_bad_message(body):
    with pytest.raises(BadMessage):
        parse(body)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE xml [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE xml>",
    ],
)
def test_a_dtd_is_refused_with_all_its_entities(declaration):
    with pytest.raises(BadMessage, match="DTD"):
        parse(declaration.encode() + xml("<Content>&c;</Content>"))


def test_deep_many_and_large_pushes_are_refused():
    with pytest.raises(BadMessage, match="256 KiB"):
        parse(b"<a>" * 100_000 + b"</a>" * 100_000)
    with pytest.raises(BadMessage, match="levels"):
        parse(xml("<a>" * 16 + "</a>" * 16))
    assert parse(xml("<a>" * 15 + "</a>" * 15)).kind == "text"
    with pytest.raises(BadMessage, match="levels"):
        parse(xml("<a>" * 20_000 + "</a>" * 20_000))
    with pytest.raises(BadMessage, match="levels"):
        parse(xml("<a/>" * 50_000))
    full = xml(f"<Content>{'x' * MAX_BYTES}</Content>")
    with pytest.raises(BadMessage, match="256 KiB"):
        parse(full)
    fitting = full.replace(b"x" * (len(full) - MAX_BYTES), b"", 1)
    assert len(fitting) == MAX_BYTES
    assert len(parse(fitting).fields["Content"]) > 200_000


def test_a_push_sent_again_has_the_same_key():
    for body in (
        xml("<MsgId>7</MsgId>"),
        event("CLICK", "<EventKey>A</EventKey>"),
        xml("<Content>x</Content>"),
    ):
        assert parse(body).key == parse(body).key
        assert len(parse(body).key) <= 64


def test_different_pushes_have_different_keys():
    bodies = [
        xml("<MsgId>7</MsgId>"),
        xml("<MsgId>8</MsgId>"),
        xml("<MsgId>7</MsgId>", sender="oWu"),
        xml("<MsgId>7</MsgId>", created="1789000001"),
        xml("<MsgId>not a number</MsgId>"),
        xml("<Content>甲</Content>"),
        xml("<Content>乙</Content>"),
        event("LOCATION"),
        event("CLICK"),
        event("CLICK", "<EventKey>A</EventKey>"),
        event("CLICK", "<EventKey>A</EventKey>", sender="oWu"),
        event("CLICK", "<EventKey>A</EventKey>", created="1789000001"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID>"),
        event("PUBLISHJOBFINISH", "<PublishEventInfo><publish_id>1</publish_id></PublishEventInfo>"),
        event("PUBLISHJOBFINISH", "<PublishEventInfo><publish_id>2</publish_id></PublishEventInfo>"),
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>1</MsgID></List></SubscribeMsgSentEvent>",
        ),
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>2</MsgID></List></SubscribeMsgSentEvent>",
        ),
    ]
    assert len({parse(body).key for body in bodies}) == len(bodies)


def test_the_words_do_not_change_the_key_of_a_numbered_message():
    assert (
        parse(xml("<MsgId>7</MsgId><Content>a</Content>")).key
        == parse(xml("<MsgId>7</MsgId><Content>b</Content>")).key
    )
