"""Who is logged in: a few sessions for each identity, none longer than its time."""

from datetime import timedelta

from sqlalchemy import func, select

from store import codes, sessions
from store.engine import Store
from store.tables_sessions import sessions as rows
from tests import factories as make

HOUR = timedelta(hours=1)


async def test_a_session_ends_by_time_or_by_hand(store: Store) -> None:
    async with store.write() as conn:
        await sessions.begin(conn, "a", "simulator:w.li", make.NOW, HOUR)
        await sessions.begin(conn, "b", "simulator:w.he", make.NOW, HOUR)
        assert await sessions.find(conn, "a", make.NOW) == "simulator:w.li"
        assert await sessions.find(conn, "c", make.NOW) is None
        assert await sessions.find(conn, "a", make.after(hours=1)) is None
        await sessions.end(conn, "a")
        assert await sessions.find(conn, "a", make.NOW) is None
        assert await sessions.find(conn, "b", make.NOW) == "simulator:w.he"


async def test_sessions_are_bounded(store: Store) -> None:
    async with store.write() as conn:
        await sessions.begin(conn, "other", "simulator:w.he", make.NOW, 2 * HOUR)
        for n in range(sessions.MOST + 2):
            at = make.after(minutes=n)
            await sessions.begin(conn, f"s{n}", "simulator:w.li", at, HOUR)
        now = make.after(minutes=10)
        found = [n for n in range(sessions.MOST + 2) if await sessions.find(conn, f"s{n}", now)]
        assert found == [2, 3, 4, 5, 6]
        assert await sessions.find(conn, "other", now)
        # What is over is gone as soon as anybody logs in.
        await sessions.begin(conn, "new", "simulator:w.qian", make.after(hours=3), HOUR)
        assert (await conn.execute(select(func.count()).select_from(rows))).scalar_one() == 1


async def test_looking_at_a_code_does_not_use_it_up(store: Store) -> None:
    async with store.write() as conn:
        await codes.issue(conn, "abc", "w.li", make.NOW, HOUR)
        for _ in range(2):
            assert await codes.valid(conn, "abc", make.NOW)
        assert not await codes.valid(conn, "abc", make.after(hours=1))
        assert not await codes.valid(conn, "abd", make.NOW)
        assert await codes.burn(conn, "abc", make.NOW) == "w.li"
        assert not await codes.valid(conn, "abc", make.NOW)
