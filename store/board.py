"""公示: what neighbours may read of the work, counts and nothing else (domain.md H9, I5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import case as when

from domain.case import WORKING, Satisfaction, Status
from store import tables as t
from store.engine import Connection

_C = t.cases.c
_NONE = (Status.REJECTED, Status.WITHDRAWN, Status.MERGED)  # never were work
_SATISFIED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)
_ANSWERED = (*_SATISFIED, Satisfaction.DISSATISFIED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases opened in a span: all, those in work now, those answered for, and those content."""

    opened: int
    working: int
    answered: int
    satisfied: int

    @property
    def finished(self) -> int:
        """How many are done with."""
        return self.opened - self.working


@dataclass(frozen=True, slots=True)
class Behind:
    """What supervisors watch: cases late, supervised, answered 不满意, handled again (I5)."""

    overdue: int
    supervised: int
    dissatisfied: int
    reopened: int


async def behind(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> Behind:
    """Count what went badly of the cases of these areas opened between two moments."""
    wanted = select(
        _number(_C.overdue),
        _number(_C.supervised),
        _number(_C.satisfaction == Satisfaction.DISSATISFIED.value),
        _number(_C.reopened > 0),
    ).where(_opened(areas, since, until))
    row = (await conn.execute(wanted)).one()
    return Behind(*(int(one) for one in row))


def _opened(areas: Sequence[str], since: datetime, until: datetime) -> ColumnElement[bool]:
    work = _C.status.not_in([one.value for one in _NONE])
    return _C.area.in_(areas) & (_C.opened_at >= since) & (_C.opened_at < until) & work


async def counts(
    conn: Connection, areas: Sequence[str], since: datetime, until: datetime
) -> Counts:
    """Count the cases of these areas that were opened between two moments."""
    wanted = select(
        func.count(),
        _number(_C.status.in_([one.value for one in WORKING])),
        _number(_C.satisfaction.in_([one.value for one in _ANSWERED])),
        _number(_C.satisfaction.in_([one.value for one in _SATISFIED])),
    ).where(_opened(areas, since, until))
    row = (await conn.execute(wanted)).one()
    return Counts(*(int(one) for one in row))


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(when((condition, 1), else_=0)), 0)
