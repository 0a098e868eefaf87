"""服务号, inwards: what the XML of a callback means (wechat.md 1g).

Pure and total: whatever arrives, `read` returns a value. It reads what `_xml.fields` gives and not
wechatpy.parse_message, which drops spaces at the ends of words, turns blank words into None,
raises ValueError and TypeError for odd ids and empty bodies, and takes twice the time.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind

MENU_SPLIT = "."  # in the id of a menu's entry, between our button's key and the card's task id
_SCENE = "qrscene_"
_MAX_ID, _MAX_NOTE = 200, 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DATE = re.compile(r"[0-9]{1,11}")
_TAG = re.compile(r"[A-Za-z_]{1,40}")
_ENTRY = re.compile(rf"([a-z_:]{{1,60}}){re.escape(MENU_SPLIT)}([0-9A-Za-z_\-@]{{1,128}})")
_STATUS = re.compile(r"[A-Za-z0-9:_ ]{1,60}")
# What makes an event the same event: events have no MsgId, and sender and second are not enough.
_EVENT = ("ToUserName", "FromUserName", "CreateTime", "Event", "EventKey")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call was heard: our channel, the bot's names, and when."""

    channel: str
    names: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class NotSent:
    """A notice of ours did not arrive after all; `reason` is the platform's word for it."""

    msgid: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing to handle, and why; safe to log, it holds no words of a person."""

    reason: str
    detail: str = ""


Read = Inbound | NotSent | Dropped
_Reader = Callable[[Fields, Inbound, Place], Read]


def read(said: Fields, place: Place) -> Read:
    """Tell what a callback means."""
    sender, kind = _ident(said, "FromUserName"), _text(said, "MsgType")
    reader = _READERS.get(kind)
    if not sender:
        return Dropped("no sender")
    if reader is None:
        return Dropped("unknown message type", _tag(kind))
    at = _moment(said, place.now)
    heard = Inbound(
        address=Address(place.channel, sender),
        sender=sender,
        external_id=_ident(said, "MsgId"),
        received_at=at,
        handle={"at": at.isoformat()},
    )
    return reader(said, heard, place)


def _words(said: Fields, heard: Inbound, place: Place) -> Read:
    ours = _ENTRY.fullmatch(_ident(said, "bizmsgmenuid"))
    if ours:  # a menu made elsewhere has ids of its own: its words are said
        return replace(heard, kind=Kind.CLICKED, button=ours[1], card=ours[2])
    return _spoken(said, "Content", heard, place)


def _spoken(said: Fields, key: str, heard: Inbound, place: Place) -> Inbound:
    value = said.get(key)
    text, named = strip_names(clean(value) if isinstance(value, str) else "", place.names)
    return replace(heard, text=text, named=named)


def _media(kind: str) -> _Reader:
    def reader(said: Fields, heard: Inbound, place: Place) -> Read:
        media_id = _ident(said, "MediaId", 1000)
        if not media_id:
            return Dropped("no media id", kind)
        # What the platform itself heard in a voice; not every account gets it.
        heard = _spoken(said, "Recognition", heard, place)
        return replace(heard, attachments=(Attachment(kind, ref={"media_id": media_id}),))

    return reader


def _location(said: Fields, heard: Inbound, _place: Place) -> Read:
    """A spot on the map: its label is words, its numbers (GCJ-02) stay with it."""
    spot = clean(f"{_text(said, 'Location_X')},{_text(said, 'Location_Y')}", _MAX_NOTE)
    label = clean(_text(said, "Label"), _MAX_NOTE)
    return replace(heard, text=label, attachments=(Attachment("location", name=spot),))


def _link(said: Fields, heard: Inbound, _place: Place) -> Read:
    lines = (_text(said, key) for key in ("Title", "Description", "Url"))
    return replace(heard, text=clean("\n".join(line for line in lines if line)))


def _event(said: Fields, heard: Inbound, place: Place) -> Read:
    event, key = _text(said, "Event"), clean(_text(said, "EventKey"), _MAX_NOTE)
    heard = replace(heard, external_id="|".join(_text(said, name) for name in _EVENT))
    if event == "subscribe":
        return _entered(heard, key.removeprefix(_SCENE) if key.startswith(_SCENE) else "")
    if event == "SCAN":
        return _entered(heard, key)
    if event == "CLICK" and key:
        return _clicked(heard, key)
    if event == "TEMPLATESENDJOBFINISH" and _text(said, "Status") != "success":
        status = _text(said, "Status")
        return NotSent(_ident(said, "MsgID"), status if _STATUS.fullmatch(status) else "?")
    return Dropped("left" if event == "unsubscribe" else "event of no interest", _tag(event))


def _entered(heard: Inbound, scene: str) -> Inbound:
    """Somebody follows the account or scanned its code; a code's scene names the grid."""
    handle = {**heard.handle, "grid": scene} if scene else heard.handle
    return replace(heard, kind=Kind.ENTERED, text=scene, handle=handle)


def _clicked(heard: Inbound, key: str) -> Inbound:
    """A tap on the account's own menu: its key is a button's, or words to be said for him."""
    if key.isascii():
        return replace(heard, kind=Kind.CLICKED, button=key)
    return replace(heard, text=key)


_READERS: Mapping[str, _Reader] = {
    "text": _words,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "shortvideo": _media("video"),
    "location": _location,
    "link": _link,
    "event": _event,
}


def _moment(said: Fields, now: datetime) -> datetime:
    """The platform's own time, which keeps the order of late callbacks; never in the future."""
    created = _text(said, "CreateTime")
    if not _DATE.fullmatch(created):
        return now
    return min(datetime.fromtimestamp(int(created), UTC), now)


def _text(said: Fields, key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""


def _ident(said: Fields, key: str, limit: int = _MAX_ID) -> str:
    """An id as it came, or "" when it is none: ids are opaque and never repaired."""
    value = _text(said, key)
    return "" if len(value) > limit or _CONTROL.search(value) else value


def _tag(value: str) -> str:
    """A type's name for the log; anything else could be a person's words."""
    return value if _TAG.fullmatch(value) else "?"
