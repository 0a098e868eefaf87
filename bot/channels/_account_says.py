"""服务号, outwards: the bodies of customer messages and of notices (wechat.md 1g); pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from bot.channels._account_xml import MENU_SPLIT
from bot.channels._wecom_replies import cut_bytes, cut_chars, stream_id
from domain.messages import Card, Outbound
from domain.numbers import CASES
from domain.workdays import TZ

MAX_BYTES = 2048
_ENTRIES, _ENTRY, _LABEL = 10, 64, 128  # no page names a menu's limits: those of 微信客服 (1f)
# Clients make links of these, even in plain text; somebody's words must not become one.
_LIVE = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)
_INERT = "\uff1c"
_TYPE = re.compile(r"([a-z_]+?)[0-9]*\Z")
# Characters a value may have, by the type that a field's name begins with (1g, 1h).
_LENGTHS: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "phrase": 5,
    "name": 10,
    "const": 20,
    "short_thing": 5,
}

Body = dict[str, Any]


class Notice(BaseModel):
    """A template as the console shows it: `id`, and what stands in each of its fields.

    `fields` names a value for each field: `number`, `text`, `time`, or one of the message's own.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True
    )

    id: str
    way: Literal["template", "subscribe"] = "template"
    fields: dict[str, str]


def words(outbound: Outbound) -> Body:
    """The message as words."""
    said = cut_bytes(_inert(outbound.text), MAX_BYTES)
    return {"touser": outbound.address.chat, "msgtype": "text", "text": {"content": said}}


def menu(outbound: Outbound) -> Body | None:
    """The message as a menu whose entries can be tapped; None where it has no buttons."""
    entries = _entries(outbound.card) if outbound.card else []
    if not entries:
        return None
    room = MAX_BYTES - sum(len(entry["content"].encode()) for entry in entries)
    head = cut_bytes(_inert(outbound.text), room)
    content = {"head_content": head, "list": entries, "tail_content": ""}
    return {"touser": outbound.address.chat, "msgtype": "msgmenu", "msgmenu": content}


def notice(
    outbound: Outbound, templates: Mapping[str, Notice], now: datetime
) -> tuple[str, Body] | None:
    """The way and body of a notice about a case; None without a template or one of its values.

    The case's number is always needed: the platform refuses empty values, and withdraws the ability
    to send notices from who sends anything but what they are for.
    """
    chosen = templates.get(outbound.template) or templates.get("default")
    known = _values(outbound, now)
    if chosen is None or not known["number"]:
        return None
    data = {name: _fit(name, known.get(value, "")) for name, value in chosen.fields.items()}
    if not all(data.values()):
        return None
    body: Body = {
        "touser": outbound.address.chat,
        "template_id": chosen.id,
        "data": {name: {"value": value} for name, value in data.items()},
    }
    if chosen.way == "template":  # the same id within ten minutes is taken once
        body["client_msg_id"] = stream_id(outbound.once)
    return chosen.way, body


def _entries(card: Card) -> list[Body]:
    """At most ten; a key too long cannot be cut, for it would mean something else."""
    keyed = ((f"{one.key}{MENU_SPLIT}{card.task_id}", one.label) for one in card.buttons)
    fitting = [(key, label) for key, label in keyed if len(key.encode()) <= _ENTRY]
    return [
        {"id": key, "content": cut_bytes(_inert(label), _LABEL)}
        for key, label in fitting[:_ENTRIES]
    ]


def _values(outbound: Outbound, now: datetime) -> dict[str, str]:
    """What can stand in a notice's fields, by name."""
    title = outbound.card.title if outbound.card else ""
    task = outbound.card.task_id.partition("_")[0] if outbound.card else ""
    found = CASES.find(task) or CASES.find(outbound.text)
    return {
        "number": found[0] if found else "",
        "text": title or outbound.text.partition("\n")[0],
        "time": now.astimezone(TZ).strftime("%Y-%m-%d %H:%M"),
        **outbound.values,
    }


def _fit(name: str, value: str) -> str:
    """A value as its field takes it: one line, at most so many characters."""
    line = " ".join(value.split())
    kind = _TYPE.match(name)
    limit = _LENGTHS.get(kind[1], len(line)) if kind else len(line)
    if name.startswith("thing"):  # the only type that may hold the sign of what is missing
        return cut_chars(line, limit)
    return line[:limit]


def _inert(text: str) -> str:
    return _LIVE.sub(_INERT, text)
