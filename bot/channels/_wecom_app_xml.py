"""WeCom application, inwards: what the XML of a callback means (wechat.md 1c.1).

Pure and total over what `_xml.fields` gives: whatever arrives, `read` returns a value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels._words import clean, strip_names
from domain.messages import Address, Attachment, Inbound, Kind
from domain.workdays import TZ

CLICKS = ("template_card_event", "template_card_menu_event", "click")
# WeCom suspends applications that nobody uses, and says so beforehand.
SLEEPY = ("inactive_alert", "close_inactive_agent", "low_active_alert", "low_active")
_DATE = re.compile(r"[0-9]{1,11}")
_TAG = re.compile(r"[A-Za-z_]{1,40}")
# What makes an event the same event; events have no MsgId, and sender and second are not enough.
_EVENT = (
    "ToUserName AgentID FromUserName CreateTime Event ChangeType EventKey ChatId TaskId".split()
)
_ENTRY = "ToUserName AgentID FromUserName Event".split()


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing to handle, and why; safe to log, it holds no words of a person."""

    reason: str
    detail: str = ""


_Said = Mapping[str, Any]
_More = dict[str, Any]  # what an Inbound has besides sender and moment
_Reader = Callable[[_Said, tuple[str, ...], datetime], _More | Dropped]


def read(
    said: _Said, *, channel: str, agent: str, names: tuple[str, ...], now: datetime
) -> Inbound | Dropped:
    """Tell what a callback means; `agent` is the application's AgentID."""
    sender = _text(said, "FromUserName")
    if not sender:
        return Dropped("no sender")
    if _text(said, "AgentID") not in ("", agent):
        return Dropped("another application's")
    kind = _text(said, "MsgType")
    reader = _READERS.get(kind)
    if reader is None:
        return Dropped("unknown message type", _tag(kind))
    at = _moment(said, now)
    more = reader(said, names, at)
    if isinstance(more, Dropped):
        return more
    more.setdefault("external_id", _text(said, "MsgId"))
    # Groups are never delivered to an application.
    return Inbound(address=Address(channel, sender), sender=sender, received_at=at, **more)


def _text(said: _Said, key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""


def _tag(value: str) -> str:
    """A type's name for the log; anything else could be a person's words."""
    return value if _TAG.fullmatch(value) else "?"


def _moment(said: _Said, now: datetime) -> datetime:
    """The platform's own time, which keeps the order of late callbacks; never in the future."""
    created = _text(said, "CreateTime")
    if not _DATE.fullmatch(created):
        return now
    return min(datetime.fromtimestamp(int(created), UTC), now)


def _words(said: _Said, names: tuple[str, ...], _at: datetime) -> _More:
    content = said.get("Content")
    text, named = strip_names(clean(content) if isinstance(content, str) else "", names)
    return {"text": text, "named": named}


def _media(kind: str) -> _Reader:
    def reader(said: _Said, _names: tuple[str, ...], _at: datetime) -> _More | Dropped:
        media_id = _text(said, "MediaId")
        if not media_id:
            return Dropped("no media id", kind)
        return {"attachments": (Attachment(kind, ref={"media_id": media_id}),)}

    return reader


def _location(said: _Said, _names: tuple[str, ...], _at: datetime) -> _More:
    label = clean(_text(said, "Label"), 300)
    return {"text": label, "attachments": (Attachment("location", name=label),)}


def _link(said: _Said, _names: tuple[str, ...], _at: datetime) -> _More:
    lines = (_text(said, key) for key in ("Title", "Description", "Url"))
    return {"text": clean("\n".join(line for line in lines if line))}


def _event(said: _Said, _names: tuple[str, ...], at: datetime) -> _More | Dropped:
    event = _text(said, "Event")
    if event == "enter_agent":
        # Whoever opens the chat ten times a day is welcomed once, as a robot does (1a.4).
        day = at.astimezone(TZ).date().isoformat()
        once = "|".join((*(_text(said, key) for key in _ENTRY), day))
        return {"kind": Kind.ENTERED, "external_id": once}
    button = _text(said, "EventKey")
    if event not in CLICKS or not button:
        return Dropped("event of no interest", _tag(event))
    card, code = _text(said, "TaskId"), _text(said, "ResponseCode")
    handle = {"response_code": code, "task_id": card, "at": at.isoformat()}
    return {
        "kind": Kind.CLICKED,
        "external_id": "|".join(_text(said, key) for key in _EVENT),
        "button": button,
        "card": card,
        "handle": handle if code and card else {},
    }


_READERS: Mapping[str, _Reader] = {
    "text": _words,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "location": _location,
    "link": _link,
    "event": _event,
}
