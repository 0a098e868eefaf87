"""The activity log in the database."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from domain.activities import Activity, Amount
from domain.activity_rules import Kind
from store import tables_activities as t
from store.engine import Connection
from store.plain import plain

TIMER = "activity"
_A = t.activities.c
_LONG = 1_000  # characters of what somebody said
_LISTED = ("stages", "people", "absent")


async def add(conn: Connection, fresh: Activity, letter: int | None = None) -> Activity:
    """Write an entry down; returns it with its id."""
    data = {"amounts": [asdict(one) for one in fresh.amounts]}
    data |= {name: list(getattr(fresh, name)) for name in _LISTED}
    row = {
        "area": fresh.area,
        "kind": fresh.kind.value,
        "day": fresh.day,
        "at": fresh.at,
        "by": fresh.by,
        "words": plain(fresh.words)[:_LONG],
        "times": fresh.times,
        "data_json": orjson.dumps(data).decode(),
        "letter_id": letter,
        "back_by": "",
    }
    added = await conn.execute(insert(t.activities).values(row).returning(_A.id))
    return replace(fresh, id=added.scalar_one())


async def between(
    conn: Connection, areas: Sequence[str] | None, first: date, last: date
) -> list[Activity]:
    """The entries from a day to another, both included, that count; oldest first.

    `areas` None is everywhere.
    """
    wanted = select(t.activities).where(_A.day >= first, _A.day <= last, _A.back_by == "")
    if areas is not None:
        wanted = wanted.where(_A.area.in_(areas))
    rows = await conn.execute(wanted.order_by(_A.day, _A.id))
    return [_of(row) for row in rows]


async def get(conn: Connection, id_: int) -> Activity | None:
    """An entry that counts, by its number."""
    where = (_A.id == id_, _A.back_by == "")
    row = (await conn.execute(select(t.activities).where(*where))).one_or_none()
    return _of(row) if row is not None else None


async def last_of(conn: Connection, person: str) -> Activity | None:
    """The newest entry of somebody that counts."""
    wanted = select(t.activities).where(_A.by == person, _A.back_by == "")
    row = (await conn.execute(wanted.order_by(_A.id.desc()).limit(1))).one_or_none()
    return _of(row) if row is not None else None


async def take_back(conn: Connection, id_: int, by: str) -> None:
    """Let an entry count no more."""
    where = (_A.id == id_, _A.back_by == "")
    await conn.execute(update(t.activities).where(*where).values(back_by=by))


async def hide(conn: Connection, people: Sequence[str], words: str) -> None:
    """Forget an entry whose words were recalled: nobody counts what its writer took back."""
    where = (_A.by.in_(people), _A.words == plain(words)[:_LONG])
    gone = {"words": "", "data_json": "{}", "back_by": people[0] if people else ""}
    if words:
        await conn.execute(update(t.activities).where(*where).values(gone))


def _of(row: Any) -> Activity:
    data = orjson.loads(row.data_json)
    return Activity(
        id=row.id,
        area=row.area,
        kind=Kind(row.kind),
        day=row.day,
        at=row.at,
        by=row.by,
        words=row.words,
        times=row.times,
        amounts=tuple(Amount(**one) for one in data.get("amounts", ())),
        **{name: tuple(data.get(name, ())) for name in _LISTED},
    )
