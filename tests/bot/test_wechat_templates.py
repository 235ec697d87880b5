"""The template setting, and values cut to what WeChat takes."""

import json

import pytest

from bot.wechat_templates import fitted, read_templates


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("thing1", "", "无"),
        ("thing1", "两行\n字", "两行 字"),
        ("thing12", "长" * 21, "长" * 19 + "…"),
        ("thing1", "长" * 20, "长" * 20),
        ("phrase3", "正在处理之中", "正在处理之"),
        ("phrase3", "已办结 (A类)", "已办结类"),
        ("phrase3", "OK", "无"),
        ("number6", "约 12.5 米", "12.5"),
        ("character_string4", "HD-2025-编号0012", "HD-2025-0012"),
        ("character_string4", "编号", "-"),
        ("time5", "2025年6月3日 12:00", "2025年6月3日 12:00"),
    ],
)
def test_values_are_fitted_to_their_kind_of_key(key, value, shown):
    assert fitted(key, value) == shown


def test_every_mistake_of_the_template_setting_is_named():
    setting = {
        "a": {"template": 7, "fields": {"thing1": 1}},
        "b": {"fields": {"thing1": "case"}, "typo": ""},
        "c": 1,
    }
    with pytest.raises(ValueError, match="a: template must be an id") as caught:
        read_templates(json.dumps(setting))
    assert str(caught.value).splitlines() == [
        "a: template must be an id",
        "a: fields must map words to words",
        "b: unknown key typo",
        "b: neither template nor subscribe",
        "c: must be an object",
    ]
    with pytest.raises(ValueError, match="not JSON"):
        read_templates("{")
    assert read_templates("") == {}
