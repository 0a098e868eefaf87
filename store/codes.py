"""One-time codes, with which somebody says on one channel who he is on another."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from store import tables_identities as t
from store.engine import Connection


async def issue(conn: Connection, code: str, person: str, now: datetime, valid: timedelta) -> None:
    """Keep a code for a person of the roster or an identity; an earlier one of his is void."""
    await conn.execute(delete(t.codes).where(t.codes.c.person == person))
    await conn.execute(insert(t.codes).values(code=code, person=person, expires_at=now + valid))


async def valid(conn: Connection, code: str, now: datetime) -> bool:
    """Whether a code could be used up; it stays as it is."""
    where = (t.codes.c.code == code, t.codes.c.expires_at > now)
    return (await conn.execute(select(t.codes.c.code).where(*where))).first() is not None


async def burn(conn: Connection, code: str, now: datetime) -> str | None:
    """Use a code up: whose it is; None where it is not valid."""
    result = await conn.execute(
        delete(t.codes)
        .where(t.codes.c.code == code, t.codes.c.expires_at > now)
        .returning(t.codes.c.person)
    )
    person: str | None = result.scalar_one_or_none()
    return person
