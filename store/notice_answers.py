"""Who answered a notice with 收到, and who wants personal reminders."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from store import notice_here
from store import tables_notices as n
from store.engine import Store
from store.notices import parts
from store.prepared import Prepared
from store.upsert import upsert


async def to_answer(
    conn: AsyncConnection,
    address: Address,
    person: str,
    span: tuple[datetime, datetime],
    area: str = "",
) -> tuple[int, datetime] | None:
    """The newest notice said in a group, or to a person, in a span: its id and when.

    What the quiet hours still hold is not answered yet.
    Who answers in private what was asked in the group of his `area` has answered as well.
    """
    values: dict[str, Any] = {**notice_here.bound(address, person, area)}
    values |= {"b_since": span[0], "b_until": span[1]}
    rows = await _to_answer(group=address.group, home=bool(area)).rows(conn, values)
    return (rows[0].notice_id, rows[0].at) if rows else None


@cache  # a statement is made once: making it costs more than running it
def _to_answer(*, group: bool, home: bool) -> Prepared:
    at = n.notice_targets.c
    asked = at.notice_id.in_(select(n.notices.c.id).where(n.notices.c.receipts))
    return Prepared(
        select(at.notice_id, at.at)
        .where(notice_here.said_here(group=group, home=home, at_home=asked))
        .where(at.at.between(bindparam("b_since"), bindparam("b_until")))
        .order_by(at.id.desc())
        .limit(1)
    )


async def answer(
    store: Store, conn: AsyncConnection, notice: int, household: str, person: str, now: datetime
) -> bool:
    """Count a 收到 once for each household; False where it is counted already."""
    row = {"notice_id": notice, "household": household, "person": person, "at": now}
    insertion = upsert(store, n.notice_receipts).values(row)
    done = insertion.on_conflict_do_nothing(index_elements=["notice_id", "household"])
    return (await conn.execute(done.returning(n.notice_receipts.c.id))).first() is not None


async def answered(conn: AsyncConnection, notice: int) -> dict[str, str]:
    """Who has answered: household -> who said so."""
    query = select(n.notice_receipts).where(n.notice_receipts.c.notice_id == notice)
    return {row.household: row.person for row in await conn.execute(query)}


async def consent(
    store: Store, conn: AsyncConnection, person: str, channel: str, now: datetime, *, agreed: bool
) -> None:
    """Remember whether somebody wants personal reminders; the last word counts."""
    row = {"person": person, "agreed": agreed, "channel": channel, "at": now}
    insertion = upsert(store, n.notice_consents).values(row)
    changed = {key: row[key] for key in ("agreed", "channel", "at")}
    await conn.execute(insertion.on_conflict_do_update(index_elements=["person"], set_=changed))


async def consented(conn: AsyncConnection, people: Sequence[str]) -> dict[str, str]:
    """Who of these agreed to personal reminders, and on which channel."""
    found: dict[str, str] = {}
    for part in parts(people):
        where = n.notice_consents.c.person.in_(part), n.notice_consents.c.agreed
        result = await conn.execute(select(n.notice_consents).where(*where))
        found |= {row.person: row.channel for row in result}
    return found
