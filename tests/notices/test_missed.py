"""A time at which nobody ran: what the notice's own rule makes of it, and who hears."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from domain.notice_moves import in_rhythm, this_once
from domain.notice_rules import Plan
from domain.notice_times import Missed, comes, next_after, rhythm_of
from domain.notices import Status
from domain.workdays import Calendar
from store import notices
from store.notice_plans import happened
from tests.notices.test_rules import WHEN, plan, read
from tests.notices.world import START, World, notice, with_rules

MINUTES, HOURS, DAYS = timedelta(minutes=10), timedelta(hours=3), timedelta(days=3)
VALID = timedelta(hours=24)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"])


@pytest.mark.parametrize(
    ("code", "late", "made_up"),
    [
        pytest.param("day 10:00", HOURS, True, id="valid: hours"),
        pytest.param("day 10:00", DAYS, False, id="valid: days"),
        pytest.param("day 10:00 missed late", HOURS, True, id="late: hours"),
        pytest.param("day 10:00 missed late", DAYS, True, id="late: days"),
        pytest.param("day 10:00 missed skip", timedelta(minutes=5), True, id="skip: a restart"),
        pytest.param("day 10:00 missed skip", MINUTES, False, id="skip: minutes"),
        pytest.param("day 10:00 missed skip", DAYS, False, id="skip: days"),
    ],
)
def test_what_is_made_up_for(code: str, late: timedelta, made_up: bool) -> None:
    rhythm = rhythm_of(code)
    assert rhythm is not None
    assert rhythm.code == code
    assert rhythm.comes_late(late, VALID) is made_up


@pytest.mark.parametrize("code", ["day 10:00 missed never", "day 10:00 late", "missed skip"])
def test_no_such_rule(code: str) -> None:
    assert rhythm_of(code) is None


def test_a_move_keeps_the_rule() -> None:
    standing = notice(status=Status.STANDING, rhythm="week 1 10:00 missed skip")
    due = next_after(rhythm_of(standing.rhythm), START, Calendar())
    standing = notice(status=Status.STANDING, rhythm=standing.rhythm, due_at=due)
    kept, alone = this_once(standing, due.date() + timedelta(days=2), START, Calendar())
    moved = in_rhythm(standing, rhythm_of("day 11:00"), START, Calendar())
    assert [rhythm_of(one.rhythm).missed for one in (kept, alone, moved)] == [Missed.SKIP] * 3


@pytest.mark.parametrize(
    ("line", "missed"),
    [("", Missed.VALID), ('missed = "late"', Missed.LATE), ('missed = "skip"', Missed.SKIP)],
)
def test_the_rules_of_a_city_name_it(line: str, missed: Missed) -> None:
    rules, faults = read(plan(WHEN, line))
    assert not faults
    assert rules.plans[0].rhythm.missed is missed
    assert comes(rules.plans[0].rhythm)


def test_a_rule_nobody_knows_is_a_fault() -> None:
    assert read(plan(WHEN, 'missed = "maybe"'))[1] == [(6, "plan.0.missed", "value_type")]


async def after_an_outage(store, city, rhythm: str, outage: timedelta):
    """A standing notice of 10:00 that is looked at only after an outage: the world, its number."""
    world = World(store, city)
    due = START + timedelta(hours=1)
    number = await world.keep(notice(status=Status.STANDING, rhythm=rhythm, due_at=due), due)
    world.clock.move_to(due + outage)
    await world.runner.run_due()
    return world, number


@on_sqlite
async def test_late_it_comes_once_and_counts_from_then(store, city) -> None:
    world, _ = await after_an_outage(store, city, "day 10:00 missed late", DAYS)
    assert len(await world.said()) == 1
    async with store.read() as conn:
        (sent,) = await notices.latest(conn, [Status.SENT])
    assert sent.due_at == world.clock.now()


@on_sqlite
@pytest.mark.parametrize(
    ("rhythm", "outage"),
    [
        pytest.param("day 10:00 missed skip", MINUTES, id="on time or not at all"),
        pytest.param("day 10:00", DAYS, id="pointless"),
    ],
)
async def test_skipped_its_author_hears_and_the_next_one_comes(store, city, rhythm, outage) -> None:
    world, number = await after_an_outage(store, city, rhythm, outage)
    assert not await world.said()
    assert [row.chat for row in await world.said("replies/notice_missed")] == ["l.c1"]
    async with store.read() as conn:
        assert (await notices.get(conn, number)).status is Status.STANDING
    await world.pass_to(world.clock.now() + timedelta(days=1))
    assert len(await world.said()) == 1


@on_sqlite
async def test_one_that_was_to_come_once_is_not_called_sent(store, city) -> None:
    world, number = await after_an_outage(store, city, "once 2026-11-23 10:00", DAYS)
    assert not await world.said()
    assert len(await world.said("replies/notice_missed")) == 1
    async with store.read() as conn:
        assert (await notices.get(conn, number)).status is Status.EXPIRED


@on_sqlite
@pytest.mark.parametrize(
    ("valid", "sent", "told"),
    [
        pytest.param(timedelta(hours=10), 2, [], id="the morning is in time"),
        pytest.param(timedelta(hours=3), 0, ["l.c1"], id="the night outlasts it"),
    ],
)
async def test_a_warning_at_night_is_not_lost_in_silence(store, city, valid, sent, told) -> None:
    rain = Plan("a", "residents", ("c1",), ready="storm", event="rain", approved_by="x")
    rules = with_rules(city, plans=(replace(rain, valid=valid),))
    night = START.replace(hour=23)
    world = World(store, replace(rules, quiet=(time(22), time(7))), night)
    async with store.write() as conn:
        work = world.work(conn, night)
        assert await happened(work, "rain", "k") == bool(sent)
        await work.flush()
    assert len(await world.said()) == sent
    missed = await world.said("replies/notice_missed")
    assert [row.chat for row in missed] == told
    assert all(row.due_at <= night for row in missed)  # somebody can still say it as an emergency
