"""Care plans, their days, needs and volunteers, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

from domain.messages import Address
from domain.volunteers import Need
from domain.volunteers import State as NeedState
from domain.welfare import CarePlan, State
from store import volunteers, welfare
from store.engine import Store
from tests import factories as make

DAY = date(2026, 11, 23)
PLAN = CarePlan(0, "w.li:milk", "g01", "r.liu", "送牛奶", "r.zhao", "1234567", time(9))


async def test_a_day_of_a_plan_is_begun_once_whichever_process_is_first(
    store: Store, open_store
) -> None:
    async with store.write() as conn:
        plan = await welfare.put(store, conn, PLAN, make.NOW)

    async def begin(mine: Store) -> int | None:
        async with mine.write() as conn:
            return await welfare.open_day(mine, conn, plan, DAY)

    got = await asyncio.gather(begin(store), begin(open_store()))
    assert sorted(one is None for one in got) == [False, True]


async def test_what_is_confirmed_is_not_waited_for(store: Store) -> None:
    async with store.write() as conn:
        plan = await welfare.put(store, conn, PLAN, make.NOW)
        fresh = await welfare.open_day(store, conn, plan, DAY)
        (one,) = await welfare.open_of(conn, ["r.zhao"], DAY)
        assert (one.id, one.plan, one.state) == (fresh, plan, State.DUE)
        assert await welfare.open_of(conn, ["r.zhao"], DAY + timedelta(days=1)) == []
        assert await welfare.open_of(conn, ["r.liu"], DAY) == []
        await welfare.save(conn, replace(one, state=State.DONE, by="r.zhao"), make.NOW)
        assert await welfare.open_of(conn, ["r.zhao"], DAY) == []
        again = await welfare.get(conn, one.id)
        assert again is not None
        assert (again.state, again.by) == (State.DONE, "r.zhao")


async def test_a_plan_said_again_is_changed_and_one_that_is_stopped_rests(store: Store) -> None:
    async with store.write() as conn:
        first = await welfare.put(store, conn, PLAN, make.NOW)
        later = await welfare.put(store, conn, replace(PLAN, at=time(10)), make.NOW)
        assert (later.id, later.at) == (first.id, time(10))
        assert await welfare.plans(conn) == [later]
        assert await welfare.plans(conn, ["g02"]) == []
        await welfare.stop(conn, [first.id])
        assert await welfare.plans(conn) == []


async def test_a_need_keeps_where_it_was_asked_whoever_takes_it_and_lets_go(store: Store) -> None:
    asked = Address("wecom_kf", "x.old")
    promised = Address("simulator", "g01.residents", group=True)
    async with store.write() as conn:
        need = await volunteers.add(conn, Need(0, "g01", "搬柜子", "x.old", where=asked), make.NOW)
        taken = need.taken("r.chen", promised)
        assert await volunteers.save(conn, taken, make.NOW)
        kept = await volunteers.get(conn, need.id)
        assert kept == taken
        assert (taken.where, taken.promised) == (asked, promised)
        await volunteers.save(conn, taken.reopened(), make.NOW)
        assert await volunteers.get(conn, need.id) == need


async def test_what_is_open_is_offered_to_each_once_and_not_when_it_is_old(store: Store) -> None:
    before = make.NOW - timedelta(days=2)
    async with store.write() as conn:
        add = partial(volunteers.add, conn)
        await add(Need(0, "g01", "送旧衣服", "w.li"), before - timedelta(minutes=1))
        rice = await add(Need(0, "g01", "送米", "w.li"), before)
        held = await add(Need(0, "c1", "搬椅子", "l.c1"), make.NOW)
        own = await add(Need(0, "g01", "修门", "x.new"), make.NOW)
        gone = await add(Need(0, "g01", "量血压", "w.li"), make.NOW)
        await volunteers.save(conn, gone.taken("r.liu", Address("simulator", "r.liu")), make.NOW)
        await add(Need(0, "g02", "买菜", "w.he"), make.NOW)
        here = ["g01", "c1"]
        assert await volunteers.to_offer(conn, here, ["x.new"], before) == [rice, held]
        assert await volunteers.to_offer(conn, here, ["w.li"], before) == [held, own]
        for _ in range(2):  # told again it stands there once
            await volunteers.note_asked(store, conn, rice.id, ["x.new"], make.NOW)
        assert await volunteers.to_offer(conn, here, ["x.new", "x.other"], before) == [held]
        assert await volunteers.asked(conn, rice.id) == {"x.new"}
        await volunteers.note_asked(store, conn, rice.id, [], make.NOW)  # nobody


async def test_a_need_keeps_where_it_was_asked_until_somebody_takes_it(store: Store) -> None:
    group = Address("simulator", "g01.residents", group=True)
    async with store.write() as conn:
        first = await volunteers.add(conn, Need(0, "g01", "搬柜子", "r.liu", where=group), make.NOW)
        later = await volunteers.add(conn, Need(0, "g01", "量血压", "r.liu"), make.NOW)
        assert await volunteers.asked_by(conn, ["r.liu"]) == [later, first]
        assert await volunteers.asked_by(conn, ["r.chen"]) == []
        assert await volunteers.open_in(conn, ["g01"], limit=1) == [later]
        assert await volunteers.open_in(conn, ["g02"]) == []
        await volunteers.save(conn, replace(later, state=NeedState.OFF), make.NOW)
        assert await volunteers.asked_by(conn, ["r.liu"]) == [first]


async def test_two_offer_at_once_and_one_gets_it(store: Store, open_store) -> None:
    async with store.write() as conn:
        need = await volunteers.add(conn, Need(0, "g01", "送米", "w.li"), make.NOW)

    async def offer(mine: Store, person: str) -> bool:
        where = Address("simulator", person)
        taken = replace(need, state=NeedState.TAKEN, helper=person, where=where)
        async with mine.write() as conn:
            return await volunteers.save(conn, taken, make.NOW)

    got = await asyncio.gather(offer(store, "r.wang"), offer(open_store(), "r.chen"))
    assert sorted(got) == [False, True]
    async with store.write() as conn:
        kept = await volunteers.get(conn, need.id)
        assert kept is not None
        assert kept.helper == ("r.wang" if got[0] else "r.chen")
        assert await volunteers.open_in(conn, ["g01"]) == []


async def test_who_registers_twice_is_listed_once_and_who_leaves_not_at_all(store: Store) -> None:
    async with store.write() as conn:
        for words in ("我报名", "我还会理发"):
            await volunteers.register(store, conn, "r.wang", "g01", "simulator", words, make.NOW)
        assert await volunteers.of_areas(conn, ["g01"]) == [("r.wang", "simulator", "我还会理发")]
        assert await volunteers.of_areas(conn, ["g02"]) == []
        assert await volunteers.leave(conn, ["r.wang"])
        assert not await volunteers.leave(conn, ["r.wang"])
        assert await volunteers.of_areas(conn, ["g01"]) == []
