"""Looking back at visits: pictures used again, places many cases came from, flat rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, or_, select

from domain.visits import Visit, VisitKind, VisitStatus
from domain.workdays import TZ
from store import tables as base
from store import tables_channels as channels
from store import tables_visits as t
from store.engine import Connection
from store.prepared import Prepared
from store.visit_rows import visit_of
from store.visits import find

_V = t.visits.c


async def with_pictures(conn: Connection, since: datetime, until: datetime) -> list[Visit]:
    """The visits made between two moments that have pictures."""
    return await find(
        conn,
        _V.done_at >= since,
        _V.done_at < until,
        _V.status == VisitStatus.DONE.value,
        _V.photos > 0,
    )


async def same_pictures(
    conn: Connection, letter: int, by: str, at: datetime, back: timedelta
) -> int:
    """In how many earlier visits of somebody a picture of this message was used."""
    kept = channels.media.c
    # What came without a key needed no fetching: the simulator's pictures are known by name.
    picture = func.coalesce(func.nullif(kept.key, ""), kept.name)
    mine = select(picture).where(kept.inbox_id == letter, kept.state == "kept")
    where = (
        select(func.count(func.distinct(_V.letter_id)))
        .join_from(t.visits, channels.media, channels.media.c.inbox_id == _V.letter_id)
        .where(
            _V.done_by == by,
            _V.done_at >= at - back,
            _V.letter_id < letter,
            kept.state == "kept",
            picture.in_(mine),
        )
    )
    return int((await conn.execute(where)).scalar_one())


def _clustered() -> Select[Any]:
    c = base.cases.c
    inside = case((c.building != "", ""), else_=c.place).label("spot")
    counted = func.count().label("cases")
    lately = (
        select(c.area, inside, c.building, c.category)
        .where(
            c.area.in_(bindparam("areas", expanding=True)),
            c.opened_at >= bindparam("since"),
            c.status.not_in(("rejected", "withdrawn")),
            or_(c.place != "", c.building != ""),
        )
        .subquery()
        .c
    )
    spot = (lately.area, lately.spot, lately.building, lately.category)
    enough = counted >= bindparam("at_least", type_=Integer())
    return select(*spot, counted).group_by(*spot).having(enough).order_by(*spot)


_CLUSTERED = Prepared(_clustered())


async def clusters(
    conn: Connection, areas: Sequence[str], since: datetime, at_least: int
) -> list[tuple[str, str, str, str, int]]:
    """Where many cases came from: area, place, building, category, how many.

    A building is one place, whatever is broken in it; "" stands for the other of the two.
    """
    where = {"areas": areas, "since": since, "at_least": at_least}
    return [tuple(row) for row in await _CLUSTERED.rows(conn, where)]


async def rows(conn: Connection, limit: int = 10_000) -> list[dict[str, str]]:
    """Every visit as a flat row, with the fields of a dialogue file; the newest plans last."""
    result = await conn.execute(select(t.visits).order_by(_V.id.desc()).limit(limit))
    found = [_flat(visit_of(row)) for row in result]
    return found[::-1]


def _flat(visit: Visit) -> dict[str, str]:
    at = "%Y-%m-%d %H:%M"
    due = visit.due_at.astimezone(TZ)
    patrol = visit.kind is VisitKind.PATROL
    return {
        "key": visit.name,
        "status": visit.status.value,
        "worker": visit.worker or "-",
        "due": due.strftime(at) if patrol else due.date().isoformat(),
        "done": visit.done_at.astimezone(TZ).strftime(at) if visit.done_at else "-",
        "finding": visit.finding or "-",
        "kind": visit.kind.value,
        "photos": str(visit.photos),
        "flagged": visit.flagged or "-",
    }
