"""A prepared statement finds, writes and fails as SQLAlchemy has it, in a transaction or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import tables as t
from store.engine import Store, away
from store.prepared import Prepared
from store.sqlite_link import Link
from tests import factories as make
from tests import postgres

SOME = Prepared(
    select(t.leases)
    .where(t.leases.c.name.in_(bindparam("names", expanding=True)), t.leases.c.holder != "nobody")
    .order_by(t.leases.c.name)
)
OTHERS = Prepared(
    select(t.leases.c.name)
    .where(t.leases.c.name.not_in(bindparam("names", expanding=True)))
    .order_by(t.leases.c.name)
    .limit(bindparam("most"))
)
UNTIL = Prepared(
    select(t.leases.c.name).where(
        t.leases.c.until.in_(bindparam("moments", expanding=True)),
        t.leases.c.holder.in_(["me", "you"]),
    )
)
COUNT = Prepared(select(func.count().label("found")).select_from(t.leases))
ADD = Prepared(insert(t.leases))
EXTEND = Prepared(
    update(t.leases).where(t.leases.c.name == bindparam("b_name")).values(until=bindparam("b_at"))
)
FILE = Prepared(insert(t.timers).returning(t.timers.c.id, t.timers.c.due_at))
SET = Prepared(insert(t.inbox))
ASLEEP = Prepared(select(func.pg_sleep(600)))
LOST = Prepared(select(func.pg_terminate_backend(func.pg_backend_pid())))


def lease(number: int, holder: str = "me") -> dict[str, object]:
    return {"name": f"n{number}", "holder": holder, "until": make.NOW + timedelta(days=number)}


@asynccontextmanager
async def past_sqlalchemy(store: Store) -> AsyncIterator[AsyncConnection]:
    """A transaction in which no more prepared statement is SQLAlchemy's: it has begun."""
    async with store.write() as conn:
        assert (await conn.execute(select(1))).scalar() == 1
        yield conn


@pytest.fixture
async def leases(store: Store) -> Store:
    async with store.write() as conn:
        assert await COUNT.scalars(conn) == [0]
        await ADD.run(conn, [lease(number) for number in range(9)])
    return store


@pytest.mark.parametrize("size", range(7))
async def test_lists_of_any_length(leases: Store, size: int) -> None:
    wanted = [f"n{number}" for number in range(size)]
    rest = [f"n{number}" for number in range(size, 9)]
    async with past_sqlalchemy(leases) as conn:
        found = await SOME.rows(conn, {"names": wanted})
        others = await OTHERS.scalars(conn, {"names": wanted, "most": 9})
    async with leases.read() as conn:  # by SQLAlchemy, for it begins
        assert await OTHERS.scalars(conn, {"names": wanted, "most": 9}) == others == rest
    async with leases.read() as conn:
        assert [tuple(row) for row in await SOME.rows(conn, {"names": wanted})] == found
    assert [row.name for row in found] == wanted
    assert [row.until for row in found] == [make.NOW + timedelta(days=n) for n in range(size)]


async def test_a_length_does_not_stay_with_the_next_list(leases: Store) -> None:
    async with past_sqlalchemy(leases) as conn:
        for wanted in (["n1", "n2", "n3"], ["n4", "n5", "n6", "n7"], ["n8"], [], ["n0", "n1"]):
            assert [one.name for one in await SOME.rows(conn, {"names": wanted})] == wanted


async def test_moments_in_a_list_and_lists_the_statement_has_itself(leases: Store) -> None:
    values = {"moments": [make.NOW + timedelta(days=2), make.NOW, make.NOW - timedelta(days=9)]}
    async with past_sqlalchemy(leases) as conn:
        assert sorted(await UNTIL.scalars(conn, values)) == ["n0", "n2"]


async def test_it_tells_how_many_rows_it_changed(leases: Store) -> None:
    later = make.NOW + timedelta(days=99)
    async with past_sqlalchemy(leases) as conn:
        assert await EXTEND.run(conn, [{"b_name": "n1", "b_at": later}]) == 1
        assert await EXTEND.run(conn, [{"b_name": "gone", "b_at": later}]) == 0
        both = [{"b_name": name, "b_at": later} for name in ("n2", "n3")]
        assert await EXTEND.run(conn, both) == (2 if leases.sqlite else -1)
        found = await SOME.rows(conn, {"names": ["n1", "n2", "n3"]})
    assert [row.until for row in found] == [later] * 3


async def test_what_was_put_in_is_told(store: Store) -> None:
    row = {"kind": "urge", "subject": 1, "due_at": make.NOW}
    async with past_sqlalchemy(store) as conn:
        [first] = await FILE.rows(conn, row)
        [second] = await FILE.rows(conn, row | {"subject": 2})
    assert second.id > first.id
    assert second.due_at == make.NOW


async def test_what_is_not_given_is_nothing(store: Store) -> None:
    bare = {"channel": "a", "conversation": "b", "received_at": make.NOW, "body_json": "{}"}
    full = bare | {"dedupe": "2", "tries": 3, "handled_at": make.NOW, "outcome": "x", "case_id": 5}
    async with past_sqlalchemy(store) as conn:
        await SET.run(conn, [bare | {"dedupe": "1", "tries": 1}])
        await SET.run(conn, [full])
        rows = (await conn.execute(select(t.inbox).order_by(t.inbox.c.id))).all()
    assert [(row.tries, row.handled_at, row.case_id) for row in rows] == [
        (1, None, None),
        (3, make.NOW, 5),
    ]


async def test_a_default_of_pythons_must_be_given(store: Store) -> None:
    bare = {"channel": "a", "dedupe": "1", "conversation": "b", "received_at": make.NOW}
    async with past_sqlalchemy(store) as conn:
        with pytest.raises(TypeError, match="default"):
            await SET.run(conn, [bare | {"body_json": "{}"}])


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        pytest.param([lease(1), lease(1)], IntegrityError, id="the second is there already"),
        pytest.param([lease(1) | {"until": None}], IntegrityError, id="nothing must not be"),
        pytest.param(
            [lease(1) | {"until": make.NOW.replace(tzinfo=None)}], StatementError, id="no zone"
        ),
        pytest.param(
            [lease(1), {"name": "n2", "holder": "x", "unti": make.NOW}],
            StatementError,
            id="missing",
        ),
    ],
)
async def test_it_fails_as_sqlalchemy_does_and_tells_no_values(
    store: Store, wrong: list[dict[str, object]], error: type[SQLAlchemyError]
) -> None:
    with pytest.raises(error) as told:
        async with past_sqlalchemy(store) as conn:
            await ADD.run(conn, [one | {"holder": "geheim"} for one in wrong])
    with pytest.raises(error) as by_sqlalchemy:
        async with store.write() as conn:
            await conn.execute(insert(t.leases), [one | {"holder": "geheim"} for one in wrong])
    assert type(told.value) is type(by_sqlalchemy.value)
    states = [getattr(one.value.orig, "sqlstate", None) for one in (told, by_sqlalchemy)]
    assert states[0] == states[1]
    assert str(told.value).partition("[SQL")[2]
    if store.sqlite:  # PostgreSQL's own detail names the row
        assert "geheim" not in str(told.value)
    async with store.read() as conn:
        assert await COUNT.scalars(conn) == [0]


@pytest.mark.parametrize("database", ["sqlite"])
async def test_in_a_transaction_it_takes_no_trip(leases: Store) -> None:
    async with leases.write() as conn:
        with mock.patch.object(Link, "_trip", side_effect=AssertionError):
            assert await COUNT.scalars(conn) == [9]
            await EXTEND.run(conn, [{"b_name": "n1", "b_at": make.NOW}])


async def test_what_begins_a_transaction_ends_with_it(store: Store) -> None:
    async def fail() -> None:
        async with store.write() as conn:
            await ADD.run(conn, [lease(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as conn:
        assert await COUNT.scalars(conn) == [0]


@postgres.only
async def test_what_is_no_error_of_the_database_stays_what_it_is(store: Store) -> None:
    async with past_sqlalchemy(store) as conn:
        with (
            mock.patch("asyncpg.Connection.fetch", side_effect=ConnectionResetError),
            pytest.raises(ConnectionResetError),
        ):
            await COUNT.scalars(conn)


@postgres.only
async def test_of_many_the_last_one_fails_and_none_is_there(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with past_sqlalchemy(store) as conn:
            await ADD.run(conn, [lease(1), lease(2), lease(1)])
    async with store.read() as conn:
        assert await COUNT.scalars(conn) == [0]


async def process(conn: AsyncConnection) -> int:
    """The server's process behind a connection."""
    return (await conn.execute(select(func.pg_backend_pid()))).scalar_one()


both_ways = pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda conn, one: one.rows(conn), id="past SQLAlchemy"),
        pytest.param(lambda conn, one: conn.execute(one._statement), id="by SQLAlchemy"),
    ],
)


@postgres.only
@both_ways
async def test_a_connection_that_is_lost_is_told_and_given_up(store: Store, ask: Any) -> None:
    with pytest.raises(DBAPIError) as told:
        async with past_sqlalchemy(store) as conn:
            await ask(conn, LOST)
    assert told.value.connection_invalidated
    assert away(told.value)
    async with past_sqlalchemy(store) as conn:
        assert await COUNT.scalars(conn) == [0]


@postgres.only
@both_ways
async def test_a_statement_nobody_waits_for_takes_its_connection_with_it(
    store: Store, ask: Any
) -> None:
    seen = []

    async def leave() -> None:
        async with past_sqlalchemy(store) as conn:
            seen.append(await process(conn))
            await ADD.run(conn, [lease(1)])
            async with asyncio.timeout(0.05):
                await ask(conn, ASLEEP)

    with pytest.raises(TimeoutError):
        await leave()
    async with past_sqlalchemy(store) as conn:
        assert await process(conn) not in seen
        assert await COUNT.scalars(conn) == [0]
