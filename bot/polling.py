"""A loop that looks for work of its own: at once when woken, else now and then."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from store.engine import STORE_ERRORS

log = structlog.get_logger(__name__)


class Poller:
    """Runs `once` until it finds nothing, then rests for `every` seconds or until woken.

    `idle` is asked before a look that nobody woke it for: whether that can be spared.
    """

    def __init__(
        self,
        once: Callable[[], Awaitable[int]],
        every: float,
        action: str,
        idle: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._once, self._every, self._action, self._idle = once, every, action, idle
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled; a store that is away is asked again after the rest."""
        woken = True
        while True:
            try:
                if woken or self._idle is None or not await self._idle():
                    while await self._once():
                        pass
            except STORE_ERRORS as error:
                log.error("store", action=self._action, error=type(error).__name__)
            try:
                async with asyncio.timeout(self._every):
                    await self._woken.wait()
            except TimeoutError:
                woken = False
                continue
            woken = True
            self._woken.clear()
