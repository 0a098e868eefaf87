"""The link to SQLite: what runs here, what runs on the thread, and what a cancelled call leaves."""

import asyncio
import sqlite3
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from store import schema
from store.engine import Store, away
from store.sqlite_link import Link, connect


@pytest.fixture
async def store(tmp_path):
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")
    await schema.create(store)
    yield store
    await store.close()


@pytest.fixture
def trips(monkeypatch):
    """The calls that went to the thread."""
    made = []
    plain = Link._execute

    async def counted(link, call, *arguments, **named):
        made.append(next((one for one in arguments if isinstance(one, str)), call.__name__))
        return await plain(link, call, *arguments, **named)

    monkeypatch.setattr(Link, "_execute", counted)
    return made


ADD = text("INSERT INTO conversations (key) VALUES (:key)")
ALL = text("SELECT key FROM conversations ORDER BY key")


async def test_only_the_disk_is_waited_for_on_the_thread(store, trips):
    async with store.write() as conn:
        await conn.execute(ADD, [{"key": "a"}, {"key": "b"}])
        assert list((await conn.execute(ALL)).scalars()) == ["a", "b"]
    trips.clear()
    async with store.write() as conn:
        await conn.execute(ADD, {"key": "c"})
    assert trips == ["commit"]


async def test_a_lock_that_another_process_holds_is_waited_for_on_the_thread(
    store, trips, tmp_path
):
    await keys(store)
    other = Store(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")

    async def write():
        async with store.write() as conn:
            await conn.execute(ADD, {"key": "second"})

    async with other.write() as conn:
        await conn.execute(ADD, {"key": "first"})
        trips.clear()
        writing = asyncio.create_task(write())
        await asyncio.wait([writing], timeout=0.03)  # the loop goes on
        assert trips == ["BEGIN IMMEDIATE"]
        assert not writing.done()
    await writing
    assert await keys(store) == ["first", "second"]
    await other.close()


async def test_a_new_database_that_another_process_is_about_to_write_is_waited_for(tmp_path):
    """SQLite says at once that it is locked, lest two wait in a circle for the turn to WAL."""
    path = tmp_path / "new.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = Store(f"sqlite+aiosqlite:///{path}")
    opening = asyncio.create_task(schema.create(store))
    done, _ = await asyncio.wait([opening], timeout=0.03)
    assert not done
    other.execute("COMMIT")
    other.close()
    await opening
    assert await keys(store) == []
    await store.close()


async def test_who_reads_first_and_writes_then_has_the_lock_from_the_first_row_on(store):
    """SQLAlchemy begins when it runs a statement: the transaction is there already."""
    async with store.write() as conn:
        assert list((await conn.execute(ALL)).scalars()) == []
        assert conn.in_transaction()
        link = (await conn.get_raw_connection()).driver_connection
        assert link.here
    assert not link.here
    assert not conn.in_transaction()


async def test_the_writer_keeps_his_connection_until_something_fails(store):
    async def link():
        async with store.write() as conn:
            return (await conn.get_raw_connection()).driver_connection

    async def fail():
        async with store.write():
            raise ZeroDivisionError

    first = await link()
    await store.put([(PUT, ["a"])])
    assert await link() is first
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert store._lent is None
    await store.put([(PUT, ["b"])])
    async with store.write() as conn:
        await conn.execute(ADD, {"key": "c"})
    assert await keys(store) == ["a", "b", "c"]


async def test_reading_takes_one_trip(store, trips):
    async with store.read() as conn:
        await conn.execute(ALL)
    trips.clear()
    async with store.read() as conn:
        await conn.execute(ALL)
    assert trips == [str(ALL)]


PUT = "INSERT INTO conversations (key) VALUES (?)"


async def keys(store):
    async with store.read() as conn:
        return list((await conn.execute(ALL)).scalars())


async def test_what_is_put_takes_one_trip_whatever_it_is(store, trips):
    await store.put([(PUT, ["a"])])
    trips.clear()
    assert await store.put([(PUT, ["b"]), ("UPDATE conversations SET said = 1", [])]) == (2, 2)
    assert await store.put([(f"{PUT}, (?)", ["c", "d"])]) == (2, 4)
    assert len(trips) == 2
    assert await keys(store) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([["a"], ["a"]], id="the second is there already"),
        pytest.param([["a", "b"]], id="too many values"),
        pytest.param([["a"], ["b"], [None]], id="nothing where something must be"),
    ],
)
async def test_what_cannot_be_put_leaves_nothing_and_frees_the_lock(store, values):
    with pytest.raises(SQLAlchemyError):
        await store.put([(PUT, one) for one in values])
    assert await keys(store) == []
    async with store.write() as conn:
        await conn.execute(ADD, {"key": "later"})
    await store.put([(PUT, ["last"])])
    assert await keys(store) == ["last", "later"]


async def test_what_is_put_waits_for_whoever_writes(store):
    async with store.write() as conn:
        putting = asyncio.create_task(store.put([(PUT, ["b"])]))
        await asyncio.sleep(0)
        await conn.execute(ADD, {"key": "a"})
        assert not putting.done()
    assert await putting == (1, 2)


async def test_an_error_of_putting_tells_nothing_people_said(store):
    await store.put([(PUT, ["geheim"])])
    with pytest.raises(IntegrityError) as told:
        await store.put([(PUT, ["geheim"])])
    assert "geheim" not in str(told.value)


async def test_a_database_that_cannot_be_written_is_away(store):
    _, link = await store._own()
    await link.run(lambda conn, *_: conn.execute("PRAGMA query_only=ON"), "", ())
    with pytest.raises(OperationalError) as told:
        await store.put([(PUT, ["a"])])
    assert away(told.value)


async def test_a_block_that_fails_leaves_nothing_and_frees_the_lock(store):
    async def fail():
        async with store.write() as conn:
            await conn.execute(ADD, {"key": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.write() as conn:
        assert list((await conn.execute(ALL)).scalars()) == []
        await conn.execute(ADD, {"key": "b"})


async def test_a_writer_that_is_cancelled_while_it_waits_does_not_hold_up_the_loop(store, tmp_path):
    other = Store(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")  # another process

    async def write():
        async with other.write() as conn:
            await conn.execute(ADD, {"key": "late"})

    async with store.write() as conn:
        await conn.execute(ADD, {"key": "first"})
        waiting = asyncio.create_task(write())
        await asyncio.wait([waiting], timeout=0.1)
        waiting.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait([waiting], timeout=0.5)
    await asyncio.gather(waiting, return_exceptions=True)
    await write()
    async with store.read() as conn:
        assert list((await conn.execute(ALL)).scalars()) == ["first", "late"]
    await other.close()


async def test_two_hundred_additions_at_once_lose_none(store):
    async with store.write() as conn:
        await conn.execute(text("INSERT INTO leases VALUES ('n', '0', 0)"))

    async def add():
        async with store.write() as conn:
            holder = (await conn.execute(text("SELECT holder FROM leases"))).scalar_one()
            await asyncio.sleep(0)
            await conn.execute(text("UPDATE leases SET holder = :h"), {"h": str(int(holder) + 1)})

    await asyncio.gather(*(add() for _ in range(200)))
    async with store.read() as conn:
        assert (await conn.execute(text("SELECT holder FROM leases"))).scalar_one() == "200"


async def test_whoever_is_cancelled_goes_when_the_thread_is_done(tmp_path):
    link = await connect(str(tmp_path / "a.sqlite3"))
    gate = threading.Event()
    waiting = asyncio.create_task(link.run(lambda *_: gate.wait(), "", ()))
    await asyncio.wait([waiting], timeout=0.01)
    waiting.cancel()
    assert await asyncio.wait([waiting], timeout=0.05) == (set(), {waiting})
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await link.close()


def test_a_connection_nobody_waits_for_any_more_leaves_no_thread_behind(tmp_path):
    threads = []

    async def main():
        link = connect(str(tmp_path / "a.sqlite3"))
        threads.append(link._thread)
        opening = asyncio.ensure_future(link)
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)

    for _ in range(20):
        asyncio.run(main())
    assert not any(thread.is_alive() for thread in threads)
