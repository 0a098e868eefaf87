"""Answers on their way to a robot whose platform comes to fetch them (wechat.md 1a.3 to 1a.6).

The process that the platform asks may be another than the one that found the answer: both look
here, and every change of state is one statement that only one of them wins.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update

from store import tables as t
from store import tables_channels as c
from store.engine import Store
from store.plain import short
from store.upsert import upsert

_CHAT = 200  # the width of the inbox's and the outbox's columns


class State(StrEnum):
    """How the answer to one message stands."""

    HELD = "held"  # the platform's call is being held, an answer may come in time
    OPEN = "open"  # the call was answered with an unfinished stream: the platform asks for it
    READY = "ready"  # the answer is here, the platform has not taken it
    TAKEN = "taken"
    CLOSED = "closed"  # nothing more goes this way


_WAITING = (State.HELD.value, State.OPEN.value)


@dataclass(frozen=True, slots=True)
class Stream:
    """The answer to one message. `name` is the stream's id, `letter` the message's dedupe key.

    `url` is where one thing more may be said, "" when it was. `seen_at` is when the platform last
    waited or asked for the answer, `once` the outbox's key of the one that was given.
    """

    channel: str
    name: str
    letter: str
    chat: str
    sender: str
    opened_at: datetime
    seen_at: datetime
    state: State = State.HELD
    url: str = ""
    once: str = ""
    answer: str = ""


class Streams:
    """The streams of all channels."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, stream: Stream) -> None:
        """Keep a message's stream; one that is known stays as it is."""
        stream = replace(stream, chat=short(stream.chat, _CHAT), sender=short(stream.sender, _CHAT))
        row = asdict(stream) | {"state": stream.state.value}
        async with self._store.write() as conn:
            await conn.execute(upsert(self._store, c.streams).on_conflict_do_nothing(), row)

    async def get(self, channel: str, name: str) -> Stream | None:
        """How a stream stands; None where nobody knows it, or no longer."""
        async with self._store.read() as conn:
            found = await conn.execute(select(c.streams).where(_is(channel, name)))
            row = found.one_or_none()
        return Stream(**{**row._mapping, "state": State(row.state)}) if row is not None else None

    # Each of these is True for the one who won.

    async def offer(self, stream: Stream, alive: datetime, asked: datetime) -> bool:
        """Lay the answer ready, if the stream began after `alive` and was `asked` for since then.

        The same answer may be laid ready again.
        """
        again = (c.streams.c.state == State.READY.value) & (c.streams.c.once == stream.once)
        ready = {"state": State.READY.value, "once": stream.once, "answer": stream.answer}
        fresh = (c.streams.c.opened_at > alive) & (c.streams.c.seen_at > asked)
        return await self._turn(stream, (c.streams.c.state.in_(_WAITING) | again) & fresh, ready)

    async def take(self, stream: Stream) -> bool:
        """Hand the answer to the platform."""
        return await self._turn(
            stream, c.streams.c.state == State.READY.value, {"state": State.TAKEN.value}
        )

    async def asked(self, stream: Stream, now: datetime) -> bool:
        """Note that the platform asks for an answer that is not there yet, and will ask again."""
        still = {"state": State.OPEN.value, "seen_at": now}
        return await self._turn(stream, c.streams.c.state.in_(_WAITING), still)

    async def close(self, stream: Stream) -> bool:
        """Let nothing go this way any more, unless an answer lies ready."""
        closed = {"state": State.CLOSED.value}
        return await self._turn(stream, c.streams.c.state.in_(_WAITING), closed)

    async def withdraw(self, stream: Stream) -> bool:
        """Take back an answer nobody came for."""
        return await self._turn(
            stream, c.streams.c.state == State.READY.value, {"state": State.CLOSED.value}
        )

    async def _turn(self, stream: Stream, where: Any, values: dict[str, Any]) -> bool:
        statement = update(c.streams).where(_is(stream.channel, stream.name), where).values(values)
        async with self._store.write() as conn:
            return bool((await conn.execute(statement)).rowcount)

    # What is known about it

    async def silent(self, stream: Stream) -> bool:
        """Whether the message was dealt with and nothing will be said to it."""
        inbox, outbox = t.inbox.c, t.outbox.c
        handled = select(inbox.id).where(
            inbox.channel == stream.channel,
            inbox.dedupe == stream.letter,
            inbox.handled_at.is_not(None),
        )
        coming = select(outbox.id).where(
            t.UNSENT,
            outbox.channel == stream.channel,
            outbox.chat == stream.chat,
            outbox.handle_json.contains(stream.name, autoescape=True),
        )
        async with self._store.read() as conn:
            # One statement: between two of them the message could be dealt with.
            found = await conn.execute(select(handled.exists() & ~coming.exists()))
            return bool(found.scalar_one())

    async def unfinished(self, channel: str, sender: str, since: datetime) -> int:
        """How many of a person's messages of that time the platform still waits with."""
        statement = (
            select(func.count())
            .select_from(c.streams)
            .where(
                *_of(channel, [sender], since),
                c.streams.c.state.in_((State.OPEN.value, State.READY.value)),
            )
        )
        async with self._store.read() as conn:
            return int((await conn.execute(statement)).scalar_one())

    # The one thing more

    async def spend(self, channel: str, name: str, since: datetime) -> str:
        """Take the address where one thing more may be said, "" where there is none."""
        where = _is(channel, name) & (c.streams.c.opened_at > since)
        async with self._store.write() as conn:
            statement = select(c.streams.c.url).where(where).with_for_update()
            url = (await conn.execute(statement)).scalar_one_or_none() or ""
            if url:
                await conn.execute(update(c.streams).where(where).values(url=""))
        return url

    async def unspend(self, channel: str, name: str, url: str) -> None:
        """Give an address back that was not used."""
        async with self._store.write() as conn:
            await conn.execute(update(c.streams).where(_is(channel, name)).values(url=url))

    async def spare(self, channel: str, chat: str, senders: Iterable[str], since: datetime) -> str:
        """The newest answered stream of these people in a chat with an address left; "" if none."""
        statement = (
            select(c.streams.c.name)
            .where(
                *_of(channel, senders, since),
                c.streams.c.chat == chat,
                c.streams.c.url != "",
                c.streams.c.state.in_((State.TAKEN.value, State.CLOSED.value)),
            )
            .order_by(c.streams.c.opened_at.desc())
            .limit(1)
        )
        async with self._store.read() as conn:
            return (await conn.execute(statement)).scalar_one_or_none() or ""

    async def forget(self, channel: str, before: datetime) -> None:
        """Drop what began before: nothing can be said to it any more."""
        where = (c.streams.c.channel == channel) & (c.streams.c.opened_at < before)
        async with self._store.write() as conn:
            await conn.execute(delete(c.streams).where(where))


def _is(channel: str, name: str) -> Any:
    return (c.streams.c.channel == channel) & (c.streams.c.name == name)


def _of(channel: str, senders: Iterable[str], since: datetime) -> tuple[Any, ...]:
    return (
        c.streams.c.channel == channel,
        c.streams.c.sender.in_(sorted(short(one, _CHAT) for one in senders)),
        c.streams.c.opened_at > since,
    )
