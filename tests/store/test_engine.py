"""Both databases keep every update, and tell a failure of theirs from a mistake of ours."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, text

from store import cases
from store import tables as t
from store.engine import STORE_ERRORS, Store, mistaken
from tests import factories as make


async def test_200_at_once_who_read_and_write_are_200_of_200(store: Store) -> None:
    async with store.write() as conn:
        stored = await cases.add(conn, make.case(reporters=0))

    async def one_more() -> None:
        async with store.write() as conn:
            found = await cases.get(conn, stored.id)
            assert found is not None
            await asyncio.sleep(0)
            moved = replace(found, reporters=found.reporters + 1, version=found.version + 1)
            await cases.save(conn, moved)

    await asyncio.gather(*(one_more() for _ in range(200)))
    async with store.read() as conn:
        found = await cases.get(conn, stored.id)
    assert found is not None
    assert (found.reporters, found.version) == (200, 200)


async def test_two_processes_that_read_and_write_lose_nothing(store: Store, open_store) -> None:
    async with store.write() as conn:
        stored = await cases.add(conn, make.case(reporters=0))

    async def one_more(mine: Store) -> None:
        async with mine.write() as conn:
            found = await cases.get(conn, stored.id)
            assert found is not None
            moved = replace(found, reporters=found.reporters + 1, version=found.version + 1)
            await cases.save(conn, moved)

    other = open_store()
    await asyncio.gather(*(one_more(mine) for _ in range(25) for mine in (store, other)))
    async with store.read() as conn:
        found = await cases.get(conn, stored.id)
    assert found is not None
    assert found.reporters == 50


async def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.write() as conn:
            await cases.add(conn, make.case())
            raise ZeroDivisionError
    async with store.read() as conn:
        assert (await conn.execute(select(t.cases))).all() == []


async def test_what_people_said_does_not_stand_in_an_error(store: Store) -> None:
    secret = "13900000001"
    twice = [{"name": secret, "holder": "a", "until": make.NOW}] * 2
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await conn.execute(insert(t.leases), twice)
    assert mistaken(caught.value)
    if store.sqlite:  # PostgreSQL's own detail names the key
        assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO leases VALUES ('a', NULL, NULL)", id="a column is missing"),
        pytest.param("SELECT * FROM nowhere", id="no such table"),
    ],
)
async def test_what_will_fail_again_is_a_mistake(store: Store, statement: str) -> None:
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await conn.execute(text(statement))
    assert mistaken(caught.value)


async def test_words_too_long_for_their_column_are_a_mistake(store: Store) -> None:
    if store.sqlite:
        pytest.skip("SQLite has no such limit")
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await cases.add(conn, make.case(building="1" * 41))
    assert mistaken(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql+asyncpg://x@/x?host=/nowhere", id="no server"),
        pytest.param("sqlite+aiosqlite:////nowhere/at/all.sqlite3", id="no folder"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_no_mistake(url: str, open_any) -> None:
    store = open_any(url)
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await cases.add(conn, make.case())
    assert not mistaken(caught.value)


async def test_a_server_without_this_database_is_a_store_error(store: Store, open_any) -> None:
    if store.sqlite:
        pytest.skip("a file is made when it is not there")
    other = open_any(store.url.set(database="nowhere").render_as_string(hide_password=False))
    with pytest.raises(STORE_ERRORS):
        async with other.read():
            pass


async def test_a_connection_the_server_ends_is_a_store_error_and_no_mistake(store: Store) -> None:
    if store.sqlite:
        pytest.skip("there is no server")
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert not mistaken(caught.value)
    async with store.write() as conn:
        await cases.add(conn, make.case())
