"""Wakes those who wait for a change in the store that happened in this process."""

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary


class Bells:
    """One bell for each name. Who waits takes it first and looks at the store then."""

    def __init__(self) -> None:
        # Kept alive by those who wait on it only, so the table empties itself.
        self._bells: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    def take(self, name: str) -> asyncio.Event:
        """The bell that rings at the next change."""
        return self._bells.setdefault(name, asyncio.Event())

    def ring(self, name: str) -> None:
        """Tell of a change; who looks again takes a new bell."""
        bell = self._bells.pop(name, None)
        if bell is not None:
            bell.set()


async def rung(bell: asyncio.Event, seconds: float) -> None:
    """Wait for a bell, but no longer: a change in another process rings none."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
