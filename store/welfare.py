"""Care plans and their days: one row a day, so that it is asked for and raised once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from domain.welfare import CarePlan, Round, State
from store import tables_appointments as t
from store.engine import Connection, Store
from store.plain import plain
from store.tables_visits import visits
from store.upsert import upsert

_P, _R = t.care_plans.c, t.care_rounds.c
_OPEN = [State.DUE.value, State.RAISED.value, State.ACCEPTED.value, State.TOLD.value]


async def put(store: Store, conn: Connection, plan: CarePlan, now: datetime) -> CarePlan:
    """Write a plan down, or anew where its source has one; returns it with its id."""
    row = {
        "source": plan.source[:200],
        "area": plan.area,
        "subject": plain(plan.subject)[:200],
        "what": plain(plan.what)[:200],
        "helper": plan.helper,
        "days": plan.days,
        "at": plan.at,
        "active": plan.active,
        "since": now,
    }
    changed = {key: value for key, value in row.items() if key not in ("source", "since")}
    statement = upsert(store, t.care_plans).values(row)
    statement = statement.on_conflict_do_update(index_elements=["source"], set_=changed)
    added = await conn.execute(statement.returning(_P.id))
    return replace(plan, id=added.scalar_one())


async def stop(conn: Connection, ids: Iterable[int]) -> None:
    """Let plans rest: none of their days comes any more."""
    await conn.execute(update(t.care_plans).where(_P.id.in_(list(ids))).values(active=False))


async def plans(conn: Connection, areas: Sequence[str] | None = None) -> list[CarePlan]:
    """The plans that go on, everywhere or in these areas."""
    where = select(t.care_plans).where(_P.active).order_by(_P.id)
    if areas is not None:
        where = where.where(_P.area.in_(areas))
    return [_plan(row) for row in await conn.execute(where)]


async def open_day(store: Store, conn: Connection, plan: CarePlan, day: date) -> int | None:
    """Begin a day of a plan; None where it was begun already."""
    row = {"plan_id": plan.id, "day": day, "state": State.DUE.value, "by": ""}
    statement = upsert(store, t.care_rounds).values(row)
    statement = statement.on_conflict_do_nothing(index_elements=["plan_id", "day"])
    found: int | None = (await conn.execute(statement.returning(_R.id))).scalar()
    return found


async def get(conn: Connection, round_id: int) -> Round | None:
    """One day of a plan, locked."""
    where = _joined().where(_R.id == round_id).with_for_update(of=t.care_rounds)
    row = (await conn.execute(where)).one_or_none()
    return _round(row) if row is not None else None


async def open_of(conn: Connection, people: Sequence[str], day: date) -> list[Round]:
    """What these people still have to confirm of a day, the earliest first."""
    where = _joined().where(_P.helper.in_(people), _R.day == day, _R.state.in_(_OPEN))
    return [_round(row) for row in await conn.execute(where.order_by(_P.at, _R.id))]


async def open_for(conn: Connection, subjects: Sequence[str], day: date) -> list[Round]:
    """What is not confirmed yet of a day for these people themselves, the earliest first."""
    where = _joined().where(_P.subject.in_(subjects), _R.day == day, _R.state.in_(_OPEN))
    return [_round(row) for row in await conn.execute(where.order_by(_P.at, _R.id))]


async def looked_of(conn: Connection, people: Sequence[str], day: date) -> list[Round]:
    """What these people had to confirm of a day and somebody else has settled for them."""
    settled = _R.state == State.SETTLED.value
    where = _joined().where(_P.helper.in_(people), _R.day == day, settled)
    return [_round(row) for row in await conn.execute(where.order_by(_P.at, _R.id))]


async def to_look_after(conn: Connection, worker: str, day: date) -> list[Round]:
    """The days of plans this worker was sent to look after and nobody has, the earliest first."""
    mine = select(visits.c.id).where(visits.c.worker == worker)
    where = _joined().where(_R.day == day, _R.state.in_(_OPEN), _R.visit_id.in_(mine))
    return [_round(row) for row in await conn.execute(where.order_by(_P.at, _R.id))]


async def of_visit(conn: Connection, visit: int) -> Round | None:
    """The day of a plan whose look this visit is, locked; None for any other visit."""
    where = _joined().where(_R.visit_id == visit).with_for_update(of=t.care_rounds)
    row = (await conn.execute(where)).first()
    return _round(row) if row is not None else None


async def save(conn: Connection, one: Round, now: datetime) -> None:
    """Write down how a locked day stands."""
    values = {"state": one.state.value, "by": one.by, "at": now, "visit_id": one.visit or None}
    await conn.execute(update(t.care_rounds).where(_R.id == one.id).values(values))


def _joined() -> Any:
    mine = (_R.id.label("round_id"), _R.day, _R.state, _R.by, _R.visit_id)
    return select(t.care_plans, *mine).join(t.care_rounds, _R.plan_id == _P.id)


def _plan(row: Any) -> CarePlan:
    return CarePlan(
        row.id,
        row.source,
        row.area,
        row.subject,
        row.what,
        row.helper,
        row.days,
        row.at,
        row.active,
    )


def _round(row: Any) -> Round:
    return Round(row.round_id, _plan(row), row.day, State(row.state), row.by, row.visit_id or 0)
