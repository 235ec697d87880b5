"""Carries the house's parcels to people over WeChat and says honestly what came of each."""

import hashlib
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from html import escape
from typing import assert_never

from bot.outbound import Shown, label_of, shorten
from bot.outcomes import told
from bot.pictures import PictureRefused
from bot.uploads import Uploads
from bot.wechat import AsyncWeChat, Notice
from bot.wechat_templates import Template, filled
from models.clock import Clock
from models.deliveries.sender import Channel, MediaStore, Outcome, Parcel, Result
from models.links import without_markup

TEXT_BYTES = 2000  # WeChat's limit is 2048, links included
KEY_LENGTH = 32
MENU_REFUSED = 40200  # test accounts and subscription accounts have no msgmenu
MEDIA_DEAD = 40007
FAULT = "a fault of ours, see the log"

log = logging.getLogger(__name__)


class WeChatSender:
    """The Sender of the house for one service account; ``templates`` says which one carries which use."""

    def __init__(
        self,
        wechat: AsyncWeChat,
        media: MediaStore,
        *,
        templates: Mapping[str, Template],
        clock: Clock,
        shown: Shown = without_markup,
    ) -> None:
        self._wechat = wechat
        self._uploads = Uploads(wechat, media, clock)
        self._templates = templates
        self._clock = clock
        self._shown = shown
        self._menus_refused = False  # remembered until the next start

    async def send(self, parcel: Parcel) -> Outcome:
        """Send and say what came of it; never raises, and never repeats what may have arrived."""
        try:
            outcome = await self._carried(parcel)
        except Exception as error:
            # Whatever happens inside a call is told by _told: here the parcel has not left us.
            log.exception("sending failed", extra={"action": "send"})
            outcome = Outcome(Result.WRONG, note=f"{FAULT}: {type(error).__name__}", counts=False)
        log.info(
            "parcel by %s: %s code=%s rid=%s",
            parcel.channel,
            outcome.result,
            outcome.code,
            outcome.rid,
            extra={"action": "send"},
        )
        return outcome

    async def _carried(self, parcel: Parcel) -> Outcome:
        match parcel.channel:
            case Channel.CUSTOMER:
                return await self._customer(parcel)
            case Channel.TEMPLATE:
                return await self._template(parcel)
            case Channel.SUBSCRIBE:
                return await self._subscribe(parcel)
            case Channel.CONTACT:
                return Outcome(Result.WRONG, note="kept for the next contact: nothing to carry")
        assert_never(parcel.channel)

    async def _template(self, parcel: Parcel) -> Outcome:
        known = self._templates.get(parcel.use, Template())
        if not known.template:
            return Outcome(Result.CLOSED, note=f"no template for {parcel.use}")
        fields = filled(known.fields, parcel.fields)
        notice = Notice(known.template, fields, url=parcel.url, miniprogram=known.miniprogram, use=parcel.use)
        # The key makes a repeat harmless, so a lost answer only means: again, soon.
        call = self._wechat.send_template(parcel.openid, notice, key=_short(parcel.key))
        return await self._told(call, lost=Result.LATER)

    async def _subscribe(self, parcel: Parcel) -> Outcome:
        known = self._templates.get(parcel.use, Template())
        if not known.subscribe:
            return Outcome(Result.CLOSED, note=f"no subscribe notice for {parcel.use}")
        fields = filled(known.subscribe_fields or known.fields, parcel.fields)
        notice = Notice(
            known.subscribe, fields, url=parcel.url, miniprogram=known.miniprogram, use=parcel.use
        )
        return await self._told(self._wechat.send_notice(parcel.openid, notice))

    async def _customer(self, parcel: Parcel) -> Outcome:
        """Words first, then the photo; once the words have arrived the parcel is sent, photo or not."""
        if not parcel.photo:
            return await self._words(parcel)
        if not parcel.text and not parcel.choices:
            return await self._photo(parcel)
        ready = await self._ready(parcel.photo)
        if ready.result not in (Result.SENT, Result.WRONG):
            return ready  # nothing has been sent yet: all of it later
        words = await self._words(parcel)
        if words.result is not Result.SENT:
            return words
        photo = ready if ready.result is Result.WRONG else await self._photo_after(parcel)
        return words if photo.result is Result.SENT else replace(words, note=f"without photo: {photo.note}")

    async def _words(self, parcel: Parcel) -> Outcome:
        parcel = replace(parcel, text=self._shown(parcel.text))
        if parcel.choices and not self._menus_refused:
            outcome = await self._say(parcel, "msgmenu", _menu(parcel))
            if outcome.code != MENU_REFUSED:
                return outcome
            self._menus_refused = True
        return await self._say(parcel, "text", {"content": _with_links(parcel)})

    async def _photo(self, parcel: Parcel) -> Outcome:
        outcome = await self._photo_once(parcel)
        if outcome.code == MEDIA_DEAD:
            self._uploads.forget(parcel.photo)
            outcome = await self._photo_once(parcel)
        return outcome

    async def _photo_after(self, parcel: Parcel) -> Outcome:
        """Send the photo; the words have gone, so nothing about it may have them sent again."""
        try:
            return await self._photo(parcel)
        except Exception as error:
            log.exception("sending a photo failed", extra={"action": "send"})
            return Outcome(Result.WRONG, note=f"{FAULT}: {type(error).__name__}")

    async def _photo_once(self, parcel: Parcel) -> Outcome:
        ready = await self._ready(parcel.photo)
        if ready.result is not Result.SENT:
            return ready
        media_id = await self._uploads.media_id(parcel.photo)  # just made ready: no call goes out
        return await self._say(parcel, "image", {"media_id": media_id})

    async def _ready(self, digest: str) -> Outcome:
        try:
            ready = await self._told(self._uploads.media_id(digest), lost=Result.LATER)
            return replace(ready, doubtful=False)  # an upload reaches nobody
        except (FileNotFoundError, PictureRefused) as error:
            return Outcome(Result.WRONG, note=f"photo: {type(error).__name__}")

    async def _say(self, parcel: Parcel, kind: str, content: Mapping[str, object]) -> Outcome:
        return await self._told(self._wechat.send_customer(parcel.openid, kind, content))

    async def _told(self, call: Awaitable[object], *, lost: Result = Result.UNCERTAIN) -> Outcome:
        try:
            return await told(call, lost=lost, now=self._clock.now())
        except (FileNotFoundError, PictureRefused):
            raise
        except Exception as error:
            # A fault of ours while the call was under way must not send a thing twice.
            log.exception("a call broke", extra={"action": "send"})
            return Outcome(Result.UNCERTAIN, note=f"{FAULT}: {type(error).__name__}")


def _menu(parcel: Parcel) -> dict[str, object]:
    return {
        "head_content": shorten(parcel.text, TEXT_BYTES),
        "list": [{"id": number, "content": label_of(label)} for number, label in parcel.choices],
        "tail_content": "",
    }


def _with_links(parcel: Parcel) -> str:
    """Return the words with each choice as a link that WeChat treats like a tap in a msgmenu."""
    links = "".join(
        f'\n<a href="weixin://bizmsgmenu?msgmenucontent={_in_link(label)}&msgmenuid={number}">'
        f"{escape(label, quote=False)}</a>"
        for number, label in parcel.choices
    )
    return shorten(parcel.text, TEXT_BYTES - len(links.encode())) + links


def _in_link(label: str) -> str:
    # The client hands the words back as they stand here: what would end the link or a parameter must go.
    return "".join(char for char in label if char not in "\"'<>&?#% ")


def _short(key: str) -> str:
    if key.isascii() and len(key) <= KEY_LENGTH:
        return key
    return hashlib.sha256(key.encode()).hexdigest()[:KEY_LENGTH]
