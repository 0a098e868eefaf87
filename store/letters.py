"""Messages looked up again in the inbox: by id, or by the words somebody quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    desc,
    select,
    union_all,
    update,
)

from domain.messages import Inbound, Kind
from store import tables as t
from store.engine import Connection
from store.inbox import unpack
from store.prepared import Prepared

# How far back a quoted message is looked for, in messages of all chats; and in its own.
_BACK, _LOOK = 50_000, 500
_NEAR = 60  # what is said in a lively group within a few minutes


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the inbox, and the case it belongs to, if any."""

    id: int
    inbound: Inbound
    case: int | None


_COLUMNS = (t.inbox.c.id, t.inbox.c.body_json, t.inbox.c.case_id)


def _in_chats(limit: int, *more: ColumnElement[bool]) -> Prepared:
    """The messages of some chats before one of them, latest first.

    What is handled and what is not stand in an index each, so each is asked for by itself: what was
    said a moment ago may be of the same batch.
    """
    before = bindparam("b_before", type_=BigInteger())
    halves = [
        select(*_COLUMNS).where(
            state,
            t.inbox.c.conversation.in_(bindparam("b_conversations", expanding=True)),
            t.inbox.c.id < before,
            t.inbox.c.id > before - _BACK,
            *more,
        )
        for state in (t.inbox.c.handled_at.is_not(None), t.inbox.c.handled_at.is_(None))
    ]
    return Prepared(union_all(*halves).order_by(desc("id")).limit(limit))


_EARLIER = _in_chats(_LOOK)
_LATELY = _in_chats(
    _NEAR, t.inbox.c.received_at >= bindparam("b_since"), t.inbox.c.case_id.is_(None)
)


async def get(conn: Connection, letter: int) -> Kept | None:
    """One message by its id in the inbox."""
    result = await conn.execute(select(*_COLUMNS).where(t.inbox.c.id == letter))
    row = result.one_or_none()
    return _of(row) if row is not None else None


async def beginning(conn: Connection, conversation: str, words: str, before: int) -> Kept | None:
    """The latest message of a conversation, earlier than `before`, that begins with these words."""
    wanted = _bare(words)
    if not wanted:
        return None
    where = {"b_conversations": [conversation], "b_before": before}
    found = (_of(row) for row in await _EARLIER.rows(conn, where))
    return next((one for one in found if _said(one.inbound).startswith(wanted)), None)


async def just_said(
    conn: Connection, conversation: str, sender: str, since: datetime, before: int
) -> list[Inbound]:
    """What a person has said in a chat since then that belongs to no case, latest first."""
    where = {"b_conversations": [conversation], "b_before": before, "b_since": since}
    found = (_of(row).inbound for row in await _LATELY.rows(conn, where))
    return [one for one in found if one.sender == sender and one.kind is Kind.SAID]


async def said_in(
    conn: Connection, conversations: Sequence[str], words: str, before: int, *, whole: bool
) -> Kept | None:
    """The latest message in any of these conversations that begins with words somebody passes on.

    With `whole` it must be these words and no more.
    """
    wanted = _bare(words)
    if not wanted or not conversations:
        return None
    where = {"b_conversations": list(conversations), "b_before": before}
    found = (_of(row) for row in await _EARLIER.rows(conn, where))
    said = ((one, _said(one.inbound)) for one in found)
    fits = (one for one, text in said if (text == wanted if whole else text.startswith(wanted)))
    return next(fits, None)


async def belongs(conn: Connection, letter: int, case: int) -> None:
    """Note that a message has become part of a case after all."""
    await conn.execute(update(t.inbox).where(t.inbox.c.id == letter).values(case_id=case))


def _said(inbound: Inbound) -> str:
    return _bare(inbound.text) if inbound.kind is Kind.SAID else ""


def _bare(words: str) -> str:
    """The words without the spaces, the mention and the dots that platforms add or leave out."""
    parts = words.rstrip(" .…").split()
    return "".join(parts[1:] if len(parts) > 1 and parts[0].startswith("@") else parts)


def _of(row: Any) -> Kept:
    return Kept(row.id, unpack(row.body_json), row.case_id)
