"""Corrections by staff: labelled examples, from which the next model learns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, insert, select

from store import tables_advice as t
from store.engine import Connection
from store.plain import plain


@dataclass(frozen=True, slots=True)
class Correction:
    """A message and what it really was; `text` is masked already.

    `label` has role, intent, category and urgent as a training line has them; `before` is what the
    bot had taken it for. `case` is the case that was corrected or opened; `letter` the message in
    the inbox, where it is known.
    """

    at: datetime
    by: str
    text: str
    label: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    case: int = 0
    letter: int | None = None


async def add(conn: Connection, correction: Correction) -> None:
    """Keep a correction."""
    row = {
        "at": correction.at,
        "by": correction.by,
        "letter_id": correction.letter,
        "case_id": correction.case,
        "text": plain(correction.text),
        "label_json": orjson.dumps(dict(correction.label)).decode(),
        "before_json": orjson.dumps(dict(correction.before)).decode(),
    }
    await conn.execute(insert(t.corrections).values(row))


async def every(conn: Connection) -> list[Correction]:
    """All corrections, the oldest first."""
    result = await conn.execute(select(t.corrections).order_by(t.corrections.c.id))
    return [
        Correction(
            row.at,
            row.by,
            row.text,
            orjson.loads(row.label_json),
            orjson.loads(row.before_json),
            row.case_id,
            row.letter_id,
        )
        for row in result
    ]


async def forget(conn: Connection, case_id: int) -> None:
    """Drop what was kept about a case: its words were recalled."""
    await conn.execute(delete(t.corrections).where(t.corrections.c.case_id == case_id))
