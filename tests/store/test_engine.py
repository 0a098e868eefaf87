"""Both databases keep every update, and tell a failure of theirs from a mistake of ours."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, text

from store import cases
from store import tables as t
from store.engine import STORE_ERRORS, Store, away
from tests import factories as make
from tests import postgres


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
    async def fail() -> None:
        async with store.write() as conn:
            await cases.add(conn, make.case())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as conn:
        assert (await conn.execute(select(t.cases))).all() == []


async def test_a_broken_constraint_is_our_mistake_and_its_error_hides_the_values(
    store: Store,
) -> None:
    secret = "13900000001"
    twice = [{"name": secret, "holder": "a", "until": make.NOW}] * 2
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await conn.execute(insert(t.leases), twice)
    assert not away(caught.value)
    if store.sqlite:  # PostgreSQL's own detail names the key
        assert secret not in str(caught.value)


@postgres.only
async def test_words_too_long_for_their_column_are_our_mistake(store: Store) -> None:
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await cases.add(conn, make.case(building="1" * 41))
    assert not away(caught.value)


async def test_a_server_that_is_not_there_is_away(open_any) -> None:
    store = open_any("postgresql+asyncpg://x@/x?host=/nowhere")
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await cases.add(conn, make.case())
    assert away(caught.value)


@postgres.only
async def test_a_server_without_this_database_is_away(store: Store, open_any) -> None:
    other = open_any(store.url.set(database="nowhere").render_as_string(hide_password=False))
    with pytest.raises(STORE_ERRORS) as caught:
        async with other.read():
            pass
    assert away(caught.value)


@postgres.only
async def test_a_connection_the_server_ends_is_away_and_the_next_one_works(store: Store) -> None:
    with pytest.raises(STORE_ERRORS) as caught:
        async with store.write() as conn:
            await conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert away(caught.value)
    async with store.write() as conn:
        await cases.add(conn, make.case())
