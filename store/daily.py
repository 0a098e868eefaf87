"""What a day or a month brought in some areas: cases, visits, who was out (F3, F12, F15, F19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from sqlalchemy import func, select

from domain.visits import Visit, VisitKind, VisitStatus, day_of
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


async def objects(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> list[tuple[str, str, bool, int]]:
    """The visits planned between two moments by area and subject: whether made, and how many."""
    count = func.count().label("visits")
    wanted = (
        select(_V.area, _V.subject, _V.status, count)
        .where(
            _V.area.in_(areas),
            _V.due_at >= since,
            _V.due_at < until,
            _V.status != VisitStatus.CANCELLED.value,
            _V.kind.not_in([one.value for one in _NO_PLACES]),
        )
        .group_by(_V.area, _V.subject, _V.status)
    )
    done = VisitStatus.DONE.value
    found = await conn.execute(wanted)
    return [(row.area, row.subject, row.status == done, int(row.visits)) for row in found]


_NO_PLACES = (VisitKind.PATROL, VisitKind.CARE, VisitKind.EXTRA)


async def out(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> set[tuple[date, str]]:
    """Who was in the field on which day between two moments."""
    wanted = select(_V.done_by, _V.done_at).where(
        _V.area.in_(areas),
        _V.done_at >= since,
        _V.done_at < until,
        _V.status == VisitStatus.DONE.value,
    )
    return {(day_of(row.done_at), row.done_by) for row in await conn.execute(wanted.distinct())}


async def began(conn: Connection, areas: Sequence[str]) -> date | None:
    """The first day anything was planned for in some areas; None where nothing ever was."""
    wanted = select(_V.due_at).where(_V.area.in_(areas)).order_by(_V.due_at).limit(1)
    first = (await conn.execute(wanted)).scalar_one_or_none()
    return day_of(first) if first is not None else None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told of a visit; `together` tells that a group went (F15)."""

    words: str
    found: bool
    together: bool


async def told(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> list[Told]:
    """The visits made between two moments but for patrols: a message that made two counts once."""
    wanted = (
        select(_V.id, _V.letter_id, _V.name, _V.words, _V.finding, _V.reason_json)
        .where(
            _V.area.in_(areas),
            _V.done_at >= since,
            _V.done_at < until,
            _V.status == VisitStatus.DONE.value,
            _V.kind != VisitKind.PATROL.value,
        )
        .order_by(_V.id)
    )
    once: dict[tuple[int, str], Told] = {}
    for row in await conn.execute(wanted):
        together = bool(orjson.loads(row.reason_json).get("with"))
        key = (row.letter_id or -row.id, row.name)
        before = once.get(key)
        together = together or (before is not None and before.together)
        once[key] = Told(row.words, bool(row.finding), together)
    return list(once.values())
