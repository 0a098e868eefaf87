"""Messages to customer groups that wait for the tap of the group's owner (wechat.md 1d)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text, update

from store import tables_channels as t
from store.engine import Connection, Store
from store.upsert import upsert

# A literal: SQLite uses a partial index only where a query says its condition word for word.
_WAITING = text("group_tasks.state = 'waiting'")


class State(StrEnum):
    """What became of a task."""

    WAITING = "waiting"  # nobody has seen it: its sender has not tapped yet
    SENT = "sent"
    REFUSED = "refused"  # tapped, but the platform did not post it: the group's month was full
    EXPIRED = "expired"  # nobody tapped in time; it was taken back


@dataclass(frozen=True, slots=True)
class GroupTask:
    """One message for one group; `sender` is the member who has to tap.

    `once` is the key it may be said under a single time, `msgid` the platform's id. `asked_at` is
    when the sender was last asked, `asks` how often: creating a task asks, and so does reminding.
    """

    channel: str
    once: str
    msgid: str
    chat: str
    sender: str
    created_at: datetime
    asked_at: datetime
    asks: int = 1
    state: State = State.WAITING


class GroupTasks:
    """The tasks of all channels, each asked for by its channel's name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, task: GroupTask) -> None:
        """Keep a task that was created; one that is known under its key stays as it is."""
        row = {
            "channel": task.channel,
            "once": task.once,
            "msgid": task.msgid,
            "chat": task.chat,
            "sender": task.sender,
            "state": task.state.value,
            "created_at": task.created_at,
            "asked_at": task.asked_at,
            "asks": task.asks,
            "looked_at": task.created_at,
        }
        async with self._store.write() as conn:
            await conn.execute(upsert(self._store, t.group_tasks).on_conflict_do_nothing(), row)

    async def known(self, channel: str, once: str) -> GroupTask | None:
        """The task of a key; None where it was never created."""
        where = (t.group_tasks.c.channel == channel) & (t.group_tasks.c.once == once)
        async with self._store.read() as conn:
            row = (await conn.execute(select(t.group_tasks).where(where))).one_or_none()
        return _task(row) if row is not None else None

    async def count(self, channel: str, chat: str, since: datetime) -> int:
        """How many messages a group got, or may still get, of those created since then."""
        statement = (
            select(func.count())
            .select_from(t.group_tasks)
            .where(
                t.group_tasks.c.channel == channel,
                t.group_tasks.c.chat == chat,
                t.group_tasks.c.created_at >= since,
                t.group_tasks.c.state.in_((State.WAITING.value, State.SENT.value)),
            )
        )
        async with self._store.read() as conn:
            return int((await conn.execute(statement)).scalar_one())

    async def waiting(self, channel: str, limit: int) -> list[GroupTask]:
        """The tasks nobody has tapped yet, those first that were not looked at for longest."""
        statement = (
            select(t.group_tasks)
            .where(_WAITING, t.group_tasks.c.channel == channel)
            .order_by(t.group_tasks.c.looked_at, t.group_tasks.c.once)
            .limit(limit)
        )
        async with self._store.read() as conn:
            return [_task(row) for row in await conn.execute(statement)]

    async def looked(
        self, task: GroupTask, state: State, now: datetime, *, asked: bool = False
    ) -> None:
        """Write down how a waiting task stands; `asked` when its sender was just reminded."""
        values: dict[str, Any] = {"looked_at": now, "state": state.value}
        if state is not State.WAITING:
            values["settled_at"] = now
        if asked:
            values |= {"asked_at": now, "asks": t.group_tasks.c.asks + 1}
        statement = update(t.group_tasks).where(
            t.group_tasks.c.channel == task.channel,
            t.group_tasks.c.once == task.once,
            t.group_tasks.c.state == State.WAITING.value,
        )
        async with self._store.write() as conn:
            await conn.execute(statement.values(values))


async def still_waiting(conn: Connection, limit: int = 100) -> list[GroupTask]:
    """The tasks of all channels that somebody still has to tap, oldest first."""
    result = await conn.execute(
        select(t.group_tasks)
        .where(_WAITING)
        .order_by(t.group_tasks.c.created_at, t.group_tasks.c.once)
        .limit(limit)
    )
    return [_task(row) for row in result]


def _task(row: Any) -> GroupTask:
    return GroupTask(
        channel=row.channel,
        once=row.once,
        msgid=row.msgid,
        chat=row.chat,
        sender=row.sender,
        created_at=row.created_at,
        asked_at=row.asked_at,
        asks=row.asks,
        state=State(row.state),
    )
