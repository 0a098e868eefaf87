"""Statements that run with every message, written out for the driver once.

To run a statement SQLAlchemy looks up what it compiled, makes a context, a cursor and a result, and
changes greenlets: several times what the driver itself takes. So within a transaction the driver is
asked directly: on PostgreSQL asyncpg (store/asyncpg_link.py), on SQLite by a plain call, where the
connection holds the write lock and need not wait (store/sqlite_link.py). Anywhere else SQLAlchemy
runs the statement as ever; the rows look alike.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import BindParameter, Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.visitors import iterate

from store import asyncpg_link, sqlite_link
from store.engine import as_ever

Values = Mapping[str, Any]
# What a type does to the values in some places; NULL is NULL in every type.
_Changes = Sequence[tuple[int, Callable[[Any], Any]]]
_NONE: Values = {}


class Prepared:
    """A statement with its ways to run. Lists of an expanding `IN` are given as sequences.

    All ways raise what SQLAlchemy raises, and tell nothing of the values.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        binds = (one for one in iterate(statement) if isinstance(one, BindParameter))
        lists = {one.key: None for one in binds if one.expanding and one.required}
        self._lists = tuple(lists)
        self._written: dict[tuple[Any, ...], _Written] = {}

    async def rows(self, conn: AsyncConnection, values: Values = _NONE) -> Sequence[Any]:
        """The rows it finds or returns, their columns as attributes."""
        way = _way(conn)
        if way is None:
            return (await conn.execute(self._statement, values)).all()
        written = self._for(conn, values)
        return written.rows(await way.rows(written.sql, written.given(values)))

    async def scalars(self, conn: AsyncConnection, values: Values = _NONE) -> list[Any]:
        """The first column of its rows."""
        return [row[0] for row in await self.rows(conn, values)]

    async def run(self, conn: AsyncConnection, many: Sequence[Values]) -> int:
        """Run it once for each of these values; tells how many rows that changed.

        PostgreSQL tells it where the values are given once; else it is -1.
        """
        way = _way(conn)
        if way is None:
            changed: int = (await conn.execute(self._statement, many)).rowcount
            return changed
        written = self._for(conn, many[0])
        return await way.run(written.sql, [written.given(values) for values in many])

    def _for(self, conn: AsyncConnection, values: Values) -> "_Written":
        """What it is for values like these: an INSERT names the columns that are given.

        As many names that are all there (`_Written.given` asks for each) are the same names.
        """
        sizes = [_room(len(values[name])) for name in self._lists]
        key = (conn.dialect.name, len(values), *sizes)
        written = self._written.get(key)
        if written is None:
            filled = {name: [None] * size for name, size in zip(self._lists, sizes, strict=True)}
            written = _write(self._statement, conn.dialect, {**values, **filled}, self._lists)
            self._written[key] = written
        return written


class _Way(Protocol):
    """A way to the driver that leaves SQLAlchemy out, but for its errors."""

    async def rows(self, sql: str, values: Sequence[Any]) -> Iterable[Any]: ...

    async def run(self, sql: str, many: Sequence[Sequence[Any]]) -> int: ...


def _way(conn: AsyncConnection) -> _Way | None:
    """The way for this moment; None where SQLAlchemy must run the statement."""
    sync = conn.sync_connection
    if sync is None:
        return None
    driver = sync.connection.driver_connection
    if isinstance(driver, sqlite_link.Link):
        return _Here(driver) if driver.here else None
    return asyncpg_link.link(conn, driver)


class _Here:
    """The connection to SQLite that holds the lock and is at rest here: nothing waits."""

    def __init__(self, link: sqlite_link.Link) -> None:
        self._link = link

    async def rows(self, sql: str, values: Sequence[Any]) -> Iterable[Any]:
        try:
            return self._link.now(sql, values)[0]
        except sqlite3.Error as error:
            raise as_ever(error, sql) from error

    async def run(self, sql: str, many: Sequence[Sequence[Any]]) -> int:
        try:
            return self._link.now_many(sql, many)
        except sqlite3.Error as error:
            raise as_ever(error, sql) from error


def _room(size: int) -> int:
    """For how many values a list is written: so few lengths are as many statements."""
    return 1 << (size - 1).bit_length() if size else 0


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement as the driver takes it, and what becomes of its values and its rows."""

    sql: str
    names: Sequence[str]
    fixed: Mapping[str, Any]  # what the statement says itself
    lists: Mapping[str, Sequence[str]]  # the names of a list's values
    changes: _Changes
    row: Any
    back: _Changes

    def given(self, values: Values) -> list[Any]:
        """The values in the order of their places.

        Raises StatementError where one is missing or is not what its type takes.
        """
        try:
            if self.fixed or self.lists:
                values = {**self.fixed, **values, **self._spread(values)}
            return _changed(map(values.__getitem__, self.names), self.changes)
        except Exception as error:
            raise as_ever(error, self.sql) from error

    def _spread(self, values: Values) -> dict[str, Any]:
        """The values of the lists one by one; where there is room left, the last one again."""
        spread: dict[str, Any] = {}
        for name, names in self.lists.items():
            some = list(values[name])
            more = len(names) - len(some)
            spread.update(zip(names, some + some[-1:] * more, strict=True))
        return spread

    def rows(self, found: Iterable[Any]) -> list[Any]:
        """Rows of the driver as rows of the statement."""
        make = self.row._make
        if not self.back:
            return [make(values) for values in found]
        return [make(_changed(values, self.back)) for values in found]


def _changed(values: Iterable[Any], changes: _Changes) -> list[Any]:
    changed = list(values)
    for place, change in changes:
        if changed[place] is not None:
            changed[place] = change(changed[place])
    return changed


def _some(changes: Iterable[Callable[[Any], Any] | None]) -> _Changes:
    return [(place, change) for place, change in enumerate(changes) if change is not None]


def _write(statement: Any, dialect: Dialect, values: Values, lists: Sequence[str]) -> _Written:
    # For many: PostgreSQL is not asked for the key of a row where the statement does not ask.
    compiled = statement.compile(dialect=dialect, column_keys=list(values), for_executemany=True)
    if compiled.insert_prefetch:
        raise TypeError("every column with a default of Python's must be given")
    state = compiled.construct_expanded_state(values)
    names = state.positiontup
    expanded = {name: state.parameter_expansion[name] for name in lists}
    told = {*values, *chain.from_iterable(expanded.values())}
    types = {name: bind.type for name, bind in compiled.binds.items()}
    for name, some in state.parameter_expansion.items():
        types |= dict.fromkeys(some, types[name])
    columns = statement.exported_columns
    changes = [types[name].dialect_impl(dialect).bind_processor(dialect) for name in names]
    back = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return _Written(
        sql=state.statement,
        names=names,
        fixed={name: state.parameters[name] for name in names if name not in told},
        lists=expanded,
        changes=_some(changes),
        row=namedtuple("Row", columns.keys()),  # noqa: PYI024 - its columns are told only here
        back=_some(back),
    )
