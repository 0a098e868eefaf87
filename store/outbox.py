"""The outbox: what is to be said, once each, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from store import pacing
from store import tables as t
from store.engine import Store
from store.plain import plain
from store.prepared import Prepared
from store.upsert import dialect_insert

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
        "created_at": max(now, saying.not_before or now),  # from then on it can be late
        "due_at": max(now, saying.not_before or now),
        "tries": 0,
        "route": saying.route,
    }


@cache
def _add(*, sqlite: bool) -> Prepared:
    return Prepared(dialect_insert(sqlite=sqlite)(t.outbox).on_conflict_do_nothing())


async def add(store: Store, conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows in the outbox; what stands there under the same `once` key stays as it is."""
    if rows:
        await _add(sqlite=store.sqlite).run(conn, rows)


_DUE = Prepared(
    select(t.outbox)
    .where(
        t.UNSENT,
        t.outbox.c.channel == bindparam("b_channel"),
        t.outbox.c.due_at <= bindparam("b_now"),
        or_(t.WAITING, and_(t.SENDING, t.outbox.c.claimed_until <= bindparam("b_now"))),
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
    rows = await _DUE.rows(conn, where)
    if not rows:
        return []
    rows, later = await pacing.in_order(conn, channel, rows, now)
    go, over = await pacing.within_rates(store, conn, channel, rates, rows, now)
    later += over
    if later:
        await _POSTPONE.run(conn, later)
    if go:
        until = now + CLAIM
        await _CLAIM.run(conn, [{"b_id": row.id, "b_until": until} for row in go])
    return [_claimed(row) for row in go]


_POSTPONE = Prepared(
    update(t.outbox).where(t.outbox.c.id == bindparam("b_id")).values(due_at=bindparam("b_due"))
)
_CLAIM = Prepared(
    update(t.outbox)
    .where(t.outbox.c.id == bindparam("b_id"))
    .values(state="sending", claimed_until=bindparam("b_until"), tries=t.outbox.c.tries + 1)
)


_RENEW = Prepared(
    update(t.outbox)
    .where(t.outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_until=bindparam("b_until"))
)


async def renew(conn: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Keep rows that are still on their way: a slow platform must not have them said twice."""
    if ids:
        await _RENEW.run(conn, [{"ids": list(ids), "b_until": now + CLAIM}])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed row: sent, dead, or waiting again until `due_at`."""

    id: int
    state: str
    at: datetime
    platform_id: str = ""
    error: str = ""
    untried: bool = False  # it never left this process: the try does not count


_RECORD = Prepared(
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
    await _RECORD.run(
        conn,
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


# Each says UNSENT: without it SQLite reads the whole outbox, and every row ever sent stands there.
_next = select(func.min(t.outbox.c.due_at)).where(t.UNSENT, t.WAITING)
_again = select(func.min(t.outbox.c.claimed_until)).where(t.UNSENT, t.SENDING)
_here = t.outbox.c.channel == bindparam("b_channel")
_NEXT = Prepared(_next)
_NEXT_HERE = Prepared(
    select(
        _next.where(_here).scalar_subquery().label("waiting"),
        _again.where(_here).scalar_subquery().label("sending"),
    )
)


async def next_due(conn: AsyncConnection, channel: str | None = None) -> datetime | None:
    """When the next waiting row may be sent, of one channel or of all."""
    if channel is not None:
        (moments,) = await _NEXT_HERE.rows(conn, {"b_channel": channel})
        return min((moment for moment in moments if moment is not None), default=None)
    found: list[datetime | None] = await _NEXT.scalars(conn)
    return found[0]


async def get(conn: AsyncConnection, row_id: int) -> Saying | None:
    """What one row says."""
    result = await conn.execute(select(t.outbox).where(t.outbox.c.id == row_id))
    row = result.one_or_none()
    return _claimed(row).saying if row is not None else None


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
