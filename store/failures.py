"""Messages that a platform took and could not deliver after all, found by the platform's own id."""

from sqlalchemy import bindparam, func, select, update

from store import tables as t
from store.engine import Connection
from store.plain import plain

# Looked for from the newest row back: failures are told within days, most of them within seconds.
# An index would cost every message something for the few that fail.
LOOK_BACK = 100_000

_NEWEST = select(func.max(t.outbox.c.id))
_FIND = (
    select(t.outbox.c.id, t.outbox.c.state)
    .where(
        t.outbox.c.id > bindparam("b_since"),
        t.outbox.c.channel == bindparam("b_channel"),
        t.outbox.c.platform_id == bindparam("b_platform"),
    )
    .order_by(t.outbox.c.id.desc())
    .limit(1)
    .with_for_update()
)
_FAIL = (
    update(t.outbox)
    .where(t.outbox.c.id == bindparam("b_id"))
    .values(state=bindparam("b_state"), error=bindparam("b_error"))
)


async def find(conn: Connection, channel: str, platform_id: str) -> int | None:
    """The row that was sent under this id; None where none was, or its failure is known."""
    newest = (await conn.execute(_NEWEST)).scalar()
    if not platform_id or newest is None:
        return None
    where = {
        "b_since": newest - LOOK_BACK,
        "b_channel": channel,
        "b_platform": plain(platform_id)[:300],
    }
    row = (await conn.execute(_FIND, where)).one_or_none()
    return row.id if row is not None and row.state == "sent" else None


async def fail(conn: Connection, row_id: int, state: str, error: str) -> None:
    """Write down that it did not arrive and why; when and as what it was sent stays known."""
    values = {"b_id": row_id, "b_state": state, "b_error": plain(error)[:300]}
    await conn.execute(_FAIL, values)
