"""Leave begins: open cases go to who stands in, with every clock as it was (domain.md A15)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.case import Case, Dues, Event, Status
from domain.leave import Leave, Leaves, LeaveStatus
from domain.steps import Facts, Step
from domain.visits import Visit, VisitKind, VisitStatus, end_of, given_back
from scheduler.standing_in import hand_over_cases, hand_over_visits
from store import cases, outbox, visits
from store import tables as t
from tests import factories as make
from tests.notices.world import World

TODAY = make.NOW.date()
CARD = "cards/case_handed_over"
pytestmark = pytest.mark.parametrize("database", ["sqlite"])


def away(*pairs: str) -> list[Leave]:
    """Leaves of today: "w.li>w.he"."""
    people = (pair.split(">") for pair in pairs)
    return [
        Leave(1, one, TODAY, TODAY, other, LeaveStatus.APPROVED, make.NOW) for one, other in people
    ]


async def handed_over(
    store, city, leaves: list[Leave], step: Step | None = None, **changes
) -> tuple[Case, Case, list[Event]]:
    """A case of w.li, the same once the leaves were looked at three times, and what happened."""
    world = World(store, replace(city, leaves=Leaves()), make.NOW)
    async with store.write() as conn:
        work = world.work(conn, make.NOW)
        case = await work.file(make.report(**changes))
        if step is not None:
            case = await work.move(case, step, "w.li", Facts(words="x"))
        await work.flush()
    world.city.leaves.learn(leaves)
    for _ in range(3):
        async with store.write() as conn:
            work = world.work(conn, make.NOW)
            await hand_over_cases(work)
            await work.flush()
    async with store.read() as conn:
        after = await cases.get(conn, case.id)
        assert after is not None
        return case, after, (await cases.timeline(conn, case.id))[1:]


@pytest.mark.parametrize(
    ("leaves", "who"),
    [
        pytest.param(away(), "w.li", id="nobody is away"),
        pytest.param(away("w.qian>w.he"), "w.li", id="somebody else is away"),
        pytest.param(away("w.he>w.qian"), "w.li", id="his substitute is away, he is not"),
        pytest.param(away("w.li>w.he"), "w.he", id="he is away"),
        pytest.param(away("w.li>w.he", "w.he>w.qian"), "w.qian", id="both are away"),
        pytest.param(away("w.li>w.he", "w.he>w.li"), "w.li", id="each for the other"),
    ],
)
async def test_who_goes_on_with_it(store, city, leaves: list[Leave], who: str) -> None:
    _, after, happened = await handed_over(store, city, leaves)
    assert after.assignee == who
    moved = [(one.kind, one.by, dict(one.data)) for one in happened]
    assert moved == ([("handed_over", "w.li", {"to": who})] if who != "w.li" else [])


@pytest.mark.parametrize("urgent", [False, True], ids=["plain", "an emergency"])
@pytest.mark.parametrize("step", [None, Step.ACCEPT, Step.ARRIVE], ids=str)
async def test_nothing_else_of_it_changes(store, city, step: Step | None, urgent: bool) -> None:
    before, after, _ = await handed_over(store, city, away("w.li>w.he"), step, urgent=urgent)
    assert after == replace(before, assignee="w.he", version=before.version + 1)
    assert after.dues != Dues()
    async with store.read() as conn:
        rung = {row.kind: row.due_at for row in await conn.execute(select(t.timers))}
        rows = await conn.execute(select(t.outbox).where(t.outbox.c.template == CARD))
        said = [(row.chat, outbox.Priority(row.priority)) for row in rows]
    assert rung["finish"] == before.dues.finish
    assert ("urge" in rung) == (urgent and step is None)
    first = outbox.Priority.EMERGENCY if urgent else outbox.Priority.PUSH
    assert said == [("w.he", first)]


async def test_what_is_finished_stays_with_who_finished_it(store, city) -> None:
    before, after, _ = await handed_over(store, city, away("w.li>w.he"), Step.FINISH)
    assert (after, after.status, after.assignee) == (before, Status.FINISHED, "w.li")


# Visits


VISIT = Visit(
    id=0,
    key="visit:g01:x@2026-11-23",
    kind=VisitKind.VISIT,
    subject="x",
    name="x",
    area="g01",
    worker="w.li",
    rhythm="1/week",
    first=TODAY - timedelta(days=1),
    last=TODAY + timedelta(days=5),
    due_at=end_of(TODAY - timedelta(days=1)),
)


@pytest.mark.parametrize(
    ("changes", "leaves", "who"),
    [
        pytest.param({}, away("w.li>w.he"), "w.he", id="overdue"),
        pytest.param({}, away("w.li>w.he", "w.he>w.qian"), "w.qian", id="both are away"),
        pytest.param({}, away(), "w.li", id="nobody is away"),
        pytest.param(
            {"due_at": end_of(TODAY)}, away("w.li>w.he"), "w.li", id="of the leave's own days"
        ),
        pytest.param({"kind": VisitKind.PATROL}, away("w.li>w.he"), "w.li", id="a window"),
        pytest.param({"status": VisitStatus.MISSED}, away("w.li>w.he"), "w.li", id="missed"),
        pytest.param(
            {"last": TODAY - timedelta(days=1)}, away("w.li>w.he"), "w.li", id="its period is over"
        ),
    ],
)
async def test_who_makes_a_visit_that_was_due_before(
    store, city, changes: dict, leaves: list[Leave], who: str
) -> None:
    world = World(store, replace(city, leaves=Leaves(leaves)), make.NOW)
    async with store.write() as conn:
        kept = await visits.add_one(conn, replace(VISIT, **changes))
        work = world.work(conn, make.NOW)
        moved = [await hand_over_visits(work) for _ in range(3)]
        await work.flush()
        after = await visits.get(conn, kept.id)
    assert after is not None
    assert (after.worker, sum(moved)) == (who, int(who != "w.li"))
    assert given_back(after).worker == "w.li"
    assert dict(given_back(after).reason) == {}
