"""Lanes: hand what a connection hears to the program, in order per conversation, bounded."""

import asyncio
from collections import deque

import structlog

from bot.channels.base import Accept, Received
from domain.messages import Inbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MAX_IN_FLIGHT = 1000
MAX_FAILURES = 3
_RETRY = (0.2, 5.0)


class Lanes:
    """One lane per conversation; conversations run side by side.

    For connections whose platform does not deliver again: what was refused is offered again here.
    `accept` must not wait for a send on the same connection: when the lanes are full nobody reads
    the ack it would wait for.
    """

    def __init__(
        self, accept: Accept, limit: int = MAX_IN_FLIGHT, retry: tuple[float, float] = _RETRY
    ) -> None:
        self._accept = accept
        self._room = asyncio.Semaphore(limit)
        self._retry = retry
        self._lanes: dict[str, deque[Inbound]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Whether the next `put` will wait."""
        return self._room.locked()

    async def put(self, inbound: Inbound) -> None:
        """Queue it; waits while too many are in flight, which stops the reader."""
        await self._room.acquire()
        key = inbound.address.key
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(inbound)
            return
        self._lanes[key] = deque([inbound])
        task = asyncio.create_task(self._work(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, grace: float) -> None:
        """Let what is under way end for `grace` seconds, then stop it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _work(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await self._offer(lane.popleft())
                self._room.release()
        finally:
            del self._lanes[key]

    async def _offer(self, inbound: Inbound) -> None:
        """Offer until it is stored; give up only on one that breaks the program again and again."""
        failures, delay = 0, self._retry[0]
        while failures < MAX_FAILURES:
            try:
                if await self._accept(inbound) is not Received.REFUSED:
                    return
            except Exception as error:  # noqa: BLE001 - a bug met by one must not stop the others
                failures += 1
                log.error(
                    "accepting a message failed", action="accept_failed", error=type(error).__name__
                )
            await asyncio.sleep(delay)
            delay = min(delay * 2, self._retry[1])
        log.error("message given up", action="accept_given_up", channel=inbound.address.channel)
