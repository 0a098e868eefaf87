"""The link to SQLite: what runs here, what runs on the thread, and what a cancelled call leaves."""

import asyncio
import threading

import pytest
from sqlalchemy import text

from store import schema
from store.engine import Store
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

    async def counted(link, call, *arguments):
        made.append(arguments[1] if len(arguments) > 1 else call.__name__)
        return await plain(link, call, *arguments)

    monkeypatch.setattr(Link, "_execute", counted)
    return made


ADD = text("INSERT INTO conversations (key) VALUES (:key)")
ALL = text("SELECT key FROM conversations ORDER BY key")


async def test_only_the_lock_and_the_disk_are_waited_for_on_the_thread(store, trips):
    async with store.write() as conn:
        await conn.execute(ADD, [{"key": "a"}, {"key": "b"}])
        assert list((await conn.execute(ALL)).scalars()) == ["a", "b"]
    trips.clear()
    async with store.write() as conn:
        await conn.execute(ADD, {"key": "c"})
    assert trips == ["BEGIN IMMEDIATE", "commit"]


async def test_reading_takes_one_trip(store, trips):
    async with store.read() as conn:
        await conn.execute(ALL)
    trips.clear()
    async with store.read() as conn:
        await conn.execute(ALL)
    assert trips == [str(ALL)]


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
