"""Opens the database: SQLite embedded or PostgreSQL, with the settings each of them needs."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store import sqlite_link

Connection = AsyncConnection
# What a transaction may fail with for reasons outside the program.
_T = TypeVar("_T")
STORE_ERRORS = (SQLAlchemyError, OSError)
_DEADLOCK = ("40P01", "40001")  # PostgreSQL: deadlock detected, serialization failure
# Seconds between tries to turn a database to WAL: as long in all as others wait for a lock.
_RESTS = (0.01, 0.05, 0.2, 1.0, 4.0, 10.0, 15.0)
_MISTAKES = ("22", "23", "42")  # PostgreSQL: wrong data, a broken constraint, wrong SQL


class Store:
    """One database and the two ways to use it: `write` (a transaction) and `read`.

    `durable=False` is for worlds that end with the process (dialogues, tests): no fsync.
    """

    def __init__(self, url: str, *, pool: int = 5, durable: bool = True) -> None:
        self.url: URL = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.durable = durable
        self.engine: AsyncEngine = _engine(self.url, self.sqlite, pool, durable)
        # SQLite has one writer: waiting here is fair and cheap, waiting in SQLite is neither.
        self._writer: asyncio.Lock | None = asyncio.Lock() if self.sqlite else None
        self._lent: tuple[AsyncConnection, sqlite_link.Link] | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed when the block ends well, else rolled back."""
        if self._writer is None:
            async with self.engine.begin() as conn:
                yield conn
            return
        async with self._writer:
            conn, link = await self._own()
            try:
                await _told(link.begin())
                yield conn
                # SQLAlchemy knows of a transaction only where it ran a statement itself.
                await (conn.commit() if conn.in_transaction() else _told(link.commit()))
            except BaseException:  # the pool puts it right; the next writer takes another
                self._lent = None
                await asyncio.shield(asyncio.create_task(conn.close()))
                raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only reads."""
        async with self.engine.connect() as conn:
            yield conn

    async def put(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> tuple[int, int]:
        """Write on SQLite in one trip: the statements, each with its values, are a transaction.

        Tells how many rows the last of them changed, and the id of the last row put in. For what
        is written often and waited for; SQLAlchemy's way costs several times as much.
        """
        async with self._writer or nullcontext():
            _, link = await self._own()
            return await _told(link.whole(statements))

    async def _own(self) -> tuple[AsyncConnection, sqlite_link.Link]:
        """The writer's connection, kept until something fails: its pages and statements stay warm.

        To ask the pool for one each time is half of what a transaction costs.
        """
        if self._lent is None:
            conn = await self.engine.connect()
            raw = await conn.get_raw_connection()
            self._lent = conn, cast("sqlite_link.Link", raw.driver_connection)
        return self._lent

    async def close(self) -> None:
        if self._lent is not None:
            await self._lent[0].close()
            self._lent = None
        await self.engine.dispose()


async def _told(work: Awaitable[_T]) -> _T:
    """What it gives; its errors as SQLAlchemy tells them."""
    try:
        return await work
    except sqlite3.Error as error:
        raise as_ever(error) from None


def as_ever(error: Exception, sql: str = "") -> Exception:
    """An error of SQLite's driver, or on the way to it, as SQLAlchemy tells it: without values."""
    told: Exception = DBAPIError.instance(sql, (), error, sqlite3.Error, hide_parameters=True)
    return told


def away(error: Exception) -> bool:
    """Whether the database could not be reached or asked; the data at hand is not to blame."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    if state:  # PostgreSQL says so: starting up, no more connections, read-only, disk full ...
        return state not in _DEADLOCK and not state.startswith(_MISTAKES)
    return isinstance(error, OSError | OperationalError | InterfaceError | PoolTimeout)


def conflicted(error: Exception) -> bool:
    """Whether the database chose this transaction to give way: running it again is right."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _DEADLOCK


def _engine(url: URL, sqlite: bool, pool: int, durable: bool) -> AsyncEngine:
    # What people said must not come to light in an error message.
    if not sqlite:
        return create_async_engine(
            url, pool_size=pool, max_overflow=pool, pool_pre_ping=True, hide_parameters=True
        )
    arguments = {"timeout": 30, "async_creator_fn": sqlite_link.connect}
    engine = create_async_engine(url, connect_args=arguments, pool_size=pool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _sqlite_connect)
    if not durable:
        event.listen(engine.sync_engine, "connect", _sqlite_careless)
    event.listen(engine.sync_engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    """WAL, full durability, and no BEGIN by the driver: it would come too late (trap 2)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    _turn_to_wal(connection, cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        sqlite_link.PATIENT,
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _turn_to_wal(connection: Any, cursor: Any) -> None:
    """Turn a new database to WAL. Where another process does so as well, SQLite does not wait.

    So the waiting is ours. Raises sqlite3.OperationalError when the other one takes longer than
    all the rests together.
    """
    cursor.execute(f"PRAGMA {sqlite_link.IMPATIENT}")
    for rest in _RESTS:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.run_async(lambda _link, rest=rest: asyncio.sleep(rest))
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _sqlite_careless(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    """Let what is read be of one moment; who writes has begun by himself (`Store.write`)."""
    try:
        connection.connection.run_async(sqlite_link.Link.begin_to_read)
    except sqlite3.Error as error:
        raise as_ever(error, sqlite_link.BEGIN_READ) from error
