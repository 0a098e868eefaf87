"""WeCom smart robot, inwards: what a frame means (wechat.md 1a.3, 1a.4, 1a.7).

Pure and total: whatever arrives, `read` returns a value and raises nothing.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels._words import MAX_TEXT, clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind

MAX_ID = 256
MAX_KEY = 1024  # a button's key, in bytes on the platform (1a.5)
MAX_URL = 8192
MAX_MEDIA = 20

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_TAG = re.compile(r"[A-Za-z_]{1,32}")
# strict=False: the vendor's SDK strips raw control characters, so they do occur.
_JSON = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Ack:
    """The platform's answer to one of our frames; `code` 0 means it was taken."""

    req_id: str
    code: int
    message: str = ""
    msgid: str = ""


@dataclass(frozen=True, slots=True)
class Kicked:
    """Another process subscribed for this bot: the platform closes this connection (1a.7)."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing to handle, and why; safe to log, it holds no words of a person."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    """Words and media of a message, or of a quoted one."""

    text: str = ""
    media: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Heard:
    """A callback frame on its way to an Inbound."""

    body: Mapping[str, Any]
    req_id: str
    channel: str
    names: tuple[str, ...]
    now: datetime

    def values(self, place: tuple[Address, str], answer: str, **more: str) -> dict[str, Any]:
        """What every Inbound has; `answer` is the kind of reply it allows.

        Without a req_id there is no handle, which leaves the push.
        """
        handle = {"req_id": self.req_id, "kind": answer, "at": self.now.isoformat(), **more}
        return {
            "address": place[0],
            "sender": place[1],
            "external_id": ident(self.body.get("msgid")),
            "received_at": self.now,
            "handle": handle if self.req_id else {},
        }


Frame = Inbound | Ack | Kicked | Dropped


def read(raw: str | bytes, *, channel: str, names: tuple[str, ...], now: datetime) -> Frame:
    """Tell what one WebSocket message means. Never raises."""
    frame = decode(raw)
    if frame is None:
        return Dropped("not a JSON object")
    req_id = ident(dict_of(frame.get("headers")).get("req_id"))
    body = dict_of(frame.get("body"))
    match frame.get("cmd"):
        case "aibot_msg_callback" | "aibot_event_callback" as cmd:
            event = cmd == "aibot_event_callback"
            return told(body, req_id, event=event, channel=channel, names=names, now=now)
    return _ack(frame, req_id, body)


def told(
    body: Mapping[str, Any],
    req_id: str,
    *,
    event: bool,
    channel: str,
    names: tuple[str, ...],
    now: datetime,
) -> Frame:
    """Tell what the body of a callback means: the same in both of the robot's modes."""
    heard = _Heard(body, req_id, channel, names, now)
    return _event(heard) if event else _message(heard)


def decode(raw: str | bytes) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        frame = _JSON.decode(raw) if isinstance(raw, str) else json.loads(raw, strict=False)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return None
    return frame if isinstance(frame, dict) else None


def dict_of(value: object) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def ident(value: object, limit: int = MAX_ID) -> str:
    """An id as it came, or "" when it is no id: ids are opaque and never repaired (1a.1)."""
    if not isinstance(value, str) or len(value) > limit or _CONTROL.search(value):
        return ""
    return value


def _tag(value: object) -> str:
    """A type's name for the log; anything else could be a person's words."""
    return value if isinstance(value, str) and _TAG.fullmatch(value) else "?"


def _first(thing: Mapping[str, Any], *keys: str) -> object:
    return next((thing[key] for key in keys if key in thing), None)


def _ack(frame: Mapping[str, Any], req_id: str, body: Mapping[str, Any]) -> Ack | Dropped:
    code = frame.get("errcode")
    if not isinstance(code, int) or isinstance(code, bool) or not req_id:
        return Dropped("unknown cmd", _tag(frame.get("cmd")))
    message = frame.get("errmsg")
    return Ack(
        req_id,
        code,
        clean(message, 200) if isinstance(message, str) else "",
        ident(_first(body, "msgid", "msg_id")),
    )


def _place(heard: _Heard) -> tuple[Address, str] | Dropped:
    """Where it was said and by whom. `chatid` is there in groups only (1a.3)."""
    body = heard.body
    sender = ident(dict_of(body.get("from")).get("userid"))
    if not sender:
        return Dropped("no sender")
    chat = ident(body.get("chatid"))
    kind = body.get("chattype")
    if kind == "group" or (kind is None and chat):
        if not chat:
            return Dropped("group message without a chat id")
        return Address(heard.channel, chat, group=True), sender
    return Address(heard.channel, sender), sender


def _message(heard: _Heard) -> Inbound | Dropped:
    body = heard.body
    if body.get("msgtype") == "stream":
        return Dropped("stream refresh")  # only streams left unfinished are polled
    place = _place(heard)
    if isinstance(place, Dropped):
        return place
    content = _content(body)
    if content is None:
        return Dropped("unknown or unreadable message type", _tag(body.get("msgtype")))
    quoted = _content(dict_of(body.get("quote"))) or _Content()
    text, found = strip_names(content.text, heard.names)
    return Inbound(
        **heard.values(place, "msg"),
        text=text,
        # Quoting a photo while naming the bot is one of two ways a group photo arrives (1a.1).
        attachments=(content.media + quoted.media)[:MAX_MEDIA],
        quote=quoted.text.strip(),
        # A group message is delivered only when the bot was mentioned, whatever it is called (1a.1)
        named=found or place[0].group,
    )


def _event(heard: _Heard) -> Frame:
    event = dict_of(heard.body.get("event"))
    kind = _first(event, "eventtype", "eventType")
    if kind == "disconnected_event":
        return Kicked()
    if kind not in ("enter_chat", "template_card_event"):
        return Dropped("event of no interest", _tag(kind))
    place = _place(heard)
    if isinstance(place, Dropped):
        return place
    if kind == "enter_chat":
        return Inbound(**heard.values(place, "enter"), kind=Kind.ENTERED)
    return _click(heard, event, place)


def _click(
    heard: _Heard, event: Mapping[str, Any], place: tuple[Address, str]
) -> Inbound | Dropped:
    """A button of a card: the page nests the key, the SDK's types do not (1a.4); both are read."""
    nested = dict_of(_first(event, "template_card_event", "templateCardEvent"))
    both = {**event, **nested}
    button = ident(_first(both, "event_key", "eventKey"), MAX_KEY)
    if not button:
        return Dropped("click without a key")
    card = ident(_first(both, "task_id", "taskId"))
    values = heard.values(place, "card", task_id=card)
    return Inbound(**values, kind=Kind.CLICKED, button=button, card=card)


def _content(thing: Mapping[str, Any]) -> _Content | None:
    """Words and media of a message or a quote; None when it cannot be read."""
    kind = thing.get("msgtype")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    return reader(thing) if reader else None


def _words(kind: str) -> Callable[[Mapping[str, Any]], _Content | None]:
    def reader(thing: Mapping[str, Any]) -> _Content | None:
        words = dict_of(thing.get(kind)).get("content")
        return _Content(clean(words)) if isinstance(words, str) else None

    return reader


def _media(kind: str) -> Callable[[Mapping[str, Any]], _Content | None]:
    def reader(thing: Mapping[str, Any]) -> _Content | None:
        media = dict_of(thing.get(kind))
        url = ident(media.get("url"), MAX_URL)
        if not url:
            return None
        ref = {"url": url, "aeskey": ident(media.get("aeskey"))}
        return _Content(media=(Attachment(kind, ref=ref),))

    return reader


def _mixed(thing: Mapping[str, Any]) -> _Content | None:
    items = dict_of(thing.get("mixed")).get("msg_item")
    if not isinstance(items, list):
        return None
    parts = [
        part
        for item in items
        # A mixed message inside a mixed one is not published, and would recurse.
        if dict_of(item).get("msgtype") != "mixed" and (part := _content(dict_of(item))) is not None
    ]
    if not parts:
        return None
    text = "\n".join(part.text for part in parts if part.text)[:MAX_TEXT]
    return _Content(text, tuple(one for part in parts for one in part.media)[:MAX_MEDIA])


_READERS: Mapping[str, Callable[[Mapping[str, Any]], _Content | None]] = {
    "text": _words("text"),
    "voice": _words("voice"),  # the platform sends the transcript, not the sound (1a.3)
    "mixed": _mixed,
    "image": _media("image"),
    "file": _media("file"),
    "video": _media("video"),
}
