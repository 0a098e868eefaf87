"""Where the service under test keeps its rows: made, copied and looked into from outside."""

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import aiosqlite
import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from store import schema
from store import tables as t
from store.engine import Store
from tests import postgres

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


class Databases:
    """Makes databases, from nothing or as copies of one that was filled."""

    kind = ""

    async def create(self, folder: Path, like: str = "") -> str:
        """A database for a deployment folder; returns its URL."""
        raise NotImplementedError

    async def load(self, url: str, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows of plain values into a table, every column of it, fast."""
        raise NotImplementedError

    def plain(self, value: object) -> object:
        """A value as this database takes it."""
        return value


class Sqlite(Databases):
    """A file in the deployment folder."""

    kind = "sqlite"

    async def create(self, folder: Path, like: str = "") -> str:
        path = folder / "gridbot.sqlite3"
        if like:
            shutil.copyfile(like.partition(":///")[2], path)
        url = f"sqlite+aiosqlite:///{path}"
        if not like:
            await _migrate(url)
        return url

    async def load(self, url: str, table: str, rows: Sequence[Sequence[Any]]) -> None:
        columns = len(t.metadata.tables[table].columns)
        statement = f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 - ours
        async with _raw(url) as connection:
            await connection.executemany(statement, rows)
            await connection.commit()

    def plain(self, value: object) -> object:
        """Moments are kept as microseconds (store.tables.Moment)."""
        if isinstance(value, datetime):
            delta = value - _EPOCH
            return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds
        return value


@asynccontextmanager
async def _raw(url: str) -> AsyncIterator[Any]:
    async with aiosqlite.connect(url.partition(":///")[2]) as connection:
        await connection.execute("PRAGMA synchronous=OFF")
        yield connection
        await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Postgres(Databases):
    """A server of its own, durable as in production."""

    kind = "postgres"

    def __init__(self, address: str) -> None:
        self._address = address
        self._made = 0

    async def create(self, folder: Path, like: str = "") -> str:
        self._made += 1
        name = f"bench{self._made}"
        template = f" TEMPLATE {make_url(like).database}" if like else ""
        async with _server(self._address.format("postgres")) as connection:
            await connection.execute(f"CREATE DATABASE {name}{template}")
        url = self._address.format(name)
        if not like:
            await _migrate(url)
        return url

    async def load(self, url: str, table: str, rows: Sequence[Sequence[Any]]) -> None:
        async with _server(url) as connection:
            await connection.copy_records_to_table(table, records=rows)
            await connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
                if "id" in t.metadata.tables[table].columns
                else "SELECT 1"
            )
            await connection.execute(f"VACUUM ANALYZE {table}")


@asynccontextmanager
async def _server(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """The databases of a kind, as long as the block lasts."""
    if kind == "sqlite":
        yield Sqlite()
        return
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(postgres.SETTINGS, _DURABLE))
        yield Postgres(stack.enter_context(postgres.server()))


async def _migrate(url: str) -> None:
    store = Store(url)
    try:
        await schema.upgrade(store)
    finally:
        await store.close()


async def query(url: str, sql: str) -> list[Any]:
    """Ask the database."""
    store = Store(url)
    try:
        async with store.read() as conn:
            return list(await conn.execute(text(sql)))
    finally:
        await store.close()
