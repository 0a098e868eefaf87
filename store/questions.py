"""Open questions: what the bot asked somebody and still waits for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import tables as t
from store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of a person in a conversation, with what is needed to go on from there."""

    id: int
    conversation: str
    person: str
    kind: str
    asked_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


_OPEN_IN = Prepared(
    select(t.questions).where(
        t.questions.c.conversation.in_(bindparam("conversations", expanding=True))
    )
)
_OF_PEOPLE = select(t.questions).where(
    t.questions.c.person.in_(bindparam("people", expanding=True))
)
_ASK = Prepared(insert(t.questions).returning(t.questions.c.id))
_CLOSE = Prepared(
    delete(t.questions)
    .where(
        t.questions.c.conversation == bindparam("b_conversation"),
        t.questions.c.person == bindparam("b_person"),
    )
    .returning(t.questions.c.id)
)


_STOP = Prepared(
    delete(t.timers).where(
        t.timers.c.kind == "question", t.timers.c.subject.in_(bindparam("ids", expanding=True))
    )
)


async def open_in(
    conn: AsyncConnection, conversations: Iterable[str]
) -> dict[tuple[str, str], Question]:
    """The open questions of these conversations, by (conversation, person)."""
    rows = await _OPEN_IN.rows(conn, {"conversations": list(conversations)})
    found = (_of(row) for row in rows)
    return {(question.conversation, question.person): question for question in found}


async def of_people(conn: AsyncConnection, people: Iterable[str]) -> list[Question]:
    """What is being asked of these people, in whatever conversation."""
    result = await conn.execute(_OF_PEOPLE, {"people": list(people)})
    return [_of(row) for row in result]


async def get(conn: AsyncConnection, question_id: int) -> Question | None:
    """One question by id."""
    result = await conn.execute(select(t.questions).where(t.questions.c.id == question_id))
    row = result.one_or_none()
    return _of(row) if row is not None else None


async def ask(
    conn: AsyncConnection,
    conversation: str,
    person: str,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    first: bool = False,
) -> Question:
    """Open a question; one that was open there for the same person is forgotten.

    `first`: the caller knows that there is none.
    """
    if not first:
        await close(conn, conversation, person)
    row = {
        "conversation": conversation,
        "person": person,
        "kind": kind,
        "asked_at": now,
        "data_json": orjson.dumps(dict(data)).decode(),
    }
    [id_] = await _ASK.scalars(conn, row)
    return Question(id_, conversation, person, kind, now, data)


async def close(conn: AsyncConnection, conversation: str, person: str) -> bool:
    """Forget the question that is open there, and its timer; whether there was one."""
    ids = await _CLOSE.scalars(conn, {"b_conversation": conversation, "b_person": person})
    if ids:
        await _STOP.run(conn, [{"ids": ids}])
    return bool(ids)


def _of(row: Any) -> Question:
    return Question(
        row.id, row.conversation, row.person, row.kind, row.asked_at, orjson.loads(row.data_json)
    )
