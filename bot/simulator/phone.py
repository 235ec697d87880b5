"""One person's phone: what a hand can do with a service account, and what stands on the screen."""

import hashlib
from typing import Any

from bot.simulator.envelope import build_xml
from bot.simulator.people import Bubble, Person
from bot.simulator.push import Pusher
from bot.simulator.replies import Answer
from bot.simulator.state import JsonObject, Platform


class NotFollowingError(RuntimeError):
    """Only followers can write to a service account or tap its menu."""


class Phone:
    """One person's phone; each deed returns when its push has been answered or given up."""

    def __init__(self, platform: Platform, pusher: Pusher, person: Person) -> None:
        self.person = person
        self._platform = platform
        self._pusher = pusher

    @property
    def openid(self) -> str:
        """The openid the account knows this person by."""
        return self.person.openid

    @property
    def bubbles(self) -> list[Bubble]:
        """Everything on the screen, oldest first."""
        return self.person.bubbles

    @property
    def received(self) -> list[Bubble]:
        """What came from the account: passive replies and API messages, oldest first."""
        return [bubble for bubble in self.person.bubbles if bubble.sender == "account"]

    @property
    def last_text(self) -> str:
        """The words of the last thing from the account that has any; empty if there is none."""
        return next((bubble.text for bubble in reversed(self.received) if bubble.text), "")

    async def follow(self, scene: str | int | None = None) -> Answer:
        """Follow the account, perhaps by scanning a code with this scene."""
        self._note("已扫码关注" if scene is not None else "已关注")
        by_code = {} if scene is None else {"EventKey": f"qrscene_{scene}", "Ticket": self._ticket(scene)}
        return await self._event("subscribe", by_code or {"EventKey": ""})

    async def unfollow(self) -> Answer:
        """Stop following; the account can no longer write."""
        self._need_following()
        self._note("已取消关注")
        return await self._event("unsubscribe", {"EventKey": ""})

    async def scan(self, scene: str | int) -> Answer:
        """Scan a code with this scene; who does not follow yet, follows by it."""
        if not self.person.following:
            return await self.follow(scene)
        self._note(f"已扫码：{scene}")
        return await self._event("SCAN", {"EventKey": str(scene), "Ticket": self._ticket(scene)})

    async def say(self, content: str) -> Answer:
        """Send a text."""
        return await self._message("text", {"Content": content}, "text", {"content": content})

    async def tap(self, item_id: str | int, content: str) -> Answer:
        """Tap an item of a msgmenu, or a weixin://bizmsgmenu link; counts as a menu tap, not as a message."""
        own = {"Content": content, "bizmsgmenuid": str(item_id)}
        return await self._message("text", own, "text", {"content": content})

    async def photo(self, content: bytes) -> Answer:
        """Send a picture."""
        item = self._platform.media.put("image", content)
        own = {"PicUrl": self._platform.media_url(item.media_id), "MediaId": item.media_id}
        return await self._message("image", own, "image", {"media_id": item.media_id})

    async def voice(self, content: bytes) -> Answer:
        """Send a voice message; WeChat recognises no words in it any more."""
        item = self._platform.media.put("voice", content)
        own = {"MediaId": item.media_id, "Format": "amr", "Recognition": ""}
        return await self._message("voice", own, "voice", {"media_id": item.media_id})

    async def video(self, content: bytes) -> Answer:
        """Send a video."""
        item = self._platform.media.put("video", content)
        thumb = self._platform.media.put("thumb", b"\xff\xd8\xff\xd9")
        own = {"MediaId": item.media_id, "ThumbMediaId": thumb.media_id}
        return await self._message("video", own, "video", {"media_id": item.media_id})

    async def locate(self, lat: float, lng: float, label: str = "", scale: int = 16) -> Answer:
        """Send a place, in GCJ-02 degrees."""
        self.person.place = (lat, lng)
        own = {"Location_X": lat, "Location_Y": lng, "Scale": scale, "Label": label}
        return await self._message("location", own, "location", {"lat": lat, "lng": lng, "label": label})

    async def tap_menu(self, key: str) -> Answer:
        """Tap the menu button with this key; what its type asks for is pushed with the event."""
        button = self._find_button("key", key)
        kind = str(button.get("type", "click"))
        self._need_following()
        self._note(f"点了菜单「{button.get('name', key)}」")
        return await self._event("CLICK" if kind == "click" else kind, {"EventKey": key, **self._taken(kind)})

    async def view_menu(self, url: str) -> Answer:
        """Tap the menu button that opens this page."""
        self._need_following()
        self._note(f"打开了「{self._find_button('url', url).get('name', url)}」")
        return await self._event("VIEW", {"EventKey": url, "MenuId": 400000001})

    async def subscribe(self, template_id: str, *, accept: bool = True, times: int = 1) -> Answer:
        """Answer the account's question whether it may send this notice; each yes is good for one."""
        if accept:
            self.person.credits[template_id] = self.person.credits.get(template_id, 0) + times
        status = "accept" if accept else "reject"
        row = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": 2}
        return await self._event(
            "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": [row] * times}}
        )

    async def push_raw(self, xml: str) -> Answer:
        """Push any text at all in the platform's name, well-formed or not."""
        return (await self._pusher.push(xml))[0]

    def _find_button(self, field: str, value: str) -> JsonObject:
        for top in self._platform.menu or []:
            for button in [top, *top.get("sub_button", [])]:
                if button.get(field) == value:
                    return dict(button)
        return {}

    def _taken(self, kind: str) -> dict[str, Any]:
        if kind.startswith("scancode_"):
            return {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}
        if kind.startswith("pic_"):
            digest = hashlib.md5(self.openid.encode(), usedforsecurity=False).hexdigest()
            return {"SendPicsInfo": {"Count": 1, "PicList": {"item": {"PicMd5Sum": digest}}}}
        if kind == "location_select":
            lat, lng = self.person.place or self._platform.home
            place = {
                "Location_X": str(lat),
                "Location_Y": str(lng),
                "Scale": "16",
                "Label": "",
                "Poiname": "",
            }
            return {"SendLocationInfo": place}
        return {}

    def _ticket(self, scene: str | int) -> str:
        codes = self._platform.qr_codes.values()
        return next((code.ticket for code in codes if code.scene == str(scene)), f"sim-ticket-{scene}")

    def _need_following(self) -> None:
        if not self.person.following:
            raise NotFollowingError(f"{self.person.name} does not follow the account")

    def _note(self, text: str) -> None:
        self._platform.show(self.person, "notice", "event", {"text": text})

    async def _message(self, kind: str, own: dict[str, Any], shown: str, data: JsonObject) -> Answer:
        self._need_following()
        self._platform.show(self.person, "me", shown, data)
        return await self._push(kind, {**own, "MsgId": self._platform.next_id()})

    async def _event(self, event: str, own: dict[str, Any]) -> Answer:
        return await self._push("event", {"Event": event, **own})

    async def _push(self, kind: str, own: dict[str, Any]) -> Answer:
        head = {"ToUserName": self._platform.account.original_id, "FromUserName": self.openid}
        xml = build_xml({**head, "CreateTime": self._platform.clock.timestamp(), "MsgType": kind, **own})
        return (await self._pusher.push(xml))[0]
