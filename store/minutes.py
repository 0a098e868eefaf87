"""What was said at meetings, part by part (domain.md J1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from store import tables_activities as t
from store.engine import Connection
from store.plain import plain

_M = t.activity_minutes.c
_LONG = 4_000  # characters of one part


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the minutes: its words, "" for pictures alone, and how many pictures."""

    meeting: int
    at: datetime
    by: str
    words: str
    photos: int


async def add(conn: Connection, part: Part) -> None:
    """Add a part behind those that are there."""
    row = {"activity_id": part.meeting, "at": part.at, "by": part.by, "photos": part.photos}
    await conn.execute(insert(t.activity_minutes).values(**row, words=plain(part.words)[:_LONG]))


async def of_meeting(conn: Connection, meeting: int) -> list[Part]:
    """The parts of a meeting's minutes, in order."""
    where = _M.activity_id == meeting
    rows = await conn.execute(select(t.activity_minutes).where(where).order_by(_M.id))
    return [Part(row.activity_id, row.at, row.by, row.words, row.photos) for row in rows]


async def last_of(conn: Connection, person: str, since: datetime) -> Part | None:
    """The newest part somebody has added since then."""
    where = (_M.by == person) & (_M.at >= since)
    found = select(t.activity_minutes).where(where).order_by(_M.id.desc()).limit(1)
    row = (await conn.execute(found)).one_or_none()
    return Part(row.activity_id, row.at, row.by, row.words, row.photos) if row else None


async def hide(conn: Connection, people: Sequence[str], words: str) -> None:
    """Forget parts whose words were recalled."""
    where = _M.by.in_(people) & (_M.words == plain(words)[:_LONG])
    if words:
        await conn.execute(update(t.activity_minutes).where(where).values(words=""))
