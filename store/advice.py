"""Second opinions: which messages wait for one, what it said, and how many a month has had.

A message that waits holds its conversation back until `until` and no longer: what is not answered
by then is handled without, so a dead process delays nobody further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Inbound
from store import tables as t
from store import tables_advice as a
from store.engine import Store
from store.inbox import unpack
from store.upsert import upsert

_KEPT = timedelta(days=1)  # rows of messages that were given up
# A conversation may be held back for another reason since: a message that failed.
_HELD_FOR_IT = t.conversations.c.held_until == a.advice.c.until


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message to ask about, before `until`."""

    letter: int
    conversation: str
    until: datetime
    inbound: Inbound


async def want(conn: AsyncConnection, letter: int, conversation: str, until: datetime) -> None:
    """Note that a message waits for an opinion, and hold its conversation back."""
    row = {"letter": letter, "conversation": conversation, "until": until, "taken": False}
    await conn.execute(insert(a.advice).values(row))
    await conn.execute(
        update(t.conversations)
        .where(t.conversations.c.key == conversation)
        .values(held_until=until)
    )


async def given(conn: AsyncConnection, letters: Sequence[int]) -> dict[int, str]:
    """Those of these messages that an opinion was wanted on, with it; "" where none came."""
    result = await conn.execute(
        select(a.advice.c.letter, a.advice.c.answer_json).where(a.advice.c.letter.in_(letters))
    )
    return {row.letter: row.answer_json or "" for row in result}


async def forget(conn: AsyncConnection, letter: int) -> None:
    """Drop what was kept for a message that is being handled; a late answer finds nothing."""
    await conn.execute(delete(a.advice).where(a.advice.c.letter == letter))


async def overtake(conn: AsyncConnection) -> None:
    """Free conversations in which somebody has gone on talking: nobody waits behind a question."""
    behind = exists().where(
        t.inbox.c.conversation == a.advice.c.conversation,
        t.inbox.c.id > a.advice.c.letter,
        t.inbox.c.handled_at.is_(None),
    )
    held = (
        select(t.conversations.c.key)
        .join(a.advice, a.advice.c.conversation == t.conversations.c.key)
        .where(a.advice.c.answer_json.is_(None), _HELD_FOR_IT, behind)
        .with_for_update(of=t.conversations, skip_locked=True)
    )
    free = update(t.conversations).where(t.conversations.c.key.in_(held)).values(held_until=None)
    await conn.execute(free)


async def waiting(conn: AsyncConnection, now: datetime) -> bool:
    """Whether somebody should be asked."""
    result = await conn.execute(
        select(a.advice.c.letter)
        .where(a.advice.c.taken.is_(False), a.advice.c.until > now)
        .limit(1)
    )
    return result.first() is not None


async def take(conn: AsyncConnection, now: datetime, limit: int) -> list[Wanted]:
    """The next messages to ask about; no other process gets them."""
    await conn.execute(delete(a.advice).where(a.advice.c.until < now - _KEPT))
    result = await conn.execute(
        select(a.advice.c.letter, a.advice.c.conversation, a.advice.c.until, t.inbox.c.body_json)
        .join(t.inbox, t.inbox.c.id == a.advice.c.letter)
        .where(a.advice.c.taken.is_(False), a.advice.c.until > now)
        .order_by(a.advice.c.letter)
        .limit(limit)
        .with_for_update(of=a.advice, skip_locked=True)
    )
    found = [
        Wanted(row.letter, row.conversation, row.until, unpack(row.body_json)) for row in result
    ]
    letters = [one.letter for one in found]
    await conn.execute(update(a.advice).where(a.advice.c.letter.in_(letters)).values(taken=True))
    return found


async def settle(conn: AsyncConnection, one: Wanted, answer: str) -> bool:
    """Keep an answer and free the conversation; False when it was handled without meanwhile."""
    kept = await conn.execute(
        update(a.advice).where(a.advice.c.letter == one.letter).values(answer_json=answer)
    )
    if not kept.rowcount:
        return False
    held = t.conversations.c.held_until == one.until
    await conn.execute(
        update(t.conversations)
        .where(t.conversations.c.key == one.conversation, held)
        .values(held_until=None)
    )
    return True


async def spend(store: Store, conn: AsyncConnection, month: str, budget: int) -> bool:
    """Count one request of a month; False, and nothing counted, when its budget is spent."""
    if budget <= 0:
        return False
    months = a.advice_months
    statement = (
        upsert(store, months)
        .values(month=month, asked=1, tokens=0)
        .on_conflict_do_update(
            index_elements=["month"],
            set_={"asked": months.c.asked + 1},
            where=months.c.asked < budget,
        )
        .returning(months.c.asked)
    )
    return (await conn.execute(statement)).scalar_one_or_none() is not None


async def add_tokens(conn: AsyncConnection, month: str, tokens: int) -> None:
    """Count what the endpoint says a request took."""
    months = a.advice_months
    await conn.execute(
        update(months).where(months.c.month == month).values(tokens=months.c.tokens + tokens)
    )


async def spent(conn: AsyncConnection, month: str) -> tuple[int, int]:
    """The requests and the tokens of a month so far."""
    months = a.advice_months
    result = await conn.execute(
        select(months.c.asked, months.c.tokens).where(months.c.month == month)
    )
    row = result.one_or_none()
    return (row.asked, row.tokens) if row is not None else (0, 0)
