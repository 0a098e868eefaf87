"""Plans over time, on a virtual clock: a whole year, stops of any length, and what goes wrong."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.app import App, open_simulation
from domain.visits import Visit, VisitKind, VisitStatus
from domain.workdays import TZ
from scheduler.clock import VirtualClock
from store import tables_visits as t
from store import timers, visits

START = datetime(2026, 11, 23, 9, tzinfo=TZ)


async def everything(app: App) -> list[Visit]:
    async with app.store.read() as conn:
        return await visits.find(conn, t.visits.c.id > 0)


async def test_three_weeks_over_a_leap_day_and_a_month_s_end() -> None:
    first, last = date(2028, 2, 21), date(2028, 3, 10)  # tests/scheduler has a whole year
    start = datetime(2028, 2, 21, 0, 0, tzinfo=TZ)
    async with open_simulation(None, start) as app:
        await app.advance(start.replace(month=3, day=10, hour=23))
        found = await everything(app)
        calendar = app.city.calendar
    patrols = [one for one in found if one.kind is VisitKind.PATROL]
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    worked = [day for day in days if calendar.is_workday(day)]
    assert date(2028, 2, 29) in worked
    assert Counter(one.due for one in patrols) == Counter(dict.fromkeys(worked, 10))
    assert {one.status for one in patrols} == {VisitStatus.MISSED}  # nobody walked all the time
    others = Counter(one.name for one in found if one.kind is not VisitKind.PATROL)
    weekly = dict.fromkeys(
        ("刘奶奶", "充电车棚", "永鑫加油站"), 3
    )  # Mondays: 21 February to 6 March
    assert others == {**weekly, "琼花宾馆": 1, "东关幼儿园": 1, "老张烧烤": 1}
    assert all(one.first <= one.due <= one.last for one in found)


@pytest.mark.parametrize(
    ("stop", "reminders"),
    [
        pytest.param(timedelta(minutes=10), 1, id="ten minutes over noon"),
        pytest.param(timedelta(hours=3), 1, id="three hours"),
        pytest.param(timedelta(days=3), 0, id="three days: nobody can make up for it"),
    ],
)
async def test_after_a_stop_each_is_reminded_once(stop: timedelta, reminders: int) -> None:
    clock = VirtualClock(START)
    async with open_simulation(None, START, clock) as app:
        await app.advance(START.replace(hour=11, minute=55))
        clock.move_to(clock.now() + stop)  # nothing ran meanwhile
        await app.settle()
        await app.settle()
        told = [one.text for one in app.simulator.transcript if one.address.chat == "w.li"]
        assert len(told) == reminders
        found = await everything(app)
        keys = [one.key for one in found]
        assert len(keys) == len(set(keys))
        async with app.store.read() as conn:
            assert await timers.any_of(conn, "plan")  # it goes on


async def test_it_goes_on_after_a_restart_and_plans_nothing_twice() -> None:
    async with open_simulation(None, START) as app:
        await app.settle()
        before = await everything(app)
        await app.open()
        await app.settle()
        assert await everything(app) == before
        assert before


async def test_every_word_and_act_stays_in_the_log() -> None:
    async with open_simulation(None, START) as app:
        await app.settle()
        for words in ("刘奶奶家没人", "刘奶奶家看过了，一切正常", "看错了", "月球基地查了"):
            await app.simulator.say("w.li", "", words)
            await app.settle()
        async with app.store.read() as conn:
            log = await conn.execute(select(t.visit_events.c.kind).order_by(t.visit_events.c.id))
            kinds = [kind for kind in log.scalars() if kind != "planned"]
    # The patrol of the morning was credited for the first act.
    assert kinds == ["absent", "done", "done", "taken_back", "unknown"]
