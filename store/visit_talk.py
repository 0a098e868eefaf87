"""What somebody said of visits lately, as the log has it: where a picture of his belongs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from store import tables_visits as t
from store.engine import Connection

# What his words came to. A patrol that another visit stands for is logged with its `because`.
_HEARD = "done extra checked absent twice not_yours future past unknown which".split()
_E = t.visit_events.c


@dataclass(frozen=True, slots=True)
class Told:
    """What some words came to: how, with which visit (None: none), and the rest of the log."""

    how: str
    visit: int | None
    data: Mapping[str, Any]
    at: datetime


async def last_told(conn: Connection, person: str, since: datetime) -> Told | None:
    """What his newest words since then came to; None where he said nothing, or took it back."""
    rows = await conn.execute(
        select(t.visit_events)
        .where(_E.by == person, _E.at >= since, _E.kind.in_([*_HEARD, "taken_back"]))
        .order_by(_E.id.desc())
    )
    for row in rows:
        data = orjson.loads(row.data_json)
        if row.kind == "taken_back":
            return None
        if "because" not in data:
            return Told(row.kind, row.visit_id or data.get("visit"), data, row.at)
    return None


async def letters_told(conn: Connection, person: str, since: datetime) -> set[int]:
    """The messages of his since then whose pictures belong to something he said."""
    rows = await conn.execute(
        select(_E.visit_id, _E.kind, _E.data_json)
        .where(_E.by == person, _E.at >= since)
        .order_by(_E.id)
    )
    found: dict[int | None, set[int]] = {}
    for row in rows:
        data = orjson.loads(row.data_json)
        mine = found.setdefault(row.visit_id, set())
        if data.get("back"):  # they may be said of another place now
            mine.clear()
        mine.update(data.get("letters", ()))
    return set().union(*found.values())
