"""What somebody sent us, whatever channel it came by: 来信."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """One push, parsed.

    ``kind`` is WeChat's MsgType (text, image, voice, video, shortvideo, location, link) or ``event``; kinds
    that we do not know keep their name. For events ``event`` is lower case (subscribe, unsubscribe, scan,
    click, view, location_select, pic_sysphoto, templatesendjobfinish …). Coordinates are GCJ-02 degrees.
    """

    key: str  # the same for each copy of one push: see bot/inbound.py
    openid: str
    account: str
    at: datetime  # CreateTime, aware, UTC
    kind: str
    text: str = ""  # Content, whitespace kept inside, stripped outside
    event: str = ""
    event_key: str = ""  # menu key, URL, or the scene of a QR code (without qrscene_)
    ticket: str = ""
    media_id: str = ""
    thumb_media_id: str = ""
    picture_url: str = ""
    format: str = ""  # of voice
    lat: float | None = None
    lng: float | None = None
    label: str = ""
    title: str = ""
    url: str = ""
    menu_id: str = ""  # bizmsgmenuid: the tapped item of a msgmenu message
    fields: dict[str, object] = field(default_factory=dict)  # the whole parsed XML
