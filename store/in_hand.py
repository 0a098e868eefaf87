"""What somebody works on in an area, in whose hands it may be."""

from collections.abc import Collection

from sqlalchemy import select

from domain.case import WORKING, Case
from domain.complaints import SOURCE as COMPLAINT
from store import tables as t
from store.cases import case_of
from store.engine import Connection

_MOST = 50


async def working_in(conn: Connection, areas: Collection[str]) -> list[Case]:
    """The newest cases of these areas that somebody has to work on, newest first; not locked.

    Complaints about staff are nobody's to look up but of the desk that has them.
    """
    wanted = select(t.cases).where(
        t.cases.c.area.in_(list(areas)),
        t.cases.c.status.in_([one.value for one in WORKING]),
        t.cases.c.source != COMPLAINT,
    )
    rows = await conn.execute(wanted.order_by(t.cases.c.id.desc()).limit(_MOST))
    return [case_of(row) for row in rows]
