"""Cases and their timeline in the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import WORKING, Case, Dues, Event, Mode, Satisfaction, Status
from domain.messages import Address
from domain.people import Level
from store import tables as t

_SAME = (
    "area intent category urgent words reporter assignee rules source opened_at building unit room "
    "floor place unverified result photos reporters reopened escalations extended supervised "
    "hazard urged overdue accepted_at arrived_at finished_at closed_at version"
).split()
_DUES = {
    "respond_soon": "respond_soon_at",
    "respond": "respond_due_at",
    "arrive": "arrive_due_at",
    "finish_soon": "finish_soon_at",
    "finish": "finish_due_at",
    "verify": "verify_due_at",
    "urge": "urge_at",
}
# Statements are made once: making one costs more than the database takes to run it.
_INSERT = insert(t.cases).returning(t.cases.c.id)
_SELECT = select(t.cases)
_GET = _SELECT.where(t.cases.c.id == bindparam("b_id")).with_for_update()
_SAVE = update(t.cases).where(
    t.cases.c.id == bindparam("b_id"), t.cases.c.version == bindparam("b_version")
)
_OF_ASSIGNEES = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None), t.cases.c.assignee.in_(bindparam("people", expanding=True))
    )
    .order_by(t.cases.c.id)
    .limit(100)
)
_WORKING_OF = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.assignee == bindparam("b_person"),
        t.cases.c.status.in_(bindparam("b_states", expanding=True)),
    )
    .order_by(t.cases.c.id)
    .with_for_update()
)
_ALIVE_OF = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.reporter.in_(bindparam("reporters", expanding=True)),
    )
    .order_by(t.cases.c.id.desc())
    .limit(500)
)


_RAISED = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.area.in_(bindparam("areas", expanding=True)),
        t.cases.c.status.in_(bindparam("b_states", expanding=True)),
        (t.cases.c.level == bindparam("b_level"))
        | (t.cases.c.urgent.is_(True) & t.cases.c.accepted_at.is_(None)),
    )
    .order_by(t.cases.c.id)
    .limit(100)
)


class Conflict(Exception):
    """Somebody else moved this case meanwhile; the transaction must be run again."""


def row_of(case: Case) -> dict[str, Any]:
    """A case as the columns of its table."""
    row: dict[str, Any] = {name: getattr(case, name) for name in _SAME}
    row |= {column: getattr(case.dues, name) for name, column in _DUES.items()}
    row |= {
        "status": case.status.value,
        "level": case.level.value,
        "mode": case.mode.value,
        "satisfaction": case.satisfaction.value,
        "reported_channel": case.reported_in.channel,
        "reported_chat": case.reported_in.chat,
        "reported_group": case.reported_in.group,
    }
    return row


def case_of(row: Row[Any]) -> Case:
    """The case in a row of its table."""
    got = row._mapping
    return Case(
        id=got["id"],
        status=Status(got["status"]),
        level=Level(got["level"]),
        mode=Mode(got["mode"]),
        satisfaction=Satisfaction(got["satisfaction"]),
        reported_in=Address(got["reported_channel"], got["reported_chat"], got["reported_group"]),
        dues=Dues(**{name: got[column] for name, column in _DUES.items()}),
        **{name: got[name] for name in _SAME},
    )


async def add(conn: AsyncConnection, case: Case) -> Case:
    """Store a new case; returns it with its id."""
    result = await conn.execute(_INSERT, row_of(case))
    return replace(case, id=result.scalar_one())


async def save(conn: AsyncConnection, case: Case) -> None:
    """Store a moved case. Raises Conflict when it was moved by somebody else meanwhile."""
    where = {"b_id": case.id, "b_version": case.version - 1}
    result = await conn.execute(_SAVE, row_of(case) | where)
    if result.rowcount != 1:
        raise Conflict(case.number)


async def get(conn: AsyncConnection, case_id: int) -> Case | None:
    """One case, locked until the transaction ends."""
    result = await conn.execute(_GET, {"b_id": case_id})
    row = result.one_or_none()
    return case_of(row) if row is not None else None


async def of_assignees(conn: AsyncConnection, people: Sequence[str]) -> list[Case]:
    """The cases still alive in the hands of any of these people, oldest first."""
    result = await conn.execute(_OF_ASSIGNEES, {"people": list(people)})
    return [case_of(row) for row in result]


async def working_of(conn: AsyncConnection, person: str) -> list[Case]:
    """The cases somebody still has to work on, oldest first, locked until the transaction ends."""
    result = await conn.execute(_WORKING_OF, {"b_person": person, "b_states": list(WORKING)})
    return [case_of(row) for row in result]


async def raised_to(conn: AsyncConnection, level: Level, areas: Sequence[str]) -> list[Case]:
    """What a desk of this level over these areas was told of and somebody still works on.

    The cases that came up to its level, and the emergencies nobody has accepted; oldest first,
    not locked.
    """
    states = [status.value for status in WORKING]
    where = {"b_level": level.value, "areas": list(areas), "b_states": states}
    result = await conn.execute(_RAISED, where)
    return [case_of(row) for row in result]


_STATUSES = select(t.cases.c.id, t.cases.c.status).where(
    t.cases.c.id.in_(bindparam("ids", expanding=True))
)


async def statuses(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, str]:
    """How these cases stand now."""
    found = await conn.execute(_STATUSES, {"ids": sorted(ids)}) if ids else ()
    return {row.id: row.status for row in found}


async def of_reporter(conn: AsyncConnection, reporter: str, limit: int = 20) -> list[Case]:
    """The last cases this person reported, alone or with neighbours, newest first."""
    result = await conn.execute(
        _SELECT.where(
            (t.cases.c.reporter == reporter)
            | t.cases.c.id.in_(
                select(t.reporters.c.case_id).where(t.reporters.c.person == reporter)
            )
        )
        .order_by(t.cases.c.id.desc())
        .limit(limit)
    )
    return [case_of(row) for row in result]


_NEAR = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.area == bindparam("b_area"),
        t.cases.c.building == bindparam("b_building"),
        t.cases.c.opened_at >= bindparam("b_since"),
    )
    .order_by(t.cases.c.opened_at.desc())
    .limit(100)
)


async def alive_at(conn: AsyncConnection, area: str, building: str, since: datetime) -> list[Case]:
    """The cases at a building opened since then that have not ended, newest first; not locked.

    With "" those of the area that are at no building.
    """
    where = {"b_area": area, "b_building": building, "b_since": since}
    result = await conn.execute(_NEAR, where)
    return [case_of(row) for row in result]


_HERE = (
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.area == bindparam("b_area"),
        t.cases.c.opened_at >= bindparam("b_since"),
        t.cases.c.reported_channel == bindparam("b_channel"),
        t.cases.c.reported_chat == bindparam("b_chat"),
    )
    .order_by(t.cases.c.opened_at.desc(), t.cases.c.id.desc())
    .limit(20)
)


async def reported_here(
    conn: AsyncConnection, area: str, here: Address, since: datetime
) -> list[Case]:
    """The cases of an area reported in this chat since then, still alive, newest first."""
    where = {"b_area": area, "b_since": since, "b_channel": here.channel, "b_chat": here.chat}
    return [case_of(row) for row in await conn.execute(_HERE, where)]


async def alive_of(conn: AsyncConnection, reporters: Sequence[str]) -> dict[str, list[Case]]:
    """The cases of these reporters that have not ended, newest first; not locked."""
    if not reporters:
        return {}
    result = await conn.execute(_ALIVE_OF, {"reporters": list(reporters)})
    found: dict[str, list[Case]] = {}
    for row in result:
        case = case_of(row)
        found.setdefault(case.reporter, []).append(case)
    return found


def event_row(event: Event) -> dict[str, Any]:
    """An event as the columns of its table."""
    return {
        "case_id": event.case,
        "version": event.version,
        "at": event.at,
        "kind": event.kind,
        "by": event.by,
        "data_json": orjson.dumps(dict(event.data)).decode(),
    }


async def timeline(conn: AsyncConnection, case_id: int) -> list[Event]:
    """Everything that happened to a case, in order."""
    result = await conn.execute(
        select(t.events).where(t.events.c.case_id == case_id).order_by(t.events.c.version)
    )
    return [
        Event(row.case_id, row.version, row.at, row.kind, row.by, orjson.loads(row.data_json))
        for row in result
    ]
