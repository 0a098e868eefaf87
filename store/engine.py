"""Opens the database: SQLite embedded or PostgreSQL, with the settings each of them needs."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store import sqlite_link

Connection = AsyncConnection
# What a transaction may fail with for reasons outside the program.
STORE_ERRORS = (SQLAlchemyError, OSError)
_DEADLOCK = ("40P01", "40001")  # PostgreSQL: deadlock detected, serialization failure
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
        self._writing = self.engine.execution_options(gridbot_write=True)
        self._lent: AsyncConnection | None = None
        self._link: sqlite_link.Link | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed when the block ends well, else rolled back."""
        if self._writer is None:
            async with self.engine.begin() as conn:
                yield conn
            return
        async with self._writer:
            conn = await self._own()
            try:
                async with conn.begin():
                    yield conn
            except BaseException:  # the pool puts it right; the next writer takes another
                self._lent = self._link = None
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
            try:
                return await (await self._own_link()).whole(statements)
            except sqlite3.Error as error:
                raise as_ever(error) from None

    async def _own(self) -> AsyncConnection:
        """The writer's connection, kept until something fails: its pages and statements stay warm.

        To ask the pool for one each time is half of what a transaction costs.
        """
        if self._lent is None:
            self._lent = await self._writing.connect()
        return self._lent

    async def _own_link(self) -> sqlite_link.Link:
        if self._link is None:
            lent = await (await self._own()).get_raw_connection()
            self._link = cast("sqlite_link.Link", lent.driver_connection)
        return self._link

    async def close(self) -> None:
        if self._lent is not None:
            await self._lent.close()
            self._lent = self._link = None
        await self.engine.dispose()


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
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_careless(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    """Writers take the lock first, so no update is lost (docs/performance.md, trap 2)."""
    writing = connection.get_execution_options().get("gridbot_write", False)
    sql = sqlite_link.BEGIN_WRITE if writing else sqlite_link.BEGIN_READ
    try:
        connection.connection.run_async(lambda link: link.run(sqlite3.Connection.execute, sql, ()))
    except sqlite3.Error as error:
        raise as_ever(error, sql) from error
