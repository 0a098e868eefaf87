"""Who has not answered a notice: reminded once, then listed to the worker of the grid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from domain.notices import Notice, Status
from domain.people import Person
from domain.quiet import not_before
from domain.visits import Visit, VisitKind
from domain.workdays import TZ
from scheduler.job import Job, Misfire
from store import notices, visits
from store.notice_receipts import receipts
from store.notice_sending import by_worker, saying, view
from store.timers import Timer
from store.work import Work

_NEXT, _WEEK, _BY = timedelta(days=1), timedelta(days=7), time(17, 30)
_SHOWN = 10  # names in one message; the rest is counted


async def receipt(work: Work, timer: Timer) -> None:
    """Remind the missing at the first timer, list them at the second."""
    notice = await notices.get(work.conn, timer.subject)
    if notice is None or notice.status is not Status.SENT:
        return
    if timer.kind == "receipt":
        await _remind(work, notice.id)
    else:
        await _list(work, notice.id)


async def _remind(work: Work, notice_id: int) -> None:
    """Remind each group, or each person who is missing, once."""
    notice = await notices.get(work.conn, notice_id)
    if notice is None:
        return
    state = await receipts(work, notice)
    missing = {one.id for one in state.missing}
    later = not_before(work.now, work.city.quiet, urgent=False)
    for one in await notices.targets(work.conn, notice.id, ["queued", "listed"]):
        if missing and (not one.person or one.person in missing):
            said = saying(work, notice, one, later)
            said = replace(said, once=f"{one.once}:again", template="replies/notice_remind")
            work.send(said, one.person)


async def _list(work: Work, notice_id: int) -> None:
    """List the missing to the worker of their grid, who goes there where the notice asks for it."""
    notice = await notices.get(work.conn, notice_id)
    if notice is None:
        return
    state = await receipts(work, notice)
    for worker, people in _by_who_asks(work, notice, state.missing).items():
        person = work.city.world.person(worker)
        if person is None:
            continue
        context = {
            "notice": view(work, notice),
            "contact": [one.name for one in people[:_SHOWN]],
            "more": max(len(people) - _SHOWN, 0),
            "visit": notice.visit,
        }
        key = f"n{notice.id}:missing:{worker}"
        if notice.visit:
            tasks = [_task(work, notice, one, worker) for one in people if not one.role.staff]
            await visits.add(work.store, work.conn, tasks, work.now)
        work.tell(person, "replies/notice_missing", context, case=None, by="", key=key)


def _by_who_asks(work: Work, notice: Notice, missing: Sequence[Person]) -> dict[str, list[Person]]:
    """The missing by who looks after them: residents by their worker, staff by who wrote."""
    residents = [one for one in missing if not one.role.staff]
    staff = [one for one in missing if one.role.staff]
    found = by_worker(work, residents)
    if staff:
        found.setdefault(notice.author or notice.approved_by, []).extend(staff)
    return found


def _task(work: Work, notice: Notice, person: Person, worker: str) -> Visit:
    """A visit to who never answered, planned for the next day and good for a week (H3)."""
    today = work.now.astimezone(TZ).date()
    due = datetime.combine(today + _NEXT, _BY, TZ).astimezone(UTC)
    return Visit(
        id=0,
        key=f"notice:{notice.id}:{person.id}",
        kind=VisitKind.CARE,
        subject=person.id,
        name=person.name,
        area=person.area,
        worker=worker,
        rhythm="",
        first=today,
        last=today + _WEEK,
        due_at=due,
        reason={"code": "notice", "notice": notice.id},
    )


JOB = Job(name="receipt", kinds=("receipt", "receipt_list"), misfire=Misfire.LATE, run=receipt)
