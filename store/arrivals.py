"""What arrives at SQLite, written in one trip to its thread: one statement for many messages.

Each statement lets the interpreter's lock go and has to get it back, and the thread of the loop is
at work meanwhile. So the rows of a commit are one statement with many rows of values, and where no
conversation is new it is the whole transaction.
"""

from collections.abc import Container, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from store import tables as t
from store.engine import Store

_DIALECT = sqlite.dialect()
_COLUMNS = ("channel", "dedupe", "conversation", "received_at", "body_json", "tries")
_moment = t.Moment().process_bind_param
_ADDED = select(t.inbox.c.channel, t.inbox.c.dedupe)


async def add(
    store: Store, rows: Sequence[dict[str, Any]], known: Container[str] = ()
) -> set[tuple[str, str]]:
    """Store messages that are not there yet; returns the (channel, dedupe) of the new ones.

    `known`: conversations that are there for certain; they are never removed.
    """
    statements: list[tuple[str, Sequence[Any]]] = []
    chats = {row["conversation"] for row in rows if row["conversation"] not in known}
    if chats:
        statements.append((_insert(t.conversations, ("key",), len(chats)), list(chats)))
    statements.append((_insert(t.inbox, _COLUMNS, len(rows)), _values(rows)))
    stored, last = await store.put(statements)
    if stored == len(rows):
        return {(row["channel"], row["dedupe"]) for row in rows}
    if not stored:
        return set()
    # One writer at a time: those of a transaction have the last numbers, one after the other.
    async with store.read() as conn:
        mine = t.inbox.c.id.between(last - stored + 1, last)
        return {(row.channel, row.dedupe) for row in await conn.execute(_ADDED.where(mine))}


def _values(rows: Sequence[dict[str, Any]]) -> list[Any]:
    """What is put in, row by row. Raises StatementError for what cannot be, as SQLAlchemy does."""
    values: list[Any] = []
    for row in rows:
        try:
            moment = _moment(row["received_at"], _DIALECT)
        except ValueError as error:
            raise StatementError(str(error), None, None, error) from error
        values += (row["channel"], row["dedupe"], row["conversation"], moment)
        values += (row["body_json"], row["tries"])
    return values


@lru_cache(maxsize=1024)
def _insert(table: Table, columns: tuple[str, ...], rows: int) -> str:
    """The statement that puts so many rows in, but for those that are there."""
    one = sqlite.insert(table).on_conflict_do_nothing()
    sql = str(one.compile(dialect=_DIALECT, column_keys=columns))
    values = f"({', '.join('?' * len(columns))})"
    return sql.replace(values, ", ".join([values] * rows))
