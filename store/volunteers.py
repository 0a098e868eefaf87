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
from store.plain import plain
from store.upsert import upsert

_V, _N, _A = t.volunteers.c, t.volunteer_needs.c, t.volunteer_asks.c
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
        "since": now,
        **_places(need),
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
        "taken_at": now,
        **_places(need),
    }
    result = await conn.execute(update(t.volunteer_needs).where(where).values(values))
    return result.rowcount == 1


def _places(need: Need) -> dict[str, Any]:
    where, promised = need.where, need.promised
    return {
        "channel": where.channel,
        "chat": where.chat,
        "is_group": where.group,
        "helper_channel": promised.channel,
        "helper_chat": promised.chat,
        "helper_is_group": promised.group,
    }


def _of(row: Any) -> Need:
    where = Address(row.channel, row.chat, row.is_group)
    promised = Address(row.helper_channel, row.helper_chat, row.helper_is_group)
    state = State(row.state)
    return Need(row.id, row.area, row.words, row.asked_by, state, row.helper, where, promised)


async def asked(conn: Connection, need_id: int) -> set[str]:
    """Who was asked for a need alone, or has had it."""
    where = select(_A.person).where(_A.need_id == need_id)
    return set((await conn.execute(where)).scalars())


async def note_asked(
    store: Store, conn: Connection, need_id: int, people: Sequence[str], now: datetime
) -> None:
    """Note that these people were asked, so that nobody is asked for the same need twice."""
    if people:
        rows = [{"need_id": need_id, "person": one, "at": now} for one in people]
        statement = upsert(store, t.volunteer_asks).on_conflict_do_nothing()
        await conn.execute(statement, rows)


async def to_offer(
    conn: Connection, areas: Sequence[str], people: Sequence[str], since: datetime
) -> list[Need]:
    """The needs of these areas somebody may still offer for, asked for since then, oldest first.

    Left out is what these people ask for themselves, or were asked about already.
    """
    told = select(_A.need_id).where(_A.person.in_(people))
    where = _N.area.in_(areas) & _N.state.in_([one.value for one in OPEN])
    where &= (_N.since >= since) & _N.asked_by.not_in(people) & _N.id.not_in(told)
    rows = await conn.execute(select(t.volunteer_needs).where(where).order_by(_N.id))
    return [_of(row) for row in rows]


async def taken_by(conn: Connection, people: Sequence[str]) -> Need | None:
    """The newest need one of these people said he would see to, locked; None for none."""
    where = _N.helper.in_(people) & (_N.state == State.TAKEN.value)
    found = select(t.volunteer_needs).where(where).order_by(_N.id.desc()).limit(1)
    row = (await conn.execute(found.with_for_update())).one_or_none()
    return _of(row) if row is not None else None
