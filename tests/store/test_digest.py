"""What waits for the daily digest: kept in the inbox, one timer for it, listed once."""

import pytest
from sqlalchemy import select

from store import inbox, timers
from store import tables as t
from store.engine import Store
from tests import factories as make


async def heard(store: Store, *outcomes: str) -> list[int]:
    """Store messages that were taken for these kinds; returns their ids."""
    rows = [inbox.row_of(make.inbound(id=f"m{at}")) for at in range(len(outcomes))]
    async with store.write() as conn:
        await inbox.add(store, conn, rows)
        ids = list((await conn.execute(select(t.inbox.c.id).order_by(t.inbox.c.id))).scalars())
        done = [(one, outcome, None) for one, outcome in zip(ids, outcomes, strict=True)]
        await inbox.handled(conn, done, make.NOW)
    return ids


async def waiting(store: Store, since: int) -> list[int]:
    async with store.read() as conn:
        return [letter.id for letter in await inbox.suspects(conn, since)]


async def test_only_suspects_wait_and_only_once(store: Store) -> None:
    first, chat, second = await heard(store, "suspect", "chat", "suspect")
    assert await waiting(store, first) == [first, second]
    assert await waiting(store, chat) == [second]
    async with store.write() as conn:
        await inbox.listed(conn, [first])
    assert await waiting(store, first) == [second]
    async with store.write() as conn:
        await inbox.listed(conn, [])
    assert await waiting(store, first) == [second]


@pytest.mark.parametrize(
    ("standing", "subject", "timers_after"),
    [
        pytest.param([], 5, [5], id="the first of the day"),
        pytest.param([5], 9, [5], id="one that looks from earlier stands"),
        pytest.param([5], 5, [5], id="the same"),
        pytest.param([9], 5, [5, 9], id="handled late: it would be overlooked"),
    ],
)
async def test_one_timer_is_enough(
    store: Store, standing: list[int], subject: int, timers_after: list[int]
) -> None:
    async with store.write() as conn:
        await timers.set_one(conn, "respond", 1, make.NOW)  # others do not count
        for one in standing:
            await timers.set_one(conn, "digest", one, make.NOW)
        await timers.arm(conn, "digest", subject, make.NOW)
        found = await conn.execute(
            select(t.timers.c.subject).where(t.timers.c.kind == "digest").order_by("subject")
        )
        assert list(found.scalars()) == timers_after
