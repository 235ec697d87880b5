"""Reads photos and fields out of a form, piece by piece, so that nobody fills the memory."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

MOST_BYTES = 10 * 1024 * 1024  # of one photo
MOST_PHOTOS = 6
MOST_FIELDS = 50
FIELD_BYTES = 16 * 1024  # of one field
PLAIN = "application/x-www-form-urlencoded"
UTF_8 = "utf-8"
REPLACED = "\ufffd"


class TooMuch(Exception):  # noqa: N818 - names the fact
    """A form with more, or larger, parts than we take."""


class NotText(ValueError):  # noqa: N818 - names the fact
    """A field that is not in the charset it was sent in: UTF-8, or the one that was declared."""


@dataclass(slots=True)
class Form:
    """What came: fields by name, the last one of a name, and the photos in their order."""

    fields: dict[str, str] = field(default_factory=dict)
    photos: list[bytes] = field(default_factory=list)


async def read_form(request: web.Request, *, photos: frozenset[str]) -> Form:
    """Return the parts of a multipart form; those named in ``photos`` as bytes.

    Raises TooMuch for more than we take, NotText, ValueError for what is no multipart form.
    """
    if not request.content_type.startswith("multipart/"):
        raise ValueError("no multipart form")
    form, charset = Form(), request.charset or UTF_8
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        if part.name in photos:
            content = await _read(part, MOST_BYTES)
            if content:
                form.photos.append(content)
        else:
            form.fields[part.name] = _text(await _read(part, FIELD_BYTES), part.get_charset(default=charset))
        if len(form.photos) > MOST_PHOTOS or len(form.fields) > MOST_FIELDS:
            raise TooMuch
    return form


async def read_plain_form(request: web.Request) -> Form:
    """Return the fields of a form without files, none for another kind of body; raises NotText."""
    if request.content_type != PLAIN:
        return Form()
    charset, body = request.charset or UTF_8, await request.read()
    try:
        pairs = parse_qsl(
            _text(body, charset),
            keep_blank_values=True,
            encoding=_codec(charset),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise NotText(charset) from error
    if any(REPLACED in value for _, value in pairs):
        raise NotText(charset)
    return Form(dict(pairs))


def _text(content: bytes, charset: str) -> str:
    try:
        text = content.decode(_codec(charset))
    except (UnicodeDecodeError, LookupError) as error:
        raise NotText(charset) from error
    if REPLACED in text:  # lost before it came to us
        raise NotText(charset)
    return text


def _codec(charset: str) -> str:
    """Return the codec: those who say GB2312 or GBK often write more characters than these have."""
    return "gb18030" if charset.lower() in ("gb2312", "gbk", "gb18030", "cp936") else charset


async def _read(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise TooMuch
    return bytes(content)
