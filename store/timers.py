"""Timers: rows with a due time, taken together with their effect in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import tables as t


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to look at: `kind` names the job, `subject` the case or question."""

    id: int
    kind: str
    subject: int
    due_at: datetime


async def set_one(conn: AsyncConnection, kind: str, subject: int, due: datetime) -> None:
    """Set a timer."""
    await conn.execute(insert(t.timers).values(kind=kind, subject=subject, due_at=due))


async def postpone(conn: AsyncConnection, timer: Timer, due: datetime) -> None:
    """Let a timer fire later; nothing happens when it is gone."""
    await conn.execute(update(t.timers).where(t.timers.c.id == timer.id).values(due_at=due))


async def take_due(
    conn: AsyncConnection, kinds: Sequence[str], now: datetime, limit: int = 50
) -> list[Timer]:
    """Take due timers out, oldest first; they are gone when the transaction commits.

    On PostgreSQL rows another process is taking are skipped, so each fires once.
    """
    result = await conn.execute(
        select(t.timers)
        .where(t.timers.c.due_at <= now, t.timers.c.kind.in_(kinds))
        .order_by(t.timers.c.due_at, t.timers.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = [Timer(row.id, row.kind, row.subject, row.due_at) for row in result]
    if due:
        await conn.execute(delete(t.timers).where(t.timers.c.id.in_([timer.id for timer in due])))
    return due


async def next_due(conn: AsyncConnection, kinds: Sequence[str] | None = None) -> datetime | None:
    """When the next timer fires; None when none is set."""
    statement = select(func.min(t.timers.c.due_at))
    if kinds is not None:
        statement = statement.where(t.timers.c.kind.in_(kinds))
    due: datetime | None = (await conn.execute(statement)).scalar()
    return due
