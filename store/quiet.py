"""Whether anything in the store is due: while nobody writes to SQLite, a glance tells.

Those who look every second ask here first. `PRAGMA data_version` tells whether anybody, in whatever
process (`gridbot outbox --retry` beside a running service), has committed since; while nobody has,
what was due next then is due next now.
"""

import math
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, event, func, select

from store import tables as t
from store import tables_channels as tc
from store.engine import Store


class Quiet:
    """What is due next in the whole store, for the channels of this process.

    On PostgreSQL a look costs a statement whoever takes it, so everybody takes his own.
    """

    def __init__(self, store: Store, channels: Iterable[str]) -> None:
        self._store = store
        self._statement = _moments(channels)
        self._glance = _Glance(store) if store.sqlite else None
        self._known: tuple[int, float] | None = None  # at which version what was due, epoch seconds

    async def left(self, now: datetime) -> float:
        """Seconds until something is due; inf: nothing is; 0: something is, or nobody can tell."""
        version = self._glance.version() if self._glance is not None else None
        if version is None:
            return 0.0
        if self._known is None or self._known[0] != version:
            self._known = version, await self._look()
        return max(self._known[1] - now.timestamp(), 0.0)

    async def _look(self) -> float:
        """When something is due next, in epoch seconds; a message that waits is due always."""
        async with self._store.read() as conn:
            row = (await conn.execute(self._statement)).one()
        waiting, moments = row[0], row[1:]
        if waiting is not None:
            return -math.inf
        known = (moment.timestamp() for moment in moments if moment is not None)
        return min(known, default=math.inf)


def _moments(channels: Iterable[str]) -> Select[tuple[datetime | None, ...]]:
    """Each of them is one step into a partial index.

    A row that is being sent was due before: it makes whoever sends look for himself.
    """
    due = func.min(t.outbox.c.due_at)
    here = [select(due).where(t.UNSENT, t.outbox.c.channel == one) for one in channels]
    unhandled = select(t.inbox.c.received_at).where(t.inbox.c.handled_at.is_(None)).limit(1)
    media = select(func.min(tc.media.c.due_at)).where(tc.media.c.state == "waiting")
    timers = select(func.min(t.timers.c.due_at))
    return select(*(one.scalar_subquery() for one in (unhandled, timers, media, *here)))


class _Glance:
    """A connection of its own that only ever asks whether others have committed."""

    def __init__(self, store: Store) -> None:
        self._path, self._durable = store.url.database, store.durable
        self._link: sqlite3.Connection | None = None
        event.listen(store.engine.sync_engine, "engine_disposed", self._close)

    def version(self) -> int | None:
        """A number that another commit changes; None where it cannot be told."""
        with suppress(sqlite3.Error):
            if self._link is None:
                self._link = self._open()
            number: int = self._link.execute("PRAGMA data_version").fetchone()[0]
            return number
        return None

    def _open(self) -> sqlite3.Connection:
        where = f"{Path(self._path or '').absolute().as_uri()}?mode=rw"
        link = sqlite3.connect(
            where, uri=True, timeout=0, isolation_level=None, check_same_thread=False
        )
        if not self._durable:  # the last to close waits for the disk, else
            link.execute("PRAGMA synchronous=OFF").close()
        return link

    def _close(self, _engine: object) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
