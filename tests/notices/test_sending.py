"""Sending: each place once, bulk last, at its pace, in its time, and not in a loop."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import update

from domain.notice_rules import Plan
from domain.notice_times import next_after, rhythm_of
from domain.notices import Audience, Status
from domain.people import Area, Group, Level, Person, Role
from domain.people import World as Place
from store import notice_plans, notices, outbox
from store import tables as t
from store.group_tasks import GroupTask, GroupTasks, State
from store.outbox import Priority
from tests import factories as make
from tests.notices.world import START, World, notice, with_rules


@pytest.fixture
def world(store, city):
    return World(store, city)


async def test_bulk_goes_last_and_every_group_has_it_once(world) -> None:
    done = await world.launch(notice(audience=Audience("residents", ("s1",))))
    async with world.store.write() as conn:
        await outbox.add(world.store, conn, [outbox.row_of(make.saying("reply"), START)])
        again = replace(done.notice, status=Status.WAITING)
        work = world.work(conn, START)
        await notice_plans.launch(work, again)
        await work.flush()
    rows = await world.said()
    assert sorted(row.chat for row in rows) == [f"g0{n}.residents" for n in (1, 2, 4, 5)]
    assert {row.priority for row in rows} == {Priority.BULK}
    async with world.store.write() as conn:
        first = (await outbox.claim(world.store, conn, "simulator", (), START, limit=1))[0]
    assert first.saying.priority < Priority.BULK


async def test_many_groups_take_the_computed_time(store, city) -> None:
    grids = [Area(f"x{n}", Level.GRID, f"x{n}", "c", "resident", 300) for n in range(4_000)]
    groups = [Group(f"x{n}.r", "residents", f"x{n}", f"x{n}") for n in range(4_000)]
    leader = Person("l.c", "l", Role.LEADER, "c")
    big = Place.of([Area("c", Level.COMMUNITY, "c"), *grids], [leader], groups)
    world = World(store, replace(with_rules(city, per_minute=600), world=big))
    done = await world.launch(notice(audience=Audience("residents", ("c",))))
    rows = await world.said()
    assert len(rows) == 4_000
    assert done.reach.households == 4_000 * 300
    assert done.ends - done.starts == timedelta(minutes=6)
    assert max(row.due_at for row in rows) == START + timedelta(minutes=6)
    assert max(per_minute(rows).values()) == 600
    async with store.read() as conn:
        assert await notices.last_due(conn, done.notice.id) == done.ends


def per_minute(rows):
    found: dict[datetime, int] = {}
    for row in rows:
        found[row.due_at] = found.get(row.due_at, 0) + 1
    return found


async def test_too_much_in_one_chat_is_put_off_and_told(world) -> None:
    async with world.store.write() as conn:
        rows = [outbox.row_of(make.saying(f"x{n}"), START) for n in range(21)]
        await outbox.add(world.store, conn, rows)
    with structlog.testing.capture_logs() as logs:
        await world.launch(notice(audience=Audience("residents", ("c1",))))
    due = {row.chat: row.due_at for row in await world.said()}
    assert due == {
        "g01.residents": START + timedelta(minutes=5),
        "g02.residents": START,
    }
    assert [one["action"] for one in logs] == ["notices.loop"]


async def test_what_could_not_be_sent_in_time_is_dropped_and_told(world) -> None:
    await world.launch(notice(valid=timedelta(hours=1), audience=Audience("residents", ("c1",))))
    async with world.store.write() as conn:
        sent = update(t.outbox).where(t.outbox.c.chat == "g01.residents").values(state="sent")
        await conn.execute(sent)
    await world.pass_to(START + timedelta(hours=2))
    assert [row.chat for row in await world.said()] == ["g01.residents"]
    assert '"late":1' in (await world.said("replies/notice_result"))[-1].context_json


@pytest.mark.parametrize(
    ("task", "seen"),
    [
        pytest.param(State.SENT, True, id="tapped"),
        pytest.param(State.WAITING, True, id="still to be tapped: told beside it"),
        pytest.param(State.EXPIRED, False, id="nobody tapped in two days"),
        pytest.param(State.REFUSED, False, id="the group's month is full"),
    ],
)
async def test_a_group_counts_as_reached_only_once_somebody_has_tapped(world, task, seen) -> None:
    number = (await world.launch(notice(audience=Audience("residents", ("c1",))))).notice.id
    first, _ = await world.said()
    tasks = GroupTasks(world.store)
    asked = GroupTask(first.channel, first.once, "m1", first.chat, "w.li", START, START)
    await tasks.add(asked)
    await tasks.looked(asked, task, START, asked=False)
    async with world.store.write() as conn:
        await conn.execute(update(t.outbox).values(state="sent"))
        found = await notices.outcome(conn, number)
    assert (found["sent"], found["dead"]) == ((2, 0) if seen else (1, 1))


@pytest.mark.parametrize(
    ("outage", "comes"),
    [
        pytest.param(timedelta(minutes=10), True, id="10 minutes: late, but it comes"),
        pytest.param(timedelta(hours=3), True, id="3 hours: late, but it comes"),
        pytest.param(timedelta(days=3), False, id="3 days: pointless, so it is skipped"),
    ],
)
async def test_after_an_outage(world, outage, comes) -> None:
    due = START + timedelta(hours=1)
    standing = notice(status=Status.STANDING, rhythm="day 10:00", due_at=due)
    number = await world.keep(standing, due)
    world.clock.move_to(due + outage)
    await world.runner.run_due()
    assert len(await world.said()) == int(comes)
    async with world.store.read() as conn:
        after = (await notices.get(conn, number)).due_at
    assert after == next_after(rhythm_of("day 10:00"), due + outage, world.city.calendar)


async def test_two_runners_at_once_fire_once(open_store, store, city) -> None:
    first, second = World(store, city), World(open_store(), city)
    due = START
    await first.keep(notice(status=Status.STANDING, rhythm="day 09:00", due_at=due), due)
    await asyncio.gather(first.runner.run_due(), second.runner.run_due())
    assert len(await first.said()) == 1
    async with store.read() as conn:
        assert len(await notices.latest(conn, [Status.SENT])) == 1


async def test_the_plans_of_the_rules_are_armed_once_and_asked_for(store, city) -> None:
    plans = (
        Plan("a", "worker", ("c1",), words="a", rhythm=rhythm_of("day 10:00"), approved_by="x"),
        Plan("b", "residents", ("c1",), ready="heat", rhythm=rhythm_of("day 11:00")),
    )
    world = World(store, with_rules(city, plans=plans))
    for _ in range(2):
        async with store.write() as conn:
            await notice_plans.arm(world.work(conn, START))
    await world.pass_to(START + timedelta(hours=3))
    assert {row.chat for row in await world.said()} == {"w.li", "w.he", "w.qian"}
    assert [row.chat for row in await world.said("replies/notice_preview")] == ["l.c1"]
