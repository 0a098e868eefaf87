"""WeCom smart robot, outwards: which frames say an Outbound, and what a refusal means.

Pure. The bodies are wechat.md 1a.5 and 1a.7, the limits of cards 1a.5, the error codes 1a.7.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels._words import clean
from bot.channels.base import SendError
from domain.messages import Address, Card, Outbound

MAX_BYTES = 20480
REPLY_LIFE = timedelta(hours=24)
EVENT_LIFE = timedelta(seconds=5)

MAX_BUTTONS = 6
MAX_FIELDS = 6
MAX_BUTTON_KEY = 1024
_ELLIPSIS = "\u2026"
_HEAD, _SUBTITLE, _FIELD_NAME, _FIELD_VALUE, _LABEL = 26, 112, 5, 26, 10
_OPEN_LINK = re.compile(r"\[[^\]\n]*(?:\]\([^)\n]*)?$")
_LONGEST_LINK = 512

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One frame to send; an empty `req_id` asks for a fresh one."""

    cmd: str
    body: Body
    req_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a refusal means. `push`: the reply's moment is over, say it as a push instead."""

    meaning: str
    retryable: bool = False
    unreachable: bool = False
    retry_after: float | None = None
    push: bool = False


VERDICTS: Mapping[int, Verdict] = {
    -1: Verdict("system busy", retryable=True, retry_after=5.0),
    6000: Verdict("command conflict", retryable=True, retry_after=0.5),
    40058: Verdict("bad parameter"),
    45009: Verdict("over the message rate", retryable=True, retry_after=60.0),
    45033: Verdict("too many calls at once", retryable=True, retry_after=5.0),
    93006: Verdict("invalid chat id", unreachable=True),
    846605: Verdict("invalid req_id", push=True),
    846608: Verdict("stream expired", push=True),
}
# A refusal is known not to have been shown, so trying again cannot double it, and the outbox
# bounds the tries: better than to lose a notice over a code nobody has published.
UNKNOWN = Verdict("unpublished error code", retryable=True, retry_after=30.0)


def verdict(code: int) -> Verdict:
    """The meaning of a platform's error code."""
    return VERDICTS.get(code, UNKNOWN)


def refusal(code: int) -> SendError:
    """The SendError for an error code."""
    found = verdict(code)
    return SendError(
        f"refused: {found.meaning} ({code})",
        retryable=found.retryable,
        unreachable=found.unreachable,
        retry_after=found.retry_after,
        code=code,
    )


def plan(outbound: Outbound, now: datetime, card_url: str = "") -> tuple[Request, ...]:
    """The frames to try, in order: the second is for a platform that refuses the first.

    Raises SendError when the moment to answer is over and nothing is worth saying later.
    """
    build = _BY_KIND.get(outbound.handle.get("kind", ""))
    if build is None or not outbound.handle.get("req_id"):
        return (push(outbound, card_url),)
    return build(outbound, now, card_url)


def push(outbound: Outbound, card_url: str = "") -> Request:
    """The proactive message: `chat_type` 1 for a person, 2 for a group (1a.7)."""
    card = template_card(outbound.card, card_url) if outbound.card else None
    return _push(outbound.address, _card(card) if card else _markdown(outbound.text))


def template_card(card: Card, card_url: str = "", task_id: str = "") -> Body | None:
    """The card within its limits (1a.5), or None when it has to be said as text.

    Buttons make it a button_interaction. Without any it would be a text_notice, which requires
    something to open: `card_url`.
    """
    buttons = _buttons(card)
    if not buttons and not card_url:
        return None
    body: Body = {
        "card_type": "button_interaction" if buttons else "text_notice",
        "main_title": {"title": cut_chars(card.title, _HEAD)},
        "task_id": task_id or card.task_id,
    }
    if card.body:
        body["sub_title_text"] = cut_chars(card.body, _SUBTITLE)
    if card.fields:
        body["horizontal_content_list"] = [
            {"keyname": cut_chars(name, _FIELD_NAME), "value": cut_chars(value, _FIELD_VALUE)}
            for name, value in card.fields[:MAX_FIELDS]
        ]
    if buttons:
        body["button_list"] = buttons
    else:
        body["card_action"] = {"type": 1, "url": card_url}
    return body


def stream_id(once: str) -> str:
    """Stable over retries: the platform replaces a stream of the same id instead of doubling."""
    return hashlib.sha256(once.encode("utf-8", "replace")).hexdigest()[:32]


def cut_chars(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis when something is missing."""
    text = clean(text).strip()
    return text if len(text) <= limit else text[: limit - 1] + _ELLIPSIS


def cut_bytes(text: str, limit: int = MAX_BYTES, suffix: str = _ELLIPSIS) -> str:
    """At most `limit` UTF-8 bytes, cut between characters and outside Markdown links (5)."""
    text = clean(text, limit=len(text))
    data = text.encode()
    if len(data) <= limit:
        return text
    kept = data[: limit - len(suffix.encode())].decode(errors="ignore")
    head, tail = kept[:-_LONGEST_LINK], kept[-_LONGEST_LINK:]
    return head + _OPEN_LINK.sub("", tail) + suffix


def _age(outbound: Outbound, now: datetime) -> timedelta | None:
    """How old the answered message is; None when the handle does not tell."""
    try:
        return now - datetime.fromisoformat(outbound.handle.get("at", ""))
    except (ValueError, TypeError):  # no time, or one without a zone
        return None


def _to_message(outbound: Outbound, now: datetime, card_url: str) -> tuple[Request, ...]:
    """A finished stream or a card with the callback's own req_id, within 24 hours (1a.7)."""
    fallback = push(outbound, card_url)
    age = _age(outbound, now)
    if age is not None and age >= REPLY_LIFE:
        return (fallback,)
    card = template_card(outbound.card, card_url) if outbound.card else None
    body = _card(card) if card else _stream(outbound)
    return Request("aibot_respond_msg", body, outbound.handle["req_id"]), fallback


def _to_click(outbound: Outbound, now: datetime, card_url: str) -> tuple[Request, ...]:
    """The clicked card, changed, within 5 s (1a.4); afterwards, and without a card, words."""
    words = _push(outbound.address, _markdown(outbound.text))
    age, task_id = _age(outbound, now), outbound.handle.get("task_id", "")
    if age is None or age > EVENT_LIFE or outbound.card is None or not task_id:
        return (words,)
    card = template_card(outbound.card, card_url, task_id)
    if card is None:
        return (words,)
    body = {"response_type": "update_template_card", "template_card": card}
    return Request("aibot_respond_update_msg", body, outbound.handle["req_id"]), words


def _to_entrance(outbound: Outbound, now: datetime, _card_url: str) -> tuple[Request, ...]:
    """A welcome, within 5 s of the person's coming (1a.4); nobody wants one later."""
    age = _age(outbound, now)
    if age is None or age > EVENT_LIFE:
        raise SendError("too late for a welcome")
    body = {"msgtype": "text", "text": {"content": cut_bytes(outbound.text)}}
    return (Request("aibot_respond_welcome_msg", body, outbound.handle["req_id"]),)


_BY_KIND: Mapping[str, Callable[[Outbound, datetime, str], tuple[Request, ...]]] = {
    "msg": _to_message,
    "card": _to_click,
    "enter": _to_entrance,
}


def _push(address: Address, content: Body) -> Request:
    place = {"chatid": address.chat, "chat_type": 2 if address.group else 1}
    return Request("aibot_send_msg", {**place, **content})


def _stream(outbound: Outbound) -> Body:
    stream = {"id": stream_id(outbound.once), "finish": True, "content": cut_bytes(outbound.text)}
    return {"msgtype": "stream", "stream": stream}


def _markdown(text: str) -> Body:
    return {"msgtype": "markdown", "markdown": {"content": cut_bytes(text)}}


def _card(card: Body) -> Body:
    return {"msgtype": "template_card", "template_card": card}


def _buttons(card: Card) -> list[Body]:
    """At most six, keys unique; a key too long cannot be cut, for it would mean something else."""
    labels: dict[str, str] = {}
    for button in card.buttons:
        if button.key and len(button.key.encode("utf-8", "replace")) <= MAX_BUTTON_KEY:
            labels.setdefault(button.key, cut_chars(button.label, _LABEL))
    return [
        {"text": label, "style": 1 if number == 0 else 2, "key": key}
        for number, (key, label) in enumerate(list(labels.items())[:MAX_BUTTONS])
    ]
