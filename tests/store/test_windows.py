"""How long somebody may be written to: kept where a channel has a window, exact over processes."""

import asyncio
from datetime import timedelta

import pytest

from domain.messages import Address, Kind
from store import outbox, windows
from store import standing as standing_
from store.engine import Store
from store.outbox import Outcome
from store.windows import Standing
from tests import factories as make
from tests import postgres

HERE = Address("kf", "wmWang")


def said(minutes: float = 0, **changes):
    address = changes.pop("address", HERE)
    return make.inbound(address=address, received_at=make.after(minutes=minutes), **changes)


async def hear(store: Store, *messages) -> None:
    async with store.write() as conn:
        await windows.heard(store, conn, messages)


async def standing(store: Store) -> Standing | None:
    async with store.read() as conn:
        return (await windows.read(conn, [HERE])).get(HERE.key)


@pytest.mark.parametrize(
    ("message", "opens"),
    [
        pytest.param(said(), True, id="words"),
        pytest.param(said(kind=Kind.CLICKED), True, id="a button"),
        pytest.param(said(kind=Kind.ENTERED), False, id="only opened the chat"),
        pytest.param(said(kind=Kind.RECALLED), False, id="took words back"),
        pytest.param(said(address=make.GROUP), False, id="said in a group"),
    ],
)
def test_what_opens_a_window(message, opens: bool) -> None:
    assert windows.opens(message) is opens


async def test_each_word_begins_it_anew_and_an_old_one_does_not(store: Store) -> None:
    assert await standing(store) is None
    await hear(store, said(0))
    async with store.write() as conn:
        await windows.said(conn, [HERE, HERE])
    assert await standing(store) == Standing(make.NOW, 2)
    await hear(store, said(-60))  # handed over late
    assert await standing(store) == Standing(make.NOW, 2)
    await hear(store, said(7), said(5))
    assert await standing(store) == Standing(make.after(minutes=7), 0)


async def test_a_window_the_platform_closed_opens_with_the_next_word(store: Store) -> None:
    await hear(store, said(0))
    async with store.write() as conn:
        await windows.shut(conn, HERE)
    assert await standing(store) == Standing(None, 0)
    await hear(store, said(1))
    assert await standing(store) == Standing(make.after(minutes=1), 0)


async def test_what_was_held_goes_out_with_the_next_word_his_and_no_other(store: Store) -> None:
    other = Address("kf", "wmLiu")
    async with store.write() as conn:
        rows = [
            outbox.row_of(make.saying(name, address=where), make.NOW) | {"state": "held"}
            for name, where in (("his", HERE), ("hers", other))
        ]
        await outbox.add(store, conn, rows)
    await hear(store, said(5))
    async with store.write() as conn:
        now = make.after(minutes=5)
        (row,) = await outbox.claim(store, conn, "kf", (), now)
        assert row.saying.once == "his"
        assert [one.once for one in await standing_.held(conn)] == ["hers"]


async def test_only_what_is_being_sent_now_is_under_way(store: Store) -> None:
    async with store.write() as conn:
        names = ("a", "b", "c")
        rows = [outbox.row_of(make.saying(name, address=HERE), make.NOW) for name in names]
        await outbox.add(store, conn, rows)
        one, _ = await outbox.claim(store, conn, "kf", (), make.NOW, limit=2)
        assert await windows.under_way(conn, "kf", ["wmWang", "wmLiu"]) == {"wmWang": 2}
        await outbox.record(conn, [Outcome(one.id, "sent", make.NOW)])
        assert await windows.under_way(conn, "kf", ["wmWang"]) == {"wmWang": 1}


@postgres.only
async def test_who_holds_a_message_sees_the_word_that_comes_in_meanwhile(
    store: Store, open_store
) -> None:
    await hear(store, said(-60 * 72))
    other = open_store()
    async with store.write() as conn:
        known = await windows.read(conn, [HERE], lock=True)
        coming = asyncio.create_task(hear(other, said(0)))  # waits for the lock
        row = outbox.row_of(make.saying("a", address=HERE), make.NOW) | {"state": "held"}
        await outbox.add(store, conn, [row])
        assert make.NOW - known[HERE.key].heard_at == timedelta(hours=72)
    await coming
    async with store.read() as conn:
        assert await standing_.held(conn) == []
