"""What was lately told in a chat: the notices people there may ask about."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from domain.notices import Notice, Status
from store import tables_notices as n
from store.notices import notice_of

_MOST = 5


async def told_here(
    conn: AsyncConnection, address: Address, person: str, area: str, since: datetime
) -> list[tuple[Notice, datetime]]:
    """The notices said in a group, or to a person, since a moment, newest first, and when.

    Who asks alone may mean what was said in the group of his `area`. What was taken back is left
    out.
    """
    at = n.notice_targets.c
    here = (at.channel == address.channel) & (at.chat == address.chat)
    if not address.group:
        here |= at.person == person
        if area:
            here |= at.is_group & (at.area == area)
    result = await conn.execute(
        select(n.notices, at.at.label("told_at"))
        .join(n.notices, n.notices.c.id == at.notice_id)
        .where(here, at.at >= since, at.state.in_(("queued", "listed")))
        .where(n.notices.c.status == Status.SENT.value)
        .order_by(at.id.desc())
        .limit(_MOST)
    )
    return [(notice_of(row), row.told_at) for row in result]
