"""The JSON of WeCom's, taken apart without trusting it: ids, names of types, words, places."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels._words import clean
from domain.messages import Attachment

MAX_NOTE = 200
_MAX_ID = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TAG = re.compile(r"[A-Za-z_]{1,40}\Z")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Words and media of a message."""

    text: str = ""
    media: tuple[Attachment, ...] = ()


Reader = Callable[[Fields], Content | None]


def mapping(value: object) -> dict[str, Any]:
    """An object as it came, or one without fields."""
    return value if isinstance(value, dict) else {}


def ident(value: object, limit: int = _MAX_ID) -> str:
    """An id as it came, or "" when it is none: ids are opaque and never repaired."""
    if not isinstance(value, str) or len(value) > limit or _CONTROL.search(value):
        return ""
    return value


def tag(value: object) -> str:
    """A type's name for the log; anything else could be a person's words."""
    return value if isinstance(value, str) and _TAG.fullmatch(value) else "?"


def joined(thing: Fields, *keys: str) -> str:
    """The words under these keys, one after the other."""
    found = (thing.get(key) for key in keys)
    return " ".join(clean(one).strip() for one in found if isinstance(one, str) and one.strip())


def location(title: str) -> Reader:
    """A spot on the map: its `title` and address are words, its numbers stay with it."""

    def reader(thing: Fields) -> Content | None:
        name = f"{thing.get('latitude')},{thing.get('longitude')}"[:MAX_NOTE]
        return Content(joined(thing, title, "address"), (Attachment("location", name=clean(name)),))

    return reader


def link(url: str) -> Reader:
    """A link: its title and where it leads are words; None without either."""

    def reader(thing: Fields) -> Content | None:
        words = joined(thing, "title", url)
        return Content(words) if words else None

    return reader
