"""What a day brought in some areas: cases, visits, who was out (F3, F12, F19)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.visits import Visit, VisitStatus
from store import tables as base
from store import tables_visits as t
from store import visits
from store.engine import Connection

_GONE = ("rejected", "withdrawn", "merged")
_V = t.visits.c


async def opened(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> list[tuple[str, bool, int]]:
    """The cases opened between two moments: category, urgent, how many; the most first."""
    c = base.cases.c
    count = func.count().label("cases")
    wanted = (
        select(c.category, c.urgent, count)
        .where(c.area.in_(areas), c.opened_at >= since, c.opened_at < until, c.status.not_in(_GONE))
        .group_by(c.category, c.urgent)
        .order_by(count.desc(), c.category)
    )
    return [(row.category, bool(row.urgent), int(row.cases)) for row in await conn.execute(wanted)]


async def due(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> list[Visit]:
    """What was planned for the time between two moments, made or not."""
    return await visits.find(
        conn,
        _V.area.in_(areas),
        _V.due_at >= since,
        _V.due_at < until,
        _V.status != VisitStatus.CANCELLED.value,
    )


async def made(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> list[Visit]:
    """What was made between two moments, planned or not."""
    return await visits.find(
        conn,
        _V.area.in_(areas),
        _V.done_at >= since,
        _V.done_at < until,
        _V.status == VisitStatus.DONE.value,
    )
