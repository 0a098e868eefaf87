"""How long somebody may still be written to on channels with a window, and what waits for it.

Kept in his conversation's row, and only for channels that have a window (wechat.md 1f, 1g).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from domain.messages import Address, Inbound, Kind
from store import tables as t
from store.engine import Connection, Store
from store.upsert import upsert

_OPENS = (Kind.SAID, Kind.CLICKED)  # a recall opens nothing, nor does entering the chat


@dataclass(frozen=True, slots=True)
class Standing:
    """When somebody last wrote, and how many messages he was sent since."""

    heard_at: datetime | None = None
    said: int = 0


def opens(inbound: Inbound) -> bool:
    """Whether a message lets its writer be written to again."""
    return inbound.private and inbound.kind in _OPENS


async def heard(store: Store, conn: Connection, messages: Sequence[Inbound]) -> None:
    """Note that people wrote; what waited for that goes out. A late message opens nothing anew."""
    newest: dict[str, Inbound] = {}
    for one in messages:
        known = newest.get(one.address.key)
        if known is None or known.received_at < one.received_at:
            newest[one.address.key] = one
    if not newest:
        return
    rows = [
        {"key": key, "heard_at": one.received_at, "said": 0} for key, one in sorted(newest.items())
    ]
    statement, columns = upsert(store, t.conversations), t.conversations.c
    later = columns.heard_at.is_(None) | (columns.heard_at <= statement.excluded.heard_at)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"heard_at": statement.excluded.heard_at, "said": 0},
            where=later,
        ),
        rows,
    )
    for channel in sorted({one.address.channel for one in newest.values()}):
        here = [one for one in newest.values() if one.address.channel == channel]
        chats = sorted(one.address.chat for one in here)
        at = max(one.received_at for one in here)
        await conn.execute(_RELEASE, {"b_of": channel, "b_in": chats, "b_at": at})


_RELEASE = (
    update(t.outbox)
    .where(
        t.HELD,
        t.outbox.c.channel == bindparam("b_of"),
        t.outbox.c.chat.in_(bindparam("b_in", expanding=True)),
    )
    .values(state="waiting", due_at=bindparam("b_at"), tries=0)
)
_READ = select(t.conversations.c.key, t.conversations.c.heard_at, t.conversations.c.said).where(
    t.conversations.c.key.in_(bindparam("keys", expanding=True))
)


_READ_LOCKED = _READ.order_by(t.conversations.c.key).with_for_update()


async def read(
    conn: Connection, addresses: Iterable[Address], *, lock: bool = False
) -> Mapping[str, Standing]:
    """How it stands at these addresses, by the key of the conversation.

    Who holds a message until the next word must `lock`: that word may come in at this moment.
    """
    keys = sorted({one.key for one in addresses})
    if not keys:
        return {}
    result = await conn.execute(_READ_LOCKED if lock else _READ, {"keys": keys})
    return {row.key: Standing(row.heard_at, row.said) for row in result}


_UNDER_WAY = (
    select(t.outbox.c.chat, func.count().label("number"))
    .where(
        t.UNSENT,
        t.outbox.c.channel == bindparam("b_channel"),
        t.SENDING,
        t.outbox.c.chat.in_(bindparam("chats", expanding=True)),
    )
    .group_by(t.outbox.c.chat)
)


async def under_way(conn: Connection, channel: str, chats: Iterable[str]) -> Mapping[str, int]:
    """How many messages are being sent to these chats right now."""
    where: dict[str, Any] = {"b_channel": channel, "chats": sorted(set(chats))}
    return {row.chat: row.number for row in await conn.execute(_UNDER_WAY, where)}


_SAID = (
    update(t.conversations)
    .where(t.conversations.c.key == bindparam("b_key"))
    .values(said=t.conversations.c.said + 1)
)
_SHUT = (
    update(t.conversations)
    .where(t.conversations.c.key == bindparam("b_key"))
    .values(heard_at=None, said=0)
)


async def said(conn: Connection, addresses: Sequence[Address]) -> None:
    """Count messages that were sent."""
    if addresses:
        await conn.execute(_SAID, [{"b_key": key} for key in sorted(one.key for one in addresses)])


async def shut(conn: Connection, address: Address) -> None:
    """Note that the platform lets nothing more through there before he writes again."""
    await conn.execute(_SHUT, {"b_key": address.key})
