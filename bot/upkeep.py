"""What is looked at when the program starts, and every few seconds after that."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import structlog

from domain.city import City
from scheduler import caring
from scheduler.clock import Clock
from scheduler.planning import begin
from scheduler.planning import look as planned
from store import notice_plans, pacing, timers
from store.directory import Directory
from store.engine import STORE_ERRORS, Connection, Store
from store.work import Work

log = structlog.get_logger(__name__)

REFRESH = 5.0
TIDY = 720  # refreshes: once an hour
BUCKETS = timedelta(hours=2)  # every bucket is full again by then


class Upkeep:
    """Keeps the directory true, and the timers of daily jobs and of the rules' notices standing."""

    def __init__(
        self,
        store: Store,
        city: City,
        directory: Directory,
        clock: Clock,
        work: Callable[[Connection, datetime], Work],
    ) -> None:
        self._store, self._city, self._directory = store, city, directory
        self._clock, self._work = clock, work
        self._armed = False  # the notices of the rules have their timers

    async def run(self) -> None:
        """See what other processes have bound, and drop what nobody needs any more."""
        for round_ in count(1):
            await asyncio.sleep(REFRESH)
            try:
                await self.look()
                if round_ % TIDY == 0:
                    async with self._store.write() as conn:
                        await pacing.forget_buckets(conn, self._clock.now() - BUCKETS)
            except STORE_ERRORS as error:
                log.error("store", action="directory.store", error=type(error).__name__)

    async def look(self) -> None:
        """Read what was bound in chat, and set the timers that do not stand."""
        async with self._store.read() as conn:
            await self._directory.refresh(conn)
            planning = await planned(conn, self._city, self._clock.now())
            caring_goes_on = await timers.any_of(conn, caring.DAY)
        if not planning:
            async with self._store.write() as conn:
                await begin(self._work(conn, self._clock.now()))
        if not self._armed:
            async with self._store.write() as conn:
                await notice_plans.arm(self._work(conn, self._clock.now()))
            self._armed = True
        if not caring_goes_on:
            async with self._store.write() as conn:
                await caring.begin(self._work(conn, self._clock.now()))
