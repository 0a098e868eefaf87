"""Cases and their timeline in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Integer, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import WORKING, Case, Dues, Event, Mode, Satisfaction, Status
from domain.messages import Address
from domain.people import Level
from store import tables as t
from store.prepared import Prepared

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
_same_in, _dues_in = attrgetter(*_SAME), attrgetter(*_DUES.values())
# Statements are made once: making one costs more than the database takes to run it.
_INSERT = Prepared(insert(t.cases).returning(t.cases.c.id))
_SELECT = select(t.cases)
_GET = Prepared(_SELECT.where(t.cases.c.id == bindparam("b_id")).with_for_update())
_SAVE = Prepared(
    update(t.cases).where(
        t.cases.c.id == bindparam("b_id"), t.cases.c.version == bindparam("b_version")
    )
)
_OF_ASSIGNEES = Prepared(
    _SELECT.where(
        t.cases.c.closed_at.is_(None), t.cases.c.assignee.in_(bindparam("people", expanding=True))
    )
    .order_by(t.cases.c.id)
    .limit(100)
)
_WORKING_OF = Prepared(
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.assignee == bindparam("b_person"),
        t.cases.c.status.in_(bindparam("b_states", expanding=True)),
    )
    .order_by(t.cases.c.id)
    .with_for_update()
)
_ALIVE_OF = Prepared(
    _SELECT.where(
        t.cases.c.closed_at.is_(None),
        t.cases.c.reporter.in_(bindparam("reporters", expanding=True)),
    )
    .order_by(t.cases.c.id.desc())
    .limit(500)
)


_RAISED = Prepared(
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
    row: dict[str, Any] = dict(zip(_SAME, _same_in(case), strict=True))
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


def case_of(row: Any) -> Case:
    """The case in a row of its table."""
    return Case(
        id=row.id,
        status=Status(row.status),
        level=Level(row.level),
        mode=Mode(row.mode),
        satisfaction=Satisfaction(row.satisfaction),
        reported_in=Address(row.reported_channel, row.reported_chat, row.reported_group),
        dues=Dues(**dict(zip(_DUES, _dues_in(row), strict=True))),
        **dict(zip(_SAME, _same_in(row), strict=True)),
    )


async def add(conn: AsyncConnection, case: Case) -> Case:
    """Store a new case; returns it with its id."""
    [id_] = await _INSERT.scalars(conn, row_of(case))
    return replace(case, id=id_)


async def save(conn: AsyncConnection, case: Case) -> None:
    """Store a moved case. Raises Conflict when it was moved by somebody else meanwhile."""
    where = {"b_id": case.id, "b_version": case.version - 1}
    if await _SAVE.run(conn, [row_of(case) | where]) != 1:
        raise Conflict(case.number)


async def get(conn: AsyncConnection, case_id: int) -> Case | None:
    """One case, locked until the transaction ends."""
    rows = await _GET.rows(conn, {"b_id": case_id})
    return case_of(rows[0]) if rows else None


async def of_assignees(conn: AsyncConnection, people: Sequence[str]) -> list[Case]:
    """The cases still alive in the hands of any of these people, oldest first."""
    rows = await _OF_ASSIGNEES.rows(conn, {"people": list(people)})
    return [case_of(row) for row in rows]


async def working_of(conn: AsyncConnection, person: str) -> list[Case]:
    """The cases somebody still has to work on, oldest first, locked until the transaction ends."""
    rows = await _WORKING_OF.rows(conn, {"b_person": person, "b_states": list(WORKING)})
    return [case_of(row) for row in rows]


async def raised_to(conn: AsyncConnection, level: Level, areas: Sequence[str]) -> list[Case]:
    """What a desk of this level over these areas was told of and somebody still works on.

    The cases that came up to its level, and the emergencies nobody has accepted; oldest first,
    not locked.
    """
    states = [status.value for status in WORKING]
    where = {"b_level": level.value, "areas": list(areas), "b_states": states}
    return [case_of(row) for row in await _RAISED.rows(conn, where)]


_STATUSES = Prepared(
    select(t.cases.c.id, t.cases.c.status).where(t.cases.c.id.in_(bindparam("ids", expanding=True)))
)


async def statuses(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, str]:
    """How these cases stand now."""
    found = await _STATUSES.rows(conn, {"ids": sorted(ids)}) if ids else ()
    return {row.id: row.status for row in found}


_OF_REPORTER = Prepared(
    _SELECT.where(
        (t.cases.c.reporter == bindparam("b_person"))
        | t.cases.c.id.in_(
            select(t.reporters.c.case_id).where(t.reporters.c.person == bindparam("b_person"))
        )
    )
    .order_by(t.cases.c.id.desc())
    .limit(bindparam("b_limit", type_=Integer()))
)


async def of_reporter(conn: AsyncConnection, reporter: str, limit: int = 20) -> list[Case]:
    """The last cases this person reported, alone or with neighbours, newest first."""
    rows = await _OF_REPORTER.rows(conn, {"b_person": reporter, "b_limit": limit})
    return [case_of(row) for row in rows]


_NEAR = Prepared(
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
    return [case_of(row) for row in await _NEAR.rows(conn, where)]


_HERE = Prepared(
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
    return [case_of(row) for row in await _HERE.rows(conn, where)]


async def alive_of(conn: AsyncConnection, reporters: Sequence[str]) -> dict[str, list[Case]]:
    """The cases of these reporters that have not ended, newest first; not locked."""
    if not reporters:
        return {}
    found: dict[str, list[Case]] = {}
    for row in await _ALIVE_OF.rows(conn, {"reporters": list(reporters)}):
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


_NOTE = Prepared(insert(t.events))


async def note(conn: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put events, as `event_row` gives them, into the histories of their cases."""
    if rows:
        await _NOTE.run(conn, rows)


async def timeline(conn: AsyncConnection, case_id: int) -> list[Event]:
    """Everything that happened to a case, in order."""
    result = await conn.execute(
        select(t.events).where(t.events.c.case_id == case_id).order_by(t.events.c.version)
    )
    return [
        Event(row.case_id, row.version, row.at, row.kind, row.by, orjson.loads(row.data_json))
        for row in result
    ]
