"""A notice falls due in two real processes on PostgreSQL: it is said once to each group."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.deployment.folder import SAMPLE, load
from domain.city import City
from domain.notices import Audience, Status
from store import tables as t
from store import tables_notices as n
from store.engine import Store
from tests.notices.world import START, World, notice
from tests.process.tools import Process

NOTICES = 12


def look(url: str) -> None:
    """What a process does: look for what is due, again and again, until nothing is left."""
    asyncio.run(_look(url))


async def _look(url: str) -> None:
    deployment = load(SAMPLE)
    city = City(deployment.world, deployment.rules, deployment.calendar, deployment.backstop)
    store = Store(url, durable=False)
    world = World(store, city)
    for _ in range(3):
        await world.runner.run_due()
    await store.close()


@pytest.mark.parametrize("database", ["postgresql"])
async def test_two_processes_say_each_notice_once(store, store_url, city) -> None:
    world = World(store, city)
    to = Audience("residents", ("s1",))
    for one in range(NOTICES):
        standing = notice(
            key=f"i{one}",
            audience=to,
            status=Status.STANDING,
            rhythm="day 09:00",
            urgent=True,  # no daily share: each is to be seen
            valid=timedelta(hours=1),
        )
        await world.keep(standing, START)
    both = [Process(look, store_url) for _ in range(2)]
    assert [await one.ended() for one in both] == [0, 0]
    async with store.read() as conn:
        said = select(t.outbox.c.once).where(t.outbox.c.template == "replies/notice")
        onces = list((await conn.execute(said)).scalars())
        children = select(func.count()).select_from(n.notices).where(n.notices.c.parent != 0)
        assert (await conn.execute(children)).scalar_one() == NOTICES
    assert len(onces) == len(set(onces)) == NOTICES * 4
