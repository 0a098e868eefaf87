"""Appointments, the half hours they take, their timers and what happened to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from domain.appointments import Appointment, State, cells
from domain.messages import Address
from store import tables_appointments as t
from store.engine import Connection, Store
from store.plain import plain
from store.timers import Changes
from store.upsert import upsert

_A, _C = t.appointments.c, t.appointment_cells.c
SOON, AFTER = "appointment_soon", "appointment_after"  # kinds of timers
_BOOKED = _A.state == State.BOOKED.value
_LONG = 1_000  # characters of what somebody said


async def book(
    store: Store, conn: Connection, fresh: Appointment, length: timedelta, now: datetime
) -> Appointment | None:
    """Write an appointment down with its time; None where somebody else has that time."""
    row = {
        "area": fresh.area,
        "worker": fresh.worker,
        "resident": fresh.resident,
        "channel": fresh.where.channel,
        "chat": fresh.where.chat,
        "is_group": fresh.where.group,
        "words": plain(fresh.words)[:_LONG],
        "start_at": fresh.start,
        "state": fresh.state.value,
        "asked": fresh.asked,
        "created_at": now,
    }
    added = await conn.execute(insert(t.appointments).values(row).returning(_A.id))
    stored = replace(fresh, id=added.scalar_one())
    if not await _take(store, conn, stored, length):
        await conn.execute(delete(t.appointments).where(_A.id == stored.id))
        return None
    await note(conn, stored, "booked", stored.resident, now)
    return stored


async def move(
    store: Store, conn: Connection, moved: Appointment, length: timedelta, by: str, now: datetime
) -> bool:
    """Give a locked appointment its new worker and time; False, and nothing changed, if taken."""
    if not await _take(store, conn, moved, length):
        return False
    mine = _C.appointment_id == moved.id
    kept = (_C.worker == moved.worker) & _C.at.in_(cells(moved.start, length))
    await conn.execute(delete(t.appointment_cells).where(mine & ~kept))
    values = {"worker": moved.worker, "start_at": moved.start, "state": moved.state.value}
    await conn.execute(update(t.appointments).where(_A.id == moved.id).values(values))
    await note(conn, moved, "moved", by, now)
    return True


async def _take(store: Store, conn: Connection, one: Appointment, length: timedelta) -> bool:
    """Take every cell or none. The unique row decides between two who want the same."""
    wanted = cells(one.start, length)
    rows = [{"worker": one.worker, "at": at, "appointment_id": one.id} for at in wanted]
    statement = upsert(store, t.appointment_cells).on_conflict_do_nothing()
    taken = await conn.execute(statement.values(rows).returning(_C.at))
    fresh = list(taken.scalars())
    mine = select(_C.at).where(
        _C.worker == one.worker, _C.at.in_(wanted), _C.appointment_id == one.id
    )
    if len(list((await conn.execute(mine)).scalars())) == len(wanted):
        return True
    await conn.execute(
        delete(t.appointment_cells).where(
            _C.worker == one.worker, _C.at.in_(fresh), _C.appointment_id == one.id
        )
    )
    return False


async def end(conn: Connection, ended: Appointment, by: str, now: datetime) -> None:
    """Write down how a locked appointment ended; what lies ahead of its time is free again."""
    values = {"state": ended.state.value, "asked": ended.asked}
    await conn.execute(update(t.appointments).where(_A.id == ended.id).values(values))
    await conn.execute(delete(t.appointment_cells).where(_C.appointment_id == ended.id))
    await note(conn, ended, ended.state.value, by, now)
    await clocks(conn, ended.id, None, None)


async def clocks(conn: Connection, id_: int, soon: datetime | None, after: datetime | None) -> None:
    """Set the moments at which both are reminded and the worker is asked, or remove them."""
    changes = Changes()
    for kind, due in ((SOON, soon), (AFTER, after)):
        changes.unset(kind, id_)
        if due is not None:
            changes.set(kind, id_, due)
    await changes.write(conn)


async def note(conn: Connection, one: Appointment, kind: str, by: str, now: datetime) -> None:
    """Add a line to an appointment's history."""
    row = {"appointment_id": one.id, "at": now, "by": by, "kind": kind, "start_at": one.start}
    await conn.execute(insert(t.appointment_events).values(row))


async def history(conn: Connection, id_: int) -> list[tuple[str, str]]:
    """What happened to an appointment and by whom, in order."""
    e = t.appointment_events.c
    where = select(e.kind, e.by).where(e.appointment_id == id_).order_by(e.id)
    return [(row.kind, row.by) for row in await conn.execute(where)]


async def get(conn: Connection, id_: int) -> Appointment | None:
    """One appointment, locked."""
    where = select(t.appointments).where(_A.id == id_).with_for_update()
    row = (await conn.execute(where)).one_or_none()
    return _of(row) if row is not None else None


async def open_of(conn: Connection, people: Sequence[str]) -> list[Appointment]:
    """The appointments somebody with these ids waits for, soonest first."""
    return await _those(conn, _A.resident.in_(people), _BOOKED)


async def open_with(conn: Connection, worker: str) -> list[Appointment]:
    """The appointments a worker still has, soonest first."""
    return await _those(conn, _A.worker == worker, _BOOKED)


async def of_since(conn: Connection, people: Sequence[str], moment: datetime) -> list[Appointment]:
    """The appointments of somebody with these ids from a moment on, in whatever state, in order."""
    return await _those(conn, _A.resident.in_(people), _A.start_at >= moment)


async def with_since(conn: Connection, worker: str, moment: datetime) -> list[Appointment]:
    """The appointments of a worker from a moment on, in whatever state, in order."""
    return await _those(conn, _A.worker == worker, _A.start_at >= moment)


async def taken(
    conn: Connection, workers: Sequence[str], since: datetime, but: int = 0
) -> set[tuple[str, datetime]]:
    """The half hours these workers have no time in, `but` for one appointment's own."""
    where = select(_C.worker, _C.at).where(
        _C.worker.in_(workers), _C.at >= since - timedelta(hours=1), _C.appointment_id != but
    )
    return {(row.worker, row.at) for row in await conn.execute(where)}


async def hide(conn: Connection, people: Sequence[str], words: str) -> None:
    """Take words that were recalled out of what these people booked."""
    if words:
        where = _A.resident.in_(people) & (_A.words == plain(words)[:_LONG])
        await conn.execute(update(t.appointments).where(where).values(words=""))


async def _those(conn: Connection, *where: Any) -> list[Appointment]:
    found = select(t.appointments).where(*where).order_by(_A.start_at, _A.id)
    return [_of(row) for row in await conn.execute(found)]


def _of(row: Any) -> Appointment:
    return Appointment(
        row.id,
        row.area,
        row.worker,
        row.resident,
        Address(row.channel, row.chat, row.is_group),
        row.words,
        row.start_at,
        State(row.state),
        row.created_at,
        row.asked,
    )
