"""WeCom smart robot by callback, outwards: what is handed over when the platform comes for it.

Pure. Which answer is allowed where is wechat.md 1a.5, the one thing more 1a.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from yarl import URL

from bot.channels._wecom_replies import cut_bytes, template_card
from domain.messages import Outbound

Body = dict[str, Any]
# Words that only end a bubble: what there was to say was said another way, or nothing is.
_NOTHING = "\u2026"
_PORTS = {"https": 443, "http": 80}
_BELIEVED = 600  # seconds; events come at once or never (1a.4)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform gets: at once, or when it comes back for the stream that was begun.

    `later` is None for events, whose answer nobody comes back for.
    """

    now: Body
    later: Body | None = None

    def packed(self) -> str:
        """As text, for the store."""
        return orjson.dumps({"now": self.now, "later": self.later}).decode()


def unpacked(text: str) -> Answer:
    """An answer that was `packed`."""
    found = orjson.loads(text)
    return Answer(found["now"], found["later"])


def answer(outbound: Outbound, name: str) -> Answer | None:
    """How an Outbound is handed over; None when its words do not fit what may be answered.

    `name` is the id of the message's stream.
    """
    match outbound.handle.get("kind"):
        case "enter":
            return _welcome(outbound)
        case "card":
            return _changed_card(outbound)
    return _said(outbound, name)


def unfinished(name: str) -> Body:
    """A stream the platform will ask for again."""
    return _stream(name, "", finish=False)


def over(name: str) -> Body:
    """The end of a stream to which nothing more is said."""
    return _stream(name, _NOTHING)


def once_more(outbound: Outbound) -> Body:
    """What is posted to a response_url: a card only to a message said in private (1a.6)."""
    card = template_card(outbound.card) if outbound.card else None
    alone = not outbound.address.group and outbound.handle.get("kind", "msg") == "msg"
    if card is not None and alone:
        return {"msgtype": "template_card", "template_card": card}
    return {"msgtype": "markdown", "markdown": {"content": cut_bytes(outbound.text)}}


def once_url(text: str, base: str) -> str:
    """A response_url if it leads to the platform's own address, else "" (1a.6)."""
    try:
        url, home = URL(text), URL(base)
        same = (url.scheme, url.host, _port(url)) == (home.scheme, home.host, _port(home))
    except ValueError:
        return ""
    return text if same and url.user is None and url.password is None else ""


def moment(body: Mapping[str, Any], now: datetime) -> datetime:
    """When an event happened, by the platform's clock; a time that cannot be is not believed."""
    at = body.get("create_time")
    if not isinstance(at, int) or not 0 <= int(now.timestamp()) - at < _BELIEVED:
        return now
    return datetime.fromtimestamp(at, now.tzinfo)


def _port(url: URL) -> int | None:
    return url.port or _PORTS.get(url.scheme)


def _said(outbound: Outbound, name: str) -> Answer:
    card = template_card(outbound.card) if outbound.card else None
    if outbound.card is None or card is None:
        words = _stream(name, outbound.text)
        return Answer(words, words)
    # A stream that was begun has to end in words; the card says the rest.
    bubble = _stream(name, outbound.card.title)
    both = {**bubble, "msgtype": "stream_with_template_card", "template_card": card}
    return Answer(_card(card), both)


def _changed_card(outbound: Outbound) -> Answer | None:
    """The clicked card; only it may be answered, so words alone go another way."""
    task_id = outbound.handle.get("task_id", "")
    card = template_card(outbound.card, task_id=task_id) if outbound.card else None
    if card is None or not task_id:
        return None
    return Answer({"response_type": "update_template_card", "template_card": card})


def _welcome(outbound: Outbound) -> Answer:
    card = template_card(outbound.card) if outbound.card else None
    if card is not None:
        return Answer(_card(card))
    return Answer({"msgtype": "text", "text": {"content": cut_bytes(outbound.text)}})


def _stream(name: str, words: str, *, finish: bool = True) -> Body:
    stream = {"id": name, "finish": finish, "content": cut_bytes(words)}
    return {"msgtype": "stream", "stream": stream}


def _card(card: Body) -> Body:
    return {"msgtype": "template_card", "template_card": card}
