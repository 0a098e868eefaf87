"""How the store stands, for who looks after the program: its age, what waits, who holds what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from store import inbox, outbox, timers
from store import tables as t
from store.engine import Connection


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a channel still has to say: how many rows, and since when the oldest waits."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that one process holds until a moment."""

    name: str
    until: datetime


async def backlog(conn: Connection) -> dict[str, Backlog]:
    """What waits to be sent, by channel; channels with nothing to say are left out."""
    statement = (
        select(t.outbox.c.channel, func.count(), func.min(t.outbox.c.created_at))
        .where(t.UNSENT)
        .group_by(t.outbox.c.channel)
    )
    return {name: Backlog(count, at) for name, count, at in await conn.execute(statement)}


async def oldest_unsent(conn: Connection) -> datetime | None:
    """Since when the longest waiting row could have been said; to come, if all are for later."""
    result = await conn.execute(select(func.min(t.outbox.c.created_at)).where(t.UNSENT))
    moment: datetime | None = result.scalar()
    return moment


async def count_dead(conn: Connection) -> int:
    """How many rows were given up."""
    result = await conn.execute(select(func.count()).select_from(t.outbox).where(t.DEAD))
    return int(result.scalar_one())


async def dead(conn: Connection, limit: int = 100) -> list[Any]:
    """The rows that were given up, newest first, for a person to look at."""
    result = await conn.execute(
        select(t.outbox).where(t.DEAD).order_by(t.outbox.c.id.desc()).limit(limit)
    )
    return list(result)


async def held(conn: Connection, limit: int = 100) -> list[Any]:
    """The rows that wait until the person they are for writes again, newest first."""
    result = await conn.execute(
        select(t.outbox).where(t.HELD).order_by(t.outbox.c.id.desc()).limit(limit)
    )
    return list(result)


async def revive(conn: Connection, now: datetime) -> int:
    """Try what was given up once more, where it has an address; returns how many rows."""
    result = await conn.execute(
        update(t.outbox)
        .where(t.DEAD, t.outbox.c.channel != "")  # "": nobody is there
        .values(state="waiting", tries=0, due_at=now, error=None)
    )
    return result.rowcount


async def leases(conn: Connection, now: datetime) -> list[Held]:
    """The leases that hold at this moment, by name."""
    statement = select(t.leases).where(t.leases.c.until > now).order_by(t.leases.c.name)
    return [Held(row.name, row.until) for row in await conn.execute(statement)]


async def next_moment(conn: Connection) -> datetime | None:
    """When something falls due next: a timer, a message to be sent, one held back."""
    moments = (
        await timers.next_due(conn),
        await outbox.next_due(conn),
        await inbox.next_held(conn),
    )
    return min((moment for moment in moments if moment is not None), default=None)
