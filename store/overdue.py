"""The cases that missed a deadline and are still in work, with what tells since when (H6)."""

from collections.abc import Sequence

import orjson
from sqlalchemy import select

from domain.case import WORKING, Case, Event
from domain.overdue import EVENTS
from store import tables as t
from store.cases import case_of
from store.engine import Connection

LIST = "overdue_list"  # the kind of the morning's timer
_C, _E = t.cases.c, t.events.c
_LATE = (
    select(t.cases).where(_C.overdue, _C.status.in_([one.value for one in WORKING])).order_by(_C.id)
)


async def missed(conn: Connection) -> list[tuple[Case, Sequence[Event]]]:
    """Each of them with its events of the kinds EVENTS, oldest first; nothing is locked."""
    cases = [case_of(row) for row in await conn.execute(_LATE)]
    of: dict[int, list[Event]] = {}
    mine = _LATE.with_only_columns(_C.id).order_by(None)
    wanted = select(t.events).where(_E.case_id.in_(mine), _E.kind.in_(EVENTS))
    for row in await conn.execute(wanted.order_by(_E.case_id, _E.version)):
        data = orjson.loads(row.data_json)
        event = Event(row.case_id, row.version, row.at, row.kind, row.by, data)
        of.setdefault(row.case_id, []).append(event)
    return [(case, of.get(case.id, [])) for case in cases]
