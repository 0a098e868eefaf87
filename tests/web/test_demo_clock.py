"""The demo's clock over the real program: the next deadline is one that people wait for."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app import open_simulation
from bot.demo import DemoApp
from scheduler.clock import VirtualClock
from store import timers

START = datetime(2026, 3, 4, 1, tzinfo=UTC)


@pytest.fixture
async def demo():
    async with open_simulation(None, START, clock=VirtualClock(START)) as app:
        yield DemoApp(app)


async def soon(demo: DemoApp) -> datetime:
    """A reminder of another kind that stands before every deadline of a case."""
    due = START + timedelta(minutes=5)
    async with demo._app.store.write() as conn:
        await timers.set_one(conn, "digest", 1, due)
    return due


async def test_the_next_deadline_is_a_case_s(demo: DemoApp) -> None:
    await demo.simulator.say("r.wang", "g01.residents", "3号楼2单元楼道灯不亮了")
    await demo._app.settle()
    (case,) = await demo.cases()
    await soon(demo)
    moved = datetime.fromisoformat(await demo.move_clock(None))
    assert START + timedelta(minutes=5) < moved <= datetime.fromisoformat(case["due_iso"])


async def test_a_question_that_waits_is_a_deadline(demo: DemoApp) -> None:
    await demo.simulator.say("r.wang", "g01.residents", "楼道灯又不亮了，黑漆漆的")
    await demo._app.settle()
    await soon(demo)
    moved = datetime.fromisoformat(await demo.move_clock(None))
    assert moved - START == timedelta(minutes=10)
    (case,) = await demo.cases()
    assert case["status"] == "assigned"


async def test_where_no_case_waits_it_is_whatever_comes_next(demo: DemoApp) -> None:
    due = await soon(demo)
    assert datetime.fromisoformat(await demo.move_clock(None)) == due
