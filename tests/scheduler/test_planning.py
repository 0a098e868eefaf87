"""The night's planning in a city where more was left undone than one transaction takes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.visits import Visit, VisitKind, VisitStatus
from domain.workdays import TZ
from scheduler.jobs import plan as job
from scheduler.planning import begin
from store import tables_visits as t
from store import visits
from store.tables import timers
from tests.notices.world import World

SUNDAY, MONDAY = date(2026, 11, 22), datetime(2026, 11, 23, 0, 5, tzinfo=TZ)
LEFT = 25
PLAIN = Visit(
    id=0,
    key="",
    kind=VisitKind.VISIT,
    subject="x",
    name="x",
    area="g03",
    worker="w.qian",
    rhythm="1/week",
    first=SUNDAY - timedelta(days=6),
    last=SUNDAY,
    due_at=MONDAY - timedelta(days=2),
)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("piece", [10, LEFT, 500], ids=["several", "exactly one", "less than one"])
async def test_all_that_is_over_is_missed_the_same_night(store, city, monkeypatch, piece) -> None:
    monkeypatch.setattr(job, "_OVER", piece)
    world = World(store, city, MONDAY)
    async with store.write() as conn:
        left = [replace(PLAIN, key=f"v{one}") for one in range(LEFT)]
        await visits.add(store, conn, left, MONDAY - timedelta(days=7))
        work = world.work(conn, MONDAY)
        await begin(work)
        await work.flush()
    await world.runner.run_due()
    async with store.read() as conn:
        ours = await visits.find(conn, t.visits.c.last == SUNDAY)
        assert [one.status for one in ours] == [VisitStatus.MISSED] * LEFT
        lists = select(timers.c.due_at).where(timers.c.kind == "missed").distinct()
        due = (await conn.execute(lists)).scalars().all()
    assert due == [datetime(2026, 11, 23, 9, tzinfo=TZ)]  # the leaders' list
