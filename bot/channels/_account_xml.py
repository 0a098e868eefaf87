"""服务号, inwards: what the XML of a callback means (wechat.md 1g).

Pure and total: whatever arrives, `read` returns a value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels import _said_xml as xml
from bot.channels._said_xml import MAX_NOTE, Begun, Dropped, Fields, Place, ident, tag, text
from bot.channels._words import clean
from domain.messages import Inbound, Kind

MENU_SPLIT = "."  # in the id of a menu's entry, between our button's key and the card's task id
_SCENE = "qrscene_"
_ENTRY = re.compile(rf"([a-z_:]{{1,60}}){re.escape(MENU_SPLIT)}([0-9A-Za-z_\-@]{{1,128}})")
_STATUS = re.compile(r"[A-Za-z0-9:_ ]{1,60}")
# What makes an event the same event: events have no MsgId, and sender and second are not enough.
_EVENT = ("ToUserName", "FromUserName", "CreateTime", "Event", "EventKey")


@dataclass(frozen=True, slots=True)
class NotSent:
    """A notice of ours did not arrive after all; `reason` is the platform's word for it."""

    msgid: str
    reason: str


Read = Inbound | NotSent | Dropped
_Reader = Callable[[Fields, Begun, Place], Read]


def read(said: Fields, place: Place) -> Read:
    """Tell what a callback means."""
    kind = text(said, "MsgType")
    heard, reader = xml.begun(said, place), _READERS.get(kind)
    if heard is None:
        return Dropped("no sender")
    if reader is None:
        return Dropped("unknown message type", tag(kind))
    heard["handle"] = {"at": heard["received_at"].isoformat()}
    return reader(said, heard, place)


def _words(said: Fields, heard: Begun, place: Place) -> Read:
    ours = _ENTRY.fullmatch(ident(said, "bizmsgmenuid"))
    if ours:  # a menu made elsewhere has ids of its own: its words are said
        return Inbound(**heard, kind=Kind.CLICKED, button=ours[1], card=ours[2])
    return xml.words(said, heard, place)


def _event(said: Fields, heard: Begun, place: Place) -> Read:
    event, key = text(said, "Event"), clean(text(said, "EventKey"), MAX_NOTE)
    heard["external_id"] = "|".join(text(said, name) for name in _EVENT)
    if event == "subscribe":
        return _entered(heard, key.removeprefix(_SCENE) if key.startswith(_SCENE) else "")
    if event == "SCAN":
        return _entered(heard, key)
    if event == "CLICK" and key:
        return _clicked(heard, key)
    if event == "TEMPLATESENDJOBFINISH" and text(said, "Status") != "success":
        status = text(said, "Status")
        return NotSent(ident(said, "MsgID"), status if _STATUS.fullmatch(status) else "?")
    if event == "unsubscribe":
        return Inbound(**heard, kind=Kind.LEFT)
    return Dropped("event of no interest", tag(event))


def _entered(heard: Begun, scene: str) -> Inbound:
    """Somebody follows the account or scanned its code; a code's scene names the grid."""
    if scene:
        heard["handle"] = {**heard.get("handle", {}), "grid": scene}
    return Inbound(**heard, kind=Kind.ENTERED, text=scene)


def _clicked(heard: Begun, key: str) -> Inbound:
    """A tap on the account's own menu: its key is a button's, or words to be said for him."""
    if key.isascii():
        return Inbound(**heard, kind=Kind.CLICKED, button=key)
    return Inbound(**heard, text=key)


_READERS: Mapping[str, _Reader] = {
    **xml.READERS,
    "text": _words,
    "shortvideo": xml.media("video"),
    "event": _event,
}
