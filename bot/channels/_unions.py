"""Who a person of one account is elsewhere: the unionid, the same in all accounts of one owner.

Only where an open-platform account is bound does a platform tell (wechat.md 1d).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.channels._codes import Code, Reaction
from bot.channels._recent import Recent
from bot.channels.base import Parts, SendError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# Not being told who somebody is must not stop the talk with him.
OWN = dict.fromkeys((48001, 48002, 50001, 60011), Code(Reaction.UNREACHABLE))
REST = timedelta(minutes=1)  # after a refusal or silence nobody is asked about for so long
_AT_ONCE = 100
_REMEMBERED = 20_000

Ask = Callable[[list[str]], Awaitable[Mapping[str, str]]]


class Unions:
    """Unionids by the platform's own ids; each person is asked about once in a process.

    `ask` gets at most a hundred ids and returns what is known of them, or raises SendError;
    `patience` is how many seconds a message may wait for it.
    """

    def __init__(self, parts: Parts, ask: Ask, patience: float = 3.0) -> None:
        self._now, self._ask, self._patience = parts.now, ask, patience
        self._known: Recent[str, str] = Recent(_REMEMBERED)
        self._rests_until: datetime | None = None
        self._log = log.bind(channel=parts.name)

    async def of(self, people: Iterable[str]) -> Mapping[str, str]:
        """The unionids of these people, "" where nobody says. Never raises SendError."""
        people = set(people)
        new = sorted(people - self._known.keys())[:_AT_ONCE]
        if new and not self._resting():
            await self._look_up(new)
        return {one: self._known.get(one, "") for one in people}

    def _resting(self) -> bool:
        return self._rests_until is not None and self._now() < self._rests_until

    async def _look_up(self, people: list[str]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                found = await self._ask(people)
        except (SendError, TimeoutError) as error:
            self._rests_until = self._now() + REST
            code = getattr(error, "code", 0)
            self._log.info("not told who they are elsewhere", action="unions.none", code=code)
            return
        for one in people:
            self._known[one] = found.get(one, "")
