"""A rush: callbacks come faster than they can be handled. Accepting goes first, handling later.

Handling a message takes as much of the processor as storing twenty, and only for the storing does
somebody wait: a platform, five seconds, before it calls again (wechat.md 1c.1).
"""

import asyncio
import time

# A rush is more than this many callbacks within this many seconds; so many calm spans end it.
MANY, SPAN, CALM = 12, 0.025, 4
# How long to rest at most between small batches: nothing waits for ever.
REST = 2.0
# While messages are handled the loop stands still, and what comes meanwhile comes all at once. So
# the pace can be told only at rest: looked at after this many callbacks, but not more often.
SOME, EVERY = 16, 0.25
TURNS = 5  # of the loop, in which a call that waits at its socket comes to be counted
# Conversations, and messages of each. Every callback of that moment waits until a batch is done:
# some two milliseconds for each message.
FULL = (50, 10)
FEW = (4, 1)
QUIET, MORE = 1.0, (10, 1)  # once nothing has come for so many seconds


class Rush:
    """Told by the one way in what arrives, asked by the dispatcher how much to take."""

    def __init__(self) -> None:
        self._came = 0
        self._seen = 0
        self._looked = 0.0
        self._behind = False
        self._last = 0.0

    def came(self) -> None:
        """Note that a callback waits for its answer."""
        self._came += 1

    async def room(self) -> tuple[int, int]:
        """How many conversations, and messages of each, to handle next; rests in a rush.

        Until a rush is worked off batches stay small, for another may begin at any moment, and
        smallest until it has been quiet for a while.
        """
        if self._behind:
            for _ in range(TURNS):
                await asyncio.sleep(0)
        due = self._behind or time.monotonic() - self._looked >= EVERY
        if due and self._came - self._seen >= SOME:
            await self._rest()
        now = time.monotonic()
        if self._came != self._seen:
            self._seen, self._last = self._came, now
        if not self._behind:
            return FULL
        return FEW if now - self._last < QUIET else MORE

    def over(self) -> None:
        """Note that nothing waits any more."""
        self._behind = False

    async def _rest(self) -> None:
        calm = 0
        for _ in range(round(REST / SPAN)):
            before = self._came
            await asyncio.sleep(SPAN)
            calm = 0 if self._came - before > MANY else calm + 1
            if calm == CALM or (calm and not self._behind):
                break
            self._behind = True
        self._looked = time.monotonic()
