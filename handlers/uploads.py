"""Reads photos and fields out of a form, piece by piece, so that nobody fills the memory or the time of all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

MOST_BYTES = 10 * 1024 * 1024  # of one photo
MOST_TOTAL = 30 * 1024 * 1024  # of one form
MOST_UNPROVED = 256 * 1024  # of a form before it has shown that its sender may send photos
MOST_PHOTOS = 6
MOST_FIELDS = 50
MOST_PARTS = 60
MOST_LINES = MOST_PARTS * 24  # boundaries and headers: a body of nothing but line ends takes seconds to read
MOST_HEADERS = 16  # of one part
FIELD_BYTES = 16 * 1024  # of one field
HEADER_BYTES = 8190  # of one line
UNPROVED_SECONDS = 20.0
MOST_SECONDS = 300.0  # six photos out of a tunnel
AT_ONCE = 4  # forms whose photos are being read: each may hold ``MOST_TOTAL``
PLAIN = "application/x-www-form-urlencoded"
UTF_8 = "utf-8"
REPLACED = "\ufffd"

UPLOADS: web.AppKey[asyncio.Semaphore] = web.AppKey("uploads", asyncio.Semaphore)
Admit = Callable[[dict[str, str]], Awaitable[object]]


class TooMuch(Exception):  # noqa: N818 - names the fact
    """A form with more, or larger, parts than we take."""


class TooSlow(Exception):  # noqa: N818 - names the fact
    """A form that did not come to its end in time."""


class NotText(ValueError):  # noqa: N818 - names the fact
    """A field that is not in the charset it was sent in: UTF-8, or the one that was declared."""


@dataclass(slots=True)
class Form:
    """What came: fields by name, the last one of a name, and the photos in their order."""

    fields: dict[str, str] = field(default_factory=dict)
    photos: list[bytes] = field(default_factory=list)


async def read_form(request: web.Request, *, photos: frozenset[str], admit: Admit | None = None) -> Form:
    """Return the parts of a multipart form; those named in ``photos`` as bytes.

    ``admit`` is given the fields that came before the first photo and raises when the sender may send none: no
    byte of a photo is read for a stranger. Raises TooMuch, TooSlow, NotText, ValueError for what is no multipart form.
    """
    if not request.content_type.startswith("multipart/"):
        raise ValueError("no multipart form")
    if (request.content_length or 0) > MOST_TOTAL:
        raise TooMuch
    reading = _Reading(request, photos)
    try:
        async with asyncio.timeout(UNPROVED_SECONDS if admit else MOST_SECONDS):
            photo = await reading.fields()
        if admit is not None:
            await admit(reading.form.fields)
        if photo is not None:
            async with asyncio.timeout(MOST_SECONDS), _turn(request):
                await reading.rest(photo)
    except TimeoutError as error:
        raise TooSlow from error
    return reading.form


async def read_plain_form(request: web.Request) -> Form:
    """Return the fields of a form without files, none for another kind of body; raises NotText, ValueError."""
    if request.content_type != PLAIN:
        return Form()
    charset, body = request.charset or UTF_8, await read_bytes(request)
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


async def read_bytes(request: web.Request) -> bytes:
    """Return a body without files; raises TooMuch, TooSlow, ValueError for one that broke off or was packed wrongly."""
    try:
        async with asyncio.timeout(UNPROVED_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise TooMuch from error
    except TimeoutError as error:
        raise TooSlow from error
    except OSError:  # they have gone
        raise
    except Exception as error:  # packed in a way that cannot be unpacked, or broken off
        raise ValueError("a broken body") from error


class _Reading:
    """One form while it is read."""

    def __init__(self, request: web.Request, photos: frozenset[str]) -> None:
        self.form = Form()
        self._photos = photos
        self._charset = request.charset or UTF_8
        self._body = _Measured(request.content)
        body = cast("Any", self._body)
        with _blamed():
            self._reader = MultipartReader(
                request.headers, body, max_field_size=HEADER_BYTES, max_headers=MOST_HEADERS
            )
        self._parts = 0

    async def fields(self) -> BodyPartReader | None:
        """Read fields up to the next photo; return that one, None at the end."""
        while part := await self._next_part():
            with _blamed():
                name, charset = part.name, part.get_charset(default=self._charset)
            if name in self._photos:
                return part
            if not name:
                continue
            self.form.fields[name] = _text(await _read(part, FIELD_BYTES), charset)
            if len(self.form.fields) > MOST_FIELDS:
                raise TooMuch
        return None

    async def rest(self, photo: BodyPartReader) -> None:
        """Read from this photo to the end."""
        self._body.most = MOST_TOTAL
        following: BodyPartReader | None = photo
        while following is not None:
            content = await _read(following, MOST_BYTES)
            if content:
                self.form.photos.append(content)
            if len(self.form.photos) > MOST_PHOTOS:
                raise TooMuch
            following = await self.fields()

    async def _next_part(self) -> BodyPartReader | None:
        self._parts += 1
        if self._parts > MOST_PARTS + 1:
            raise TooMuch
        with _blamed():
            part = await self._reader.next()
        if part is not None and not isinstance(part, BodyPartReader):
            raise ValueError("a form within a form")
        return part


class _Measured:
    """A body that ends with TooMuch after ``most`` bytes or ``MOST_LINES`` lines, read like a StreamReader."""

    def __init__(self, content: Any) -> None:
        self._content = content
        self.most = MOST_UNPROVED
        self._bytes = self._lines = 0

    async def read(self, size: int = -1) -> bytes:
        chunk: bytes = await self._content.read(size)
        self._count(len(chunk))
        return chunk

    async def readline(self, **limits: int) -> bytes:
        self._lines += 1
        if self._lines > MOST_LINES:
            raise TooMuch
        line: bytes = await self._content.readline(**limits)
        self._count(len(line))
        return line

    def at_eof(self) -> bool:
        return bool(self._content.at_eof())

    def unread_data(self, data: bytes) -> None:
        self._content.unread_data(data)
        self._bytes -= len(data)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self.most:
            raise TooMuch


@contextmanager
def _blamed() -> Iterator[None]:
    """Let pass what we say ourselves; whatever else a form makes its reader stumble over means that it is none."""
    try:
        yield
    except (TooMuch, OSError):  # a lost connection is nobody's form
        raise
    except Exception as error:  # of a stranger's bytes: assertions and HTTP errors of the reader among them
        raise ValueError("a broken form") from error


def _turn(request: web.Request) -> AbstractAsyncContextManager[object]:
    return request.app.get(UPLOADS) or nullcontext()


def _text(content: bytes, charset: str) -> str:
    try:
        text = content.decode(_codec(charset))
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise NotText(charset) from error
    if REPLACED in text:  # lost before it came to us
        raise NotText(charset)
    return text


def _codec(charset: str) -> str:
    """Return the codec: those who say GB2312 or GBK often write more characters than these have."""
    return "gb18030" if charset.lower() in ("gb2312", "gbk", "gb18030", "cp936") else charset


async def _read(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    with _blamed():
        while chunk := await part.read_chunk():
            content += chunk
            if len(content) > most:
                raise TooMuch
    return bytes(content)
