"""Hiding words that were taken back, wherever they were copied to."""

from collections.abc import Iterable, Sequence
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


async def unsay(conn: Connection, templates: Sequence[str], words: Iterable[str]) -> None:
    """Take words out of what was or will be said with these templates, about no case."""
    o = t.outbox.c
    said = select(o.id, o.context_json).where(o.template.in_(templates), o.case_id.is_(None))
    gone = [one for one in words if one]
    for row in await conn.execute(said) if gone else ():
        value = orjson.loads(row.context_json)
        for one in gone:
            value = _without(value, one)
        text = orjson.dumps(value).decode()
        if text != row.context_json:
            await conn.execute(update(t.outbox).where(o.id == row.id).values(context_json=text))


def _without(value: Any, words: str) -> Any:
    if isinstance(value, str):
        return value.replace(words, "").strip() if words in value else value
    if isinstance(value, dict):
        return {key: _without(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return value
