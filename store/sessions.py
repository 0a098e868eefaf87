"""Who is logged in to the pages: rows that end by themselves, a few for each identity."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from store.engine import Connection
from store.tables_sessions import sessions

MOST = 5  # of one identity: a telephone, a computer or two; the oldest ends first


async def begin(
    conn: Connection, hashed: str, identity: str, now: datetime, life: timedelta
) -> None:
    """Keep a new session; those that are over, and the oldest beyond MOST, are gone."""
    at = sessions.c
    await conn.execute(delete(sessions).where(at.expires_at <= now))
    mine = select(at.hash).where(at.identity == identity).order_by(at.began_at.desc(), at.hash)
    over = list((await conn.execute(mine.offset(MOST - 1))).scalars())
    await conn.execute(delete(sessions).where(at.hash.in_(over)))
    row = {"hash": hashed, "identity": identity, "began_at": now, "expires_at": now + life}
    await conn.execute(insert(sessions).values(row))


async def find(conn: Connection, hashed: str, now: datetime) -> str | None:
    """The identity of a session that has not ended."""
    where = (sessions.c.hash == hashed, sessions.c.expires_at > now)
    found: str | None = (
        await conn.execute(select(sessions.c.identity).where(*where))
    ).scalar_one_or_none()
    return found


async def end(conn: Connection, hashed: str) -> None:
    """End a session."""
    await conn.execute(delete(sessions).where(sessions.c.hash == hashed))
