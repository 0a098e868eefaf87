"""微信客服, outwards: the content of a message; pure (wechat.md 1f, D-96427)."""

from typing import Any

from bot.channels._kf_messages import MENU_SPLIT
from bot.channels._wecom_replies import cut_bytes
from domain.messages import Button, Card, Outbound

MAX_BYTES = 2048
# The parts of a menu in bytes, and how many entries it may have.
_HEAD, _ENTRY, _LABEL, _ENTRIES = 1024, 64, 128, 10

Body = dict[str, Any]


def content_of(outbound: Outbound) -> Body:
    """A menu where there are buttons, else words."""
    entries = _entries(outbound.card) if outbound.card else []
    if not entries:
        return {"msgtype": "text", "text": {"content": cut_bytes(outbound.text, MAX_BYTES)}}
    menu = {"head_content": cut_bytes(outbound.text, _HEAD), "list": entries}
    return {"msgtype": "msgmenu", "msgmenu": menu}


def _entries(card: Card) -> list[Body]:
    """At most ten; a key too long cannot be cut, for it would mean something else."""
    fitting = [one for one in card.buttons if len(_key(one, card).encode()) <= _ENTRY]
    return [
        {"type": "click", "click": {"id": _key(one, card), "content": cut_bytes(one.label, _LABEL)}}
        for one in fitting[:_ENTRIES]
    ]


def _key(button: Button, card: Card) -> str:
    return f"{button.key}{MENU_SPLIT}{card.task_id}"
