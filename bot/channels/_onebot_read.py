"""OneBot, inwards: what an event of version 11 or 12 means (wechat.md 1i); pure.

Ids are numbers in version 11 and strings in version 12; gateways to WeChat send strings in both.
Here they are strings.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind

# A gateway that comes back may tell old things again: what is answered so late startles people.
HISTORY = timedelta(minutes=5)
_MAX_ID = 128
_MAX_NOTE = 500
_CODE = re.compile(r"\[CQ:([\w.-]+)((?:,[^,=\[\]]+=[^,\[\]]*)*)\]")
_UNESCAPED = (("&#44;", ","), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&"))
_MEDIA = {
    "image": "image",
    "record": "voice",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "file": "file",
}
_RECALLS = {
    "group_recall",
    "friend_recall",
    "group_message_delete",
    "private_message_delete",
}

Fields = Mapping[str, Any]
Segment = tuple[str, Fields]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing to handle, and why; safe to log, it holds no words of a person."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What reading needs to know: whose connection it is, and what was said before.

    `quoted` gives the words of an earlier message, "" for one nobody remembers; `groups` are those
    that may be heard, all when there are none.
    """

    channel: str
    self_id: str
    names: tuple[str, ...]
    groups: tuple[str, ...]
    now: datetime
    quoted: Callable[[str], str]


Read = Inbound | Dropped


def ident(value: object) -> str:
    """An id as a string; "" for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean(value, _MAX_ID) if isinstance(value, str) else ""


def self_of(event: Fields) -> str:
    """The account that an event tells of; "" where it tells of none."""
    own = event.get("self")
    return ident(own.get("user_id")) if isinstance(own, dict) else ident(event.get("self_id"))


def read(event: Fields, place: Place) -> Read:
    """Tell what an event means; of version 12 it is when it has a `type`."""
    later = isinstance(event.get("type"), str)
    kind = ident(event.get("type" if later else "post_type"))
    what = ident(event.get("detail_type" if later else f"{kind}_type"))
    if not _wanted(kind, what):
        return Dropped(kind or "no type", what)
    said = _said(event, place)
    if isinstance(said, Dropped):
        return said
    return _recalled(event, said) if kind == "notice" else _message(event, said, place)


def _wanted(kind: str, what: str) -> bool:
    if kind == "notice":
        return what in _RECALLS
    return kind == "message" and what in ("group", "private")


def _said(event: Fields, place: Place) -> Read:
    """Who, where and when; or why it is not for us."""
    sender, group = ident(event.get("user_id")), ident(event.get("group_id"))
    if not sender:
        return Dropped("no sender")
    if event.get("sub_type") == "notice":  # the platform's own words, in nobody's name
        return Dropped("notice")
    if sender == (self_of(event) or place.self_id):
        return Dropped("own")
    if group and place.groups and group not in place.groups:
        return Dropped("group not allowed")
    at = _moment(event.get("time"), place.now)
    if place.now - at > HISTORY:
        return Dropped("history")
    return Inbound(
        address=Address(place.channel, group or sender, group=bool(group)),
        sender=sender,
        external_id=ident(event.get("message_id")),
        received_at=at,
        handle={"self": self_of(event) or place.self_id},
    )


def _recalled(event: Fields, said: Inbound) -> Read:
    message = said.external_id
    if not message:
        return Dropped("no message")
    number = ident(event.get("id")) if isinstance(event.get("type"), str) else ""
    return replace(
        said, kind=Kind.RECALLED, card=message, external_id=number or f"recall:{message}"
    )


def _message(event: Fields, said: Inbound, place: Place) -> Read:
    own = self_of(event) or place.self_id
    words: list[str] = []
    media: list[Attachment] = []
    quote, named = "", False
    for kind, data in segments(event.get("message")):
        if kind in ("at", "mention"):
            whom = ident(data.get("qq") or data.get("user_id"))
            named = named or whom == own
            words.append(" " if whom == own else _called(data))
        elif kind == "reply":
            quote = place.quoted(ident(data.get("id") or data.get("message_id")))
        elif kind in _MEDIA:
            media.append(_attachment(_MEDIA[kind], data, own))
        else:
            words.append(_text(kind, data, media))
    text, typed = strip_names(clean("".join(words)), place.names)
    if not text and not media and not named and not typed:
        return Dropped("nothing said")
    return replace(said, text=text, attachments=tuple(media), quote=quote, named=named or typed)


def _text(kind: str, data: Fields, media: list[Attachment]) -> str:
    """The words of a segment; a spot on the map goes to the media, its label is words."""
    if kind == "text":
        return str(data.get("text") or "")
    if kind == "share":
        return f"{data.get('title') or ''}\n{data.get('url') or ''}"
    if kind != "location":
        return ""
    spot = ",".join(
        str(data.get(one) or data.get(other) or "")
        for one, other in (("latitude", "lat"), ("longitude", "lon"))
    )
    media.append(Attachment("location", name=clean(spot, _MAX_NOTE)))
    return f"{data.get('title') or ''}{data.get('content') or ''}"[:_MAX_NOTE]


def _called(data: Fields) -> str:
    """Somebody else who is called by name, where the gateway says his name."""
    name = data.get("name")
    return f"@{clean(name, _MAX_ID)} " if isinstance(name, str) and name else " "


def _attachment(kind: str, data: Fields, own: str) -> Attachment:
    """What to ask for the bytes later; nothing where the gateway sent only a path of its own."""
    url = ident_url(data.get("url")) or ident_url(data.get("file"))
    number = ident(data.get("file_id"))
    ref = {"url": url} if url else {"file_id": number, "self": own} if number else {}
    name = data.get("name") or data.get("file")
    plain = isinstance(name, str) and "://" not in name
    return Attachment(kind, clean(str(name), _MAX_ID) if plain and kind == "file" else "", ref=ref)


def ident_url(value: object) -> str:
    """A web address; "" for anything else."""
    known = isinstance(value, str) and value.startswith(("http://", "https://"))
    return str(value)[:4096] if known else ""


def segments(message: object) -> list[Segment]:
    """The parts of a message, which may be a list, a single one, or a string with CQ codes."""
    if isinstance(message, str):
        return cq_segments(message)
    rows = [message] if isinstance(message, dict) else message
    return [
        (ident(row.get("type")), data if isinstance(data := row.get("data"), dict) else {})
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
    ]


def cq_segments(text: str) -> list[Segment]:
    """The parts of a string with CQ codes; what is no code is text."""
    found: list[Segment] = []
    end = 0
    for code in _CODE.finditer(text):
        if code.start() > end:
            found.append(("text", {"text": _unescaped(text[end : code.start()])}))
        pairs = (pair.partition("=") for pair in code[2].split(",")[1:])
        found.append((code[1], {key: _unescaped(value) for key, _, value in pairs}))
        end = code.end()
    if end < len(text):
        found.append(("text", {"text": _unescaped(text[end:])}))
    return found


def _unescaped(text: str) -> str:
    for code, sign in _UNESCAPED:
        text = text.replace(code, sign)
    return text


def _moment(value: object, now: datetime) -> datetime:
    """The gateway's time, which keeps the order; never in the future."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return now
    try:
        return min(datetime.fromtimestamp(value, UTC), now)
    except (ValueError, OverflowError, OSError):
        return now
