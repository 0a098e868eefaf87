"""Visits in the store: planned once, changed by one at a time, looked back at."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.leave import Leave, LeaveStatus
from domain.messages import Attachment
from domain.visits import Confirmed, Visit, VisitKind, VisitStatus, done
from store import inbox, leave, media, timers, visit_looks, visits
from store.cases import Conflict
from store.engine import Store
from tests import factories as make

DAY = date(2026, 11, 24)


def visit(key: str = "visit:g03:a@2026-10-01", **changes: object) -> Visit:
    planned = Visit(
        id=0,
        key=key,
        kind=VisitKind.VISIT,
        subject="琼花宾馆",
        name="琼花宾馆",
        area="g03",
        worker="w.qian",
        rhythm="1/quarter",
        first=date(2026, 10, 1),
        last=date(2026, 12, 31),
        due_at=make.after(hours=4),
        reason={"code": "quarterly", "object": "key"},
    )
    return replace(planned, **changes)  # type: ignore[arg-type]


async def test_planned_twice_is_planned_once(store: Store) -> None:
    async def plan() -> int:
        async with store.write() as conn:
            return await visits.add(store, conn, [visit(), visit("b")], make.NOW)

    assert sum(await asyncio.gather(plan(), plan())) == 2
    async with store.read() as conn:
        assert await visits.keys(conn, ["g03"], DAY) == {visit().key, "b"}
        found = await visits.events(conn, make.NOW, make.after(hours=1))
        assert [one.kind for one in found] == ["planned", "planned"]


async def test_a_timer_stands_once(store: Store) -> None:
    async def stand() -> None:
        async with store.write() as conn:
            await timers.stand(store, conn, "plan", 7, make.NOW)

    await asyncio.gather(stand(), stand())
    async with store.write() as conn:
        assert await timers.any_of(conn, "plan")
        assert not await timers.any_of(conn, "window")
        assert len(await timers.take_due(conn, ["plan"], make.NOW)) == 1


async def test_who_comes_second_is_refused(store: Store) -> None:
    async with store.write() as conn:
        one = await visits.add_one(conn, visit())
        said = Confirmed(make.NOW, "w.qian", "看过了", "灭火器过期")
        await visits.save(conn, done(one, said), "done", "w.qian", make.NOW, letters=[4, 5])
        with pytest.raises(Conflict):
            await visits.save(conn, done(one, said), "done", "w.qian", make.NOW)
    async with store.write() as conn:
        kept = await visits.get(conn, one.id)
        assert kept is not None
        assert (kept.status, kept.finding) == (VisitStatus.DONE, "灭火器过期")
        assert await visits.letters_of(conn, one.id) == [4, 5]
        assert [each.id for each in await visits.made_by(conn, "w.qian", make.NOW)] == [one.id]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"status": VisitStatus.MISSED}, True, id="missed"),
        pytest.param({"status": VisitStatus.MISSED, "listed": True}, False, id="told already"),
        pytest.param({"status": VisitStatus.PLANNED}, False, id="still open"),
        pytest.param({"status": VisitStatus.DONE, "done_at": make.NOW}, False, id="done"),
        pytest.param(
            {"status": VisitStatus.DONE, "done_at": make.NOW, "flagged": "words"},
            True,
            id="copied words",
        ),
    ],
)
async def test_what_the_leader_has_not_heard_of(
    store: Store, changes: dict[str, object], told: bool
) -> None:
    async with store.write() as conn:
        await visits.add_one(conn, visit(**changes))
        found = await visits.unlisted(conn, make.after(days=1), make.after(days=-40))
        assert bool(found) == told
        await visits.listed(conn, [one.id for one in found])
        assert await visits.unlisted(conn, make.after(days=1), make.after(days=-40)) == []


async def test_one_picture_in_two_visits(store: Store) -> None:
    async with store.write() as conn:
        rows = [inbox.row_of(make.inbound(id=f"m{at}")) for at in range(3)]
        await inbox.add(store, conn, rows)
        for letter, key in ((1, "same"), (2, "other"), (3, "same")):
            (row,) = media.rows_of(
                letter, make.inbound(attachments=(Attachment("image", "a.jpg", key),))
            )
            await media.add(conn, [row])
            at = make.after(minutes=letter)
            made = visit(
                f"k{letter}", status=VisitStatus.DONE, done_at=at, done_by="w.qian", letter=letter
            )
            await visits.add_one(conn, replace(made, photos=1))
        back = timedelta(days=1)
        used = [
            await visit_looks.same_pictures(conn, one, "w.qian", make.after(minutes=9), back)
            for one in (1, 2, 3)
        ]
        assert used == [0, 0, 1]


async def test_leave_as_it_was_decided(store: Store) -> None:
    async with store.write() as conn:
        asked = Leave(0, "w.li", DAY, DAY, "w.he", LeaveStatus.ASKED, make.NOW)
        asked = await leave.add(conn, asked)
        granted = replace(asked, status=LeaveStatus.APPROVED, decided_by="l.c1")
        await leave.save(conn, granted)
        assert await leave.get(conn, asked.id) == granted
        assert await leave.since(conn, DAY) == [granted]
        assert await leave.since(conn, DAY + timedelta(days=1)) == []


async def test_what_was_made_meanwhile_is_not_missed(store: Store) -> None:
    """The end of a window and somebody's word at the same moment: his word stands."""
    async with store.write() as conn:
        await visits.add(store, conn, [visit(), visit("b")], make.NOW)
        first, second = await visits.planned_of(conn, ["w.qian"], DAY)
        made = done(first, Confirmed(make.NOW, "w.qian", "看过了"))
        await visits.save(conn, made, "done", "w.qian", make.NOW)
        found = await visits.end(conn, [first, second], VisitStatus.MISSED, "missed", make.NOW)
        assert [(one.id, one.status, one.version) for one in found] == [
            (second.id, VisitStatus.MISSED, second.version + 1)
        ]
        assert await visits.get(conn, second.id) == found[0]
        assert await visits.end(conn, [first, second], VisitStatus.MISSED, "missed", make.NOW) == []
        kinds = [one.kind for one in await visits.events(conn, make.NOW, make.after(hours=1))]
        assert kinds == ["planned", "planned", "done", "missed"]
