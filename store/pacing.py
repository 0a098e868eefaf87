"""Which of the rows that are due may go now: in order within their chat, and within its rates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.limits import Bucket, draw, full
from store import tables as t
from store.engine import Store
from store.prepared import Prepared
from store.upsert import dialect_insert

_AHEAD = Prepared(
    select(
        t.outbox.c.chat,
        t.outbox.c.priority,
        func.min(t.outbox.c.id).label("first"),
        func.min(t.outbox.c.due_at).label("due"),
    )
    .where(
        t.UNSENT,
        t.outbox.c.channel == bindparam("b_channel"),
        t.WAITING,
        t.outbox.c.due_at > bindparam("b_now"),
        t.outbox.c.chat.in_(bindparam("chats", expanding=True)),
    )
    .group_by(t.outbox.c.chat, t.outbox.c.priority)
)


async def in_order(
    conn: AsyncConnection, channel: str, rows: Sequence[Any], now: datetime
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Split off rows whose chat has an earlier one of the same weight that must wait until later.

    Else what is said after a failed try would overtake it.
    """
    where = {"b_channel": channel, "b_now": now, "chats": sorted({row.chat for row in rows})}
    ahead = {(row.chat, row.priority): row for row in await _AHEAD.rows(conn, where)}
    free: list[Any] = []
    behind: list[dict[str, Any]] = []
    for row in rows:
        before = ahead.get((row.chat, row.priority))
        if before is None or row.id < before.first:
            free.append(row)
        else:
            behind.append({"b_id": row.id, "b_due": before.due})
    return free, behind


async def within_rates(
    store: Store,
    conn: AsyncConnection,
    channel: str,
    rates: Sequence[tuple[int, int]],
    rows: Sequence[Any],
    now: datetime,
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Split rows into those their conversation's buckets let through, and those for later."""
    if not rates or not rows:
        return list(rows), []
    chats = sorted({row.chat for row in rows})
    stored = await _buckets(conn, channel, chats)
    whole = [full(rate, now) for rate in rates]
    levels = {
        chat: tuple(_level(stored.get((chat, one.seconds)), one) for one in whole) for chat in chats
    }
    go: list[Any] = []
    later: list[dict[str, Any]] = []
    for row in rows:
        levels[row.chat], wait = draw(levels[row.chat], now)
        if wait is None:
            go.append(row)
        else:
            later.append({"b_id": row.id, "b_due": wait})
    await _keep_buckets(store, conn, channel, levels)
    return go, later


def _level(stored: Bucket | None, whole: Bucket) -> Bucket:
    """How full a bucket is, should its rate have been changed since it was stored."""
    if stored is None:
        return whole
    return Bucket(whole.size, whole.seconds, min(stored.tokens, whole.tokens), stored.at)


_BUCKETS = Prepared(
    select(t.buckets)
    .where(
        t.buckets.c.channel == bindparam("b_channel"),
        t.buckets.c.chat.in_(bindparam("chats", expanding=True)),
    )
    .with_for_update()
)


async def _buckets(
    conn: AsyncConnection, channel: str, chats: Sequence[str]
) -> dict[tuple[str, int], Bucket]:
    rows = await _BUCKETS.rows(conn, {"b_channel": channel, "chats": list(chats)})
    return {
        (row.chat, row.seconds): Bucket(row.size, row.seconds, row.tokens_milli / 1000, row.at)
        for row in rows
    }


@cache
def _keep(*, sqlite: bool) -> Prepared:
    statement = dialect_insert(sqlite=sqlite)(t.buckets)
    new = statement.excluded
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=["channel", "chat", "seconds"],
            set_={"size": new.size, "tokens_milli": new.tokens_milli, "at": new.at},
        )
    )


async def _keep_buckets(
    store: Store,
    conn: AsyncConnection,
    channel: str,
    levels: Mapping[str, Sequence[Bucket]],
) -> None:
    rows = [
        {
            "channel": channel,
            "chat": chat,
            "seconds": bucket.seconds,
            "size": bucket.size,
            "tokens_milli": int(bucket.tokens * 1000),
            "at": bucket.at,
        }
        for chat, buckets in levels.items()
        for bucket in buckets
    ]
    await _keep(sqlite=store.sqlite).run(conn, rows)


async def forget_buckets(conn: AsyncConnection, before: datetime) -> None:
    """Drop buckets nobody drew from since: they are full again."""
    await conn.execute(delete(t.buckets).where(t.buckets.c.at < before))
