"""The log of visits as the forms read it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import select

from domain.case import number_of
from domain.forms import ACTS, Entry, Planned
from domain.visits import Visit, VisitStatus
from domain.workdays import TZ
from store import tables_visits as t
from store import visits
from store.engine import Connection


async def entries(conn: Connection, since: datetime, until: datetime) -> list[Entry]:
    """What happened to visits between two moments, in order."""
    v, e = t.visits, t.visit_events
    wanted = (
        select(e, v.c.kind.label("visit_kind"), v.c.name, v.c.area, v.c.worker, v.c.case_id)
        .join(v, v.c.id == e.c.visit_id)
        .where(e.c.at >= since, e.c.at < until)
        .order_by(e.c.id)
    )
    rows = list(await conn.execute(wanted))
    filed = dict(filter(None, map(_filed, rows)))
    found = _with_photos(map(_entry, rows))
    return [replace(one, case=filed.get(one.id, one.case)) for one in found]


def _with_photos(log: Iterable[Entry]) -> list[Entry]:
    """The log, where pictures that were sent after the words count with them."""
    found: list[Entry] = []
    acts: dict[int, int] = {}  # where the last act of each visit stands
    for one in log:
        if one.kind == "photo" and (at := acts.get(one.visit)) is not None:
            found[at] = replace(found[at], photos=found[at].photos + one.photos)
        elif one.kind in ACTS:
            acts[one.visit] = len(found)
        found.append(one)
    return found


def _filed(row: Any) -> tuple[int, str] | None:
    """Which entry of an inspection round became a case, and its number (F17)."""
    data = orjson.loads(row.data_json) if row.kind == "case" else {}
    return (int(data["check"]), str(data["case"])) if "check" in data else None


async def planned(conn: Connection, since: date, until: date) -> list[Planned]:
    """The visits due from a day to another (not included), soonest first."""
    start, end = (datetime.combine(day, datetime.min.time(), TZ) for day in (since, until))
    v = t.visits.c
    wanted = (
        select(t.visits)
        .where(v.due_at >= start, v.due_at < end, v.kind != "extra", v.status != "cancelled")
        .order_by(v.due_at, v.id)
    )
    return list(_plans(await conn.execute(wanted)))


async def week(conn: Connection, areas: Sequence[str], first: date) -> list[Visit]:
    """The visits of these areas that fall due in the seven days from `first` on."""
    start, end = (datetime.combine(first + timedelta(days=n), time(), TZ) for n in (0, 7))
    v = t.visits.c
    return await visits.find(
        conn,
        v.area.in_(areas),
        v.due_at >= start,
        v.due_at < end,
        v.status != VisitStatus.CANCELLED.value,
    )


def _plans(rows: Any) -> Iterator[Planned]:
    for row in rows:
        due = row.due_at.astimezone(TZ).date()
        yield Planned(due, row.kind, row.name, row.area, row.worker, row.rhythm, row.status)


def _entry(row: Any) -> Entry:
    data = orjson.loads(row.data_json)
    finding = str(data.get("finding", ""))
    return Entry(
        id=row.id,
        visit=row.visit_id,
        at=row.at,
        by=row.by or row.worker,
        kind=row.kind,
        visit_kind=row.visit_kind,
        name=row.name,
        area=row.area,
        words=str(data.get("words", "")),
        finding=finding,
        photos=int(data.get("photos", len(data.get("letters", ())))),
        case=number_of(row.case_id) if finding and row.case_id else "",
    )
