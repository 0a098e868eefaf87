"""Hiding words that were taken back, wherever they were copied to."""

from typing import Any

import orjson
from sqlalchemy import select, update

from store import tables as t
from store.engine import Connection


async def hide(conn: Connection, case_id: int, words: str) -> None:
    """Take words out of a case, its timeline and what was or will be said about it.

    The lines of the timeline stay, with their time and kind: that something happened is a fact.
    A case that has ended takes no step any more; its own words go here.
    """
    if not words:
        return
    mine = t.cases.c.id == case_id
    kept = (await conn.execute(select(t.cases.c.words).where(mine))).scalar()
    if kept and words in kept:
        left = kept.replace(words, "").strip()
        await conn.execute(update(t.cases).where(mine).values(words=left))
    for table, column in ((t.events, t.events.c.data_json), (t.outbox, t.outbox.c.context_json)):
        result = await conn.execute(
            select(table.c.id, column.label("text")).where(table.c.case_id == case_id)
        )
        for row in result:
            text = orjson.dumps(_without(orjson.loads(row.text), words)).decode()
            if text != row.text:
                await conn.execute(
                    update(table).where(table.c.id == row.id).values({column.name: text})
                )


def _without(value: Any, words: str) -> Any:
    if isinstance(value, str):
        return value.replace(words, "").strip() if words in value else value
    if isinstance(value, dict):
        return {key: _without(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return value
