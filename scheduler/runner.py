"""Runs the timed jobs: APScheduler ticks, timers are rows, each fires in one transaction."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules

import structlog
from apscheduler.job import Job as TickJob
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler import jobs
from scheduler.clock import Clock, SystemClock
from scheduler.job import Job, Misfire
from scheduler.setbacks import Setbacks
from store import timers
from store.engine import STORE_ERRORS, Connection, Store, away, conflicted
from store.quiet import Quiet
from store.timers import Timer
from store.work import Work

log = structlog.get_logger(__name__)

TICK = timedelta(seconds=0.25)  # the least rest between two ticks
LOOK = timedelta(seconds=1)
BATCH = 50
_PATIENCE = 3  # tries in a row before what looks like the database's trouble is a timer's own


def load() -> dict[str, Job]:
    """Every job by the kind of timer it looks at. Raises RuntimeError when two want the same."""
    found: dict[str, Job] = {}
    for module in iter_modules(jobs.__path__):
        job: Job = import_module(f"{jobs.__name__}.{module.name}").JOB
        for kind in job.kinds:
            if kind in found:
                raise RuntimeError(f"two jobs for timers {kind!r}: {found[kind].name}, {job.name}")
            found[kind] = job
    return found


class Runner:
    """Fires due timers, oldest first, until none is left."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        work: Callable[[Connection, datetime], Work],
        done: Callable[[str, int], None],
        quiet: Quiet | None = None,
    ) -> None:
        self._store, self._clock, self._work, self._done = store, clock, work, done
        self._quiet = quiet
        self._jobs: Mapping[str, Job] = load()
        self._kinds = sorted(self._jobs)
        self._ticker: AsyncIOScheduler | None = None
        self._tick_job: TickJob | None = None
        self._ticking = asyncio.Lock()
        self._look_at: datetime | None = None
        self._next: datetime | None = None  # when the next timer fires, as last seen
        self._setbacks = Setbacks()
        self._away = 0  # tries in a row that ended as if the database were away

    def start(self) -> None:
        """Tick in this process; never a job store shared with others (docs/performance.md)."""
        self._ticker = AsyncIOScheduler(timezone="UTC")
        self._tick_job = self._ticker.add_job(
            self._tick,
            "interval",
            seconds=LOOK.total_seconds(),
            coalesce=True,
            misfire_grace_time=None,
            max_instances=2,
        )
        self._ticker.start()

    async def stop(self) -> None:
        """Stop ticking; what is firing just now is brought to its end."""
        if self._ticker is not None:
            self._ticker.pause()
            async with self._ticking:
                self._ticker.shutdown(wait=False)
            self._ticker = self._tick_job = None

    async def next_due(self) -> datetime | None:
        """When the next timer fires."""
        async with self._store.read() as conn:
            return await timers.next_due(conn, self._kinds)

    async def run_due(self) -> int:
        """Fire what is due now; returns how many timers were taken."""
        fired = 0
        now = self._clock.now()
        due = self._next
        if due is None or due > now:
            due = await self.next_due()
        while due is not None and due <= now:
            self._next = None
            taken = await self._fire(BATCH)
            fired += taken
            due = self.upcoming or await self.next_due()
            if not taken:
                break
        self._next = due
        return fired

    @property
    def upcoming(self) -> datetime | None:
        """When the next timer fires, as it was when `run_due` had looked."""
        return self._next

    def nudge(self) -> None:
        """Timers may have been set here: look very soon, not merely within a second."""
        self._look_at = None
        self._sooner(TICK)

    def _sooner(self, wait: timedelta) -> None:
        """Tick that soon, if the next tick were later."""
        at = SystemClock().now() + max(wait, TICK)
        if self._tick_job is not None and self._tick_job.next_run_time > at:
            self._tick_job.modify(next_run_time=at)

    async def _tick(self) -> None:
        if self._ticking.locked():
            return  # the last tick still has work; it goes on until none is left
        now = self._clock.now()
        # Never longer than LOOK: the machine's clock may have been set back meanwhile.
        if self._look_at is not None and self._look_at - LOOK <= now < self._look_at:
            return
        async with self._ticking:
            try:
                due = await self._glance(now)
                if due is None:
                    await self.run_due()
                    due = self._next
                # Another process may set a timer meanwhile, so nobody rests longer than LOOK.
                now = self._clock.now()
                self._look_at = min(due or now + LOOK, now + LOOK)
                self._sooner(self._look_at - now)
            except STORE_ERRORS as error:
                self._look_at = now + LOOK
                log.error("store", action="timers.store", error=type(error).__name__)

    async def _glance(self, now: datetime) -> datetime | None:
        """When to look again if nothing is due now; None: look now."""
        if self._quiet is None or self._look_at is None:
            return None
        left = await self._quiet.left(now)
        return now + timedelta(seconds=min(left, LOOK.total_seconds())) if left else None

    async def _fire(self, limit: int) -> int:
        """Take due timers and act on each, in one transaction; one bad timer is put aside."""
        now = self._clock.now()
        counts: dict[str, int] = {}
        due: list[Timer] = []
        try:
            async with self._store.write() as conn:
                work = self._work(conn, now)
                due = await timers.take_due(conn, self._kinds, now, limit)
                for timer in map(self._setbacks.meant, due):
                    job = self._jobs[timer.kind]
                    if job.misfire is Misfire.SKIP and now - timer.due_at > job.grace:
                        log.info("skipped", action="timers.skipped", job=job.name)
                        continue
                    await job.run(work, timer)
                    counts[job.name] = counts.get(job.name, 0) + 1
                await work.flush()
                upcoming = await timers.next_due(conn, self._kinds)
        except Exception as error:  # one bad timer must not stop the others
            if not due or self._not_its_fault(error):
                raise
            if len(due) > 1:
                log.info("one by one", action="timers.apart", error=type(error).__name__)
                return await self._one_by_one()
            await self._put_aside(due[0], now, error)
            return 1
        self._away, self._next = 0, upcoming
        self._setbacks.over(due)
        for name, count in counts.items():
            self._done(name, count)
        return len(due)

    def _not_its_fault(self, error: Exception) -> bool:
        """Whether the same timers may simply be tried again: the database gave way or was away.

        Not for ever: SQLite calls a statement that is too long an operational error as well.
        """
        if conflicted(error):
            return True
        self._away = self._away + 1 if away(error) else 0
        return 0 < self._away <= _PATIENCE

    async def _put_aside(self, timer: Timer, now: datetime, error: Exception) -> None:
        """Let a timer whose job failed rest, longer each time. Raises where the database is away.

        The error goes to the log here and nowhere else: once for each try.
        """
        tries, wait = self._setbacks.failed(timer)
        self._next = None  # it was read before
        async with self._store.write() as conn:
            await timers.postpone(conn, timer, now + wait)
        told = {"kind": timer.kind, "tries": tries, "wait": str(wait)}
        log.error("timer failed", action="timers.failed", exc_info=error, **told)

    async def _one_by_one(self) -> int:
        """Fire the timers of a failed batch each by itself, so that only the bad one fails."""
        taken = 0
        while taken < BATCH and await self._fire(1):
            taken += 1
        return taken
