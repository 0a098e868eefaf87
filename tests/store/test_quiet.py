"""What is due next, and that asking costs nothing while nobody writes."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from bot.media import POLL
from bot.polling import Poller
from store import inbox, outbox, timers
from store import tables as t
from store import tables_channels as tc
from store.engine import Connection, Store
from store.quiet import Quiet
from tests import factories as make
from tests.conftest import Opener

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"])
Write = Callable[[Store, Connection], Awaitable[Any]]


async def _write(store: Store, write: Write) -> None:
    async with store.write() as conn:
        await write(store, conn)


def a_timer(minutes: int) -> Write:
    return lambda _store, conn: timers.set_one(conn, "respond", 1, make.after(minutes=minutes))


def something_to_say(minutes: int, channel: str = "simulator", **changes: Any) -> Write:
    saying = make.saying(not_before=make.after(minutes=minutes))
    where = replace(saying.address, channel=channel)
    row = outbox.row_of(replace(saying, address=where), make.NOW) | changes
    return lambda store, conn: outbox.add(store, conn, [row])


def a_picture(minutes: int, state: str = "waiting") -> Write:
    row = {
        "inbox_id": 1,
        "conversation": "simulator:x",
        "channel": "simulator",
        "sender": "x",
        "kind": "image",
        "name": "",
        "key": "",
        "stage": "",
        "at": make.NOW,
        "ref_json": "{}",
        "state": state,
        "tries": 0,
        "due_at": make.after(minutes=minutes),
    }
    return lambda _store, conn: conn.execute(insert(tc.media).values(row))


async def a_message(store: Store, conn: Connection) -> None:
    await inbox.add(store, conn, [inbox.row_of(make.inbound())])


async def a_message_done(store: Store, conn: Connection) -> None:
    await a_message(store, conn)
    await conn.execute(update(t.inbox).values(handled_at=make.NOW))


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile, with the parameters."""
    found: list[tuple[str, Any]] = []

    def note(_conn, _cursor, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            found.append((statement, parameters))

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("writes", "seconds"),
    [
        pytest.param([], math.inf, id="nothing at all"),
        pytest.param([a_timer(5)], 300, id="a timer"),
        pytest.param([a_timer(0)], 0, id="a timer due now"),
        pytest.param([a_timer(-5)], 0, id="a timer long due"),
        pytest.param([something_to_say(3)], 180, id="something to be said later"),
        pytest.param([something_to_say(3, channel="gone")], math.inf, id="of nobody's channel"),
        pytest.param([something_to_say(0, state="sending")], 0, id="something on its way"),
        pytest.param([something_to_say(0, state="sent")], math.inf, id="something said"),
        pytest.param([a_picture(2)], 120, id="a picture to be fetched again"),
        pytest.param([a_picture(2, state="kept")], math.inf, id="a picture that is kept"),
        pytest.param([a_message], 0, id="a message"),
        pytest.param([a_message_done], math.inf, id="a message that was handled"),
        pytest.param([a_timer(5), something_to_say(3), a_picture(4)], 180, id="the first of all"),
        pytest.param([a_timer(5), a_message], 0, id="a message before a timer"),
    ],
)
async def test_how_long_nothing_is_due(store: Store, writes: list[Write], seconds: float) -> None:
    for write in writes:
        await _write(store, write)
    assert await Quiet(store, ["simulator", "other"]).left(make.NOW) == seconds


@ONLY_SQLITE
async def test_while_nobody_writes_the_database_is_asked_once(store: Store) -> None:
    await _write(store, a_timer(1))
    quiet = Quiet(store, ["simulator"])
    with statements(store) as asked:
        left = [await quiet.left(make.after(seconds=passed)) for passed in (0, 20, 59, 60, 70)]
    assert left == [60, 40, 1, 0, 0]
    assert len(asked) == 1


@ONLY_SQLITE
@pytest.mark.parametrize("other", [False, True], ids=["this process", "another one"])
@pytest.mark.parametrize("asked_before", [False, True], ids=["at once", "after a rest"])
async def test_whatever_is_written_is_seen(
    store: Store, open_store: Opener, other: bool, asked_before: bool
) -> None:
    writer = open_store() if other else store
    quiet = Quiet(store, ["simulator"])
    if asked_before:
        assert await quiet.left(make.NOW) == math.inf
    for minutes in (9, 7, 5):
        await _write(writer, lambda _store, conn: conn.execute(t.timers.delete()))
        await _write(writer, a_timer(minutes))
        assert await quiet.left(make.NOW) == minutes * 60
    await _write(writer, a_message)
    assert await quiet.left(make.NOW) == 0


@ONLY_SQLITE
async def test_what_is_written_during_the_look_is_looked_at_again(store: Store) -> None:
    """Else a timer set between the statement and its answer would be overlooked until the next."""
    quiet, look = Quiet(store, []), Quiet._look

    async def and_then(self: Quiet) -> float:
        found = await look(self)
        if found == math.inf:
            await _write(store, a_timer(1))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Quiet, "_look", and_then)
        assert await quiet.left(make.NOW) == math.inf
        assert await quiet.left(make.NOW) == 60


@ONLY_SQLITE
async def test_a_file_that_cannot_be_opened_says_nothing(store: Store) -> None:
    quiet = Quiet(store, [])
    quiet._glance._path += ".not-there"
    assert await quiet.left(make.NOW) == 0
    assert not list(Path(quiet._glance._path).parent.glob("*.not-there"))


@pytest.mark.parametrize("database", ["postgresql"])
async def test_on_postgresql_everybody_looks_himself(store: Store) -> None:
    quiet = Quiet(store, ["simulator"])
    with statements(store) as asked:
        assert await quiet.left(make.NOW) == 0
    assert asked == []


@ONLY_SQLITE
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda store, _conn: Quiet(store, ["a", "b"]).left(make.NOW), id="quiet"),
        pytest.param(lambda _store, conn: outbox.next_due(conn), id="outbox"),
        pytest.param(lambda _store, conn: outbox.next_due(conn, "a"), id="outbox of a channel"),
    ],
)
async def test_what_is_looked_at_each_second_is_found_by_an_index(store: Store, ask: Write) -> None:
    """Every row ever sent stands in the outbox: reading it whole takes longer with every month."""
    async with store.read() as conn:
        with statements(store) as asked:
            await ask(store, conn)
        steps = [
            row.detail
            for statement, parameters in asked
            for row in await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    tables = [one for one in steps if one.startswith(("SEARCH", "SCAN")) and "CONSTANT" not in one]
    assert tables
    assert [one for one in tables if "INDEX" not in one] == []


async def test_a_loop_that_nobody_wakes_looks_only_when_there_may_be_something() -> None:
    looks: list[str] = []
    enough = asyncio.Event()

    async def once() -> int:
        looks.append("look")
        if len(looks) > 1:
            enough.set()
        return 0

    async def idle() -> bool:
        looks.append("glance")
        return len(looks) < 5

    poller = Poller(once, 0.001, "test", idle)
    async with asyncio.timeout(POLL):
        task = asyncio.create_task(poller.run())
        await enough.wait()
        task.cancel()
    assert looks[:6] == ["look", "glance", "glance", "glance", "glance", "look"]
