"""WeCom application, inwards: what the XML of a callback means (wechat.md 1c.1).

Pure and total over what `_xml.fields` gives: whatever arrives, `read` returns a value.
"""

from collections.abc import Mapping

from bot.channels import _said_xml as xml
from bot.channels._said_xml import Begun, Dropped, Fields, Place, Reader, tag, text
from domain.messages import Inbound, Kind
from domain.workdays import TZ

CLICKS = ("template_card_event", "template_card_menu_event", "click")
# WeCom suspends applications that nobody uses, and says so beforehand.
SLEEPY = ("inactive_alert", "close_inactive_agent", "low_active_alert", "low_active")
# What makes an event the same event; events have no MsgId, and sender and second are not enough.
_EVENT = (
    "ToUserName AgentID FromUserName CreateTime Event ChangeType EventKey ChatId TaskId".split()
)
_ENTRY = "ToUserName AgentID FromUserName Event".split()


def read(said: Fields, place: Place, agent: str) -> Inbound | Dropped:
    """Tell what a callback means; `agent` is the application's AgentID."""
    heard, kind = xml.begun(said, place), text(said, "MsgType")
    if heard is None:
        return Dropped("no sender")
    if text(said, "AgentID") not in ("", agent):
        return Dropped("another application's")
    reader = _READERS.get(kind)
    return reader(said, heard, place) if reader else Dropped("unknown message type", tag(kind))


def _event(said: Fields, heard: Begun, _place: Place) -> Inbound | Dropped:
    event, button = text(said, "Event"), text(said, "EventKey")
    if event == "enter_agent":
        # Whoever opens the chat ten times a day is welcomed once, as a robot does (1a.4).
        day = heard["received_at"].astimezone(TZ).date().isoformat()
        heard["external_id"] = "|".join((*(text(said, key) for key in _ENTRY), day))
        return Inbound(**heard, kind=Kind.ENTERED)
    if event not in CLICKS or not button:
        return Dropped("event of no interest", tag(event))
    card, code = text(said, "TaskId"), text(said, "ResponseCode")
    handle = {"response_code": code, "task_id": card, "at": heard["received_at"].isoformat()}
    heard["external_id"] = "|".join(text(said, key) for key in _EVENT)
    heard["handle"] = handle if code and card else {}
    return Inbound(**heard, kind=Kind.CLICKED, button=button, card=card)


_READERS: Mapping[str, Reader] = {**xml.READERS, "event": _event}
