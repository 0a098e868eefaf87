"""The clock jumps: a machine that slept, or whose clock was set; visits and notices stay single."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.notices import Status
from domain.workdays import TZ
from scheduler.clock import VirtualClock
from scheduler.planning import begin
from store import tables as t
from store import tables_notices as n
from store import visits
from store.tables_visits import visits as table
from tests.notices.world import World, notice

HOUR = timedelta(hours=1)
GRIDS = 5  # those that are walked; their morning's window ends at 12:00
pytestmark = pytest.mark.parametrize("database", ["sqlite"])


class Settable(VirtualClock):
    """A clock that may be set back as well."""

    def jump(self, by: timedelta) -> None:
        self._now += by


async def started(store, city, at: str) -> World:
    """A world at a moment, with plans made and a notice each day at noon, pointless after 6 h."""
    world = World(store, city, datetime.fromisoformat(at).replace(tzinfo=TZ))
    world.clock = Settable(world.clock.now())
    world.runner = type(world.runner)(store, world.clock, world.work, lambda *_: None)
    noon = world.clock.now().astimezone(TZ).replace(hour=12, minute=0)
    async with store.write() as conn:
        work = world.work(conn, world.clock.now())
        await begin(work)
        await work.flush()
    standing = notice(
        status=Status.STANDING, rhythm="day 12:00", due_at=noon, valid=timedelta(hours=6)
    )
    await world.keep(standing, noon)
    await world.runner.run_due()
    return world


async def said(world: World) -> tuple[int, int]:
    """How many reminders of a window were said, and how many notices went out so far."""
    reminders = select(func.count()).where(t.outbox.c.template == "replies/visit_window")
    sent = select(func.count()).where(n.notices.c.parent != 0, n.notices.c.status == "sent")
    async with world.store.read() as conn:
        return (await conn.execute(reminders)).scalar_one(), (await conn.execute(sent)).scalar_one()


@pytest.mark.parametrize(
    ("at", "jumps", "expected"),
    [
        pytest.param("2026-11-23 11:55", ["10m"], (GRIDS, 1), id="10 minutes"),
        pytest.param("2026-11-23 11:55", ["3h"], (GRIDS, 1), id="3 hours: both late"),
        pytest.param("2026-11-23 11:55", ["7h"], (2 * GRIDS, 0), id="7 hours: too late for one"),
        pytest.param("2026-11-23 11:55", ["72h"], (0, 0), id="3 days: nobody can make up for it"),
        pytest.param("2026-11-23 11:55", ["8760h"], (0, 0), id="a year"),
        pytest.param("2026-11-23 11:55", ["10m", "-1h", "1h"], (GRIDS, 1), id="back an hour"),
        pytest.param("2026-11-23 11:55", ["10m", "-24h", "24h"], (GRIDS, 1), id="back a day"),
        pytest.param("2026-11-23 23:55", ["10m", "-10m", "10m"], (0, 0), id="about midnight"),
        pytest.param("2027-12-31 23:55", ["12h", "-12h", "12h"], (0, 0), id="about New Year"),
        pytest.param("2028-02-28 23:55", ["12h10m", "-24h", "24h"], (0, 1), id="29 February, late"),
        pytest.param("2028-02-29 11:55", ["10m", "-24h", "24h"], (GRIDS, 1), id="29 February"),
    ],
)
async def test_after_a_jump(store, city, at: str, jumps: list[str], expected) -> None:
    world = await started(store, city, at)
    for jump in jumps:
        world.clock.jump(span(jump))
        await world.runner.run_due()
    assert await said(world) == expected
    async with store.read() as conn:
        keys = [one.key for one in await visits.find(conn, table.c.id > 0)]
    assert len(keys) == len(set(keys))


async def test_life_goes_on_after_it(store, city) -> None:
    """The day after each kind of jump is a day like any other."""
    world = await started(store, city, "2026-11-23 11:55")
    for jump in ("10m", "-1h", "3h", "-24h", "24h", "10h"):
        world.clock.jump(span(jump))
        await world.runner.run_due()
    before = await said(world)
    await world.pass_to(datetime(2026, 11, 24, 23, 59, tzinfo=TZ))
    after = await said(world)
    assert [late - early for early, late in zip(before, after, strict=True)] == [2 * GRIDS, 1]


def span(text: str) -> timedelta:
    """Read "-1h", "10m" or "12h10m"."""
    sign = -1 if text.startswith("-") else 1
    hours, _, rest = text.strip("-").rpartition("h")
    minutes = rest.removesuffix("m")
    return sign * (int(hours or 0) * HOUR + timedelta(minutes=int(minutes or 0)))


async def test_a_clock_set_back_is_looked_at_all_the_same(store, city) -> None:
    """Else nothing would fire until the hour that was given back has passed once more."""
    world = await started(store, city, "2026-11-23 11:55")
    await world.runner._tick()
    world.clock.jump(-24 * HOUR)
    await world.keep(notice(key="b", status=Status.STANDING), world.clock.now())
    await world.runner._tick()
    async with store.read() as conn:
        left = select(t.timers.c.id).where(t.timers.c.due_at <= world.clock.now())
        assert (await conn.execute(left)).all() == []
