"""What was said in a chat before: found in order, and by an index."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from domain.messages import Address
from store import inbox, letters
from store import tables as t
from store.engine import Connection, Store
from tests import factories as make

CHAT, OTHER = Address("simulator", "g01", group=True), Address("simulator", "g02", group=True)
Ask = Callable[[Connection], Awaitable[Any]]


@pytest.fixture
async def said(store: Store) -> Store:
    """Nine messages of two chats, a minute apart; but for the last three they are handled."""
    rows = [
        inbox.row_of(
            make.inbound(
                f"words {n}",
                id=f"m{n}",
                address=OTHER if n in (3, 6) else CHAT,
                sender="a",
                received_at=make.after(minutes=n),
            )
        )
        for n in range(1, 10)
    ]
    async with store.write() as conn:
        for row in rows:
            await inbox.add(store, conn, [row])
        done = update(t.inbox).values(handled_at=make.after(minutes=9)).where(t.inbox.c.id <= 6)
        await conn.execute(done)
        await conn.execute(update(t.inbox).where(t.inbox.c.id == 4).values(case_id=1))
    return store


@pytest.mark.parametrize(
    ("since", "before", "found"),
    [
        pytest.param(0, 10, [9, 8, 7, 5, 2, 1], id="of no case, handled and not, latest first"),
        pytest.param(5, 10, [9, 8, 7, 5], id="since a moment"),
        pytest.param(0, 8, [7, 5, 2, 1], id="before one that is not handled"),
        pytest.param(0, 3, [2, 1], id="before one that is handled"),
        pytest.param(0, 1, [], id="before the first"),
        pytest.param(10, 10, [], id="nothing lately"),
    ],
)
async def test_what_somebody_has_just_said(
    said: Store, since: int, before: int, found: list[int]
) -> None:
    moment = make.NOW + timedelta(minutes=since)
    async with said.read() as conn:
        heard = await letters.just_said(conn, CHAT.key, "a", moment, before)
        assert [one.text for one in heard] == [f"words {n}" for n in found]
        assert await letters.just_said(conn, CHAT.key, "b", moment, before) == []


@pytest.mark.parametrize(
    ("chats", "words", "before", "found"),
    [
        pytest.param([CHAT], "words", 10, 9, id="the latest"),
        pytest.param([CHAT], "words", 9, 8, id="the latest before"),
        pytest.param([CHAT], "words 4", 10, 4, id="of a case too"),
        pytest.param([OTHER], "words", 10, 6, id="of another chat"),
        pytest.param([CHAT, OTHER], "words", 7, 6, id="of several chats"),
        pytest.param([CHAT, OTHER], "words 3", 10, 3, id="of several chats, one of them"),
        pytest.param([OTHER], "words 4", 10, None, id="said elsewhere"),
        pytest.param([], "words", 10, None, id="of no chat"),
    ],
)
async def test_who_is_quoted(
    said: Store, chats: list[Address], words: str, before: int, found: int | None
) -> None:
    keys = [one.key for one in chats]
    async with said.read() as conn:
        kept = await letters.said_in(conn, keys, words, before, whole=False)
        assert (kept.id if kept else None) == found
        if len(keys) == 1:
            kept = await letters.beginning(conn, keys[0], words, before)
            assert (kept.id if kept else None) == found


@pytest.mark.parametrize("database", ["sqlite"])  # PostgreSQL reads a table this small whole
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda conn: letters.just_said(conn, "x", "a", make.NOW, 9), id="just said"),
        pytest.param(lambda conn: letters.beginning(conn, "x", "words", 9), id="quoted"),
        pytest.param(
            lambda conn: letters.said_in(conn, ["x", "y"], "words", 9, whole=True), id="passed on"
        ),
    ],
)
async def test_other_chats_are_not_walked_through(store: Store, ask: Ask) -> None:
    """Else each report without a place reads 50,000 messages of a busy city."""
    asked: list[tuple[str, Any]] = []

    def note(_conn, _cursor, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    async with store.read() as conn:
        event.listen(store.engine.sync_engine, "before_cursor_execute", note)
        await ask(conn)
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row.detail for row in plan if row.detail.startswith(("SEARCH", "SCAN"))]
    # What is unhandled stands in the order of arrival, and before this one there is hardly any.
    of_chat = [step for step in steps if "(conversation=? AND" in step]
    of_all = [step for step in steps if "ix_inbox_unhandled (id>? AND id<?)" in step]
    assert (len(of_chat), len(of_all)) == (1, 1)
    assert len(steps) == 2
