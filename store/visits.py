"""Visits and their log: planned, made, missed, taken back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, String, and_, cast, func, insert, or_, select, update

from domain.visits import OPEN, Visit, VisitKind, VisitStatus
from domain.workdays import TZ
from store import tables_visits as t
from store.cases import Conflict
from store.engine import Connection, Store
from store.plain import plain
from store.upsert import upsert
from store.visit_rows import row_of, visit_of

_V = t.visits.c
_OPEN = [one.value for one in OPEN]
_PIECE = 500  # rows a statement
_STEM = 280  # characters of a key that is freed; the number behind it needs the rest
_LONG = 2_000  # characters of what somebody said


# Planning


async def keys(conn: Connection, areas: Sequence[str], day: date) -> set[str]:
    """The keys of everything planned in these areas whose period has not ended before a day."""
    where = select(_V.key).where(_V.area.in_(areas), _V.last >= day)
    return set((await conn.execute(where)).scalars())


async def loads(conn: Connection, areas: Sequence[str], day: date) -> dict[tuple[str, date], int]:
    """How many visits each worker of these areas has on a day, from a day on; no patrols."""
    where = select(_V.worker, _V.due_at).where(
        _V.area.in_(areas), _V.last >= day, _V.kind != VisitKind.PATROL.value
    )
    found: dict[tuple[str, date], int] = {}
    for worker, due_at in await conn.execute(where):
        at = (worker, due_at.astimezone(TZ).date())
        found[at] = found.get(at, 0) + 1
    return found


async def add(store: Store, conn: Connection, fresh: Sequence[Visit], now: datetime) -> int:
    """Write plans down; those that stand already stay as they are. Returns how many are new."""
    count = 0
    for start in range(0, len(fresh), _PIECE):
        rows = [row_of(visit) for visit in fresh[start : start + _PIECE]]
        statement = upsert(store, t.visits).on_conflict_do_nothing(index_elements=["key"])
        added = await conn.execute(statement.returning(_V.id), rows)
        ids = list(added.scalars())
        count += len(ids)
        await log(conn, [(one, "planned", "", {}) for one in ids], now)
    return count


async def add_one(conn: Connection, visit: Visit) -> Visit:
    """Write a visit down that nobody planned; returns it with its id."""
    added = await conn.execute(insert(t.visits).values(row_of(visit)).returning(_V.id))
    return replace(visit, id=added.scalar_one())


# Reading


async def get(conn: Connection, visit_id: int) -> Visit | None:
    """One visit, locked."""
    row = (await conn.execute(select(t.visits).where(_V.id == visit_id).with_for_update())).first()
    return visit_of(row) if row is not None else None


async def current(conn: Connection, areas: Sequence[str], day: date) -> list[Visit]:
    """Everything of these areas whose period holds a day, the soonest due first."""
    return await find(conn, _V.area.in_(areas), _V.first <= day, _V.last >= day)


async def of_subject(conn: Connection, area: str, subject: str, day: date) -> list[Visit]:
    """The visits of something in an area whose period holds a day, the soonest due first."""
    return await find(conn, _V.area == area, _V.last >= day, _V.first <= day, _V.subject == subject)


async def standing(conn: Connection, worker: str, day: date, now: datetime) -> list[Visit]:
    """What a worker still has to do on a day: due then or before, its period not over."""
    late = now.replace(hour=0) - timedelta(days=400)
    return await find(
        conn,
        _V.worker == worker,
        _V.due_at >= late,
        _V.first <= day,
        _V.last >= day,
        _V.status.in_(_OPEN),
    )


async def planned_of(conn: Connection, people: Sequence[str], first: date) -> list[Visit]:
    """What these people have to do from a day on."""
    return await find(
        conn, _V.worker.in_(people), _V.last >= first, _V.status == VisitStatus.PLANNED.value
    )


async def planned_in(conn: Connection, areas: Sequence[str], first: date) -> list[Visit]:
    """What is to be done in these areas from a day on."""
    return await find(
        conn, _V.area.in_(areas), _V.last >= first, _V.status == VisitStatus.PLANNED.value
    )


async def due_on(conn: Connection, since: datetime, until: datetime) -> list[Visit]:
    """What is planned for the time between two moments, but for patrols."""
    return await find(
        conn,
        _V.due_at >= since,
        _V.due_at <= until,
        _V.status == VisitStatus.PLANNED.value,
        _V.kind != VisitKind.PATROL.value,
    )


async def made_by(conn: Connection, person: str, since: datetime) -> list[Visit]:
    """The visits somebody made since then, newest first."""
    found = await find(
        conn,
        _V.done_by == person,
        _V.done_at >= since,
        _V.status == VisitStatus.DONE.value,
    )
    order = sorted(found, key=lambda one: (one.done_at or since, one.letter or 0, one.id))
    return order[::-1]


async def closing(conn: Connection, now: datetime, day: date) -> list[Visit]:
    """The patrols of a day that were planned and whose window has closed."""
    return await find(
        conn,
        _V.status == VisitStatus.PLANNED.value,
        _V.last == day,
        _V.kind == VisitKind.PATROL.value,
        _V.due_at <= now,
    )


async def due_at(conn: Connection, moment: datetime) -> list[Visit]:
    """The calls at somebody's home whose hour ends at a moment and that nobody has made (F12)."""
    return await find(
        conn,
        _V.status == VisitStatus.PLANNED.value,
        _V.kind == VisitKind.CARE.value,
        _V.due_at == moment,
    )


async def over(conn: Connection, day: date, limit: int) -> list[Visit]:
    """Visits that nobody made and whose period ended before a day."""
    where = select(t.visits).where(_V.status == VisitStatus.PLANNED.value, _V.last < day)
    result = await conn.execute(where.order_by(_V.last, _V.id).limit(limit))
    return [visit_of(row) for row in result]


async def unlisted(conn: Connection, before: datetime, since: datetime) -> list[Visit]:
    """What was missed or flagged before a moment and its leader has not heard of."""
    missed = (_V.status == VisitStatus.MISSED.value, _V.due_at < before, _V.due_at >= since)
    flagged = (_V.flagged != "", _V.done_at < before, _V.done_at >= since)
    return await find(conn, _V.listed.is_(False), or_(and_(*missed), and_(*flagged)))


async def find(conn: Connection, *where: ColumnElement[bool]) -> list[Visit]:
    """The visits for which all of this holds, the soonest due first."""
    result = await conn.execute(select(t.visits).where(*where).order_by(_V.due_at, _V.id))
    return [visit_of(row) for row in result]


async def people(conn: Connection, areas: Sequence[str], day: date) -> list[tuple[str, str, str]]:
    """Who is on a care list in these areas: area, id, name."""
    where = (
        select(_V.area, _V.subject, _V.name)
        .where(_V.area.in_(areas), _V.last >= day, _V.kind == VisitKind.CARE.value)
        .distinct()
        .order_by(_V.area, _V.subject)
    )
    return [tuple(row) for row in await conn.execute(where)]


async def letters_of(conn: Connection, visit_id: int) -> list[int]:
    """The messages whose pictures belong to a visit."""
    where = select(t.visit_events.c.data_json).where(t.visit_events.c.visit_id == visit_id)
    found: list[int] = []
    for text in (await conn.execute(where.order_by(t.visit_events.c.id))).scalars():
        data = orjson.loads(text)
        found = [] if data.get("back") else [*found, *data.get("letters", ())]
    return found


# Changing


async def save(
    conn: Connection, visit: Visit, kind: str, by: str, now: datetime, **data: object
) -> Visit:
    """Write a changed visit down, with what happened to it. Raises cases.Conflict."""
    moved = replace(visit, version=visit.version + 1)
    changed = await conn.execute(
        update(t.visits)
        .where(_V.id == visit.id, _V.version == visit.version)
        .values({key: value for key, value in row_of(moved).items() if key != "key"})
    )
    if changed.rowcount != 1:
        raise Conflict(visit.key)
    await log(conn, [(visit.id, kind, by, data)], now)
    return moved


async def end(
    conn: Connection, found: Sequence[Visit], status: VisitStatus, kind: str, now: datetime
) -> list[Visit]:
    """Let planned visits end in a status, each with its line in the log; returns those that did.

    One that somebody made or moved meanwhile stays as it is.
    """
    ended: set[int] = set()
    for ids in _pieces([one.id for one in found]):
        result = await conn.execute(
            update(t.visits)
            .where(_V.id.in_(ids), _V.status == VisitStatus.PLANNED.value)
            .values(status=status.value, version=_V.version + 1)
            .returning(_V.id)
        )
        ended.update(result.scalars())
    mine = [one for one in found if one.id in ended]
    await log(conn, [(one.id, kind, "", {}) for one in mine], now)
    return [replace(one, status=status, version=one.version + 1) for one in mine]


async def retire(conn: Connection, keys: Sequence[str], now: datetime) -> int:
    """Cancel planned visits that are no longer asked for; returns how many there were.

    Their keys are freed, so that the same can be planned again in the same period.
    """
    ended: list[int] = []
    for part in _pieces(list(keys)):
        result = await conn.execute(
            update(t.visits)
            .where(_V.key.in_(part), _V.status == VisitStatus.PLANNED.value)
            .values(
                status=VisitStatus.CANCELLED.value,
                key=func.substr(_V.key, 1, _STEM) + "~" + cast(_V.id, String),
                version=_V.version + 1,
            )
            .returning(_V.id)
        )
        ended += result.scalars()
    await log(conn, [(one, "outdated", "", {}) for one in ended], now)
    return len(ended)


async def listed(conn: Connection, ids: Iterable[int]) -> None:
    """Note that the leader has been told of these."""
    for part in _pieces(list(ids)):
        await conn.execute(update(t.visits).where(_V.id.in_(part)).values(listed=True))


def _pieces(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Ids in pieces that fit one statement: SQLite takes a limited number of values."""
    return (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))


async def log(
    conn: Connection,
    happened: Sequence[tuple[int | None, str, str, Mapping[str, object]]],
    now: datetime,
) -> None:
    """Note what happened: to which visit (None: to none), its kind, who, and more."""
    rows = [
        {
            "visit_id": visit,
            "at": now,
            "by": by,
            "kind": kind,
            "data_json": plain(orjson.dumps(dict(data)).decode()),
        }
        for visit, kind, by, data in happened
    ]
    if rows:
        await conn.execute(insert(t.visit_events), rows)


async def events(conn: Connection, since: datetime, until: datetime) -> list[Any]:
    """What happened between two moments, in order; `data_json` holds the rest."""
    where = select(t.visit_events).where(t.visit_events.c.at >= since, t.visit_events.c.at < until)
    return list(await conn.execute(where.order_by(t.visit_events.c.id)))
