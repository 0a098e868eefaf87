"""The inbox: what was heard, once each, and whether it was handled."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Address, Attachment, Inbound, Kind
from store import tables as t
from store.engine import Store
from store.plain import plain, short
from store.prepared import Prepared
from store.upsert import dialect_insert


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored inbound message with its place in the inbox."""

    id: int
    tries: int
    inbound: Inbound


_DEDUPE, _CHAT, _SENDER, _UNION = 300, 200, 200, 100  # the widths of their columns


def dedupe_key(inbound: Inbound) -> str:
    """What makes a message the same message: the platform's id, else who said what when.

    Without an id, the same person saying the same words in the same chat within two seconds is
    a re-delivery; two people writing the same words are two messages (anchors.md 3).
    """
    if inbound.external_id:
        return short(inbound.external_id, _DEDUPE)
    window = int(inbound.received_at.timestamp()) // 2
    words = f"{inbound.address.key}|{inbound.sender}|{window}|{inbound.text}|{inbound.button}"
    return "h:" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def row_of(inbound: Inbound) -> dict[str, Any]:
    """An inbound message as the columns of the inbox, cleaned of what no database takes."""
    body = _packed(inbound)
    if body is None:
        inbound = _clean(inbound)
        body = _pack(inbound)
    return {
        "channel": inbound.address.channel,
        "dedupe": dedupe_key(inbound),
        "conversation": inbound.address.key,
        "received_at": inbound.received_at,
        "body_json": body,
        "tries": 0,
    }


@cache
def _open_chats(*, sqlite: bool) -> Any:
    return dialect_insert(sqlite=sqlite)(t.conversations).on_conflict_do_nothing()


@cache
def _add(*, sqlite: bool) -> Any:
    """What puts messages in; on PostgreSQL it tells those that were not there."""
    statement = dialect_insert(sqlite=sqlite)(t.inbox).on_conflict_do_nothing()
    return statement if sqlite else statement.returning(t.inbox.c.channel, t.inbox.c.dedupe)


_LAST = (
    select(t.inbox.c.channel, t.inbox.c.dedupe)
    .order_by(t.inbox.c.id.desc())
    .limit(bindparam("b_count", type_=Integer()))
)


async def add(
    store: Store,
    conn: AsyncConnection,
    rows: Sequence[dict[str, Any]],
    known: Container[str] = (),
) -> set[Any]:
    """Store messages that are not there yet; returns the (channel, dedupe) of the new ones.

    `known`: conversations that are there for certain; they are never removed.
    """
    # In sorted order: two processes with the same new conversations must not wait in a circle.
    chats = sorted({row["conversation"] for row in rows if row["conversation"] not in known})
    if chats:
        opened = [{"key": key} for key in chats]
        await conn.execute(_open_chats(sqlite=store.sqlite), opened)
    if not store.sqlite:
        found = await conn.execute(_add(sqlite=False), list(rows))
        return {(row.channel, row.dedupe) for row in found}
    # Asked to tell each row it stored, SQLite takes twice as long; the one writer can count.
    stored = (await conn.execute(_add(sqlite=True), list(rows))).rowcount
    if stored == len(rows):
        return {(row["channel"], row["dedupe"]) for row in rows}
    return {(row.channel, row.dedupe) for row in await conn.execute(_LAST, {"b_count": stored})}


# Statements are made once: making one costs more than the database takes to run it.
_free = t.conversations.c.held_until.is_(None) | (
    t.conversations.c.held_until <= bindparam("b_now")
)
# The next of what waits, oldest first: never the whole backlog.
_next = (
    select(t.inbox.c.id, t.inbox.c.conversation)
    .join(t.conversations, t.conversations.c.key == t.inbox.c.conversation)
    .where(t.inbox.c.handled_at.is_(None), t.inbox.c.id > bindparam("b_after"), _free)
    .order_by(t.inbox.c.id)
    .limit(bindparam("b_look", type_=Integer()))
)
_others = t.inbox.c.conversation.not_in(bindparam("seen", expanding=True))
_NEXT, _NEXT_OF_OTHERS = Prepared(_next), Prepared(_next.where(_others))
_LOCK = Prepared(
    select(t.conversations.c.key)
    .where(t.conversations.c.key.in_(bindparam("keys", expanding=True)), _free)
    .order_by(t.conversations.c.key)
    .with_for_update(skip_locked=True)
)
# Counted within each conversation, so that a flood in one does not hold up the others.
_counted = (
    select(
        t.inbox.c.id,
        func.row_number()
        .over(partition_by=t.inbox.c.conversation, order_by=t.inbox.c.id)
        .label("place"),
    )
    .where(
        t.inbox.c.handled_at.is_(None),
        t.inbox.c.id <= bindparam("b_last"),
        t.inbox.c.conversation.in_(bindparam("keys", expanding=True)),
    )
    .subquery()
)
_FIRST = Prepared(
    select(t.inbox.c.id, t.inbox.c.tries, t.inbox.c.conversation, t.inbox.c.body_json)
    .join(_counted, _counted.c.id == t.inbox.c.id)
    .where(_counted.c.place <= bindparam("b_each", type_=Integer()))
    .order_by(t.inbox.c.id)
)


_LOOK = 4  # messages looked at for each conversation wanted


async def claim(
    conn: AsyncConnection, now: datetime, *, conversations: int = 20, each: int = 10
) -> dict[str, list[Letter]]:
    """The next messages of some waiting conversations, in order; the conversations are locked.

    On PostgreSQL the row lock is the lease: a dead process loses it with its connection, and
    other processes skip what is locked (docs/performance.md, Order).
    """
    keys, last = await _waiting(conn, now, conversations)
    if not keys:
        return {}
    # Looked at only now that they are locked: another process may have handled some meanwhile.
    where = {"keys": sorted(keys), "b_last": last, "b_each": each}
    letters: dict[str, list[Letter]] = {}
    for row in await _FIRST.rows(conn, where):
        letter = Letter(row.id, row.tries, unpack(row.body_json))
        letters.setdefault(row.conversation, []).append(letter)
    return letters


async def _waiting(conn: AsyncConnection, now: datetime, wanted: int) -> tuple[list[str], int]:
    """Up to so many conversations that wait longest, locked, and the last message looked at.

    Looks a page at a time, and passes over a conversation that fills a page by itself.
    """
    look = wanted * _LOOK
    seen: dict[str, None] = {}
    mine: list[str] = []
    after = 0
    while True:
        where = {"b_now": now, "b_after": after, "b_look": look}
        if seen:
            page = await _NEXT_OF_OTHERS.rows(conn, where | {"seen": list(seen)})
        else:
            page = await _NEXT.rows(conn, where)
        if page:
            after = page[-1].id
            fresh = list(dict.fromkeys(row.conversation for row in page))
            seen.update(dict.fromkeys(fresh))
            mine += await _locked(conn, now, fresh, wanted - len(mine))
        if len(page) < look or len(mine) == wanted:
            return mine, after


async def _locked(
    conn: AsyncConnection, now: datetime, keys: Sequence[str], wanted: int
) -> Sequence[str]:
    """The first of these conversations that no other process has, as many as are wanted."""
    if conn.dialect.name == "sqlite":  # who writes is alone
        return keys[:wanted]
    found: list[str] = []
    while keys and len(found) < wanted:
        some, keys = keys[: wanted - len(found)], keys[wanted - len(found) :]
        found += await _LOCK.scalars(conn, {"b_now": now, "keys": some})
    return found


async def next_held(conn: AsyncConnection) -> datetime | None:
    """When the next held-back conversation may go on."""
    result = await conn.execute(
        select(func.min(t.conversations.c.held_until)).where(
            t.conversations.c.held_until.is_not(None),
            t.conversations.c.key.in_(
                select(t.inbox.c.conversation).where(t.inbox.c.handled_at.is_(None))
            ),
        )
    )
    moment: datetime | None = result.scalar()
    return moment


_MARK = Prepared(
    update(t.inbox)
    .where(t.inbox.c.id == bindparam("b_id"))
    .values(
        handled_at=bindparam("b_at"), outcome=bindparam("b_outcome"), case_id=bindparam("b_case")
    )
)


async def handled(
    conn: AsyncConnection, done: Sequence[tuple[int, str, int | None]], now: datetime
) -> None:
    """Mark messages as handled, each with what it was taken for and the case it belongs to."""
    if done:
        await _MARK.run(
            conn,
            [
                {"b_id": id_, "b_at": now, "b_outcome": outcome, "b_case": case_id}
                for id_, outcome, case_id in done
            ],
        )


async def recall(
    conn: AsyncConnection, channel: str, external_id: str
) -> tuple[int | None, str] | None:
    """Hide the words of a message its writer took back; the fact stays.

    Returns its case and the words it had; None when it is not known.
    """
    result = await conn.execute(
        select(t.inbox.c.id, t.inbox.c.case_id, t.inbox.c.body_json).where(
            t.inbox.c.channel == channel, t.inbox.c.dedupe == short(external_id, _DEDUPE)
        )
    )
    row = result.one_or_none()
    if row is None:
        return None
    inbound = unpack(row.body_json)
    hidden = replace(inbound, text="", quote="")
    await conn.execute(
        update(t.inbox).where(t.inbox.c.id == row.id).values(body_json=_pack(hidden))
    )
    return row.case_id, inbound.text


_SUSPECT, _LISTED = "suspect", "listed"  # outcomes: kept for the daily digest; told in it


async def suspects(conn: AsyncConnection, since: int) -> list[Letter]:
    """The messages from one on that wait for the daily digest, oldest first."""
    result = await conn.execute(
        select(t.inbox.c.id, t.inbox.c.tries, t.inbox.c.body_json)
        .where(t.inbox.c.id >= since, t.inbox.c.outcome == _SUSPECT)
        .order_by(t.inbox.c.id)
    )
    return [Letter(row.id, row.tries, unpack(row.body_json)) for row in result]


async def listed(conn: AsyncConnection, ids: Sequence[int]) -> None:
    """Note that messages stood in a digest: no later one lists them again."""
    if ids:
        await conn.execute(update(t.inbox).where(t.inbox.c.id.in_(ids)).values(outcome=_LISTED))


async def hold(
    conn: AsyncConnection, letter: Letter, until: datetime | None, now: datetime
) -> None:
    """Count a failed try and hold the conversation; without `until` the message is given up."""
    values: dict[str, Any] = {"tries": letter.tries + 1}
    if until is None:
        values |= {"handled_at": now, "outcome": "dead"}
    waiting = (t.inbox.c.id == letter.id) & t.inbox.c.handled_at.is_(None)
    await conn.execute(update(t.inbox).where(waiting).values(values))
    await conn.execute(
        update(t.conversations)
        .where(t.conversations.c.key == letter.inbound.address.key)
        .values(held_until=until)
    )


async def oldest_unhandled(conn: AsyncConnection) -> datetime | None:
    """When the longest waiting message was received."""
    result = await conn.execute(
        select(func.min(t.inbox.c.received_at)).where(t.inbox.c.handled_at.is_(None))
    )
    moment: datetime | None = result.scalar()
    return moment


def _packed(inbound: Inbound) -> str | None:
    """The message as it is kept; None when it has to be cleaned first, which few have to be."""
    if len(inbound.address.chat) > _CHAT or len(inbound.sender) > _SENDER:
        return None
    if len(inbound.external_id) > _DEDUPE or len(inbound.union) > _UNION:
        return None
    try:
        body = _pack(inbound)
    except orjson.JSONEncodeError:  # half a sign
        return None
    return None if "\\u0000" in body else body


def _clean(inbound: Inbound) -> Inbound:
    """The message with texts that can be written anywhere and ids that fit their columns."""
    address = inbound.address
    return replace(
        inbound,
        address=Address(address.channel, short(address.chat, _CHAT), address.group),
        sender=short(inbound.sender, _SENDER),
        external_id=short(inbound.external_id, _DEDUPE),
        text=plain(inbound.text),
        quote=plain(inbound.quote),
        button=plain(inbound.button),
        card=plain(inbound.card),
        union=short(inbound.union, _UNION),
        handle=_clean_values(inbound.handle),
        attachments=tuple(
            replace(one, name=plain(one.name), key=plain(one.key), ref=_clean_values(one.ref))
            for one in inbound.attachments
        ),
    )


def _clean_values(values: Mapping[str, str]) -> dict[str, str]:
    return {plain(key): plain(value) for key, value in values.items()}


_KEPT = (
    "channel chat group sender id at kind text quote named button card handle union attachments"
).split()


def _pack(inbound: Inbound) -> str:
    address, attachments = inbound.address, inbound.attachments
    values = (
        address.channel,
        address.chat,
        address.group,
        inbound.sender,
        inbound.external_id,
        inbound.received_at,
        inbound.kind.value,
        inbound.text,
        inbound.quote,
        inbound.named,
        inbound.button,
        inbound.card,
        inbound.handle and dict(inbound.handle),
        inbound.union,
        attachments
        and [
            {"kind": a.kind, "name": a.name, "key": a.key, "ref": dict(a.ref)} for a in attachments
        ],
    )
    kept = {key: value for key, value in zip(_KEPT, values, strict=True) if value}
    return orjson.dumps(kept).decode()


def unpack(text: str) -> Inbound:
    """The message in `body_json`."""
    body = orjson.loads(text)
    return Inbound(
        address=Address(body.get("channel", ""), body.get("chat", ""), body.get("group", False)),
        sender=body.get("sender", ""),
        external_id=body.get("id", ""),
        received_at=datetime.fromisoformat(body["at"]),
        kind=Kind(body["kind"]),
        text=body.get("text", ""),
        attachments=tuple(Attachment(**a) for a in body.get("attachments", ())),
        quote=body.get("quote", ""),
        named=body.get("named", False),
        button=body.get("button", ""),
        card=body.get("card", ""),
        handle=body.get("handle", {}),
        union=body.get("union", ""),
    )
