"""What comes before the weekly meeting: cases that were handed out there, and late ones (J1)."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from domain.case import WORKING, Case
from domain.complaints import SOURCE as COMPLAINT
from store import tables as t
from store.cases import case_of
from store.engine import Connection

_C = t.cases.c
MEETING = "meeting"  # the source of a case that was handed out at a meeting


async def matters(conn: Connection, areas: Sequence[str]) -> list[Case]:
    """The cases in work that the meeting has to hear of, the most overdue first; not locked."""
    wanted = select(t.cases).where(
        _C.area.in_(areas),
        _C.status.in_([one.value for one in WORKING]),
        or_(_C.source == MEETING, _C.overdue, _C.supervised),
        _C.source != COMPLAINT,  # everybody sits there, whom it is about too
    )
    return [case_of(row) for row in await conn.execute(wanted.order_by(_C.finish_due_at, _C.id))]
