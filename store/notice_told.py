"""What was lately told in a chat: the notices people there may ask about."""

from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from domain.notices import Notice, Status
from store import notice_here
from store import tables_notices as n
from store.notices import notice_of
from store.prepared import Prepared

_MOST = 5


async def told_here(
    conn: AsyncConnection, address: Address, person: str, area: str, since: datetime
) -> list[tuple[Notice, datetime]]:
    """The notices said in a group, or to a person, since a moment, newest first, and when.

    Who asks alone may mean what was said in the group of his `area`. What was taken back is left
    out.
    """
    values = {**notice_here.bound(address, person, area), "b_since": since}
    rows = await _told(group=address.group, home=bool(area)).rows(conn, values)
    return [(notice_of(row), row.told_at) for row in rows]


@cache  # a statement is made once: making it costs more than running it
def _told(*, group: bool, home: bool) -> Prepared:
    at = n.notice_targets.c
    return Prepared(
        select(n.notices, at.at.label("told_at"))
        .join(n.notices, n.notices.c.id == at.notice_id)
        .where(notice_here.said_here(group=group, home=home), at.at >= bindparam("b_since"))
        .where(n.notices.c.status == Status.SENT.value)
        .order_by(at.id.desc())
        .limit(_MOST)
    )
