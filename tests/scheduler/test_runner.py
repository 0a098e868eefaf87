"""Timed jobs: what fell due is made up exactly as its job declares, however long we stood still."""

import asyncio
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from domain.case import Case, Status
from domain.city import City
from domain.people import Level
from domain.rules import RuleBook
from domain.steps import Facts, Step
from domain.workdays import TZ
from scheduler import jobs, runner
from scheduler.clock import VirtualClock
from scheduler.job import Job, Misfire
from scheduler.runner import Runner
from scheduler.setbacks import AGAIN, rest
from store import cases, standing
from store import tables as t
from store import timers as timers_
from store.directory import Directory
from store.engine import Store
from store.work import Work
from tests import factories as make
from tests import postgres

# A case of category "facility" opened at 11:00 on a Tuesday is answered by 13:00, with a reminder
# at 12:30, and done by Friday 11:00, with a reminder on Thursday 17:00.


class World:
    """A store with a runner on it, and a clock that a test moves."""

    def __init__(self, store: Store, city: City, clock: VirtualClock) -> None:
        self.store, self.city, self.clock = store, city, clock
        self.directory = Directory(city.world, {"simulator": "simulator"})
        self.fired: Counter[str] = Counter()
        self.runner = Runner(store, clock, self.work, self._count)

    def _count(self, job: str, count: int) -> None:
        self.fired[job] += count

    def work(self, conn, now: datetime) -> Work:
        return Work(self.store, conn, self.city, self.directory, now)

    async def file(self, **changes) -> Case:
        async with self.store.write() as conn:
            work = self.work(conn, self.clock.now())
            case = await work.file(make.report(**changes))
            await work.flush()
        return case

    async def move(self, case: Case, step: Step, facts: Facts | None = None) -> Case:
        async with self.store.write() as conn:
            work = self.work(conn, self.clock.now())
            moved = await work.move(case, step, case.assignee, facts)
            await work.flush()
        return moved

    async def pass_to(self, moment: datetime) -> int:
        """Stand still until `moment`, then do what fell due."""
        self.clock.move_to(moment)
        return await self.runner.run_due()

    async def case(self, case: Case) -> Case:
        async with self.store.read() as conn:
            found = await cases.get(conn, case.id)
        assert found is not None
        return found

    async def history(self, case: Case) -> list[str]:
        async with self.store.read() as conn:
            return [event.kind for event in await cases.timeline(conn, case.id)]

    async def said(self) -> list[str]:
        async with self.store.read() as conn:
            rows = await conn.execute(select(t.outbox.c.template).order_by(t.outbox.c.id))
        return list(rows.scalars())


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(make.NOW)


@pytest.fixture
def world(store: Store, city: City, clock: VirtualClock) -> World:
    return World(store, city, clock)


@pytest.mark.parametrize(
    ("stood_still", "history", "reminded", "level"),
    [
        pytest.param({"minutes": 0}, [], False, Level.GRID, id="not at all"),
        pytest.param(
            {"minutes": 10}, [], True, Level.GRID, id="ten minutes: reminded a little late"
        ),
        pytest.param(
            {"hours": 3},
            ["missed"],
            False,
            Level.COMMUNITY,
            id="three hours: missed, and no reminder after it",
        ),
        pytest.param(
            {"days": 30},
            ["missed"],
            False,
            Level.COMMUNITY,
            id="thirty days: one step up, with the clocks anew",
        ),
    ],
)
async def test_after_standing_still(world: World, stood_still, history, reminded, level) -> None:
    case = await world.file()
    await world.pass_to(make.after(minutes=85))
    told = len(await world.said())
    await world.pass_to(make.after(minutes=85) + timedelta(**stood_still))
    found = await world.case(case)
    assert await world.history(case) == ["opened", *history]
    assert (found.level, found.escalations) == (level, len(history))
    after = (await world.said())[told:]
    assert after.count("cards/case_soon") == int(reminded)
    assert after.count("cards/case_escalated") == len(history)
    if history:
        assert found.dues.respond is not None
        assert found.dues.respond > world.clock.now()
    everything = (await world.history(case), await world.said(), await world.case(case))
    assert await world.runner.run_due() == 0
    assert everything == (await world.history(case), await world.said(), await world.case(case))


async def test_step_by_step_each_missed_deadline_is_one_level(world: World) -> None:
    case = await world.file()
    levels = []
    for _ in range(40):
        due = await world.runner.next_due()
        if due is None:
            break
        await world.pass_to(due)
        levels.append((await world.case(case)).level)
    assert list(dict.fromkeys(levels)) == list(Level)
    found = await world.case(case)
    assert (found.escalations, found.overdue, found.status) == (3, True, Status.ASSIGNED)
    assert (await world.history(case)).count("missed") == 5  # three steps up; at the top two more
    assert await world.runner.next_due() is None


async def test_where_clocks_do_not_begin_anew_both_missed_deadlines_count(
    store, city, clock
) -> None:
    plain = [replace(rules, each_level_again=False) for rules in city.book.versions.values()]
    world = World(store, replace(city, book=RuleBook.of(plain)), clock)
    case = await world.file()
    await world.pass_to(make.after(days=30))
    found = await world.case(case)
    assert (found.level, found.escalations) == (Level.STREET, 2)
    assert await world.history(case) == ["opened", "missed", "missed"]


@pytest.mark.parametrize(
    ("days", "status", "satisfaction"),
    [
        pytest.param(6, "finished", "none", id="six days: still waiting"),
        pytest.param(7, "closed", "no_answer", id="seven days: closed as no answer"),
        pytest.param(30, "closed", "no_answer", id="thirty days: closed once, late"),
    ],
)
async def test_nobody_says_whether_it_is_done(world: World, days, status, satisfaction) -> None:
    case = await world.move(await world.file(), Step.FINISH, Facts(words="好了"))
    await world.pass_to(make.after(days=days))
    found = await world.case(case)
    assert (found.status, found.satisfaction) == (status, satisfaction)
    assert await world.runner.run_due() == 0
    assert (await world.history(case)).count("unanswered") == (status == "closed")


@pytest.mark.parametrize(
    "minutes", [10, 180, 30 * 24 * 60], ids=["in time", "after three hours", "after thirty days"]
)
async def test_a_question_nobody_answered_opens_the_case_unverified_once(
    world: World, minutes
) -> None:
    async with world.store.write() as conn:
        work = world.work(conn, make.NOW)
        data = {"report": make.report(building="", unit="").to_json()}
        await work.ask(make.GROUP.key, "r.wang", "place", data, timedelta(minutes=10))
    assert await world.pass_to(make.after(minutes=9)) == 0
    await world.pass_to(make.after(minutes=minutes))
    await world.runner.run_due()
    async with world.store.read() as conn:
        (row,) = await conn.execute(select(t.cases))
        assert (await conn.execute(select(t.questions))).all() == []
    assert (row.unverified, row.assignee) == (True, "w.li")
    assert row.opened_at == make.after(minutes=minutes)


async def test_answered_in_time_nothing_rings(world: World) -> None:
    case = await world.move(await world.file(), Step.FINISH)
    await world.move(case, Step.SATISFY)
    assert await world.runner.next_due() is None
    assert await world.pass_to(make.after(days=30)) == 0


# Emergencies: told again until somebody answers

URGED = "cards/case_urged"


async def urged_at(world: World, case: Case, until: timedelta) -> list[int]:
    """Let time pass moment by moment; the minutes after the opening at which all were told."""
    end = world.clock.now() + until
    while (due := await world.runner.next_due()) is not None and due <= end:
        await world.pass_to(due)
    world.clock.move_to(end)
    async with world.store.read() as conn:
        events = await cases.timeline(conn, case.id)
    told = (event.at for event in events if event.kind == "urged")
    return [int((at - make.NOW).total_seconds() // 60) for at in told]


async def test_nobody_ever_answers_and_it_ends_after_a_day(world: World) -> None:
    case = await world.file(urgent=True)
    assert await urged_at(world, case, timedelta(days=2)) == [*range(10, 1441, 10)]
    assert (await world.said()).count(URGED) == 144 * 3
    assert (await world.case(case)).urged == 144


@pytest.mark.parametrize(
    "hour", [3, 12, 23], ids=["at three in the morning", "at noon", "late in the evening"]
)
async def test_at_any_hour(store, city, hour) -> None:
    """22:00-07:00 is quiet in the sample; the day is a Sunday too."""
    start = datetime(2026, 11, 29, hour, tzinfo=TZ).astimezone(UTC)
    world = World(store, city, VirtualClock(start))
    await world.file(urgent=True)
    told = len(await world.said())
    await world.pass_to(start + timedelta(minutes=10))
    assert (await world.said())[told:].count(URGED) == 3


async def test_an_ordinary_case_is_not_told_again(world: World) -> None:
    case = await world.file()
    assert await urged_at(world, case, timedelta(days=1)) == []


@pytest.mark.parametrize(
    "step",
    [Step.ACCEPT, Step.ARRIVE, Step.FINISH, Step.TRANSFER, Step.WITHDRAW],
    ids=lambda step: step.value,
)
async def test_whoever_answers_ends_it(world: World, step: Step) -> None:
    case = await world.file(urgent=True)
    assert await urged_at(world, case, timedelta(minutes=25)) == [10, 20]
    facts = Facts(to="p.power") if step is Step.TRANSFER else None
    await world.move(await world.case(case), step, facts)
    assert await urged_at(world, case, timedelta(days=1)) == [10, 20]


@pytest.mark.parametrize("step", [Step.ADD, Step.JOIN, Step.REPORT_UP], ids=lambda s: s.value)
async def test_what_is_no_answer_neither_ends_nor_restarts_it(world: World, step: Step) -> None:
    case = await world.file(urgent=True)
    await world.pass_to(make.after(minutes=5))
    await world.move(case, step)
    assert await urged_at(world, case, timedelta(minutes=20)) == [10, 20]


@pytest.mark.parametrize(
    ("minutes", "then"),
    [
        pytest.param(35, [45, 55], id="half an hour: goes on from there"),
        pytest.param(24 * 60, [], id="a day: told once, and no more"),
    ],
)
async def test_after_a_stop_it_is_told_once(world: World, minutes: int, then: list[int]) -> None:
    case = await world.file(urgent=True)
    await world.pass_to(make.after(minutes=minutes))
    assert await world.runner.run_due() == 0
    assert (await world.said()).count(URGED) == 3
    assert await urged_at(world, case, timedelta(minutes=25)) == [minutes, *then]


async def test_how_often_and_how_long_are_rules(store, city, clock) -> None:
    other = [
        replace(one, urgent_again=timedelta(minutes=4), urgent_again_for=timedelta(minutes=15))
        for one in city.book.versions.values()
    ]
    world = World(store, replace(city, book=RuleBook.of(other)), clock)
    case = await world.file(urgent=True)
    assert await urged_at(world, case, timedelta(days=1)) == [4, 8, 12]


async def test_each_is_one_row_with_a_key_of_its_own(world: World) -> None:
    case = await world.file(urgent=True)
    await urged_at(world, case, timedelta(minutes=20))
    rows = select(t.outbox.c.once, t.outbox.c.chat).where(t.outbox.c.template == URGED)
    async with world.store.read() as conn:
        said = [tuple(row) for row in await conn.execute(rows.order_by(t.outbox.c.id))]
    assert [chat for _, chat in said] == ["w.li", "l.c1", "s.s1"] * 2
    assert len({once for once, _ in said}) == 6


@postgres.only
async def test_several_processes_tell_it_once(world: World, open_store) -> None:
    filed = [await world.file(reporter=f"r{n}", urgent=True) for n in range(30)]
    others = [World(open_store(), world.city, world.clock) for _ in range(2)]
    world.clock.move_to(make.after(minutes=10))
    await asyncio.gather(*(one.runner.run_due() for one in (world, *others)))
    await world.runner.run_due()
    assert [(await world.case(one)).urged for one in filed] == [1] * 30
    assert (await world.said()).count(URGED) == 90


# One that fails


async def break_rules(world: World, case: Case, version: str) -> None:
    """Let a case be of rules nobody knows: every job fails on it."""
    async with world.store.write() as conn:
        await conn.execute(update(t.cases).where(t.cases.c.id == case.id).values(rules=version))


async def test_one_that_fails_does_not_stop_the_others_and_is_made_up_later(world: World) -> None:
    filed = [await world.file(reporter=f"r{n}") for n in range(5)]
    bad, good = filed[1], [*filed[:1], *filed[2:]]
    await break_rules(world, bad, "1999-01-01")
    await world.pass_to(make.after(hours=2))
    assert [(await world.case(one)).escalations for one in good] == [1] * 4
    assert (await world.case(bad)).escalations == 0
    due = await world.runner.next_due()
    assert due is not None
    assert make.after(hours=2) < due <= make.after(hours=2) + AGAIN
    await break_rules(world, bad, filed[0].rules)
    await world.pass_to(due)
    assert (await world.case(bad)).escalations == 1
    assert await world.history(bad) == ["opened", "missed"]


async def test_one_that_always_fails_is_tried_each_minute_and_no_more(world: World) -> None:
    await break_rules(world, await world.file(), "1999-01-01")
    await world.pass_to(make.after(minutes=100))
    await world.pass_to(make.after(hours=2))
    for minute in (1, 2, 3):
        assert await world.runner.run_due() == 0
        assert await world.pass_to(make.after(hours=2, minutes=minute)) == 1


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(1, 1), (2, 1), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (10_000, 60)],
)
def test_how_long_a_timer_rests_that_failed(tries: int, minutes: int) -> None:
    assert rest(tries) == timedelta(minutes=minutes)


def failing(times: int, seen: list[datetime]):
    """A job for timers "x" that fails so many times; `seen` are the moments it was meant for."""

    async def run(_work, timer) -> None:
        seen.append(timer.due_at)
        if len(seen) <= times:
            raise LookupError("no rules hold at this moment")

    return lambda: {"x": Job("x", ("x",), Misfire.LATE, run)}


async def test_one_that_never_stops_failing_costs_little(store, city, clock, monkeypatch) -> None:
    seen: list[datetime] = []
    monkeypatch.setattr(runner, "load", failing(1_000, seen))
    world = World(store, city, clock)
    async with store.write() as conn:
        await timers_.set_one(conn, "x", 1, clock.now())
    with structlog.testing.capture_logs() as logs:
        while (due := await world.runner.next_due()) and due < make.after(hours=12):
            await world.pass_to(due)
    assert len(seen) == 11 + 10  # in the first 68 minutes, then each hour
    assert [(one["action"], one["tries"]) for one in logs] == [
        ("timers.failed", tries + 1) for tries in range(len(seen))
    ]


@pytest.mark.parametrize("after", [2, 8], ids=["the next but one try", "the eighth try"])
async def test_what_fires_again_begins_anew(store, city, clock, monkeypatch, after: int) -> None:
    """And a job that was put off still hears when it was meant to run."""
    seen: list[datetime] = []
    monkeypatch.setattr(runner, "load", failing(after, seen))
    world = World(store, city, clock)
    for _ in range(2):
        async with store.write() as conn:
            await timers_.set_one(conn, "x", 1, clock.now())
        begun, seen[:] = clock.now(), []
        while (due := await world.runner.next_due()) is not None:
            await world.pass_to(due)
        assert seen == [begun] * (after + 1)
        assert clock.now() == begun + sum(map(rest, range(1, after + 1)), timedelta())


async def test_a_statement_that_is_always_too_long_is_no_absent_database(
    store, city, clock, monkeypatch
) -> None:
    """SQLite calls that an operational error; the timers behind it fire all the same."""
    fired: list[str] = []

    async def run(work, timer) -> None:
        if timer.kind == "bad":
            raise OperationalError("SELECT", {}, Exception("too many SQL variables"))
        fired.append(timer.kind)

    monkeypatch.setattr(
        runner, "load", lambda: {one: Job(one, (one,), Misfire.LATE, run) for one in ("bad", "ok")}
    )
    world = World(store, city, clock)
    async with store.write() as conn:
        await timers_.set_one(conn, "bad", 1, make.NOW)
        await timers_.set_one(conn, "ok", 1, make.NOW)
    for _ in range(3):
        with pytest.raises(OperationalError):
            await world.runner.run_due()
    assert await world.runner.run_due() > 0
    assert fired == ["ok"]
    assert await world.runner.next_due() == make.NOW + AGAIN


@postgres.only
async def test_words_the_database_refuses_stop_nobody_else(world: World) -> None:
    case = await world.file()
    async with world.store.write() as conn:
        work = world.work(conn, make.NOW)
        data = {"report": make.report(building="1" * 41).to_json()}
        await work.ask(make.GROUP.key, "r.chen", "place", data, timedelta(minutes=10))
    await world.pass_to(make.after(hours=2))
    assert (await world.case(case)).escalations == 1


# Several processes


@postgres.only
async def test_several_processes_miss_each_deadline_once(world: World, open_store) -> None:
    filed = [await world.file(reporter=f"r{n}") for n in range(80)]
    others = [World(open_store(), world.city, world.clock) for _ in range(2)]
    world.clock.move_to(make.after(hours=2))
    await asyncio.gather(*(one.runner.run_due() for one in (world, *others)))
    await world.runner.run_due()
    assert [(await world.case(one)).escalations for one in filed] == [1] * 80
    assert sum(one.fired["overdue"] for one in (world, *others)) == 80
    assert (await world.said()).count("cards/case_escalated") == 80


@postgres.only
async def test_several_processes_with_several_timers_of_each_case(world: World, open_store) -> None:
    """After thirty days all four timers of a case are due, and two processes may each hold some."""
    filed = [await world.file(reporter=f"r{n}") for n in range(30)]
    others = [World(open_store(), world.city, world.clock) for _ in range(2)]
    world.clock.move_to(make.after(days=30))

    async def until_done(one: World) -> None:
        while (due := await one.runner.next_due()) is not None and due <= one.clock.now():
            await one.runner._tick()

    await asyncio.gather(*map(until_done, (world, *others)))
    assert [(await world.case(one)).escalations for one in filed] == [1] * 30


async def test_started_it_ticks_by_itself(world: World) -> None:
    ticked = asyncio.Event()

    class Watched(Runner):
        async def run_due(self) -> int:
            fired = await super().run_due()
            ticked.set()
            return fired

    case = await world.file()
    world.clock.move_to(make.after(hours=2))
    started = Watched(world.store, world.clock, world.work, world._count)
    started.start()
    async with asyncio.timeout(10):
        await ticked.wait()
    await started.stop()
    assert (await world.case(case)).escalations == 1


# Loading


def test_every_clock_has_its_job() -> None:
    found = {kind: (job.name, job.misfire) for kind, job in runner.load().items()}
    assert found == {
        "forget": ("forget", Misfire.LATE),
        "respond": ("overdue", Misfire.LATE),
        "arrive": ("overdue", Misfire.LATE),
        "finish": ("overdue", Misfire.LATE),
        "respond_soon": ("remind", Misfire.SKIP),
        "finish_soon": ("remind", Misfire.SKIP),
        "urge": ("urge", Misfire.LATE),
        "verify": ("unanswered", Misfire.LATE),
        "question": ("question", Misfire.LATE),
        "digest": ("digest", Misfire.LATE),
        "activity": ("activity", Misfire.LATE),
        "holidays": ("holidays", Misfire.LATE),
        "appointment_after": ("appointment", Misfire.LATE),
        "appointment_soon": ("appointment", Misfire.LATE),
        "care_day": ("welfare", Misfire.LATE),
        "care_due": ("welfare", Misfire.LATE),
        "care_late": ("welfare", Misfire.LATE),
        "care_leader": ("welfare", Misfire.LATE),
        "missed": ("missed", Misfire.LATE),
        "notice": ("notice", Misfire.LATE),
        "notice_arm": ("notice", Misfire.LATE),
        "notice_digest": ("notice", Misfire.LATE),
        "notice_end": ("notice", Misfire.LATE),
        "notice_result": ("notice", Misfire.LATE),
        "overdue_list": ("overdue_list", Misfire.LATE),
        "plan": ("plan", Misfire.LATE),
        "receipt": ("receipt", Misfire.LATE),
        "receipt_list": ("receipt", Misfire.LATE),
        "volunteer": ("volunteer", Misfire.LATE),
        "stand_in": ("stand_in", Misfire.LATE),
        "vote": ("vote", Misfire.LATE),
        "window": ("window", Misfire.LATE),
    }


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        pytest.param("visit", True, id="a kind of its own"),
        pytest.param("respond", False, id="another's kind"),
    ],
)
def test_a_second_job_for_the_same_timers_stops_the_program(
    tmp_path, monkeypatch, kind, starts
) -> None:
    (tmp_path / "extra.py").write_text(
        "from scheduler.job import Job, Misfire\n"
        "async def run(work, timer): ...\n"
        f"JOB = Job(name='extra', kinds=({kind!r},), misfire=Misfire.LATE, run=run)\n"
    )
    monkeypatch.setattr(jobs, "__path__", [*jobs.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "scheduler.jobs.extra", raising=False)
    if starts:
        assert "visit" in runner.load()
    else:
        with pytest.raises(RuntimeError, match="extra"):
            runner.load()


async def test_timers_nobody_here_knows_are_left_for_who_does(world: World) -> None:
    """A newer program's timers, while both run side by side."""
    async with world.store.write() as conn:
        await timers_.set_one(conn, "visit", 1, make.NOW)
    assert await world.runner.run_due() == 0
    async with world.store.read() as conn:
        assert await timers_.next_due(conn) == make.NOW
        assert await standing.count_dead(conn) == 0
