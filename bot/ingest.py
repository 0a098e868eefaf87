"""The one way in: a message is stored once, and only then acknowledged (group commit)."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from bot.channels.base import Received
from bot.stations import Watch
from domain.messages import Inbound
from store import inbox
from store.engine import STORE_ERRORS, Store, away

log = structlog.get_logger(__name__)

QUEUE = 2000
BATCH = 500


class Ingest:
    """Collects messages while the last commit runs and writes them together."""

    def __init__(self, store: Store, wake: Callable[[], None], watch: Watch) -> None:
        self._store = store
        self._wake = wake
        self._watch = watch
        self._queue: list[tuple[dict[str, Any], asyncio.Future[Received]]] = []
        self._filled = asyncio.Event()

    async def accept(self, inbound: Inbound) -> Received:
        """Store a message once; answers after the commit. REFUSED lets the platform try again."""
        channel = inbound.address.channel
        if len(self._queue) >= QUEUE:
            log.warning("inbox queue full", action="ingest.full", channel=channel)
            self._watch.received(channel, Received.REFUSED)
            return Received.REFUSED
        done: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._queue.append((inbox.row_of(inbound), done))
        self._filled.set()
        received = await done
        self._watch.received(channel, received)
        return received

    async def run(self) -> None:
        """Write what is queued, one commit after the other, until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._queue:
                batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
                await self._write(batch)

    async def _write(self, batch: list[tuple[dict[str, Any], asyncio.Future[Received]]]) -> None:
        self._watch.at("ingest.before_commit")
        try:
            async with self._store.write() as conn:
                new = await inbox.add(self._store, conn, [row for row, _ in batch])
        except STORE_ERRORS as error:
            if not away(error) and len(batch) > 1:
                # One of them cannot be stored; the others must not suffer for it.
                for one in batch:
                    await self._write([one])
                return
            name = type(error).__name__
            log.error("not stored", action="ingest.failed", count=len(batch), error=name)
            for _, done in batch:
                _resolve(done, Received.REFUSED)
            return
        self._watch.at("ingest.after_commit")
        for row, done in batch:
            key = (row["channel"], row["dedupe"])
            _resolve(done, Received.NEW if key in new else Received.SEEN)
            new.discard(key)
        self._wake()


def _resolve(done: asyncio.Future[Received], received: Received) -> None:
    if not done.done():
        done.set_result(received)
