"""Identities in the store: bound, merged and split, each change with its line of history.

`identity` is always "channel:sender"; `person` an id of the roster or another identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from domain.identities import identity, parts
from store import tables_identities as t
from store.engine import Connection, Store
from store.upsert import upsert

BOUND, MERGED, SPLIT, SEEN = "bound", "merged", "split", "seen"
PARTED = ""  # in `union`: staff have parted what the platform says is one


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of an identity."""

    identity: str
    person: str
    union: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history; `before` is "" where it was nobody else's."""

    at: datetime
    by: str
    kind: str
    identity: str
    before: str
    after: str


_t = t.identities.c


async def every(conn: Connection) -> list[Known]:
    """All identities, in the order of their ids."""
    result = await conn.execute(select(t.identities).order_by(_t.channel, _t.sender))
    return [Known(identity(row.channel, row.sender), row.person, row.union) for row in result]


async def version(conn: Connection) -> int:
    """A number that grows with every change: who has read it once need not read all again."""
    result = await conn.execute(select(func.max(t.identity_events.c.id)))
    return result.scalar() or 0


async def get(conn: Connection, one: str) -> Known | None:
    """One identity."""
    channel, sender = parts(one)
    result = await conn.execute(
        select(t.identities).where(_t.channel == channel, _t.sender == sender)
    )
    row = result.one_or_none()
    return Known(one, row.person, row.union) if row is not None else None


async def link(
    store: Store, conn: Connection, one: str, person: str, *, by: str, kind: str, now: datetime
) -> None:
    """Make an identity somebody's."""
    known = await get(conn, one)
    await _keep(store, conn, one, person, known.union if known else None, now)
    before = known.person if known is not None and known.person != one else ""
    await _note(conn, Change(now, by, kind, one, before, person))


async def seen(store: Store, conn: Connection, one: str, union: str, now: datetime) -> bool:
    """Note the platform's id over all its accounts; False where it is known, or was parted."""
    known = await get(conn, one)
    if known is not None and known.union is not None:
        return False
    await _keep(store, conn, one, known.person if known else one, union, now)
    await _note(conn, Change(now, "", SEEN, one, "", union))
    return True


async def split(
    store: Store, conn: Connection, one: str, *, by: str, now: datetime
) -> Change | None:
    """Take the last joining of an identity back; what was stored under it was never changed.

    Returns what was taken back; None where nothing joins it to anybody.
    """
    joined = _last_joined(await history(conn), one)
    if joined is None:
        return await _part(store, conn, one, by, now)
    known = await get(conn, joined.identity)
    if joined.before or (known is not None and known.union):
        union = known.union if known is not None else None
        await _keep(store, conn, joined.identity, joined.before or joined.identity, union, now)
    else:
        await _forget(conn, joined.identity)
    await _note(conn, Change(now, by, SPLIT, joined.identity, joined.after, joined.before))
    return joined


async def unbind(conn: Connection, one: str, *, by: str, now: datetime) -> bool:
    """Forget whose an identity is, and the platform's id of it; False where nothing was known."""
    known = await get(conn, one)
    if known is None:
        return False
    await _forget(conn, one)
    await _note(conn, Change(now, by, SPLIT, one, "" if known.person == one else known.person, ""))
    return True


async def history(conn: Connection) -> list[Change]:
    """All changes, oldest first."""
    result = await conn.execute(select(t.identity_events).order_by(t.identity_events.c.id))
    return [Change(row.at, row.by, row.kind, row.identity, row.before, row.after) for row in result]


def _last_joined(changes: Sequence[Change], one: str) -> Change | None:
    """The last change that still joins an identity to another, itself before what joined it."""
    standing: dict[str, list[Change]] = {}
    for change in changes:
        mine = standing.setdefault(change.identity, [])
        if change.kind in (BOUND, MERGED):
            mine.append(change)
        elif change.kind == SPLIT and mine:
            mine.pop()
    own = standing.get(one)
    if own:
        return own[-1]
    to_me = [mine[-1] for mine in standing.values() if mine and mine[-1].after == one]
    return max(to_me, key=lambda change: change.at, default=None)


async def _part(store: Store, conn: Connection, one: str, by: str, now: datetime) -> Change | None:
    """Part an identity from those that only share the platform's id with it, for good."""
    known = await get(conn, one)
    if known is None or not known.union:
        return None
    await _keep(store, conn, one, known.person, PARTED, now)
    change = Change(now, by, SPLIT, one, known.union, "")
    await _note(conn, change)
    return change


async def _keep(
    store: Store, conn: Connection, one: str, person: str, union: str | None, now: datetime
) -> None:
    channel, sender = parts(one)
    values = {"person": person, "bound_at": now, "union": union}
    statement = upsert(store, t.identities).values(channel=channel, sender=sender, **values)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["channel", "sender"], set_=values)
    )


async def _forget(conn: Connection, one: str) -> None:
    channel, sender = parts(one)
    await conn.execute(delete(t.identities).where(_t.channel == channel, _t.sender == sender))


async def _note(conn: Connection, change: Change) -> None:
    await conn.execute(
        insert(t.identity_events).values(
            at=change.at,
            by=change.by,
            kind=change.kind,
            identity=change.identity,
            before=change.before,
            after=change.after,
        )
    )
