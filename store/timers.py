"""Timers: rows with a due time, taken together with their effect in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import WORK_CLOCKS
from store import tables as t
from store.engine import Store
from store.prepared import Prepared
from store.upsert import upsert

_QUESTION = "question"  # the kind whose subject is a question
_OF_CASES = frozenset({*WORK_CLOCKS, "urge", "verify"})


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to look at: `kind` names the job, `subject` the case, question or message."""

    id: int
    kind: str
    subject: int
    due_at: datetime


_SET = Prepared(insert(t.timers))
_UNSET = Prepared(
    delete(t.timers).where(
        t.timers.c.subject == bindparam("b_subject"), t.timers.c.kind == bindparam("b_kind")
    )
)


class Changes:
    """Timers to be set and removed at the end of a transaction, all with two statements."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, int], datetime] = {}
        self._unset: dict[tuple[str, int], None] = {}

    def set(self, kind: str, subject: int, due: datetime) -> None:
        """Set a timer that does not stand."""
        self._set[kind, subject] = due

    def unset(self, kind: str, subject: int) -> None:
        """Remove a timer, if it stands."""
        self._set.pop((kind, subject), None)
        self._unset[kind, subject] = None

    def follow(
        self, subject: int, before: Mapping[str, datetime], after: Mapping[str, datetime]
    ) -> None:
        """Make the timers of a subject follow its clocks; clocks that did not change stay.

        So a timer that has fired does not come back merely because something else changed.
        """
        for kind, due in before.items():
            if after.get(kind) != due:
                self.unset(kind, subject)
        for kind, due in after.items():
            if before.get(kind) != due:
                self.set(kind, subject, due)

    async def write(self, conn: AsyncConnection) -> None:
        """Write them down; what was removed comes first."""
        gone, fresh = list(self._unset), dict(self._set)
        self._unset.clear()
        self._set.clear()
        if gone:
            keys = [{"b_subject": subject, "b_kind": kind} for kind, subject in gone]
            await _UNSET.run(conn, keys)
        if fresh:
            rows = [
                {"kind": kind, "subject": subject, "due_at": due}
                for (kind, subject), due in fresh.items()
            ]
            await _SET.run(conn, rows)


async def stand(
    store: Store, conn: AsyncConnection, kind: str, subject: int, due: datetime
) -> None:
    """Set a timer, unless it stands already: whoever comes second changes nothing."""
    await stand_all(store, conn, [row(kind, subject, due)])


def row(kind: str, subject: int, moment: datetime) -> dict[str, Any]:
    """A timer as a row for `stand_all`."""
    return {"kind": kind, "subject": subject, "due_at": moment}


async def stand_all(store: Store, conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Set timers, but for those that stand already, with one statement."""
    insertion = upsert(store, t.timers)
    where = ["kind", "subject"]
    await conn.execute(insertion.on_conflict_do_nothing(index_elements=where), list(rows))


async def drop(conn: AsyncConnection, kind: str, subject: int) -> None:
    """Remove a timer, if it stands."""
    await _UNSET.run(conn, [{"b_subject": subject, "b_kind": kind}])


async def any_of(conn: AsyncConnection, kind: str) -> bool:
    """Whether a timer of this kind stands."""
    where = select(t.timers.c.id).where(t.timers.c.kind == kind).limit(1)
    return (await conn.execute(where)).first() is not None


async def set_one(conn: AsyncConnection, kind: str, subject: int, due: datetime) -> None:
    """Set a timer."""
    await _SET.run(conn, [row(kind, subject, due)])


_STANDS = Prepared(
    select(t.timers.c.id)
    .where(t.timers.c.kind == bindparam("b_kind"), t.timers.c.subject <= bindparam("b_subject"))
    .limit(1)
)


async def arm(conn: AsyncConnection, kind: str, subject: int, due: datetime) -> None:
    """Set a timer from a subject on, unless one stands already that looks from there or earlier."""
    where = {"b_kind": kind, "b_subject": subject}
    if not await _STANDS.rows(conn, where):
        await set_one(conn, kind, subject, due)


async def postpone(conn: AsyncConnection, timer: Timer, due: datetime) -> None:
    """Let a timer fire later; nothing happens when it is gone."""
    await conn.execute(update(t.timers).where(t.timers.c.id == timer.id).values(due_at=due))


# `||` keeps SQLite from reading every timer by its kind: the due ones come first by their moment.
_KIND = t.timers.c.kind.concat("").in_(bindparam("kinds", expanding=True))
_PEEK = Prepared(
    select(t.timers)
    .where(t.timers.c.due_at <= bindparam("b_now"), _KIND)
    .order_by(t.timers.c.due_at, t.timers.c.id)
    .limit(bindparam("b_limit", type_=Integer()))
)
_next = select(t.timers.c.due_at).order_by(t.timers.c.due_at, t.timers.c.id).limit(1)
_NEXT, _NEXT_OF = Prepared(_next), Prepared(_next.where(_KIND))


async def take_due(
    conn: AsyncConnection, kinds: Sequence[str], now: datetime, limit: int = 50
) -> list[Timer]:
    """Take due timers out, oldest first; they are gone when the transaction commits.

    Their cases and questions are locked first, as everybody does who moves a case and then its
    timers: whoever took the timers first would wait in a circle. On PostgreSQL those another
    process is busy with are left for a later look, so each timer fires once.
    """
    where = {"b_now": now, "kinds": list(kinds), "b_limit": limit * 4}
    rows = await _PEEK.rows(conn, where)
    peeked = [Timer(row.id, row.kind, row.subject, row.due_at) for row in rows]
    for start in range(0, len(peeked), limit):
        free = await _lock_subjects(conn, peeked[start : start + limit])
        if free:
            return await _take(conn, free, now)
    return []


def _locking(table: Table) -> tuple[Prepared, Prepared]:
    """What locks rows nobody else is busy with, and what finds them, both by their ids."""
    these = select(table.c.id).where(table.c.id.in_(bindparam("ids", expanding=True)))
    these = these.order_by(table.c.id)
    return Prepared(these.with_for_update(skip_locked=True)), Prepared(these)


_LOCK_QUESTIONS, _LOCK_CASES = _locking(t.questions), _locking(t.cases)


async def _lock_subjects(conn: AsyncConnection, timers: Sequence[Timer]) -> list[int]:
    """The ids of the timers whose subjects nobody else is busy with; these are locked now.

    Neither cases nor questions are what a notice's or a day's timer is about: those are free.
    """
    free = [one.id for one in timers if one.kind != _QUESTION and one.kind not in _OF_CASES]
    for (lock, find), mine in (
        (_LOCK_QUESTIONS, [timer for timer in timers if timer.kind == _QUESTION]),
        (_LOCK_CASES, [timer for timer in timers if timer.kind in _OF_CASES]),
    ):
        subjects = {timer.subject for timer in mine}
        if not subjects:
            continue
        these = {"ids": sorted(subjects)}
        locked = set(await lock.scalars(conn, these))
        busy = set()
        if len(locked) < len(subjects):  # locked by others, or not there any more
            busy = set(await find.scalars(conn, these)) - locked
        free += [timer.id for timer in mine if timer.subject not in busy]
    return free


_TAKE = Prepared(
    delete(t.timers)
    .where(
        t.timers.c.id.in_(bindparam("ids", expanding=True)), t.timers.c.due_at <= bindparam("b_now")
    )
    .returning(t.timers)
)


async def _take(conn: AsyncConnection, ids: Sequence[int], now: datetime) -> list[Timer]:
    """Take these timers out, as far as they are still there and still due."""
    rows = await _TAKE.rows(conn, {"ids": ids, "b_now": now})
    due = [Timer(row.id, row.kind, row.subject, row.due_at) for row in rows]
    return sorted(due, key=lambda timer: (timer.due_at, timer.id))


async def next_due(conn: AsyncConnection, kinds: Sequence[str] | None = None) -> datetime | None:
    """When the next timer fires; None when none is set."""
    if kinds is None:
        found = await _NEXT.scalars(conn)
    else:
        found = await _NEXT_OF.scalars(conn, {"kinds": list(kinds)})
    return found[0] if found else None
