"""Notices as stored: the drafts, where each goes, who answered, and what came of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address
from domain.notices import LOOP_SPAN, Audience, Notice, Status
from store import tables as t
from store import tables_channels as c
from store import tables_notices as n
from store.engine import Store
from store.upsert import upsert

_PART = 400  # rows of one statement: SQLite takes a limited number of values
_LATELY = 20_000  # no process says more in five minutes
# A literal: SQLite uses a partial index only where a query says its condition word for word.
_MERGED = text("notice_targets.state = 'merged'")


@dataclass(frozen=True, slots=True)
class Target:
    """One place a notice goes to: a group, or a `person` (then `address` may be empty).

    `state` is queued, merged (it waits for the day's list), listed, or dropped.
    """

    once: str
    address: Address
    person: str = ""
    area: str = ""
    name: str = ""
    state: str = "queued"
    notice: int = 0


async def add(store: Store, conn: AsyncConnection, values: Mapping[str, Any]) -> int | None:
    """Keep a notice; None where one stands under its key already: somebody else was first."""
    insertion = upsert(store, n.notices)
    done = insertion.on_conflict_do_nothing(index_elements=["key"]).returning(n.notices.c.id)
    return (await conn.execute(done, dict(values))).scalar_one_or_none()


def row_of(notice: Notice) -> dict[str, Any]:
    """A notice as the columns of its table, but for its id."""
    return {
        "key": notice.key,
        "author": notice.author,
        "audience_json": orjson.dumps(notice.audience.to_json()).decode(),
        "words": notice.words,
        "ready": notice.ready,
        "urgent": notice.urgent,
        "receipts": notice.receipts,
        "visit": notice.visit,
        "status": notice.status.value,
        "rhythm": notice.rhythm,
        "created_at": notice.created_at,
        "due_at": notice.due_at,
        "valid_seconds": int(notice.valid.total_seconds()),
        "approver": notice.approver,
        "approved_by": notice.approved_by,
        "approved_at": notice.approved_at,
        "corrects": notice.corrects,
        "parent": notice.parent,
    }


async def get(conn: AsyncConnection, notice_id: int, *, lock: bool = False) -> Notice | None:
    """One notice; with `lock` nobody else changes it until the commit."""
    statement = select(n.notices).where(n.notices.c.id == notice_id)
    found = await conn.execute(statement.with_for_update() if lock else statement)
    row = found.one_or_none()
    return notice_of(row) if row is not None else None


async def by_key(conn: AsyncConnection, key: str) -> Notice | None:
    """The notice under a key."""
    row = (await conn.execute(select(n.notices).where(n.notices.c.key == key))).one_or_none()
    return notice_of(row) if row is not None else None


# Made once: making it costs more than the database takes to run it.
_SAVE = update(n.notices).where(n.notices.c.id == bindparam("b_id"))


async def save(conn: AsyncConnection, notice: Notice) -> None:
    """Write a notice back."""
    await conn.execute(_SAVE, row_of(notice) | {"b_id": notice.id})


async def of_person(
    conn: AsyncConnection, person: str, statuses: Sequence[Status] = (), limit: int = 20
) -> list[Notice]:
    """The notices somebody wrote, has to approve or approved, newest first."""
    where = (
        (n.notices.c.author == person)
        | (n.notices.c.approver == person)
        | (n.notices.c.approved_by == person)
    )
    return await _read(conn, select(n.notices).where(where), statuses, limit)


async def latest(
    conn: AsyncConnection, statuses: Sequence[Status] = (), limit: int = 20
) -> list[Notice]:
    """The newest notices of everybody."""
    return await _read(conn, select(n.notices), statuses, limit)


async def last_round(conn: AsyncConnection, notice: int) -> Notice | None:
    """The newest of the notices a standing one has become, each at one of its times."""
    mine = select(n.notices).where(n.notices.c.parent == notice)
    return next(iter(await _read(conn, mine, (), 1)), None)


async def _read(
    conn: AsyncConnection, statement: Select[Any], statuses: Sequence[Status], limit: int
) -> list[Notice]:
    if statuses:
        statement = statement.where(n.notices.c.status.in_([one.value for one in statuses]))
    result = await conn.execute(statement.order_by(n.notices.c.id.desc()).limit(limit))
    return [notice_of(row) for row in result]


async def due_between(
    conn: AsyncConnection, start: datetime, end: datetime, limit: int
) -> list[Notice]:
    """The notices that came or are to come in a span, `end` not included, soonest first.

    Without those that only take another back or mend it, and without standing ones that are done:
    what came of them stands in a row of its own.
    """
    at = n.notices.c
    statement = (
        select(n.notices)
        .where(at.due_at >= start, at.due_at < end, at.status != Status.CANCELLED.value)
        .where(at.corrects == 0, or_(at.rhythm == "", at.status != Status.SENT.value))
        .order_by(at.due_at, at.id)
        .limit(limit)
    )
    return [notice_of(row) for row in await conn.execute(statement)]


async def recurring(conn: AsyncConnection, before: datetime, limit: int) -> list[Notice]:
    """The standing notices whose next time is before a moment, soonest first."""
    at = n.notices.c
    statement = (
        select(n.notices)
        .where(at.due_at < before, at.status == Status.STANDING.value, at.rhythm != "")
        .order_by(at.due_at, at.id)
        .limit(limit)
    )
    return [notice_of(row) for row in await conn.execute(statement)]


# Where it goes


async def aim(
    store: Store, conn: AsyncConnection, notice: int, targets: Sequence[Target], now: datetime
) -> None:
    """Note where a notice goes; a place that stands there already stays as it is."""
    rows = [
        {
            "notice_id": notice,
            "once": one.once,
            "channel": one.address.channel,
            "chat": one.address.chat,
            "is_group": one.address.group,
            "person": one.person,
            "area": one.area,
            "name": one.name,
            "state": one.state,
            "at": now,
        }
        for one in targets
    ]
    statement = upsert(store, n.notice_targets).on_conflict_do_nothing(index_elements=["once"])
    for part in parts(rows):
        await conn.execute(statement, part)


async def targets(conn: AsyncConnection, notice: int, states: Sequence[str] = ()) -> list[Target]:
    """Where a notice went."""
    statement = select(n.notice_targets).where(n.notice_targets.c.notice_id == notice)
    if states:
        statement = statement.where(n.notice_targets.c.state.in_(states))
    return [_target(row) for row in await conn.execute(statement.order_by(n.notice_targets.c.id))]


async def merged(conn: AsyncConnection) -> list[Target]:
    """What waits for the day's list, in the order it was said."""
    statement = select(n.notice_targets).where(_MERGED).order_by(n.notice_targets.c.id)
    return [_target(row) for row in await conn.execute(statement.with_for_update())]


async def mark(conn: AsyncConnection, onces: Sequence[str], state: str) -> None:
    """Note what became of targets."""
    for part in parts(onces):
        where = n.notice_targets.c.once.in_(part)
        await conn.execute(update(n.notice_targets).where(where).values(state=state))


async def said_since(
    conn: AsyncConnection, chats: Sequence[str], since: datetime
) -> Counter[tuple[str, str]]:
    """How many notices each of these groups was sent one by one since a moment, but no urgent."""
    found: Counter[tuple[str, str]] = Counter()
    at = n.notice_targets.c
    for part in parts(chats):
        result = await conn.execute(
            select(at.channel, at.chat, func.count())
            .join(n.notices, n.notices.c.id == at.notice_id)
            .where(at.chat.in_(part), at.at >= since, at.state == "queued")
            .where(n.notices.c.urgent.is_(False), n.notices.c.corrects == 0)
            .group_by(at.channel, at.chat)
        )
        found.update({(channel, chat): count for channel, chat, count in result})
    return found


async def said_lately(conn: AsyncConnection, now: datetime) -> Counter[tuple[str, str]]:
    """How much the bot said in each chat within five minutes (the loop guard's span)."""
    newest = (
        select(t.outbox.c.channel, t.outbox.c.chat, t.outbox.c.created_at)
        .order_by(t.outbox.c.id.desc())
        .limit(_LATELY)
        .subquery()
    )
    result = await conn.execute(
        select(newest.c.channel, newest.c.chat, func.count())
        .where(newest.c.created_at > now - LOOP_SPAN)
        .group_by(newest.c.channel, newest.c.chat)
    )
    return Counter({(channel, chat): count for channel, chat, count in result})


async def reminded_since(conn: AsyncConnection, people: Sequence[str], since: datetime) -> set[str]:
    """Which of these people got a personal notice since a moment."""
    found: set[str] = set()
    at = n.notice_targets.c
    for part in parts(people):
        where = (
            at.person.in_(part),
            at.at > since,
            at.state == "queued",
            n.notices.c.urgent.is_(False),
        )
        query = select(at.person).join(n.notices, n.notices.c.id == at.notice_id).where(*where)
        found.update((await conn.execute(query)).scalars())
    return found


async def take_back(conn: AsyncConnection, notice: int) -> set[str]:
    """Drop what of a notice was not sent yet; returns the `once` keys that were dropped."""
    mine = select(n.notice_targets.c.once).where(n.notice_targets.c.notice_id == notice)
    gone = await conn.execute(
        delete(t.outbox)
        .where(t.outbox.c.once.in_(mine), t.outbox.c.state.in_(("waiting", "held")))
        .returning(t.outbox.c.once)
    )
    onces = set(gone.scalars())
    unsaid = await targets(conn, notice, ["merged"])
    onces |= {one.once for one in unsaid}
    await mark(conn, sorted(onces), "dropped")
    return onces


_UNSEEN = ("expired", "refused")  # states of a group task


async def outcome(conn: AsyncConnection, notice: int) -> Counter[str]:
    """How its rows of the outbox stand, by state; "merged" and "listed" count as well."""
    at, tap = n.notice_targets.c, c.group_tasks.c
    result = await conn.execute(
        select(at.state, t.outbox.c.state, tap.state, func.count())
        .select_from(
            n.notice_targets.outerjoin(t.outbox, t.outbox.c.once == at.once).outerjoin(
                c.group_tasks, (tap.once == at.once) & (tap.channel == t.outbox.c.channel)
            )
        )
        .where(at.notice_id == notice)
        .group_by(at.state, t.outbox.c.state, tap.state)
    )
    found: Counter[str] = Counter()
    for mine, sent, tapped, count in result:
        state = (sent or "waiting") if mine == "queued" else mine
        # A group whose task nobody tapped in time, or that refused it, has seen nothing.
        found["dead" if state == "sent" and tapped in _UNSEEN else state] += count
    return found


async def last_due(conn: AsyncConnection, notice: int) -> datetime | None:
    """When the last row of it that still waits may be sent."""
    mine = select(n.notice_targets.c.once).where(n.notice_targets.c.notice_id == notice)
    waiting = t.outbox.c.once.in_(mine) & (t.outbox.c.state == "waiting")
    due: datetime | None = (
        await conn.execute(select(func.max(t.outbox.c.due_at)).where(waiting))
    ).scalar()
    return due


async def untapped(conn: AsyncConnection, notice: int) -> int:
    """In how many groups somebody still has to tap before anybody sees it."""
    mine = select(n.notice_targets.c.once).where(n.notice_targets.c.notice_id == notice)
    result = await conn.execute(
        select(func.count())
        .select_from(c.group_tasks)
        .where(c.group_tasks.c.once.in_(mine), c.group_tasks.c.state == "waiting")
    )
    return int(result.scalar_one())


def parts(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Rows in pieces that fit one statement: SQLite takes a limited number of values."""
    return (rows[start : start + _PART] for start in range(0, len(rows), _PART))


def _target(row: Any) -> Target:
    address = Address(row.channel, row.chat, row.is_group)
    return Target(row.once, address, row.person, row.area, row.name, row.state, row.notice_id)


def notice_of(row: Any) -> Notice:
    """The notice in a row of its table, or of more than that."""
    return Notice(
        id=row.id,
        key=row.key,
        author=row.author,
        audience=Audience.from_json(orjson.loads(row.audience_json)),
        words=row.words,
        status=Status(row.status),
        created_at=row.created_at,
        due_at=row.due_at,
        valid=timedelta(seconds=row.valid_seconds),
        ready=row.ready,
        urgent=row.urgent,
        receipts=row.receipts,
        visit=row.visit,
        rhythm=row.rhythm,
        approver=row.approver,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        corrects=row.corrects,
        parent=row.parent,
    )
