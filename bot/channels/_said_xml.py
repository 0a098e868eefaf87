"""What a person says to an application and to an official account comes in the same XML.

Read once for both (wechat.md 1c.1, 1g). Pure and total over what `_xml.fields` gives. Not
wechatpy.parse_message, which drops spaces at the ends of words, turns blank words into None,
raises ValueError and TypeError for odd ids and empty bodies, and takes twice the time.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict

from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound

MAX_NOTE = 300
_MAX_ID, _MAX_MEDIA = 200, 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DATE = re.compile(r"[0-9]{1,11}")
_TAG = re.compile(r"[A-Za-z_]{1,40}")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call was heard: our channel, the bot's names, and when."""

    channel: str
    names: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing to handle, and why; safe to log, it holds no words of a person."""

    reason: str
    detail: str = ""


class Begun(TypedDict):
    """The part of an `Inbound` that every call tells; made whole once it is known what it says."""

    address: Address
    sender: str
    external_id: str
    received_at: datetime
    handle: NotRequired[Mapping[str, str]]


Reader = Callable[[Fields, Begun, Place], Inbound | Dropped]


def begun(said: Fields, place: Place) -> Begun | None:
    """Who did something, and when; what it was is read next. None where nobody did."""
    sender = ident(said, "FromUserName")
    if not sender:
        return None
    return {
        "address": Address(place.channel, sender),  # groups are never delivered
        "sender": sender,
        "external_id": ident(said, "MsgId"),
        "received_at": moment(said, place.now),
    }


def spoken(said: Fields, key: str, place: Place) -> tuple[str, bool]:
    """The words under a key, the bot's name taken out; whether it was there."""
    value = said.get(key)
    return strip_names(clean(value) if isinstance(value, str) else "", place.names)


def words(said: Fields, heard: Begun, place: Place) -> Inbound:
    """Something typed."""
    typed, named = spoken(said, "Content", place)
    return Inbound(**heard, text=typed, named=named)


def media(kind: str) -> Reader:
    """A picture, voice or video by its id."""

    def reader(said: Fields, heard: Begun, place: Place) -> Inbound | Dropped:
        media_id = ident(said, "MediaId", _MAX_MEDIA)
        if not media_id:
            return Dropped("no media id", kind)
        # What the platform itself heard in a voice; not every account gets it.
        typed, named = spoken(said, "Recognition", place)
        shown = (Attachment(kind, ref={"media_id": media_id}),)
        return Inbound(**heard, text=typed, named=named, attachments=shown)

    return reader


def location(said: Fields, heard: Begun, _place: Place) -> Inbound:
    """A spot on the map: its label is words, its numbers (GCJ-02) stay with it."""
    numbers = [text(said, key) for key in ("Location_X", "Location_Y")]
    spot = clean(",".join(numbers), MAX_NOTE) if all(numbers) else ""
    label = clean(text(said, "Label"), MAX_NOTE)
    return Inbound(**heard, text=label, attachments=(Attachment("location", name=spot),))


def link(said: Fields, heard: Begun, _place: Place) -> Inbound:
    """A link: its title, what is said of it, and where it leads are words."""
    lines = (text(said, key) for key in ("Title", "Description", "Url"))
    return Inbound(**heard, text=clean("\n".join(line for line in lines if line)))


READERS: Mapping[str, Reader] = {
    "text": words,
    "image": media("image"),
    "voice": media("voice"),
    "video": media("video"),
    "location": location,
    "link": link,
}


def moment(said: Fields, now: datetime) -> datetime:
    """The platform's own time, which keeps the order of late callbacks; never in the future."""
    created = text(said, "CreateTime")
    if not _DATE.fullmatch(created):
        return now
    return min(datetime.fromtimestamp(int(created), UTC), now)


def text(said: Fields, key: str) -> str:
    """A field's text without the spaces around it; "" where it is none."""
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""


def ident(said: Fields, key: str, limit: int = _MAX_ID) -> str:
    """An id as it came, or "" when it is none: ids are opaque and never repaired."""
    value = text(said, key)
    return "" if len(value) > limit or _CONTROL.search(value) else value


def tag(value: str) -> str:
    """A type's name for the log; anything else could be a person's words."""
    return value if _TAG.fullmatch(value) else "?"
