"""The connection to SQLite: aiosqlite, with as few trips to its thread as are needed.

A trip costs more than most statements: two threads change places, and the one that comes back waits
for the interpreter's lock. So the rows come with their statement, in one trip instead of four, and
within a write transaction there is none at all: it works on pages in memory, and what has to wait,
for a lock another process holds (BEGIN IMMEDIATE) and for the disk (COMMIT), goes to the thread as
ever. Reading may take long (a page of the console, a ledger): that is left to the thread.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Self

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL
from typing_extensions import override

BEGIN_READ, BEGIN_WRITE = "BEGIN", "BEGIN IMMEDIATE"
# How long to wait for a lock that another process holds, in milliseconds.
PATIENT, IMPATIENT = "busy_timeout=30000", "busy_timeout=0"
PARTING = 2.0  # seconds a statement that nobody waits for any more may take to end


class Link(aiosqlite.Connection):
    """A connection; `writing` tells that it holds the database's write lock.

    `away` tells that its thread may be at work: then nothing may be done here.
    """

    writing = away = False

    @override
    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy asks for no more
        """A cursor that holds nothing open in the database."""
        return Cursor(self)

    @override
    async def commit(self) -> None:
        self.writing = False
        await self._trip(self._conn.commit)

    @override
    async def rollback(self) -> None:
        """Undo what was written; to end what was only read, or nothing, is no work."""
        if self.writing or self.away:
            self.writing = False
            await self._trip(self._conn.rollback)
        else:
            self._conn.rollback()

    @override
    def stop(self) -> None:
        """Ask the thread to close and end; it need not tell a loop that may be gone by then."""
        self._running = False
        self._tx.put_nowait((None, self._ended))

    def _ended(self) -> object:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return _STOP_RUNNING_SENTINEL

    @override
    async def _connect(self) -> Self:
        try:
            _ = await super()._connect()
        except asyncio.CancelledError:
            await asyncio.to_thread(self._thread.join, PARTING)  # it tells this loop that it opened
            raise
        return self

    async def begin(self) -> None:
        """Take the write lock first, so that no update is lost (docs/performance.md, trap 2)."""
        if self.away or not self._begun():
            await self._trip(self._conn.execute, BEGIN_WRITE)
        self.writing = True

    async def begin_to_read(self) -> None:
        """Let what is read be of one moment; no work where it writes, and takes no lock."""
        if not self.writing:
            await self.run(sqlite3.Connection.execute, BEGIN_READ, ())

    def _begun(self) -> bool:
        """Try to begin here: mostly nobody holds the lock, and asking is quicker than a trip."""
        self._conn.execute(f"PRAGMA {IMPATIENT}")
        try:
            self._conn.execute(BEGIN_WRITE)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._conn.execute(f"PRAGMA {PATIENT}")
        return True

    async def run(self, call: Callable[..., Any], sql: str, parameters: Any) -> None:
        """Run a statement here or on the thread."""
        if not self.away and (self.writing or sql == BEGIN_READ):
            call(self._conn, sql, parameters)
        else:
            await self._trip(call, self._conn, sql, parameters)

    @property
    def here(self) -> bool:
        """Whether a statement may run here and now: it has the write lock, and its thread rests."""
        return self.writing and not self.away

    def now(self, sql: str, parameters: Sequence[Any]) -> tuple[list[Any], int]:
        """Run a statement `here`; its rows, and how many it changed."""
        cursor = self._conn.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else [], cursor.rowcount

    def now_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Run a statement `here` once for each of these; how many rows they changed."""
        return self._conn.executemany(sql, parameters).rowcount

    async def whole(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> tuple[int, int]:
        """Run statements that write as one transaction, begun and committed in one trip.

        Tells how many rows the last of them changed, and the id of the last row put in.
        """
        found: tuple[int, int] = await self._trip(_whole, self._conn, statements)
        return found

    async def _trip(self, call: Callable[..., Any], *arguments: Any) -> Any:
        self.away = True  # and stays so when this is cancelled and it goes on running there
        try:
            found = await self._execute(call, *arguments)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            # The thread tells the loop when it is done: let it, while there is a loop to tell.
            with suppress(TimeoutError):
                async with asyncio.timeout(PARTING):
                    await self._execute(_nothing)  # type: ignore[no-untyped-call]
            raise
        self.away = False
        return found


def _whole(
    conn: sqlite3.Connection, statements: Sequence[tuple[str, Sequence[Any]]]
) -> tuple[int, int]:
    *before, (sql, parameters) = statements
    if not before:  # a statement by itself is a transaction: the interpreter's lock is let go once
        return _changed(conn.execute(sql, parameters))
    conn.execute(BEGIN_WRITE)
    try:
        for one in before:
            conn.execute(*one)
        found = _changed(conn.execute(sql, parameters))
        conn.commit()
    except BaseException:
        conn.rollback()
        raise
    return found


def _changed(cursor: sqlite3.Cursor) -> tuple[int, int]:
    return cursor.rowcount, cursor.lastrowid or 0


def _nothing() -> None:
    """Done when what was asked before is done."""


class Cursor:
    """What SQLAlchemy needs of a cursor; every row is there when the statement has run."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        """Run a statement and take its rows."""
        await self._link.run(self._one, sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> None:
        """Run a statement once for each set of parameters."""
        await self._link.run(self._many, sql, parameters)

    async def fetchall(self) -> list[Any]:
        """The rows that were not asked for yet."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Let go of the rows."""
        self._rows = []

    def _one(self, conn: sqlite3.Connection, sql: str, parameters: Any) -> None:
        cursor = conn.execute(sql, parameters)
        self._rows = cursor.fetchall() if cursor.description else []
        self._note(cursor)

    def _many(self, conn: sqlite3.Connection, sql: str, parameters: Any) -> None:
        self._note(conn.executemany(sql, parameters))

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


def connect(path: str, **options: Any) -> Link:
    """A connection that opens when it is awaited."""

    def opened() -> sqlite3.Connection:
        connection: sqlite3.Connection = sqlite3.connect(path, **options)
        return connection

    link = Link(opened, iter_chunk_size=64)
    link._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with its own
    return link
