"""What was said of the items of inspection rounds, read from the log of visits (F17)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import select

from domain.checklist import Item, Mark, State
from domain.visits import Visit, VisitKind, VisitStatus
from store import tables_visits as t
from store import visits
from store.engine import Connection

CHECKED = "checked"  # an event of a round that goes on; the last one is its "done"
_TOLD = (CHECKED, "done")
_E = t.visit_events.c
_V = t.visits.c


@dataclass(frozen=True, slots=True)
class Check:
    """One message about the items of a round, and the number of the case that came of it, or ""."""

    id: int
    visit: int
    by: str
    at: datetime
    letter: int
    letters: tuple[int, ...]
    words: str
    finding: str
    marks: Mapping[Item, Mark]
    case: str = ""


def data_of(marks: Mapping[Item, Mark]) -> list[list[str]]:
    """Marks as plain JSON."""
    return [[*item, mark.state.value, mark.words] for item, mark in marks.items()]


def standing(checks: Iterable[Check]) -> dict[Item, Mark]:
    """What is known of each item: the last word counts."""
    found: dict[Item, Mark] = {}
    for one in checks:
        found |= one.marks
    return found


async def of_visits(conn: Connection, ids: Sequence[int]) -> dict[int, list[Check]]:
    """What was said of these rounds, in order; without what was taken back."""
    found: dict[int, list[Check]] = {one: [] for one in ids}
    wanted = select(t.visit_events).where(_E.visit_id.in_(ids)).order_by(_E.id)
    for row in await conn.execute(wanted):
        _take(found[row.visit_id], row)
    return found


def _take(checks: list[Check], row: Any) -> None:
    """One event more of a round."""
    data = orjson.loads(row.data_json)
    if row.kind == "taken_back" and checks:
        checks.pop()
    elif row.kind == "photo" and checks:  # sent after the words
        checks[-1] = replace(checks[-1], letters=(*checks[-1].letters, *data["letters"]))
    elif row.kind == "case" and "check" in data:
        filed = str(data["case"])
        checks[:] = [replace(one, case=filed) if one.id == data["check"] else one for one in checks]
    elif row.kind in _TOLD and "items" in data:
        marks = {(unit, floor): Mark(State(how), said) for unit, floor, how, said in data["items"]}
        checks.append(
            Check(
                id=row.id,
                visit=row.visit_id,
                by=row.by,
                at=row.at,
                letter=data["letter"],
                letters=tuple(data["letters"]),
                words=data["words"],
                finding=data["finding"],
                marks=marks,
            )
        )


async def last_of(conn: Connection, person: str, since: datetime) -> list[Check]:
    """What somebody's newest message about rounds since then told, one for each place.

    Empty when it was taken back.
    """
    rows = await conn.execute(
        select(_E.visit_id, _E.data_json)
        .where(_E.by == person, _E.at >= since, _E.kind.in_(_TOLD))
        .order_by(_E.id.desc())
    )
    told = [(row.visit_id, orjson.loads(row.data_json)) for row in rows]
    rounds = [(visit, data["letter"]) for visit, data in told if "items" in data]
    if not rounds:
        return []
    newest = rounds[0][1]
    ids = sorted({visit for visit, letter in rounds if letter == newest})
    checks = await of_visits(conn, ids)
    return [one for mine in checks.values() for one in mine if one.letter == newest]


async def rounds(conn: Connection, areas: Sequence[str], day: date) -> list[Visit]:
    """The inspection rounds of these areas whose period holds a day, made or not."""
    found = await visits.find(
        conn,
        _V.area.in_(areas),
        _V.first <= day,
        _V.last >= day,
        _V.kind == VisitKind.CAMPAIGN.value,
        _V.status != VisitStatus.CANCELLED.value,
    )
    return [one for one in found if one.reason.get("part")]
