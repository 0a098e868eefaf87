"""OneBot, outwards: the calls of version 11 and 12, and what their return codes mean; pure.

wechat.md 1i. Words stand in segments of their own, never in a string with CQ codes: somebody's
words cannot become a code.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels._wecom_replies import cut_bytes
from bot.channels.base import Blob, SendError
from domain.messages import Address, Outbound

MAX_BYTES = 4000  # gateways to WeChat cut or fold longer ones; no page names a limit
_MAX_NUMBER = 19

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """An action and its parameters."""

    action: str
    params: Body


def message(outbound: Outbound, version: int) -> Call:
    """The message as words, calling those by name it is for."""
    mentions = [_mention(one, version) for one in outbound.to if outbound.address.group and one]
    words = cut_bytes(outbound.text, MAX_BYTES)
    said = [*mentions, _text(f" {words}" if mentions else words)]
    return _to(outbound.address, said, version)


def image(address: Address, data: Blob) -> Call:
    """A picture for version 11, its bytes in the message."""
    file = "base64://" + base64.b64encode(data.data).decode()
    return _to(address, [{"type": "image", "data": {"file": file}}], 11)


def uploaded(address: Address, file_id: str) -> Call:
    """A picture for version 12, uploaded before."""
    return _to(address, [{"type": "image", "data": {"file_id": file_id}}], 12)


def upload(data: Blob) -> Call:
    """The call that brings a file to a gateway of version 12."""
    encoded = base64.b64encode(data.data).decode()
    return Call("upload_file", {"type": "data", "name": data.name or "image.png", "data": encoded})


def _to(address: Address, said: Sequence[Body], version: int) -> Call:
    detail = "group" if address.group else "private"
    key = "group_id" if address.group else "user_id"
    if version == 12:  # noqa: PLR2004 - the standard's own number
        where = {"detail_type": detail, key: address.chat}
        return Call("send_message", {**where, "message": list(said)})
    return Call(f"send_{detail}_msg", {key: _number(address.chat), "message": list(said)})


def _mention(who: str, version: int) -> Body:
    if version == 12:  # noqa: PLR2004
        return {"type": "mention", "data": {"user_id": who}}
    return {"type": "at", "data": {"qq": who}}


def _text(words: str) -> Body:
    return {"type": "text", "data": {"text": words}}


def _number(chat: str) -> int | str:
    """An id as version 11 has it: a number where it is one."""
    plain = chat.isascii() and chat.isdigit() and len(chat) <= _MAX_NUMBER and chat[0] != "0"
    return int(chat) if plain else chat


# The families of version 12; version 11 has no list, its gateways use those of CQHTTP.
_MISTAKES = frozenset({1, 100, 1400, 1404})
_FAMILIES: Mapping[int, tuple[bool, bool, float | None]] = {
    10: (False, False, None),  # the request is not understood
    20: (True, False, 30.0),  # the gateway's own trouble
    31: (True, False, 30.0),
    32: (True, False, 30.0),
    33: (True, False, 30.0),
    34: (True, False, 30.0),  # the platform's
    35: (False, True, None),  # no such chat, not a friend, not allowed to speak there
    36: (True, False, 60.0),  # "I am tired"
}
_ACCOUNT = frozenset({10101, 10102})  # who am I; no such account: it may be logging in


def refusal(code: int) -> SendError:
    """What is next after a return code. One nobody listed is tried again later."""
    family = 10 if code in _MISTAKES else 20 if code in _ACCOUNT else code // 1000
    retryable, unreachable, after = _FAMILIES.get(family, _FAMILIES[20])
    return SendError(
        f"refused with {code}",
        retryable=retryable,
        unreachable=unreachable,
        retry_after=after,
        code=code,
    )
