"""WeCom application, outwards: what its calls say (wechat.md 1c.2 to 1c.4). Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.channels._wecom_replies import cut_bytes
from bot.channels.base import SendError
from domain.messages import Address

MAX_BYTES = 2048
SAME = 1800  # seconds in which the platform swallows the same content (1c.2)
# Members are ids; what is none could mean everybody, or several people at once (1c.2).
_ID = re.compile(r"(?!@all\Z)[^|\s]{1,128}\Z", re.IGNORECASE)
# Clients turn these into links and mentions, even in plain text.
_LIVE = re.compile(r"<(?=\s*/?\s*(?:a\b|@))", re.IGNORECASE)
_INERT = "\uff1c"

Body = dict[str, Any]


def check(address: Address) -> None:
    """Raises SendError for what is no id: `@all` would reach everybody, `a|b` two people."""
    if not _ID.match(address.chat):
        raise SendError("not the id of a person or a group", unreachable=True)


def words(text: str, *, markdown: bool) -> tuple[str, Body]:
    """The message type and content of a text; Markdown was made safe when it was rendered."""
    if markdown:
        return "markdown", {"content": cut_bytes(text, MAX_BYTES)}
    return "text", {"content": cut_bytes(_LIVE.sub(_INERT, text), MAX_BYTES)}


def called(people: Iterable[str]) -> list[str]:
    """Those of them who can be called by name in a group."""
    return [one for one in people if _ID.match(one)]


def to_member(user: str, agent: str, kind: str, content: Body, *, same: bool) -> Body:
    """One message to a member; `same`: the platform may have it already and then drops it."""
    body: Body = {"touser": user, "msgtype": kind, "agentid": int(agent), kind: content}
    if same:
        body |= {"enable_duplicate_check": 1, "duplicate_check_interval": SAME}
    return body


def to_group(chat: str, kind: str, content: Body) -> Body:
    """One message to a group the application made."""
    return {"chatid": chat, "msgtype": kind, "safe": 0, kind: content}


def update(user: str, agent: str, code: str, card: Body) -> Body:
    """The clicked card, changed for who clicked it (1c.3)."""
    return {
        "userids": [user],
        "agentid": int(agent),
        "response_code": code,
        "template_card": card,
    }


def arrived(answer: Mapping[str, Any], user: str) -> None:
    """Raises SendError when the answer says that this member did not get it (1c.2)."""
    for key in ("invaliduser", "unlicenseduser"):
        named = answer.get(key) or ""
        # They come back in lower case, as a list or joined by bars.
        users = named if isinstance(named, list) else str(named).split("|")
        if user.lower() in (str(one).lower() for one in users):
            raise SendError(f"refused: {key}", unreachable=True)
