"""The account's menu, as it is pushed to the platform."""

from typing import Any

from handlers.kit import keys


def build_menu(public_url: str) -> dict[str, Any]:
    """Return the menu: three buttons, at most five under each, names within the platform's lengths."""
    return {
        "button": [
            {
                "name": "随手拍",
                "sub_button": [
                    _button("怎么上报", "click", keys.REPORT),
                    _button("发照片", "pic_photo_or_album", keys.REPORT_PHOTO),
                    _button("发位置", "location_select", keys.REPORT_PLACE),
                ],
            },
            _button("查进度", "click", keys.PROGRESS),
            {
                "name": "更多",
                "sub_button": [
                    _button("问一问", "click", keys.ASK),
                    _button("找人工", "click", keys.HUMAN),
                    _button("我的待办", "click", keys.WORK),
                    _button("我的数据", "click", keys.MY_DATA),
                    {"name": "隐私说明", "type": "view", "url": f"{public_url}/h5/privacy"},
                ],
            },
        ]
    }


def _button(name: str, kind: str, key: str) -> dict[str, str]:
    return {"name": name, "type": kind, "key": key}
