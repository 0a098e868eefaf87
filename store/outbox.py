"""The outbox: what is to be said, once each, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import orjson
from sqlalchemy import Integer, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.limits import Bucket, draw, full
from domain.messages import Address
from store import tables as t
from store.engine import Store
from store.inbox import upsert
from store.plain import plain

CLAIM = timedelta(seconds=15)


class Priority(IntEnum):
    """What goes first when not everything can go at once."""

    EMERGENCY = 0
    REPLY = 1
    PUSH = 2
    BULK = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """Where to say it when the first address is dead, and how."""

    address: Address
    to: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to be said: a template with its values, for one address, under one `once` key.

    `context` is plain JSON. `to` holds the platform ids of those addressed in a group. `route` is
    the reason why it is said there (domain/routes.py). `not_before` is when it may be said first.
    """

    once: str
    address: Address
    template: str
    context: Mapping[str, Any]
    to: tuple[str, ...] = ()
    handle: Mapping[str, str] = field(default_factory=dict)
    instead: Instead | None = None
    priority: Priority = Priority.PUSH
    case_id: int | None = None
    route: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A saying taken from the outbox to be sent now; `tries` counts this one.

    `unknown` tells that a try was under way when its process died: nobody knows what came of it.
    """

    id: int
    tries: int
    created_at: datetime
    saying: Saying
    unknown: bool = False


def row_of(saying: Saying, now: datetime) -> dict[str, Any]:
    """A saying as the columns of the outbox."""
    instead: dict[str, Any] = {}
    if saying.instead is not None:
        where = saying.instead
        instead = {
            "channel": where.address.channel,
            "chat": where.address.chat,
            "group": where.address.group,
            "to": list(where.to),
            "name": where.name,
        }
    return {
        "once": saying.once,
        "channel": saying.address.channel,
        "chat": saying.address.chat,
        "is_group": saying.address.group,
        "template": saying.template,
        "context_json": orjson.dumps(dict(saying.context)).decode(),
        "handle_json": orjson.dumps(dict(saying.handle)).decode(),
        "to_json": orjson.dumps(list(saying.to)).decode(),
        "instead_json": orjson.dumps(instead).decode(),
        "case_id": saying.case_id,
        "priority": int(saying.priority),
        "state": "waiting",
        "created_at": now,
        "due_at": max(now, saying.not_before or now),
        "tries": 0,
        "route": saying.route,
    }


async def add(store: Store, conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows in the outbox; what stands there under the same `once` key stays as it is."""
    if rows:
        await conn.execute(upsert(store, t.outbox).on_conflict_do_nothing(), list(rows))


# Statements are made once: making one costs more than the database takes to run it.
_DUE = (
    select(t.outbox)
    .where(
        t.UNSENT,
        t.outbox.c.channel == bindparam("b_channel"),
        t.outbox.c.due_at <= bindparam("b_now"),
        or_(
            t.outbox.c.state == "waiting",
            (t.outbox.c.state == "sending") & (t.outbox.c.claimed_until <= bindparam("b_now")),
        ),
    )
    .order_by(t.outbox.c.priority, t.outbox.c.id)
    .limit(bindparam("b_limit", type_=Integer()))
    .with_for_update(skip_locked=True)
)


async def claim(
    store: Store,
    conn: AsyncConnection,
    channel: str,
    rates: Sequence[tuple[int, int]],
    now: datetime,
    *,
    limit: int = 50,
) -> list[Claimed]:
    """Take what is due on a channel, within its rates: emergencies, then replies, then pushes.

    A row whose sender died ("sending", its claim run out) is taken again here: the channel's
    policy for unknown outcomes is applied by the caller.
    """
    where = {"b_channel": channel, "b_now": now, "b_limit": limit}
    result = await conn.execute(_DUE, where)
    rows = list(result)
    if not rows:
        return []
    rows, later = await _in_order(conn, channel, rows, now)
    go, over = await _within_rates(store, conn, channel, rates, rows, now)
    later += over
    if later:
        await conn.execute(_POSTPONE, later)
    if go:
        until = now + CLAIM
        await conn.execute(_CLAIM, [{"b_id": row.id, "b_until": until} for row in go])
    return [_claimed(row) for row in go]


_POSTPONE = (
    update(t.outbox).where(t.outbox.c.id == bindparam("b_id")).values(due_at=bindparam("b_due"))
)
_CLAIM = (
    update(t.outbox)
    .where(t.outbox.c.id == bindparam("b_id"))
    .values(state="sending", claimed_until=bindparam("b_until"), tries=t.outbox.c.tries + 1)
)


_AHEAD = (
    select(
        t.outbox.c.chat,
        t.outbox.c.priority,
        func.min(t.outbox.c.id).label("first"),
        func.min(t.outbox.c.due_at).label("due"),
    )
    .where(
        t.UNSENT,
        t.outbox.c.channel == bindparam("b_channel"),
        t.outbox.c.state == "waiting",
        t.outbox.c.due_at > bindparam("b_now"),
        t.outbox.c.chat.in_(bindparam("chats", expanding=True)),
    )
    .group_by(t.outbox.c.chat, t.outbox.c.priority)
)


async def _in_order(
    conn: AsyncConnection, channel: str, rows: Sequence[Any], now: datetime
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Split off rows whose chat has an earlier one of the same weight that must wait until later.

    Else what is said after a failed try would overtake it.
    """
    where = {"b_channel": channel, "b_now": now, "chats": sorted({row.chat for row in rows})}
    result = await conn.execute(_AHEAD, where)
    ahead = {(row.chat, row.priority): row for row in result}
    free: list[Any] = []
    behind: list[dict[str, Any]] = []
    for row in rows:
        before = ahead.get((row.chat, row.priority))
        if before is None or row.id < before.first:
            free.append(row)
        else:
            behind.append({"b_id": row.id, "b_due": before.due})
    return free, behind


async def renew(conn: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Keep rows that are still on their way: a slow platform must not have them said twice."""
    if ids:
        await conn.execute(
            update(t.outbox).where(t.outbox.c.id.in_(ids)).values(claimed_until=now + CLAIM)
        )


async def _within_rates(
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
    levels = {
        chat: tuple(_level(stored.get((chat, rate[1])), full(rate, now)) for rate in rates)
        for chat in chats
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
    return replace(whole, tokens=min(stored.tokens, whole.tokens), at=stored.at)


_BUCKETS = (
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
    result = await conn.execute(_BUCKETS, {"b_channel": channel, "chats": list(chats)})
    return {
        (row.chat, row.seconds): Bucket(row.size, row.seconds, row.tokens_milli / 1000, row.at)
        for row in result
    }


async def _keep_buckets(
    store: Store,
    conn: AsyncConnection,
    channel: str,
    levels: Mapping[str, Sequence[Bucket]],
) -> None:
    statement = upsert(store, t.buckets)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "chat", "seconds"],
            set_={
                "size": statement.excluded.size,
                "tokens_milli": statement.excluded.tokens_milli,
                "at": statement.excluded.at,
            },
        ),
        [
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
        ],
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed row: sent, dead, or waiting again until `due_at`."""

    id: int
    state: str
    at: datetime
    platform_id: str = ""
    error: str = ""
    untried: bool = False  # it never left this process: the try does not count


_RECORD = (
    update(t.outbox)
    .where(t.outbox.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        sent_at=bindparam("b_sent"),
        platform_id=bindparam("b_platform"),
        error=bindparam("b_error"),
        claimed_until=None,
        tries=t.outbox.c.tries - bindparam("b_back"),
    )
)


async def record(conn: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of claimed rows."""
    if not outcomes:
        return
    await conn.execute(
        _RECORD,
        [
            {
                "b_id": o.id,
                "b_state": o.state,
                "b_due": o.at,
                "b_sent": o.at if o.state == "sent" else None,
                "b_platform": plain(o.platform_id)[:300] or None,
                "b_error": plain(o.error)[:300] or None,
                "b_back": int(o.untried),
            }
            for o in outcomes
        ],
    )


async def reason(conn: AsyncConnection, row_id: int, route: str) -> None:
    """Write down why a row is where it is now."""
    await conn.execute(update(t.outbox).where(t.outbox.c.id == row_id).values(route=route))


async def next_due(conn: AsyncConnection, channel: str | None = None) -> datetime | None:
    """When the next waiting row may be sent, of one channel or of all."""
    statement = select(func.min(t.outbox.c.due_at)).where(t.outbox.c.state == "waiting")
    if channel is not None:
        left = select(func.min(t.outbox.c.claimed_until)).where(t.outbox.c.state == "sending")
        statement = statement.where(t.outbox.c.channel == channel)
        left = left.where(t.outbox.c.channel == channel)
        moments = [(await conn.execute(one)).scalar() for one in (statement, left)]
        return min((moment for moment in moments if moment is not None), default=None)
    moment: datetime | None = (await conn.execute(statement)).scalar()
    return moment


async def oldest_unsent(conn: AsyncConnection) -> datetime | None:
    """When the longest waiting row was written."""
    result = await conn.execute(select(func.min(t.outbox.c.created_at)).where(t.UNSENT))
    moment: datetime | None = result.scalar()
    return moment


async def count_dead(conn: AsyncConnection) -> int:
    """How many rows were given up."""
    result = await conn.execute(select(func.count()).select_from(t.outbox).where(t.DEAD))
    return int(result.scalar_one())


async def dead(conn: AsyncConnection, limit: int = 100) -> list[Any]:
    """The rows that were given up, newest first, for a person to look at."""
    result = await conn.execute(
        select(t.outbox).where(t.DEAD).order_by(t.outbox.c.id.desc()).limit(limit)
    )
    return list(result)


async def held(conn: AsyncConnection, limit: int = 100) -> list[Any]:
    """The rows that wait until the person they are for writes again, newest first."""
    result = await conn.execute(
        select(t.outbox).where(t.HELD).order_by(t.outbox.c.id.desc()).limit(limit)
    )
    return list(result)


async def get(conn: AsyncConnection, row_id: int) -> Saying | None:
    """What one row says."""
    result = await conn.execute(select(t.outbox).where(t.outbox.c.id == row_id))
    row = result.one_or_none()
    return _claimed(row).saying if row is not None else None


async def revive(conn: AsyncConnection, now: datetime) -> int:
    """Try what was given up once more, where it has an address; returns how many rows."""
    result = await conn.execute(
        update(t.outbox)
        .where(t.DEAD, t.outbox.c.channel != "")  # "": nobody is there
        .values(state="waiting", tries=0, due_at=now, error=None)
    )
    return result.rowcount


async def forget_buckets(conn: AsyncConnection, before: datetime) -> None:
    """Drop buckets nobody drew from since: they are full again."""
    await conn.execute(delete(t.buckets).where(t.buckets.c.at < before))


def _claimed(row: Any) -> Claimed:
    instead = orjson.loads(row.instead_json)
    return Claimed(
        id=row.id,
        tries=row.tries + 1,
        created_at=row.created_at,
        unknown=row.state == "sending",
        saying=Saying(
            once=row.once,
            address=Address(row.channel, row.chat, row.is_group),
            template=row.template,
            context=orjson.loads(row.context_json),
            to=tuple(orjson.loads(row.to_json)),
            handle=orjson.loads(row.handle_json),
            instead=Instead(
                Address(instead["channel"], instead["chat"], instead["group"]),
                tuple(instead["to"]),
                instead["name"],
            )
            if instead
            else None,
            priority=Priority(row.priority),
            case_id=row.case_id,
            route=row.route,
        ),
    )
