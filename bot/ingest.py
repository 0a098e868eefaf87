"""The one way in: a message is stored once, and only then acknowledged (group commit)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Any

import structlog

from bot.channels.base import Received
from bot.rush import Rush
from bot.stations import Watch
from domain.messages import Inbound
from store import arrivals, inbox, windows
from store.engine import STORE_ERRORS, Connection, Store, away

log = structlog.get_logger(__name__)

QUEUE = 2000
BATCH = 500
# A commit takes as much of the processor as storing twenty messages. So when several came with the
# last ones, the next waits while more keep coming: at most so many looks of so many seconds.
CROWD = 4
LOOK, LOOKS = 0.002, 2
KNOWN = 50_000  # conversations remembered as stored already


class Ingest:
    """Collects messages while the last commit runs and writes them together.

    `awaited` are the channels whose platforms wait for the answer to a callback.
    """

    def __init__(
        self,
        store: Store,
        wake: Callable[[], None],
        watch: Watch,
        awaited: AbstractSet[str] = frozenset(),
    ) -> None:
        self._store = store
        self._awaited = awaited
        self._wake = wake
        self._watch = watch
        self._queue: list[tuple[dict[str, Any], asyncio.Future[Received]]] = []
        self._filled = asyncio.Event()
        self._wanted, self._crowded = 0, asyncio.Event()  # how many are waited for; they are there
        self._known: set[str] = set()
        self.rush = Rush()
        self.windowed: frozenset[str] = frozenset()  # channels whose people are heard for a while

    async def accept(self, inbound: Inbound) -> Received:
        """Store a message once; answers after the commit. REFUSED lets the platform try again."""
        channel = inbound.address.channel
        if channel in self._awaited:
            self.rush.came()
        if len(self._queue) >= QUEUE:
            log.warning("inbox queue full", action="ingest.full", channel=channel)
            self._watch.received(channel, Received.REFUSED)
            return Received.REFUSED
        done: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._queue.append((inbox.row_of(inbound), done))
        self._filled.set()
        if len(self._queue) == self._wanted:
            self._crowded.set()
        return await done

    async def run(self) -> None:
        """Write what is queued, one commit after the other, until cancelled."""
        crowd = 0
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._queue:
                if crowd >= CROWD:
                    await self._gather(crowd)
                batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
                await self._write(batch)
                crowd = max(len(batch), crowd // 2)  # a straggler is no end of it

    async def _gather(self, crowd: int) -> None:
        """Wait while more keeps coming, until as many are there as lately at once.

        Callers who wait for their answers before they call again cannot become more than that.
        """
        self._wanted = crowd
        self._crowded.clear()
        for _ in range(LOOKS):
            size = len(self._queue)
            if size >= crowd:
                return
            await self._look()
            if size == len(self._queue):
                return

    async def _look(self) -> None:
        """Wait a moment, or until as many are there as are waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await self._crowded.wait()

    async def _write(self, batch: list[tuple[dict[str, Any], asyncio.Future[Received]]]) -> None:
        self._watch.at("ingest.before_commit")
        try:
            new = await self._add([row for row, _ in batch])
        except STORE_ERRORS as error:
            if not away(error) and len(batch) > 1:
                # One of them cannot be stored; the others must not suffer for it.
                for one in batch:
                    await self._write([one])
                return
            name = type(error).__name__
            log.error("not stored", action="ingest.failed", count=len(batch), error=name)
            self._answer((row, done, Received.REFUSED) for row, done in batch)
            return
        self._watch.at("ingest.after_commit")
        self._remember(row["conversation"] for row, _ in batch)
        self._answer((row, done, _taken(new, row)) for row, done in batch)
        self._wake()

    def _answer(
        self, answers: Iterable[tuple[dict[str, Any], asyncio.Future[Received], Received]]
    ) -> None:
        """Tell each what became of its message, and count them."""
        counts: Counter[tuple[str, Received]] = Counter()
        for row, done, received in answers:
            if not done.done():
                done.set_result(received)
            counts[row["channel"], received] += 1
        for (channel, received), count in counts.items():
            self._watch.received(channel, received, count)

    async def _add(self, rows: Sequence[dict[str, Any]]) -> set[Any]:
        """Store what is new, with what else is to be noted of it; returns the keys of that."""
        if self._store.sqlite and self.windowed.isdisjoint(row["channel"] for row in rows):
            return await arrivals.add(self._store, rows, self._known)
        async with self._store.write() as conn:
            new = await inbox.add(self._store, conn, rows, self._known)
            await self._reopen(conn, [row for row in rows if _key(row) in new])
        return new

    def _remember(self, conversations: Iterable[str]) -> None:
        if len(self._known) > KNOWN:
            self._known.clear()
        self._known.update(conversations)

    async def _reopen(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Note who wrote on a channel with a window: he may be written to again."""
        wrote = [inbox.unpack(row["body_json"]) for row in rows if row["channel"] in self.windowed]
        await windows.heard(self._store, conn, [one for one in wrote if windows.opens(one)])


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["channel"], row["dedupe"]


def _taken(new: set[tuple[str, str]], row: dict[str, Any]) -> Received:
    """Whether a message is new; of two alike in a batch the first is."""
    key = _key(row)
    if key not in new:
        return Received.SEEN
    new.discard(key)
    return Received.NEW
