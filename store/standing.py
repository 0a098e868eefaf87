"""How the store stands, for who looks after the program: its age, what waits, who holds what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

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
