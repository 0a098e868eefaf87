"""The reporters of a case that several neighbours reported: each in one row, the first as well."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import Case, Satisfaction
from domain.intake import Report
from domain.messages import Address
from domain.reporters import Reporter
from store import tables as t
from store.cases import case_of
from store.engine import Store
from store.prepared import Prepared
from store.upsert import upsert

_PEOPLE: Any = bindparam("people", expanding=True)
_ALIVE = Prepared(
    select(t.reporters, t.cases)
    .join(t.cases, t.cases.c.id == t.reporters.c.case_id)
    .where(
        t.reporters.c.person.in_(_PEOPLE),
        t.cases.c.closed_at.is_(None),
        t.cases.c.reporter != t.reporters.c.person,
    )
    .order_by(t.reporters.c.since)
    .limit(500)
)
_OF_CASE = Prepared(
    select(t.reporters)
    .where(t.reporters.c.case_id == bindparam("b_case"))
    .order_by(t.reporters.c.since, t.reporters.c.person)
)


def first(case: Case) -> Reporter:
    """The one a case was opened for, as one of its reporters."""
    return Reporter(case.reporter, case.reported_in, case.opened_at)


async def add(store: Store, conn: AsyncConnection, case: Case, joining: Reporter) -> None:
    """Note that somebody joins a case; with the second reporter the first gets his row too."""
    rows = [_row(case.id, first(case)), _row(case.id, joining)]
    await conn.execute(upsert(store, t.reporters).on_conflict_do_nothing(), rows)


async def of_case(conn: AsyncConnection, case_id: int) -> list[Reporter]:
    """All reporters of a case, the earliest first; empty where only one ever reported it."""
    return [_of(row) for row in await _OF_CASE.rows(conn, {"b_case": case_id})]


async def is_one(conn: AsyncConnection, case: Case, *ids: str) -> bool:
    """Whether somebody with these ids reported this case: as the first, or as one who joined."""
    if case.reporter in ids:
        return True
    return any(one.person in ids for one in await of_case(conn, case.id))


async def alive_of(conn: AsyncConnection, people: Sequence[str]) -> list[tuple[Reporter, Case]]:
    """The cases that have not ended which these people joined, the oldest joining first."""
    if not people:
        return []
    rows = await _ALIVE.rows(conn, {"people": list(people)})
    return [(_of(row), case_of(row)) for row in rows]


async def answered(conn: AsyncConnection, case_id: int, person: str, answer: Satisfaction) -> None:
    """Keep one reporter's answer to the question whether it was done."""
    await conn.execute(
        update(t.reporters)
        .where(t.reporters.c.case_id == case_id, t.reporters.c.person == person)
        .values(answer=answer.value)
    )


async def ask_anew(conn: AsyncConnection, case_id: int) -> None:
    """Forget the answers to an earlier 办结: all are asked again."""
    await conn.execute(
        update(t.reporters)
        .where(t.reporters.c.case_id == case_id)
        .values(answer=Satisfaction.NONE.value)
    )


async def remove(conn: AsyncConnection, case_id: int, person: str) -> None:
    """Forget that somebody reported a case."""
    await conn.execute(
        delete(t.reporters).where(t.reporters.c.case_id == case_id, t.reporters.c.person == person)
    )


async def hide(conn: AsyncConnection, case_id: int, words: str) -> None:
    """Take words that were recalled out of what neighbours said before they joined."""
    for one in await of_case(conn, case_id) if words else ():
        if one.report is None or words not in one.report.words:
            continue
        kept = replace(one.report, words=one.report.words.replace(words, "").strip())
        await conn.execute(
            update(t.reporters)
            .where(t.reporters.c.case_id == case_id, t.reporters.c.person == one.person)
            .values(report_json=_packed(kept))
        )


def _row(case_id: int, one: Reporter) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "person": one.person,
        "channel": one.address.channel,
        "chat": one.address.chat,
        "is_group": one.address.group,
        "since": one.since,
        "answer": one.answer.value,
        "report_json": _packed(one.report),
    }


def _packed(report: Report | None) -> str:
    return orjson.dumps(report.to_json() if report is not None else None).decode()


def _of(row: Any) -> Reporter:
    report = orjson.loads(row.report_json)
    return Reporter(
        row.person,
        Address(row.channel, row.chat, row.is_group),
        row.since,
        Satisfaction(row.answer),
        Report.from_json(report) if report is not None else None,
    )
