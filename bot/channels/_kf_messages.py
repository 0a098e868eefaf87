"""微信客服, inwards: an entry of sync_msg read as what a person did (wechat.md 1f).

Pure and total: whatever the platform sends becomes an Inbound, a note, or is dropped by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.channels._content import (
    MAX_NOTE,
    Content,
    Fields,
    Reader,
    ident,
    link,
    location,
    mapping,
    tag,
)
from bot.channels._welcome import LIFE as WELCOME_LIFE
from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind

CUSTOMER = 3  # `origin`; 4 is the platform, 5 a human servicer
MENU_SPLIT = "|"  # a menu entry's id is our button's key and the card's task id


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was read: our channel, the account, the bot's names, and when."""

    channel: str
    account: str
    names: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class NotSent:
    """A message of ours did not arrive after all; `reason` is the platform's fail_type."""

    msgid: str
    reason: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing anybody said; the names go to the log."""

    what: str
    detail: str = ""


Read = Inbound | NotSent | Noted


def sent_at(raw: object) -> int:
    """When an entry was sent, in seconds; 0 when it does not say."""
    found = mapping(raw).get("send_time")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def read(raw: object, place: Place) -> Read:
    """What one entry of `msg_list` is."""
    entry = mapping(raw)
    msgid = ident(entry.get("msgid"))
    if not msgid:
        return Noted("entry without an id")
    if entry.get("msgtype") == "event":
        return _event(mapping(entry.get("event")), entry, msgid, place)
    if entry.get("origin") != CUSTOMER:
        return Noted("not a customer's")
    return _message(entry, msgid, place)


def _message(entry: Fields, msgid: str, place: Place) -> Read:
    sender = ident(entry.get("external_userid"))
    content = _content(entry)
    if not sender or content is None:
        return Noted("unreadable message", tag(entry.get("msgtype")))
    said = _inbound(entry, msgid, sender, place)
    menu = ident(mapping(entry.get("text")).get("menu_id"))
    if MENU_SPLIT in menu:  # a menu the console made has ids of its own: its words are said
        button, _, card = menu.partition(MENU_SPLIT)
        return replace(said, kind=Kind.CLICKED, button=button, card=card)
    text, named = strip_names(content.text, place.names)
    return replace(said, text=text, attachments=content.media, named=named)


def _event(event: Fields, entry: Fields, msgid: str, place: Place) -> Read:
    kind = event.get("event_type")
    sender = ident(event.get("external_userid"))
    if kind == "msg_send_fail":
        reason = event.get("fail_type")
        number = reason if isinstance(reason, int) else 0
        return NotSent(ident(event.get("fail_msgid")), number)
    if not sender:
        return Noted("event", tag(kind))
    said = _inbound(entry, msgid, sender, place)
    if kind == "enter_session":
        return _entered(event, said, place)
    recalled = ident(event.get("recall_msgid"))
    if kind == "user_recall_msg" and recalled:
        return replace(said, kind=Kind.RECALLED, card=recalled)
    return Noted("event", tag(kind))


def _entered(event: Fields, said: Inbound, place: Place) -> Read:
    """Somebody opened the chat; `scene` tells by which link or code, and so which grid.

    Without a welcome code he is in the middle of a talk, and one too old cannot be used: a
    greeting would cost one of five messages, so there is none.
    """
    code = ident(event.get("welcome_code"))
    if not code or place.now - said.received_at > WELCOME_LIFE:
        return Noted("event", "enter_session")
    scene, more = (clean(str(event.get(key) or ""), MAX_NOTE) for key in ("scene", "scene_param"))
    handle = {**said.handle, "welcome": code, "grid": scene, "scene_param": more}
    return replace(said, kind=Kind.ENTERED, text=f"{scene} {more}".strip(), handle=handle)


def _inbound(entry: Fields, msgid: str, sender: str, place: Place) -> Inbound:
    stamp = sent_at(entry)
    try:
        at = min(datetime.fromtimestamp(stamp, UTC), place.now) if stamp > 0 else place.now
    except (OverflowError, OSError, ValueError):
        at = place.now
    return Inbound(
        address=Address(place.channel, sender),
        sender=sender,
        external_id=msgid,
        received_at=at,
        handle={"kf": place.account, "at": at.isoformat()},
    )


def _content(entry: Fields) -> Content | None:
    """Words and media of a message; None when it cannot be read."""
    kind = str(entry.get("msgtype"))
    reader = _READERS.get(kind)
    return reader(mapping(entry.get(kind))) if reader else None


def _text(thing: Fields) -> Content | None:
    words = thing.get("content")
    return Content(clean(words)) if isinstance(words, str) else None


def _media(kind: str) -> Reader:
    def reader(thing: Fields) -> Content | None:
        media_id = ident(thing.get("media_id"), 1000)
        if not media_id:
            return None
        return Content(media=(Attachment(kind, ref={"media_id": media_id}),))

    return reader


_READERS: Mapping[str, Reader] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "location": location("name"),
    "link": link("url"),
}
