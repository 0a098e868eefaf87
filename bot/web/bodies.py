"""What the page may send: shapes, bounds, and pictures known by their first bytes."""

import unicodedata
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.web.guard import Refusal

MAX_BODY = 64 * 1024
MAX_TEXT = 4000
MAX_PICTURE = 10 * 1024 * 1024
MAX_MINUTES = 60 * 24 * 60
MAX_NAME = 80

Id = Annotated[str, Field(max_length=64, pattern=r"^[0-9A-Za-z_.\-@]*$")]
Number = Annotated[int, Field(ge=1, le=10**9)]


class Body(BaseModel):
    """A JSON body: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Say(Body):
    """Words in a group, or to the bot when `chat` is empty; `quote` is a line's number."""

    person: Id
    chat: Id = ""
    text: str
    quote: Number | None = None


class Picture(Body):
    """Where a picture goes; it comes as query, the bytes are the body."""

    person: Id
    chat: Id = ""
    name: str = ""


class Click(Body):
    """A press on the button `key` of the card in line `number`."""

    person: Id
    number: Number
    key: Annotated[str, Field(min_length=1, max_length=1024)]


class Recall(Body):
    """Line `number` is taken back by whoever wrote it."""

    person: Id
    chat: Id = ""
    number: Number


class Enter(Body):
    """A person opens the private chat with the bot."""

    person: Id


class Clock(Body):
    """Minutes to move forward; None goes to the next deadline."""

    minutes: int | None


B = TypeVar("B", bound=Body)


async def read_json(request: web.Request, shape: type[B]) -> B:
    """The request's body in this shape, or a refusal that names the field."""
    if request.content_type != "application/json":
        raise Refusal(400, "bad_json")
    data = await read_bytes(request, MAX_BODY, "body_too_large")
    try:
        return shape.model_validate_json(data)
    except ValidationError as error:
        raise _refusal(error) from None


def read_query(request: web.Request, shape: type[B]) -> B:
    """The query in this shape."""
    try:
        return shape.model_validate(dict(request.query))
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Refusal:
    where = error.errors(include_url=False, include_input=False)[0]["loc"]
    return Refusal(400, "bad_field", field=str(where[0])) if where else Refusal(400, "bad_json")


async def read_bytes(request: web.Request, limit: int, too_large: str) -> bytes:
    """The whole body; reading stops as soon as it is longer than `limit`."""
    data = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise Refusal(413, too_large)
    return bytes(data)


def clean_text(text: str) -> str:
    """What a chat would send: no control characters, not empty, not endless."""
    kept = "".join(letter for letter in text if letter in "\n\t" or not _control(letter)).strip()
    if not kept:
        raise Refusal(400, "text_empty")
    if len(kept) > MAX_TEXT:
        raise Refusal(400, "text_too_long")
    return kept


def picture_type(data: bytes) -> str:
    """The picture's type by its first bytes, whatever it claims to be."""
    if not data:
        raise Refusal(400, "picture_missing")
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise Refusal(400, "picture_kind")


def clean_name(name: str) -> str:
    """A file's own name without folders or control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if not _control(letter))[:MAX_NAME]


def _control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs")
