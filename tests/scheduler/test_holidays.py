"""New Year 2027 in a city whose calendar ends with 2026: told in time, and planned by the week."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import orjson
import pytest

from domain.visits import Visit, VisitKind, VisitStatus, end_of
from domain.workdays import TZ, Calendar
from scheduler.jobs.plan import put_off
from scheduler.planning import begin
from store import tables_visits as v
from store import visits
from tests.notices.world import World

PLAIN = Visit(
    id=0,
    key="",
    kind=VisitKind.VISIT,
    subject="x",
    name="x",
    area="g03",
    worker="w.qian",
    rhythm="1/month",
    first=date(2027, 1, 1),
    last=date(2027, 1, 31),
    due_at=end_of(date(2027, 1, 1)),
)
SAID = "replies/holidays_missing"
OFF = [date(2026, 10, 1), date(2026, 12, 14)]  # the 14th is the city's own; the 15th is worked


@pytest.mark.parametrize("database", ["sqlite"])
async def test_the_year_turns_and_nothing_stands_still(store, city) -> None:
    calendar = Calendar(dict.fromkeys(OFF, False))
    world = World(store, replace(city, calendar=calendar), datetime(2026, 12, 14, tzinfo=TZ))
    async with store.write() as conn:
        work = world.work(conn, world.clock.now())
        await begin(work)
        await work.flush()
    await world.pass_to(datetime(2027, 1, 4, 12, tzinfo=TZ))
    said = await world.said(SAID)
    assert [(one.chat, one.due_at.astimezone(TZ)) for one in said] == [
        (city.backstop, datetime(2026, 12, 15, 9, tzinfo=TZ)),
        (city.backstop, datetime(2027, 1, 1, 9, tzinfo=TZ)),
    ]
    assert [orjson.loads(one.context_json)["begun"] for one in said] == [False, True]
    async with store.read() as conn:
        found = await visits.find(conn, v.visits.c.kind == VisitKind.PATROL.value)
    days = {one.due for one in found if one.due >= date(2026, 12, 31)}
    assert days == {date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)}


@pytest.mark.parametrize("database", ["sqlite"])
async def test_what_was_planned_for_a_day_that_is_off_after_all_is_put_off(store, city) -> None:
    """The list was entered in December: the visits of New Year's Day go to the next day worked."""
    day, table = date(2027, 1, 1), {date(2027, 1, 1): False, date(2027, 10, 1): False}
    midnight = datetime(2027, 1, 1, tzinfo=TZ)
    world = World(store, replace(city, calendar=Calendar(table)), midnight)
    month = replace(PLAIN, key="visit:g03:a@2027-01-01", last=date(2027, 1, 31))
    week = replace(
        PLAIN, key="visit:g03:b@2026-12-28", first=date(2026, 12, 28), last=date(2027, 1, 3)
    )
    done = replace(month, key="visit:g03:c@2027-01-01", status=VisitStatus.DONE)
    async with store.write() as conn:
        for one in (month, week, done):
            await visits.add_one(conn, one)
        work = world.work(conn, midnight)
        await put_off(work)
        await put_off(work)
        await work.flush()
    async with store.read() as conn:
        found = await visits.find(conn, v.visits.c.area == "g03")
        events = await visits.events(conn, midnight, midnight + timedelta(days=1))
    assert {one.key: one.due for one in found} == {
        month.key: date(2027, 1, 4),
        week.key: day,
        done.key: day,
    }
    assert [one.kind for one in events] == ["moved"]
