"""What falls due in two real processes on PostgreSQL: each notice, window and reminder once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.deployment.folder import SAMPLE, load
from domain.appointments import Appointment, State
from domain.city import City
from domain.messages import Address
from domain.notices import Audience, Status
from domain.visits import day_of
from scheduler import runner
from scheduler.planning import grids_of, plan_grids, subject_of
from store import appointments, timers
from store import tables as t
from store import tables_appointments as a
from store import tables_notices as n
from store import tables_visits as v
from store.engine import Store
from tests.notices.world import START, World, notice
from tests.process.tools import Process

NOTICES, APPOINTMENTS, WINDOWS = 12, 12, 5
NOON = START.replace(hour=12)
MORNING = START.replace(hour=8)
HOUR = timedelta(hours=1)


def look(url: str) -> None:
    """What a process does: look for what is due, again and again, until nothing is left."""
    runner.BATCH = 4  # so that both find something to do
    asyncio.run(_look(url))


async def _look(url: str) -> None:
    deployment = load(SAMPLE)
    city = City(deployment.world, deployment.rules, deployment.calendar, deployment.backstop)
    store = Store(url, durable=False)
    world = World(store, city, NOON)
    for _ in range(3):
        await world.runner.run_due()
    await store.close()


async def set_notices(world: World) -> None:
    for one in range(NOTICES):
        standing = notice(
            key=f"i{one}",
            audience=Audience("residents", ("s1",)),
            status=Status.STANDING,
            rhythm="day 12:00",
            urgent=True,  # no daily share: each is to be seen
            valid=HOUR,
        )
        await world.keep(standing, NOON)


async def set_windows(world: World) -> None:
    """The rounds of this morning, which nobody made, and the end of their window."""
    day = day_of(NOON)
    async with world.store.write() as conn:
        await plan_grids(world.work(conn, MORNING), grids_of(world.city.world), day)
        await timers.set_one(conn, "window", subject_of(day), NOON)


async def set_appointments(world: World) -> None:
    """Somebody comes to each of these at one; both sides are reminded now."""
    async with world.store.write() as conn:
        for one in range(APPOINTMENTS):
            who = f"r{one}"
            there = Address("simulator", who)
            plain = Appointment(
                0, "g01", f"w{one}", who, there, "x", NOON + HOUR, State.BOOKED, START
            )
            booked = await appointments.book(world.store, conn, plain, HOUR, START)
            assert booked is not None
            await appointments.clocks(conn, booked.id, NOON, NOON + 2 * HOUR)


@pytest.mark.parametrize("database", ["postgresql"])
async def test_two_processes_say_each_thing_once(store, store_url, city) -> None:
    world = World(store, city, NOON)
    await set_notices(world)
    await set_windows(world)
    await set_appointments(world)
    both = [Process(look, store_url) for _ in range(2)]
    assert [await one.ended() for one in both] == [0, 0]
    assert await said(store, "replies/notice") == NOTICES * 4
    assert await said(store, "replies/visit_window") == WINDOWS
    assert await said(store, "replies/appointment_soon") == APPOINTMENTS
    assert await count(store, n.notices.c.parent != 0) == NOTICES
    for kind in ("missed", "reminded"):
        assert await count(store, v.visit_events.c.kind == kind) == WINDOWS
    assert await count(store, a.appointment_events.c.kind == "reminded") == APPOINTMENTS


async def said(store: Store, template: str) -> int:
    """How often something was said; its keys differ."""
    async with store.read() as conn:
        wanted = select(t.outbox.c.once).where(t.outbox.c.template == template)
        onces = list((await conn.execute(wanted)).scalars())
    assert len(onces) == len(set(onces))
    return len(onces)


async def count(store: Store, where) -> int:
    async with store.read() as conn:
        return (await conn.execute(select(func.count()).where(where))).scalar_one()
