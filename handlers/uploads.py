"""Reads photos and fields out of a form, piece by piece, so that nobody fills the memory."""

from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from handlers.web import Pictures
from models.deliveries.sender import MediaLost, Stored, Unkept
from models.evidence import is_photo

MOST_BYTES = 10 * 1024 * 1024  # of one photo
MOST_PHOTOS = 6
MOST_FIELDS = 50
FIELD_BYTES = 16 * 1024  # of one field


class TooMuch(Exception):  # noqa: N818 - names the fact
    """A form with more, or larger, parts than we take."""


@dataclass(slots=True)
class Form:
    """What came: fields by name, the last one of a name, and the photos in their order."""

    fields: dict[str, str] = field(default_factory=dict)
    photos: list[bytes] = field(default_factory=list)


async def read_form(request: web.Request, *, photos: frozenset[str]) -> Form:
    """Return the parts of a multipart form; those named in ``photos`` as bytes.

    Raises TooMuch for more than we take, ValueError for what is no multipart form.
    """
    if not request.content_type.startswith("multipart/"):
        raise ValueError("no multipart form")
    form = Form()
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        if part.name in photos:
            content = await _read(part, MOST_BYTES)
            if content:
                form.photos.append(content)
        else:
            form.fields[part.name] = (await _read(part, FIELD_BYTES)).decode(errors="replace")
        if len(form.photos) > MOST_PHOTOS or len(form.fields) > MOST_FIELDS:
            raise TooMuch
    return form


async def keep_photo(store: Pictures, content: bytes) -> Stored:
    """Keep a photo; raises MediaLost for anything else, a film or a voice too."""
    stored = await store.keep(content)
    if not is_photo(stored):
        raise MediaLost(f"a photo was asked for, this is {stored.mime}", Unkept.NO_PHOTO)
    return stored


async def _read(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise TooMuch
    return bytes(content)
