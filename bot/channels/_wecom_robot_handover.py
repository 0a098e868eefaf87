"""How an answer gets from who found it to who is asked for it, where a call's answer is the answer.

The platform's call for a message is held for a moment. For a WeCom smart robot a stream is begun
then and the platform comes back for it (wechat.md 1a.3); for an official account, and for events,
that moment is all there is (1g). The answer lies in the store, because any process may get any
call.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.channels import _wecom_robot_passive as passive
from bot.channels._bells import Bells, rung
from domain.messages import Outbound
from store.streams import State, Stream, Streams

POLLED = timedelta(minutes=6)  # how long the platform comes back for an answer (1a.3)
UNFINISHED = 3  # interactions a person may have open with a robot (1a.1)
_PAUSES = (0.05, 0.4)  # seconds between looks at what another process may have done, growing


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. `message`, `event`: how long a call is held; the platform gives up after 5.

    `pickup` is how long an answer lies ready for a platform that comes back about once a second.
    """

    message: float = 1.5
    event: float = 3.0
    pickup: float = 10.0
    tidy: float = 600.0


Shape = Callable[[Outbound, str], passive.Answer | None]


class Handover:
    """The two sides of the answers of one channel, its `name`.

    `shape` makes what is handed over of an Outbound and the stream's name; None: it does not fit.
    """

    def __init__(
        self,
        name: str,
        streams: Streams,
        now: Callable[[], datetime],
        waits: Waits,
        shape: Shape = passive.answer,
    ) -> None:
        self._name, self._streams = name, streams
        self._now, self._waits, self._shape = now, waits, shape
        self._bells = Bells()

    # The platform's side

    async def held(self, stream: Stream, *, event: bool) -> passive.Body | None:
        """Wait for the answer to a message that is stored; without one begin a stream."""
        clock = asyncio.get_running_loop().time
        until = clock() + (self._waits.event if event else self._waits.message)
        pause, longest = _PAUSES
        while True:
            bell = self._bells.take(stream.name)
            found = await self._streams.get(self._name, stream.name)
            if found is None or found.state is State.CLOSED:
                return None
            if answer := await self._handed_over(found):
                return answer.now
            left = until - clock()
            if left <= 0:
                return await self._begun(found, event=event)
            if await self._streams.silent(found) and await self._streams.close(found):
                return None
            await rung(bell, min(left, pause))
            pause = min(pause * 2, longest)

    async def _begun(self, stream: Stream, *, event: bool) -> passive.Body | None:
        """An unfinished stream, where one is allowed; an answer at the last moment."""
        now = self._now()
        if event or await self._busy(stream):
            won, answer = await self._streams.close(stream), None
        else:
            won, answer = await self._streams.asked(stream, now), passive.unfinished(stream.name)
        if won:
            return answer
        found = await self._streams.get(self._name, stream.name)
        late = await self._handed_over(found) if found is not None else None
        return late.now if late is not None else None

    async def _busy(self, stream: Stream) -> bool:
        """Whether this person has as many interactions open as he may; one again is none more."""
        if stream.state is State.OPEN:
            return False
        since = self._now() - POLLED
        return await self._streams.unfinished(self._name, stream.sender, since) >= UNFINISHED

    async def asked_again(self, name: str) -> passive.Body | None:
        """The platform comes back for the answer to a message."""
        found = await self._streams.get(self._name, name)
        if found is None:
            return None
        if answer := await self._handed_over(found):
            return answer.later
        if found.state is State.CLOSED:
            return passive.over(name)
        if await self._streams.silent(found) and await self._streams.close(found):
            return passive.over(name)
        await self._streams.asked(found, self._now())
        return passive.unfinished(name)

    async def _handed_over(self, stream: Stream) -> passive.Answer | None:
        """The answer that lies ready; one that was taken is given again to who asks again."""
        if stream.state is State.READY and await self._streams.take(stream):
            self._bells.ring(stream.name)
        elif stream.state is not State.TAKEN:
            return None
        return passive.unpacked(stream.answer)

    # The outbox's side

    async def answer(self, outbound: Outbound, name: str) -> bool:
        """Lay the answer ready until the platform took it; False when it does not come."""
        found = await self._streams.get(self._name, name)
        if found is None or found.once not in ("", outbound.once):
            return False
        if found.state is State.TAKEN:
            return True  # by a process that died before it could say so
        answer = self._shape(outbound, name)
        if answer is not None:
            now = self._now()
            asked = now - timedelta(seconds=self._waits.pickup)
            ready = replace(found, once=outbound.once, answer=answer.packed())
            if await self._streams.offer(ready, now - POLLED, asked):
                self._bells.ring(name)
                return await self._taken(ready)
        await self._streams.close(found)
        self._bells.ring(name)
        return False

    async def _taken(self, stream: Stream) -> bool:
        clock = asyncio.get_running_loop().time
        until = clock() + self._waits.pickup
        while (left := until - clock()) > 0:
            bell = self._bells.take(stream.name)
            found = await self._streams.get(self._name, stream.name)
            if found is None or found.state is not State.READY:
                return found is not None and found.state is State.TAKEN
            await rung(bell, min(left, _PAUSES[1]))
        return not await self._streams.withdraw(stream)
