"""Virtual time: what is due happens at its own moment, and looking costs nothing while nothing is."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert

from bot.app import App, open_simulation
from domain.messages import Address
from domain.workdays import TZ
from store import outbox, schema, standing
from store import tables as t
from store import tables_channels as tc
from store.engine import Store
from store.outbox import Saying
from tests.conversation.test_statements import statements

START = datetime(2026, 11, 23, 9, tzinfo=TZ)
LATER = START + timedelta(hours=1, microseconds=123_457)  # no round figure, as retries have it


@pytest.fixture
async def app() -> AsyncIterator[App]:
    async with open_simulation(None, START) as app:
        await app.settle()
        yield app


async def keep(app: App, due: datetime) -> None:
    """Put something to say there, as another process would."""
    saying = Saying("x", Address("simulator", "w.li"), "replies/help_staff", {}, not_before=due)
    async with app.store.write() as conn:
        await outbox.add(app.store, conn, [outbox.row_of(saying, app.clock.now())])


async def the_store_s(app: App) -> datetime | None:
    async with app.store.read() as conn:
        return await standing.next_moment(conn)


async def test_who_looks_twice_asks_the_database_once(app: App) -> None:
    await app.settle()
    with statements(app.store) as found:
        await app.settle()
        await app.next_moment()
        await app.advance(START + timedelta(seconds=1))
    assert found == []


async def test_what_another_connection_wrote_is_said(app: App) -> None:
    await keep(app, START)
    await app.settle()
    assert [entry.address.chat for entry in app.simulator.transcript][-1:] == ["w.li"]


async def test_the_next_moment_is_told_to_the_microsecond(app: App) -> None:
    async with app.store.write() as conn:
        await conn.execute(delete(t.timers))
    await keep(app, LATER)
    assert await app.next_moment() == await the_store_s(app) == LATER
    said = len(app.simulator.transcript)
    await app.advance(LATER - timedelta(microseconds=1))
    assert len(app.simulator.transcript) == said
    await app.advance(LATER)
    assert len(app.simulator.transcript) == said + 1


async def test_a_picture_nobody_fetches_holds_nothing_up(app: App) -> None:
    picture = {"inbox_id": 1, "conversation": "c", "channel": "simulator", "sender": "x"}
    picture |= {"kind": "image", "name": "", "key": "", "stage": "", "at": START, "ref_json": "{}"}
    async with app.store.write() as conn:
        await conn.execute(
            insert(tc.media).values(picture | {"state": "waiting", "tries": 0, "due_at": START})
        )
    await app.settle()
    moment = await app.next_moment()
    assert moment is not None
    assert moment == await the_store_s(app)
    said = len(app.simulator.transcript)
    await keep(app, LATER)
    await app.advance(LATER)
    assert len(app.simulator.transcript) > said


async def test_nothing_due_at_all(app: App) -> None:
    async with app.store.write() as conn:
        await conn.execute(delete(t.timers))
    assert await app.next_moment() is None


async def test_a_database_is_laid_whole_and_only_where_none_is(open_any, tmp_path) -> None:
    """A copy of one that was made before; what is there already stays and gets its tables."""

    def at(name: str) -> Store:
        return open_any(f"sqlite+aiosqlite:///{tmp_path / name}")

    async def tables(store: Store) -> list[tuple[str, str]]:
        async with store.read() as conn:
            found = await conn.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE name != 'mine' ORDER BY name"
            )
            return [tuple(row) for row in found]

    fresh, used = at("fresh.sqlite3"), at("used.sqlite3")
    async with used.write() as conn:
        await conn.exec_driver_sql("CREATE TABLE mine (id INTEGER)")
    for store in (fresh, used):
        await schema.create(store)
    assert await tables(fresh) == await tables(used) != []
    async with used.read() as conn:
        assert list(await conn.exec_driver_sql("SELECT * FROM mine")) == []
