"""Every prepared statement of the store does the same past SQLAlchemy and by it.

Each table has one row, and every value in it and of a statement is told by its type: so most of
them find it. What they tell and write must be alike to the letter: a 1 is not True, and a moment
has its zone.
"""

import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib import import_module
from itertools import product
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.visitors import iterate

import store as package
from store import notice_answers, notice_told, outbox, pacing, polls
from store import tables as t
from store.engine import Store
from store.prepared import Prepared

TABLES = t.metadata.sorted_tables
STANDS, WRITTEN = (
    {
        str: words,
        int: number,
        bool: flag,
        date: date(2026, 11, number),
        time: time(number),
        object: datetime(2026, 11, number, 1, 2, 3, 4, UTC),
    }
    for words, number, flag in (("甲", 1, True), ("乙", 2, False))
)
# What some statements ask for themselves.
WORDS = {"notices.status": "sent", "outbox.state": "waiting", "timers.kind": "question"}


def _statements(*, sqlite: bool) -> Iterator[tuple[str, Prepared]]:
    for module in pkgutil.iter_modules(package.__path__):
        for name, value in vars(import_module(f"store.{module.name}")).items():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Prepared):
                    yield f"{module.name}.{name}", one
    yield "outbox._add", outbox._add(sqlite=sqlite)
    yield "pacing._keep", pacing._keep(sqlite=sqlite)
    for group, home in product((False, True), repeat=2):
        yield f"told {group} {home}", notice_told._told(group=group, home=home)
        yield f"to answer {group} {home}", notice_answers._to_answer(group=group, home=home)
        for one in (False, True):
            yield f"asked {group} {home} {one}", polls._asked(group=group, home=home, one=one)
    for table in TABLES:  # every type there is, in and out
        yield f"into {table.name}", Prepared(insert(table))
        yield f"from {table.name}", Prepared(select(table))


def _row(table: Any, samples: dict[type, Any], *, bare: bool) -> dict[str, Any]:
    return {
        column.name: None if bare and column.nullable else samples[column.type.python_type]
        for column in table.columns
    }


def _standing(table: Any, *, bare: bool) -> dict[str, Any]:
    row = _row(table, STANDS, bare=bare)
    return row if bare else {name: WORDS.get(f"{table.name}.{name}", row[name]) for name in row}


def _whole(table: Any) -> Any:
    """What reads a table: in an order of its own, for PostgreSQL reuses the room of what is gone."""
    return select(table).order_by(*table.primary_key.columns)


def _values(conn: AsyncConnection, statement: Any, *, bare: bool) -> dict[str, Any]:
    """What it looks for is what stands, what it writes is something else."""
    if statement.is_insert:
        return _row(statement.table, WRITTEN, bare=bare)
    places = statement.compile(dialect=conn.dialect).binds.items()
    wanted = {name: bind for name, bind in places if bind.required}
    asked = set(wanted)
    if statement.is_update:
        asked = {getattr(one, "key", None) for one in iterate(statement.whereclause)}
        for key in statement.table.primary_key.columns:
            wanted.pop(key.name, None)
    return {
        name: _value(bind, STANDS if name in asked else WRITTEN) for name, bind in wanted.items()
    }


def _value(bind: Any, samples: dict[type, Any]) -> Any:
    value = samples[bind.type.python_type]
    return [value, WRITTEN[type(value)], value] if bind.expanding else value


async def _directly(conn: AsyncConnection, prepared: Prepared, values: dict[str, Any]) -> Any:
    statement: Any = prepared._statement
    with mock.patch.object(AsyncConnection, "execute", side_effect=AssertionError):
        if statement.is_select or statement._returning:
            return [tuple(row) for row in await prepared.rows(conn, values)]
        return await prepared.run(conn, [values])


async def _by_sqlalchemy(conn: AsyncConnection, prepared: Prepared, values: dict[str, Any]) -> Any:
    result = await conn.execute(prepared._statement, values)
    return [tuple(row) for row in result] if result.returns_rows else result.rowcount


@pytest.mark.parametrize("bare", [False, True], ids=["all columns", "what must be"])
async def test_it_tells_and_writes_the_same_both_ways(store: Store, bare: bool) -> None:
    did, statements = [], dict(_statements(sqlite=store.sqlite))
    async with store.write() as conn:
        for table in TABLES:
            await conn.execute(insert(table), _standing(table, bare=bare))
        for name, prepared in statements.items():
            statement: Any = prepared._statement
            values = _values(conn, statement, bare=bare)
            after = None if statement.is_select else _whole(statement.table)
            seen = []
            for way in (_directly, _by_sqlalchemy):
                async with conn.begin_nested() as point:
                    told = await way(conn, prepared, values)
                    rows = [] if after is None else (await conn.execute(after)).all()
                    await point.rollback()
                seen.append(repr((told, rows)))
            assert seen[0] == seen[1], name
            did += [name] if told else []
    assert len(did) > len(statements) * 3 / 4  # most find the row
