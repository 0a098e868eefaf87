"""A loop that looks for work of its own: at once when woken, else now and then."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from store.engine import STORE_ERRORS

log = structlog.get_logger(__name__)


class Poller:
    """Runs `once` until it finds nothing, then rests for `every` seconds or until woken."""

    def __init__(self, once: Callable[[], Awaitable[int]], every: float, action: str) -> None:
        self._once, self._every, self._action = once, every, action
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled; a store that is away is asked again after the rest."""
        while True:
            try:
                while await self._once():
                    pass
            except STORE_ERRORS as error:
                log.error("store", action=self._action, error=type(error).__name__)
            try:
                async with asyncio.timeout(self._every):
                    await self._woken.wait()
            except TimeoutError:
                continue
            self._woken.clear()
