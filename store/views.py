"""Flat rows for pages, ledgers and machines: reads that skip the domain."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import WORKING, id_of
from domain.workdays import TZ
from store import tables as t
from store.cases import case_of

# What stands in a case's place while nobody knows it yet (issue: marked 位置待核实).
UNVERIFIED = "位置待核实"

Row = dict[str, str]


async def case_rows(conn: AsyncConnection, *, since: int = 0, limit: int = 10_000) -> list[Row]:
    """Cases with an id above `since`, oldest first: `number` and the fields of a dialogue file."""
    result = await conn.execute(
        select(t.cases).where(t.cases.c.id > since).order_by(t.cases.c.id).limit(limit)
    )
    return [_case_row(row) for row in result]


async def newest_cases(conn: AsyncConnection, limit: int = 200) -> list[Row]:
    """The newest cases, newest first, for a page."""
    result = await conn.execute(select(t.cases).order_by(t.cases.c.id.desc()).limit(limit))
    return [_case_row(row) for row in result]


_COUNTS = ("reporters", "photos", "reopened", "escalations", "urged")
_FLAGS = ("urgent", "supervised", "overdue")


def for_machines(row: Row) -> dict[str, str | int | bool | None]:
    """A row with the types of JSON: counts are numbers, flags booleans, an empty field null."""
    typed: dict[str, str | int | bool | None] = {
        key: None if value == "-" else value for key, value in row.items()
    }
    typed |= {key: int(row[key]) for key in _COUNTS}
    return typed | {key: row[key] == "true" for key in _FLAGS}


def id_of_row(row: Row) -> int:
    """The id behind a row, to go on from."""
    return id_of(row["number"])


def local(moment: datetime | None) -> str:
    """A moment as people here read it: 2026-11-24 11:00 in Shanghai; "-" for none."""
    return moment.astimezone(TZ).strftime("%Y-%m-%d %H:%M") if moment is not None else "-"


def _case_row(row: Any) -> Row:
    case = case_of(row)
    clocks = (case.dues.respond, case.dues.arrive, case.dues.finish)
    next_due = min((due for due in clocks if due is not None), default=None)
    return {
        "number": case.number,
        "status": case.status.value,
        "level": case.level.value,
        "mode": case.mode.value,
        "category": case.category or "-",
        "urgent": _flag(case.urgent),
        "place": UNVERIFIED if case.unverified else case.place or "-",
        "building": case.building or "-",
        "unit": case.unit or "-",
        "room": case.room or "-",
        "assignee": case.assignee or "-",
        "reporters": str(case.reporters),
        "reopened": str(case.reopened),
        "supervised": _flag(case.supervised),
        "satisfaction": case.satisfaction.value,
        "due": local(case.dues.finish),
        "escalations": str(case.escalations),
        "extended": str(case.extended),
        "overdue": _flag(case.overdue),
        "source": case.source,
        "merged_into": "-",
        "photos": str(case.photos),
        "duplicate_of": "-",
        "hazard": case.hazard or "-",
        "urged": str(case.urged),
        "area": case.area,
        "intent": case.intent,
        "floor": case.floor or "-",
        "rules": case.rules,
        "opened": case.opened_at.astimezone(TZ).isoformat(),
        "next_due": next_due.astimezone(TZ).isoformat()
        if next_due and case.status in WORKING
        else "-",
        "words": case.words,
        "result": case.result or "-",
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"
