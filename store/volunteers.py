"""Who has offered to help, and for what help is looked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from domain.messages import Address
from domain.volunteers import OPEN, Need, State
from store import tables_appointments as t
from store.engine import Connection, Store
from store.inbox import upsert
from store.plain import plain

_V, _N = t.volunteers.c, t.volunteer_needs.c
TIMER = "volunteer"
_LONG = 500  # characters of what somebody said


async def register(
    store: Store, conn: Connection, person: str, area: str, channel: str, words: str, now: datetime
) -> None:
    """Note that somebody offers to help; who did so before is noted once."""
    row = {
        "person": person,
        "area": area,
        "channel": channel,
        "words": plain(words)[:_LONG],
        "active": True,
        "since": now,
    }
    statement = upsert(store, t.volunteers).values(row)
    again = {"active": True, "words": row["words"], "channel": channel}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["person", "area"], set_=again)
    )


async def leave(conn: Connection, people: Sequence[str]) -> bool:
    """Note that somebody helps no longer; whether he did."""
    where = _V.person.in_(people) & _V.active
    result = await conn.execute(update(t.volunteers).where(where).values(active=False))
    return result.rowcount > 0


async def of_areas(conn: Connection, areas: Sequence[str]) -> list[tuple[str, str, str]]:
    """Who helps in these areas, the first to offer first: id, channel, his words."""
    where = select(_V.person, _V.channel, _V.words).where(_V.area.in_(areas), _V.active)
    return [tuple(row) for row in await conn.execute(where.order_by(_V.id))]


async def add(conn: Connection, need: Need, now: datetime) -> Need:
    """Write a need down; returns it with its id."""
    row = {
        "area": need.area,
        "words": plain(need.words)[:_LONG],
        "asked_by": need.asked_by,
        "state": need.state.value,
        "helper": "",
        "channel": need.where.channel,
        "chat": need.where.chat,
        "is_group": need.where.group,
        "since": now,
    }
    added = await conn.execute(insert(t.volunteer_needs).values(row).returning(_N.id))
    return replace(need, id=added.scalar_one())


async def get(conn: Connection, need_id: int) -> Need | None:
    """One need, locked."""
    where = select(t.volunteer_needs).where(_N.id == need_id).with_for_update()
    row = (await conn.execute(where)).one_or_none()
    return _of(row) if row is not None else None


async def open_in(conn: Connection, areas: Sequence[str], limit: int = 20) -> list[Need]:
    """The needs of these areas nobody has taken, newest first."""
    where = _N.area.in_(areas) & _N.state.in_([one.value for one in OPEN])
    found = select(t.volunteer_needs).where(where).order_by(_N.id.desc()).limit(limit)
    return [_of(row) for row in await conn.execute(found)]


async def asked_by(
    conn: Connection, people: Sequence[str], states: Sequence[State] = OPEN
) -> list[Need]:
    """The needs in these states for which one of these people looks for help, newest first."""
    where = _N.asked_by.in_(people) & _N.state.in_([one.value for one in states])
    rows = await conn.execute(select(t.volunteer_needs).where(where).order_by(_N.id.desc()))
    return [_of(row) for row in rows]


async def save(conn: Connection, need: Need, now: datetime) -> bool:
    """Write a need down as it stands. Only one who offers gets it: False for whoever is second."""
    where = _N.id == need.id
    if need.state is State.TAKEN:
        where &= _N.state.in_([one.value for one in OPEN])
    values = {
        "state": need.state.value,
        "helper": need.helper,
        "channel": need.where.channel,
        "chat": need.where.chat,
        "is_group": need.where.group,
        "taken_at": now,
    }
    result = await conn.execute(update(t.volunteer_needs).where(where).values(values))
    return result.rowcount == 1


def _of(row: Any) -> Need:
    where = Address(row.channel, row.chat, row.is_group)
    return Need(row.id, row.area, row.words, row.asked_by, State(row.state), row.helper, where)


async def taken_by(conn: Connection, people: Sequence[str]) -> Need | None:
    """The newest need one of these people said he would see to, locked; None for none."""
    where = _N.helper.in_(people) & (_N.state == State.TAKEN.value)
    found = select(t.volunteer_needs).where(where).order_by(_N.id.desc()).limit(1)
    row = (await conn.execute(found.with_for_update())).one_or_none()
    return _of(row) if row is not None else None
