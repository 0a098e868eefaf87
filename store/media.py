"""Pictures and other attachments: what came, whether its bytes are here, its case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Inbound
from store import tables_channels as t
from store.plain import plain
from store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attachment whose bytes are still at the platform."""

    id: int
    channel: str
    kind: str
    name: str
    tries: int
    at: datetime
    ref: dict[str, str]


def rows_of(inbox_id: int, inbound: Inbound) -> list[dict[str, Any]]:
    """The attachments of a message as rows."""
    return [
        {
            "inbox_id": inbox_id,
            "channel": inbound.address.channel,
            "conversation": inbound.address.key,
            "sender": inbound.sender,
            "at": inbound.received_at,
            "kind": attachment.kind,
            "name": attachment.name[:300],
            "ref_json": orjson.dumps(dict(attachment.ref)).decode(),
            "key": attachment.key,
            "state": "waiting" if attachment.ref else "kept",
            "tries": 0,
            "due_at": inbound.received_at if attachment.ref else None,
        }
        for attachment in inbound.attachments
        if attachment.kind in ("image", "video", "file", "voice")
    ]


async def add(conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Note that attachments came."""
    if rows:
        await conn.execute(insert(t.media), list(rows))


async def attach(conn: AsyncConnection, case_id: int, stage: str, inbox_ids: Sequence[int]) -> int:
    """Make the attachments of these messages part of a case; returns how many pictures."""
    result = await conn.execute(
        update(t.media)
        .where(t.media.c.inbox_id.in_(inbox_ids), t.media.c.case_id.is_(None))
        .values(case_id=case_id, stage=stage)
        .returning(t.media.c.kind)
    )
    return sum(kind == "image" for kind in result.scalars())


async def detach(conn: AsyncConnection, case_id: int, inbox_ids: Sequence[int]) -> int:
    """Take the attachments of these messages out of a case; returns how many pictures."""
    result = await conn.execute(
        update(t.media)
        .where(t.media.c.inbox_id.in_(inbox_ids), t.media.c.case_id == case_id)
        .values(case_id=None, stage=None)
        .returning(t.media.c.kind)
    )
    return sum(kind == "image" for kind in result.scalars())


async def pictures(conn: AsyncConnection, inbox_ids: Sequence[int]) -> int:
    """How many pictures came with these messages."""
    result = await conn.execute(
        select(func.count()).where(t.media.c.inbox_id.in_(inbox_ids), t.media.c.kind == "image")
    )
    return int(result.scalar_one())


_LOOSE = Prepared(
    select(t.media.c.inbox_id).where(
        t.media.c.conversation == bindparam("b_conversation"),
        t.media.c.sender == bindparam("b_sender"),
        t.media.c.at >= bindparam("b_since"),
        t.media.c.case_id.is_(None),
    )
)


async def loose(
    conn: AsyncConnection, conversation: str, sender: str, since: datetime
) -> list[int]:
    """The messages of a person in a chat whose pictures belong to no case yet."""
    where = {"b_conversation": conversation, "b_sender": sender, "b_since": since}
    return sorted(set(await _LOOSE.scalars(conn, where)))


_LOOSE_IN = Prepared(
    select(t.media.c.conversation)
    .where(
        t.media.c.conversation.in_(bindparam("conversations", expanding=True)),
        t.media.c.at >= bindparam("b_since"),
        t.media.c.case_id.is_(None),
    )
    .distinct()
)


async def loose_in(
    conn: AsyncConnection, conversations: Collection[str], since: datetime
) -> set[str]:
    """In which of these chats pictures that came since then belong to no case yet."""
    where = {"conversations": sorted(conversations), "b_since": since}
    return set(await _LOOSE_IN.scalars(conn, where))


async def waiting(conn: AsyncConnection, now: datetime, limit: int = 20) -> list[Waiting]:
    """Attachments to fetch now."""
    result = await conn.execute(
        select(t.media)
        .where(t.media.c.state == "waiting", t.media.c.due_at <= now)
        .order_by(t.media.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        Waiting(
            row.id, row.channel, row.kind, row.name, row.tries, row.at, orjson.loads(row.ref_json)
        )
        for row in result
    ]


async def settle(
    conn: AsyncConnection,
    media_id: int,
    *,
    key: str = "",
    name: str = "",
    again_at: datetime | None = None,
) -> None:
    """Write down that bytes were kept, are to be fetched again, or are lost."""
    values: dict[str, Any] = {"tries": t.media.c.tries + 1}
    if key:
        # The platform's short-lived key is of no more use and is forgotten.
        values |= {"key": key, "state": "kept", "ref_json": "{}"}
        values |= {"name": plain(name)[:300]} if name else {}
    elif again_at is not None:
        values |= {"due_at": again_at}
    else:
        values |= {"state": "lost", "ref_json": "{}"}
    await conn.execute(update(t.media).where(t.media.c.id == media_id).values(values))


async def of_case(conn: AsyncConnection, case_id: int) -> list[Any]:
    """The attachments of a case, in order."""
    result = await conn.execute(
        select(t.media).where(t.media.c.case_id == case_id).order_by(t.media.c.id)
    )
    return list(result)
