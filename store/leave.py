"""Leave as it was asked for and granted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from domain.leave import Leave, LeaveStatus
from store import tables_visits as t
from store.engine import Connection

_BACK = timedelta(days=40)


async def add(conn: Connection, leave: Leave) -> Leave:
    """Write a request down; returns it with its id."""
    row = {
        "person": leave.person,
        "first": leave.first,
        "last": leave.last,
        "substitute": leave.substitute,
        "status": leave.status.value,
        "asked_at": leave.asked_at,
        "decided_by": leave.decided_by,
    }
    result = await conn.execute(insert(t.leaves).values(row).returning(t.leaves.c.id))
    return replace(leave, id=result.scalar_one())


async def save(conn: Connection, leave: Leave) -> None:
    """Write down what became of it."""
    await conn.execute(
        update(t.leaves)
        .where(t.leaves.c.id == leave.id)
        .values(status=leave.status.value, last=leave.last, decided_by=leave.decided_by)
    )


async def get(conn: Connection, leave_id: int) -> Leave | None:
    """One request, locked."""
    where = select(t.leaves).where(t.leaves.c.id == leave_id).with_for_update()
    row = (await conn.execute(where)).one_or_none()
    return _of(row) if row is not None else None


async def since(conn: Connection, day: date) -> list[Leave]:
    """Every leave that has not ended before a day, whatever became of it, oldest first."""
    result = await conn.execute(
        select(t.leaves).where(t.leaves.c.last >= day).order_by(t.leaves.c.id)
    )
    return [_of(row) for row in result]


async def lately(conn: Connection, today: date) -> list[Leave]:
    """Every leave that may still excuse somebody: the leaders' lists look back that far."""
    return await since(conn, today - _BACK)


def _of(row: Any) -> Leave:
    return Leave(
        row.id,
        row.person,
        row.first,
        row.last,
        row.substitute,
        LeaveStatus(row.status),
        row.asked_at,
        row.decided_by,
    )
