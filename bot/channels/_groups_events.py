"""客户联系, inwards: what its events tell (wechat.md 1d); pure.

No words come this way: who joined which group, and who added a member of staff and may be greeted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels._content import ident, tag
from bot.channels._welcome import LIFE as WELCOME_LIFE
from bot.channels._words import clean
from domain.messages import Address, Inbound, Kind

RESIDENT = 2  # a member's `type`; 1 is a member of the corp
_ADDED = ("add_external_contact", "add_half_external_contact")
_MAX_STATE = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """A customer group changed; who is in it now has to be asked."""

    chat: str
    at: datetime
    joined: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing to do; the names go to the log."""

    what: str
    detail: str = ""


Read = Inbound | Changed | Noted


def read(event: Mapping[str, Any], channel: str, now: datetime) -> Read:
    """What an event is."""
    at = _moment(event.get("CreateTime"), now)
    kind, change = event.get("Event"), event.get("ChangeType")
    if kind == "change_external_chat":
        return _changed(event, at)
    if kind == "change_external_contact" and change in _ADDED:
        return _added(event, channel, at, now)
    return Noted(tag(kind), tag(change))


def joined(
    channel: str, chat: str, member: Mapping[str, Any], now: datetime
) -> tuple[int, Inbound] | None:
    """When a resident joined a group, and that as something he did; None for everybody else.

    `state` is what his join code said: the grid it was made for.
    """
    who, stamp = ident(member.get("userid")), member.get("join_time")
    if member.get("type") != RESIDENT or not who or not isinstance(stamp, int):
        return None
    state = _state(member.get("state"))
    return stamp, Inbound(
        address=Address(channel, chat, group=True),
        sender=who,
        external_id=f"join:{chat}:{who}:{stamp}",
        received_at=_moment(str(stamp), now),
        kind=Kind.ENTERED,
        text=state,
        handle={"grid": state},
        union=ident(member.get("unionid")),
    )


def _changed(event: Mapping[str, Any], at: datetime) -> Read:
    chat, change = ident(event.get("ChatId")), event.get("ChangeType")
    if not chat:
        return Noted("change_external_chat", "no chat")
    return Changed(
        chat,
        at,
        joined=change == "create" or event.get("UpdateDetail") == "add_member",
        gone=change == "dismiss",
    )


def _added(event: Mapping[str, Any], channel: str, at: datetime, now: datetime) -> Read:
    """A resident added a member of staff: he may be greeted once, within 20 seconds.

    Without a code, or later, nothing can be said to him here.
    """
    who, code = ident(event.get("ExternalUserID")), ident(event.get("WelcomeCode"))
    if not who or not code or now - at > WELCOME_LIFE:
        return Noted("change_external_contact", tag(event.get("ChangeType")))
    member, state = ident(event.get("UserID")), _state(event.get("State"))
    said = Inbound(
        address=Address(channel, who),
        sender=who,
        # Events have no id; who, whom and when tell them apart (1c.1).
        external_id=f"added:{member}:{who}:{int(at.timestamp())}",
        received_at=at,
        text=state,
    )
    handle = {"welcome": code, "at": at.isoformat(), "grid": state, "member": member}
    return replace(said, kind=Kind.ENTERED, handle=handle)


def _moment(stamp: object, now: datetime) -> datetime:
    """A moment in seconds, never in the future; now where it is none."""
    try:
        return min(datetime.fromtimestamp(int(str(stamp)), UTC), now)
    except (OverflowError, OSError, ValueError):
        return now


def _state(value: object) -> str:
    return clean(value, _MAX_STATE).strip() if isinstance(value, str) else ""
