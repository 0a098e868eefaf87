"""The connection to PostgreSQL: asyncpg's own calls, within a transaction that SQLAlchemy began.

SQLAlchemy begins when its first statement runs, so the first of a transaction is always its own
(`link`). Types, text and errors stay SQLAlchemy's: only its way from one to the other is left out.
asyncpg itself prepares a statement once for a connection, and anew where the tables changed.
"""

from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")


class Link:
    """A connection in a transaction; all that fails here is told as SQLAlchemy tells it."""

    def __init__(self, conn: AsyncConnection, driver: Any) -> None:
        self._conn = conn
        self._driver = driver  # asyncpg.Connection: to name it would load it where SQLite is used

    async def rows(self, sql: str, values: Sequence[Any]) -> Sequence[Any]:
        """Run a statement; its rows."""
        found: Sequence[Any] = await self._asked(self._driver.fetch(sql, *values), sql)
        return found

    async def run(self, sql: str, many: Sequence[Sequence[Any]]) -> int:
        """Run a statement for each of these, all in one trip; how many rows it changed.

        PostgreSQL does not tell that for several: -1.
        """
        if len(many) > 1:
            await self._asked(self._driver.executemany(sql, many), sql)
            return -1
        status: str = await self._asked(self._driver.execute(sql, *many[0]), sql)
        return int(status.rpartition(" ")[2])  # as in "UPDATE 1", "INSERT 0 1"

    async def _asked(self, work: Awaitable[_T], sql: str) -> _T:
        try:
            return await work
        except BaseException as error:
            await self._conn.run_sync(_told, sql, error)
            raise


def link(conn: AsyncConnection, driver: Any) -> Link | None:
    """The way past SQLAlchemy to asyncpg's connection; None where no transaction has begun."""
    return Link(conn, driver) if driver.is_in_transaction() else None


def _told(sync: Connection, sql: str, error: BaseException) -> NoReturn:
    """Raise an error of asyncpg as SQLAlchemy does where it ran the statement itself.

    That also gives up a connection that was lost, or whose statement nobody waits for any more.
    """
    adapted: Any = sync.connection.dbapi_connection
    try:
        adapted._handle_exception(error)  # noqa: SLF001 - there is no other way to its class
    except BaseException as told:  # noqa: BLE001 - it is raised again
        known = isinstance(told, sync.dialect.loaded_dbapi.Error)  # else it stays what it is
        sync._handle_dbapi_exception(told, sql if known else None, (), None, None)  # noqa: SLF001
    raise error
