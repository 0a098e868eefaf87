"""An opened record of the message archive, read as what a person did (wechat.md 1e).

Pure and total: whatever the platform sends becomes something heard, a change of consent, or is
dropped by name. Whether what was heard may be kept is not decided here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

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
from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind

_MAX_FILE, _MAX_DEPTH = 4000, 3
_OUTSIDE, _ROBOT = ("wm", "wo"), "wb"  # how ids begin (wechat.md 1e)
_MILLISECONDS = 10**11  # no moment of our time has so many seconds
# How clients write an answer that quotes: a heading, who said what in quotation marks, a line of
# dashes, the answer (WeCom); or corner brackets and spaced dashes (WeChat). Seen in public code.
_QUOTES = (
    re.compile(
        '[^\n]{1,60}[:\uff1a]\\s*\n["\u201c][^\n]{0,80}?[:\uff1a]\\s*(?P<quote>.*?)["\u201d]\n'
        "-{6}\n(?P<words>.*)",
        re.DOTALL,
    ),
    re.compile(
        "\u300c[^\n]{0,80}?[:\uff1a]\\s*(?P<quote>.*?)\u300d\n(?:- ){5,}-\n(?P<words>.*)", re.DOTALL
    ),
)


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: our channel, the bot's names, the groups that are read (none: all).

    With `private`, chats of one member with one person outside are read as well. `members` are
    those whose chats are archived: an id tells by its beginning whose it is, but a member's own is
    the corp's choice and may begin like any other (wm for somebody called Wang Ming).
    """

    channel: str
    names: tuple[str, ...]
    groups: frozenset[str]
    private: bool
    now: datetime
    members: frozenset[str] = frozenset()

    def external(self, person: str) -> bool:
        """Whether an id is that of somebody outside the corp, who has to consent."""
        return person.startswith(_OUTSIDE) and person not in self.members

    def robot(self, person: str) -> bool:
        """Whether an id is a robot's."""
        return person.startswith(_ROBOT) and person not in self.members


def doubtful(entry: Fields) -> bool:
    """Whether a record's ids do not show whose they are: then the members have to be known."""
    listed = entry.get("tolist")
    others = listed if isinstance(listed, list) and not entry.get("roomid") else ()
    about = mapping(entry.get(str(entry.get("msgtype")))).get("userid")
    ids = (entry.get("from"), about, *others)
    return any(isinstance(one, str) and one.startswith((*_OUTSIDE, _ROBOT)) for one in ids)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person consents: in a group, or in his chat with one member."""

    room: str = ""
    member: str = ""

    @property
    def key(self) -> str:
        """Its name among the places of a channel."""
        return self.room or self.member


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody did, and where his consent is asked for; a member's is not."""

    inbound: Inbound
    place: Place
    member: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody agreed, or no longer agrees."""

    place: Place
    person: str
    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing for us; the name goes to the log."""

    what: str


Read = Heard | Changed | Noted


def read(entry: Fields, view: View) -> Read:
    """What one opened record is."""
    if entry.get("action") == "switch":
        return Noted("switch")
    msgid, sender = ident(entry.get("msgid")), ident(entry.get("from"))
    if not msgid or not sender:
        return Noted("no ids")
    kind = str(entry.get("msgtype"))
    if kind in ("agree", "disagree"):
        return _changed(entry, kind, sender, view)
    found = _place(entry, sender, view)
    if view.robot(sender) or found is None:
        return Noted("robot" if view.robot(sender) else "elsewhere")
    address, place = found
    said = Inbound(address, sender, msgid, moment(entry.get("msgtime"), view.now))
    heard = _revoked(entry, said, place) if kind == "revoke" else _said(entry, said, place, view)
    member = not view.external(sender)
    return replace(heard, member=member) if isinstance(heard, Heard) else heard


def _said(entry: Fields, said: Inbound, place: Place, view: View) -> Read:
    kind = str(entry.get("msgtype"))
    content = _content(kind, mapping(entry.get(kind)))
    if content is None:
        return Noted(tag(kind))
    quote, words = unquoted(content.text)
    text, named = strip_names(words, view.names)
    return Heard(
        replace(said, text=text, named=named, quote=quote, attachments=content.media), place
    )


def moment(stamp: object, now: datetime) -> datetime:
    """A moment of the platform, in milliseconds or seconds; `now` where it is none, or ahead."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or stamp <= 0:
        return now
    try:
        seconds = stamp / 1000 if stamp >= _MILLISECONDS else stamp
        return min(datetime.fromtimestamp(seconds, UTC), now)
    except (OverflowError, OSError, ValueError):
        return now


def unquoted(text: str) -> tuple[str, str]:
    """The words that are answered, without their writer's name, and the answer."""
    for pattern in _QUOTES:
        found = pattern.fullmatch(text)
        if found is not None:
            return found["quote"].strip(), found["words"].strip()
    return "", text


def _place(entry: Fields, sender: str, view: View) -> tuple[Address, Place] | None:
    """Where it was said; None for what is not read."""
    room = ident(entry.get("roomid"))
    if room:
        if view.groups and room not in view.groups:
            return None
        return Address(view.channel, room, group=True), Place(room=room)
    person, member = _pair(entry, sender, view)
    if not view.private or not view.external(person) or not member:
        return None
    return Address(view.channel, person), Place(member=member)


def _pair(entry: Fields, sender: str, view: View) -> tuple[str, str]:
    """Who is outside, and which member he talks with."""
    listed = entry.get("tolist")
    other = ident(listed[0]) if isinstance(listed, list) and len(listed) == 1 else ""
    return (sender, other) if view.external(sender) else (other, sender)


def _changed(entry: Fields, kind: str, sender: str, view: View) -> Read:
    thing = mapping(entry.get(kind))
    person = ident(thing.get("userid")) or sender
    if not view.external(person):
        return Noted("a member's consent")
    room = ident(entry.get("roomid"))
    place = Place(room=room) if room else Place(member=_pair(entry, person, view)[1])
    stamp = thing.get(f"{kind}_time") or thing.get("agree_time") or entry.get("msgtime")
    return Changed(place, person, kind == "agree", moment(stamp, view.now))


def _revoked(entry: Fields, said: Inbound, place: Place) -> Read:
    recalled = ident(mapping(entry.get("revoke")).get("pre_msgid"))
    if not recalled:
        return Noted("revoke")
    return Heard(replace(said, kind=Kind.RECALLED, card=recalled), place)


def _content(kind: str, thing: Fields, depth: int = 0) -> Content | None:
    """Words and media; None when there is nothing to be read."""
    if kind in ("mixed", "chatrecord"):
        return _several(kind, thing, depth)
    reader = _READERS.get(kind)
    return reader(thing) if reader else None


def _several(kind: str, thing: Fields, depth: int) -> Content | None:
    """Several things in one message; of what was forwarded the words only, it is others' chat."""
    items = thing.get("item")
    if depth >= _MAX_DEPTH or not isinstance(items, list):
        return None
    found = [one for item in items if (one := _item(mapping(item), depth)) is not None]
    text = clean("\n".join(one.text for one in found if one.text))
    media = tuple(one for part in found for one in part.media) if kind == "mixed" else ()
    return Content(text, media) if text or media else None


def _item(item: Fields, depth: int) -> Content | None:
    kind = str(item.get("type")).removeprefix("ChatRecord").lower()
    try:
        thing = orjson.loads(item.get("content") or "")
    except (orjson.JSONDecodeError, TypeError):
        return None
    return _content(kind, mapping(thing), depth + 1)


def _text(thing: Fields) -> Content | None:
    words = thing.get("content")
    return Content(clean(words)) if isinstance(words, str) and words else None


def _media(kind: str) -> Reader:
    def reader(thing: Fields) -> Content | None:
        file = ident(thing.get("sdkfileid"), _MAX_FILE)
        if not file:
            return None
        ref = {"sdkfileid": file}
        if md5 := ident(thing.get("md5sum")):  # some have none
            ref["md5"] = md5.lower()
        name = thing.get("filename")
        known = clean(name, MAX_NOTE) if isinstance(name, str) else ""
        return Content(media=(Attachment(kind, name=known, ref=ref),))

    return reader


_READERS: Mapping[str, Reader] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "location": location("title"),
    "link": link("link_url"),
}
