"""What a platform took and tells later that it did not deliver: another way, or by hand.

微信客服 tells it as msg_send_fail (wechat.md 1f), an official account of its notices (1g), the
clouds of text messages as delivery reports (1j).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.channels.base import Failure
from bot.stations import Watch
from domain.people import Person
from domain.routes import MANNERS
from domain.routing import route
from scheduler.clock import Clock
from store import cases, failures, outbox, windows
from store.directory import Directory
from store.engine import Connection, Store
from store.outbox import Saying
from store.ways import Routes, Wanted, in_group

log = structlog.get_logger(__name__)

BY_HAND = "cards/not_delivered"


class Failures:
    """Deals with the failures of one channel. `recorded` sees what was sent written down first."""

    def __init__(
        self,
        store: Store,
        channel: str,
        directory: Directory,
        clock: Clock,
        watch: Watch,
        recorded: Callable[[], Awaitable[object]],
    ) -> None:
        self._store, self._channel, self._directory = store, channel, directory
        self._clock, self._watch, self._recorded = clock, watch, recorded

    async def note(self, failure: Failure) -> None:
        """Say it another way, once; where there is none it is dead, and a worker is told.

        The same row is never tried again: platforms take an id once. Raises STORE_ERRORS.
        """
        await self._recorded()
        async with self._store.write() as conn:
            row = await failures.find(conn, self._channel, failure.id)
            saying = await outbox.get(conn, row) if row is not None else None
            if row is None or saying is None:
                log.info("not ours, or known", action="delivery.not_ours", channel=self._channel)
                return
            if failure.over and not saying.address.group:
                await windows.shut(conn, saying.address)
            state, others = await self._others(conn, saying)
            await outbox.add(self._store, conn, others)
            await failures.fail(conn, row, state, f"failed: {failure.reason}")
        self._watch.sent(self._channel, "failed")
        log.warning(
            "not delivered after all",
            action="delivery.undelivered",
            channel=self._channel,
            row=row,
            state=state,
            reason=failure.reason,
        )

    async def _others(self, conn: Connection, saying: Saying) -> tuple[str, list[dict[str, Any]]]:
        """What becomes of the row, and the rows to be said instead."""
        now = self._clock.now()
        routes = Routes(conn, self._directory, "", now)
        other = await routes.elsewhere(saying) or in_group(saying)
        if other is not None:
            return "rerouted", [outbox.row_of(other, now)]
        copy = await self._by_hand(conn, routes, saying)
        return "dead", [outbox.row_of(copy, now)] if copy is not None else []

    async def _by_hand(self, conn: Connection, routes: Routes, saying: Saying) -> Saying | None:
        """The same words for the worker of the case, to tell a resident himself; None without."""
        address = saying.address
        person = self._directory.speaker(address.channel, address.chat)
        worker = await self._worker(conn, saying)
        if address.group or person.staff or worker is None or saying.template in MANNERS:
            return None
        copy = routes.copy(saying, Wanted(saying, person.id), worker)
        return replace(copy, template=BY_HAND) if copy is not None else None

    async def _worker(self, conn: Connection, saying: Saying) -> Person | None:
        """Who has the case in hand, else the worker of its place."""
        case = await cases.get(conn, saying.case_id) if saying.case_id is not None else None
        if case is None:
            return None
        world = self._directory.world
        return world.person(case.assignee) or world.person(route(world, case.area, "").person)
