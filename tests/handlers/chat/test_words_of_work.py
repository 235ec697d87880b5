"""What the staff and those who report read of a case: the map, the deadline, what kind of piece came."""

from urllib.parse import parse_qs, urlsplit

import pytest

from handlers.chat.case_talk import PIECE_NAMES, PIECE_SEEN, PIECE_WORDS
from models.cases import sentences
from models.cases.flows import CASE_FLOW
from models.city.city import GcjPoint
from models.lifecycle import Told
from models.maps import map_address


def test_the_map_opens_at_the_point_as_chinese_maps_have_it():
    address = urlsplit(map_address(GcjPoint(31.556, 120.145), title="2607060012", address="胡埭路;8号&x:1"))
    told = parse_qs(address.query, separator="&")
    assert (address.hostname, address.path) == ("apis.map.qq.com", "/uri/v1/marker")
    assert told["marker"] == ["coord:31.556000,120.145000;title:2607060012;addr:胡埭路8号x1"]


@pytest.mark.parametrize("step", ["rework", "order_rework"])
def test_rework_carries_its_deadline_the_link_and_what_to_tap(step):
    (said,) = [words for words in CASE_FLOW.steps[step].tells if words.to is Told.HANDLER]
    assert all(part in said.text for part in ("{due}", "{link}", "{place}"))
    assert [label for _, label in said.choices] == ["办结", "要延期"]


@pytest.mark.parametrize(
    ("kind", "name"), [("image", "照片"), ("video", "视频"), ("shortvideo", "视频"), ("voice", "语音")]
)
def test_a_piece_is_called_what_it_is(kind, name):
    assert PIECE_NAMES[kind] == name
    assert name in PIECE_WORDS[kind]
    assert name in PIECE_SEEN[kind]


def test_who_reported_has_one_name_in_all_sentences():
    texts = [text for text in vars(sentences).values() if isinstance(text, str)]
    assert not [
        text for text in texts if any(word in text for word in ("群众", "反映人", "举报人", "投诉人"))
    ]
