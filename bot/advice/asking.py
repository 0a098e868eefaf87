"""Asks for second opinions, outside every transaction, and puts what came where it is waited for.

Whatever goes wrong, the message is freed and the local answer stands. Each is asked about once.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.advice.advised import NOTHING, Opinions, sent
from bot.advice.call import AT_ONCE, Endpoint, Failed, Outcome
from bot.advice.settings import AdviceSettings
from bot.dispatch import Desk
from bot.polling import Poller
from domain.messages import Inbound
from domain.people import Role
from domain.workdays import TZ
from store import advice
from store.advice import Wanted
from store.engine import Connection

log = structlog.get_logger(__name__)

POLL = 1.0
REST = timedelta(minutes=1)
_PERSONS = (Role.WORKER, Role.LEADER)  # desks and offices have names too, which hide nothing
_IN_A_ROW = 3  # faults after which the endpoint is left alone for a while


class Advisor:
    """Asks one endpoint about what the dispatcher put aside."""

    def __init__(
        self,
        desk: Desk,
        opinions: Opinions,
        endpoint: Endpoint,
        settings: AdviceSettings,
        freed: Callable[[], None],
    ) -> None:
        self._desk, self._opinions, self._endpoint = desk, opinions, endpoint
        self._settings, self._freed = settings, freed
        self._faults = 0
        self._poller = Poller(self.run_once, POLL, "advice.store")

    def wake(self) -> None:
        """Look now."""
        self._poller.wake()

    async def run(self) -> None:
        """Ask until cancelled."""
        await self._poller.run()

    async def run_once(self) -> int:
        """Ask about what waits, a few at a time; returns how many were settled."""
        desk = self._desk
        now = desk.clock.now()
        async with desk.store.read() as conn:
            asked, tokens = await advice.spent(conn, _month(now))
            waiting = await advice.waiting(conn, now)
        desk.watch.advice_cost(asked, tokens, self._settings.monthly_budget)
        if not waiting:
            return 0
        async with desk.store.write() as conn:
            taken = await advice.take(conn, now, AT_ONCE)
            granted = [
                (one, words) for one in taken if (words := await self._granted(conn, one, now))
            ]
        await asyncio.gather(*(self._ask(one, words) for one, words in granted))
        if taken:
            self._freed()
        return len(taken)

    async def _granted(self, conn: Connection, one: Wanted, now: datetime) -> str:
        """The words to send, counted in the budget; "" when nothing is sent, and it is settled."""
        words = sent(one.inbound.text, self._names(one.inbound))
        if words and await advice.spend(
            self._desk.store, conn, _month(now), self._settings.monthly_budget
        ):
            return words
        await advice.settle(conn, one, NOTHING)
        if words:
            self._opinions.rest(now + REST)
        self._desk.watch.advised(Outcome.SPENT if words else Outcome.EMPTY)
        return ""

    def _names(self, inbound: Inbound) -> list[str]:
        """Full names that could be in the words: the speaker's and those of the staff."""
        speaker = self._desk.directory.speaker(inbound.address.channel, inbound.sender)
        staff = self._desk.city.world.people.staff.values()
        return [speaker.name, *(person.name for person in staff if person.role in _PERSONS)]

    async def _ask(self, one: Wanted, words: str) -> None:
        desk = self._desk
        start = desk.clock.now()
        within = min(self._settings.patience, one.until - start)
        try:
            answer = await self._endpoint.ask(words, within)
            outcome, said, tokens = Outcome.GOOD, answer.advice.model_dump_json(), answer.tokens
            self._faults = 0
        except Failed as failed:
            outcome, said, tokens = failed.outcome, NOTHING, 0
            self._failed(failed)
        except Exception as error:  # noqa: BLE001 -- a bug here must not end the asking for all
            outcome, said, tokens = Outcome.BUG, NOTHING, 0
            log.error("advice bug", action="advice.bug", error=type(error).__name__)
            self._failed(Failed(outcome))
        desk.watch.advised(outcome)
        async with desk.store.write() as conn:
            await advice.settle(conn, one, said)
            if tokens:
                await advice.add_tokens(conn, _month(start), tokens)

    def _failed(self, failed: Failed) -> None:
        """Leave the endpoint alone for as long as it asked, or after several faults in a row."""
        self._faults += 1
        rest = failed.rest or (REST if self._faults >= _IN_A_ROW else timedelta())
        if rest:
            self._opinions.rest(self._desk.clock.now() + rest)
        log.warning(
            "no advice", action="advice.failed", outcome=failed.outcome.value, rest=rest.seconds
        )


def _month(now: datetime) -> str:
    """The month in which a request counts."""
    return now.astimezone(TZ).strftime("%Y-%m")
