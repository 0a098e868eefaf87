"""Booking a worker's time, on both databases: nobody has it twice, whoever asks at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from domain.appointments import Appointment, State
from domain.messages import Address
from store import appointments, timers
from store import tables as t
from store.engine import Store
from tests import factories as make

HOUR = timedelta(hours=1)
START = make.NOW + timedelta(days=1)
WHERE = Address("simulator", "r.wang")


def wanted(resident: str = "r.wang", **changes) -> Appointment:
    base = Appointment(0, "g01", "w.li", resident, WHERE, "办证", START, State.BOOKED, make.NOW)
    return replace(base, **changes)


async def book(store: Store, conn, one: Appointment) -> Appointment | None:
    return await appointments.book(store, conn, one, HOUR, make.NOW)


async def test_what_is_booked_is_kept_and_its_time_is_gone(store: Store) -> None:
    async with store.write() as conn:
        first = await book(store, conn, wanted())
        assert first is not None
        assert await appointments.get(conn, first.id) == first
        assert await book(store, conn, wanted("r.chen", start=START + HOUR / 2)) is None
        assert await book(store, conn, wanted("r.liu", start=START + HOUR)) is not None
        assert await book(store, conn, wanted("r.sun", worker="w.he")) is not None
        mine = [one.resident for one in await appointments.open_with(conn, "w.li")]
        assert mine == ["r.wang", "r.liu"]
        assert await appointments.open_of(conn, ["r.chen"]) == []


async def test_a_refused_booking_leaves_nothing_behind(store: Store) -> None:
    async with store.write() as conn:
        await book(store, conn, wanted(start=START + HOUR))
        before = await appointments.taken(conn, ["w.li"], make.NOW)
        assert await book(store, conn, wanted("r.chen", start=START + HOUR / 2)) is None
        assert await appointments.taken(conn, ["w.li"], make.NOW) == before


async def test_moving_frees_the_old_time_and_may_overlap_itself(store: Store) -> None:
    async with store.write() as conn:
        one = await book(store, conn, wanted())
        assert one is not None
        later = replace(one, start=START + HOUR / 2)
        assert await appointments.move(store, conn, later, HOUR, "w.li", make.NOW)
        assert await book(store, conn, wanted("r.chen", start=START - HOUR / 2)) is not None
        taken = replace(later, start=START - HOUR / 2)
        assert not await appointments.move(store, conn, taken, HOUR, "w.li", make.NOW)
        assert await appointments.get(conn, one.id) == later
        assert await appointments.history(conn, one.id) == [("booked", "r.wang"), ("moved", "w.li")]


async def test_what_ends_frees_its_time_and_takes_its_timers_along(store: Store) -> None:
    async with store.write() as conn:
        one = await book(store, conn, wanted())
        assert one is not None
        await appointments.clocks(conn, one.id, START - HOUR, START + HOUR)
        await appointments.clocks(conn, one.id, START - HOUR / 2, START + HOUR)
        assert len(list(await conn.execute(select(t.timers)))) == 2
        ended = replace(one, state=State.CANCELLED)
        await appointments.end(conn, ended, "r.wang", make.NOW)
        assert await appointments.get(conn, one.id) == ended
        assert await timers.next_due(conn) is None
        assert await book(store, conn, wanted("r.chen")) is not None


async def test_words_taken_back_are_gone(store: Store) -> None:
    async with store.write() as conn:
        one = await book(store, conn, wanted())
        await appointments.hide(conn, ["r.chen"], "办证")
        assert (await appointments.open_of(conn, ["r.wang"]))[0].words == "办证"
        await appointments.hide(conn, ["r.wang"], "办证")
        assert one is not None
        assert (await appointments.open_of(conn, ["r.wang"]))[0].words == ""


async def test_two_connections_want_the_same_time_and_one_gets_it(store: Store, open_store) -> None:
    other = open_store()
    ready = asyncio.Barrier(2)

    for round_ in range(10):
        start = START + timedelta(days=round_)

        async def same(mine: Store, resident: str, at=start) -> Appointment | None:
            await ready.wait()
            async with mine.write() as conn:
                return await book(mine, conn, wanted(resident, start=at))

        got = await asyncio.gather(same(store, "r.wang"), same(other, "r.chen"))
        assert sorted(one is None for one in got) == [False, True]
    async with store.read() as conn:
        assert len(await appointments.open_with(conn, "w.li")) == 10


async def test_two_move_onto_the_same_time_and_one_stays_where_it_was(
    store: Store, open_store
) -> None:
    other = open_store()
    async with store.write() as conn:
        first = await book(store, conn, wanted())
        second = await book(store, conn, wanted("r.chen", start=START + HOUR * 2))
    assert first is not None
    assert second is not None

    async def move(mine: Store, one: Appointment) -> bool:
        async with mine.write() as conn:
            locked = await appointments.get(conn, one.id)
            assert locked is not None
            moved = replace(locked, start=START + HOUR * 4)
            return await appointments.move(mine, conn, moved, HOUR, "w.li", make.NOW)

    got = await asyncio.gather(move(store, first), move(other, second))
    assert sorted(got) == [False, True]
    async with store.read() as conn:
        starts = {one.start for one in await appointments.open_with(conn, "w.li")}
    assert START + HOUR * 4 in starts
    assert len(starts) == 2
