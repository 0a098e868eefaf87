"""The composition root: the only file that knows everything; only ways to start import it."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from bot import handlers
from bot.advice.advised import Opinions
from bot.advice.asking import Advisor
from bot.advice.call import Endpoint, open_endpoint
from bot.assembly import open_channels, open_store
from bot.channels.base import Called, Channel
from bot.channels.simulator import Simulator
from bot.delivery import Delivery
from bot.deployment.folder import SAMPLE, Deployment, load
from bot.dispatch import Desk, Dispatcher
from bot.health import health
from bot.hearing import Hearing
from bot.ingest import Ingest
from bot.media import Fetcher, MediaStore
from bot.memory import give_back
from bot.phrases import Phrases
from bot.stations import Watch
from bot.understanding import Listener
from bot.upkeep import Upkeep
from bot.ways import Ways, windowed
from domain.city import City
from domain.notice_rules import check_event
from scheduler.clock import Clock, SystemClock, VirtualClock
from scheduler.runner import Runner
from store import notice_plans, schema, standing, views, visit_looks
from store.directory import Directory
from store.engine import Connection, Store
from store.quiet import Quiet
from store.work import Work

log = structlog.get_logger(__name__)

TEMPLATES = "templates"
SETTLED = 2.0  # seconds after which a start is over


class App:
    """The running program: seven stations over one store."""

    def __init__(
        self,
        deployment: Deployment,
        store: Store,
        clock: Clock,
        channels: Sequence[Channel],
        watch: Watch | None = None,
        endpoint: Endpoint | None = None,
        pages: str | None = None,
    ) -> None:
        self.deployment, self.store, self.clock = deployment, store, clock
        self.watch = watch or Watch()
        self.channels = {channel.name: channel for channel in channels}
        self.city = City(
            deployment.world,
            deployment.rules,
            deployment.calendar,
            deployment.backstop,
            deployment.settings.quiet.span,
            deployment.settings.http.pages if pages is None else pages,
        )
        ways = Ways(self.channels)
        self.directory = Directory(deployment.world, ways.kinds, ways.abilities, ways.up)
        self.phrases = Phrases(deployment.folder / TEMPLATES)
        self.quiet = quiet = Quiet(store, self.channels)
        self.deliveries = {
            channel.name: Delivery(
                store, channel, self.phrases, self.directory, clock, self.watch, quiet
            )
            for channel in channels
        }
        self.media = MediaStore(deployment.folder / "media")
        self.fetcher = Fetcher(store, self.media, self.channels, clock, quiet)
        advice = deployment.settings.advice
        opinions = Opinions(advice.patience) if endpoint is not None else None
        self.hearing = Hearing(self.city, Listener())
        desk = Desk(
            store,
            self.city,
            self.directory,
            self.hearing,
            handlers.load(),
            clock,
            self.watch,
            opinions,
        )
        self.dispatcher = Dispatcher(desk, self._handled, quiet)
        self.advisor: Advisor | None = None
        if endpoint is not None and opinions is not None:
            self.advisor = Advisor(desk, opinions, endpoint, advice, self.dispatcher.wake)
        self.ingest = Ingest(store, self.dispatcher.wake, self.watch, self.callbacks.keys())
        self.ingest.windowed = windowed(channels)
        self.dispatcher.give_way(self.ingest.rush)
        self.upkeep = Upkeep(store, self.city, self.directory, clock, self._work)
        self.runner = Runner(store, clock, self._work, self._fired, quiet)
        self.listeners: set[Callable[[], None]] = set()

    # Running

    async def open(self) -> None:
        """Read what was bound in chat; the store must be up to date."""
        await self.upkeep.look()

    async def run(self, stop: asyncio.Event) -> bool:
        """Work until `stop` is set; False when a part of the program ended by itself."""
        tasks = [asyncio.create_task(one, name=name) for name, one in self._loops().items()]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        self.runner.start()
        try:
            done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                log.critical(
                    "a part of the program ended",
                    action="app.ended",
                    part=task.get_name(),
                    exc_info=task.exception(),
                )
            return stopping in done
        finally:
            await self.runner.stop()
            # First nothing more is said, then nothing is heard, and what was heard is still stored.
            for part in ("delivery ", "channel ", ""):
                ending = [task for task in (*tasks, stopping) if task.get_name().startswith(part)]
                for task in ending:
                    task.cancel()
                await asyncio.gather(*ending, return_exceptions=True)

    async def _warm(self) -> None:
        """Beside the loop, once a start is over: compile what an ordinary day needs; then rest."""
        await asyncio.sleep(SETTLED)
        await asyncio.to_thread(self.hearing.warm)
        await asyncio.to_thread(self.phrases.warm)
        give_back()  # what compiling left behind
        await asyncio.Event().wait()  # a part that ends would end the program

    def _loops(self) -> dict[str, Coroutine[Any, Any, None]]:
        loops = {
            "ingest": self.ingest.run(),
            "dispatch": self.dispatcher.run(),
            "warmth": self._warm(),
            "media": self.fetcher.run(),
            "upkeep": self.upkeep.run(),
        }
        if self.advisor is not None:
            loops["advice"] = self.advisor.run()
        for name, channel in self.channels.items():
            loops[f"channel {name}"] = channel.run(self.ingest.accept)
            loops[f"delivery {name}"] = self.deliveries[name].run()
        return loops

    def _handled(self, work: Work) -> None:
        """Wake those who have something to do now."""
        self.runner.nudge()
        # Whoever wrote on a channel with a window may be told there what waited for him.
        for name in self.deliveries.keys() & (work.told | self.ingest.windowed):
            self.deliveries[name].wake()
        if work.pictured:
            self.fetcher.wake()
        if self.advisor is not None:
            self.advisor.wake()
        self._changed()

    def _fired(self, job: str, count: int) -> None:
        self.watch.fired(job, count)
        for delivery in self.deliveries.values():
            delivery.wake()
        self._changed()

    def _changed(self) -> None:
        for listener in self.listeners:
            listener()

    def _work(self, conn: Connection, now: datetime) -> Work:
        return Work(self.store, conn, self.city, self.directory, now)

    async def happened(self, event: str, key: str, areas: Sequence[str]) -> int:
        """Fire the notices bound to an event; one without a key counts once a minute.

        Raises UnknownEvent where no rule knows it, or an area is none.
        """
        now = self.clock.now()
        check_event(event, areas, self.city.book.at(now).notices, self.city.world)
        async with self.store.write() as conn:
            work = self._work(conn, now)
            key = key or f"{now:%Y%m%dT%H%M}"
            fired = await notice_plans.happened(work, event, key, areas)
            await work.flush()
        self._handled(work)
        return fired

    # Virtual time

    async def settle(self) -> None:
        """Do everything that is due at this moment: messages, jobs, outbox."""
        # A glance tells that nothing is due, but not of second opinions.
        while self.advisor is not None or not await self.quiet.left(self.clock.now()):
            done = await self.dispatcher.run_once()
            done += await self.runner.run_due()
            done += await self.advisor.run_once() if self.advisor is not None else 0
            for delivery in self.deliveries.values():
                done += await delivery.run_once()
            if not done:
                return

    async def next_moment(self) -> datetime | None:
        """When something falls due next: a timer, a message to be sent, one held back."""
        now = self.clock.now()
        left = await self.quiet.left(now)
        if 0 < left < math.inf:
            return now + timedelta(seconds=left)
        async with self.store.read() as conn:
            return await standing.next_moment(conn)

    async def advance(self, to: datetime) -> None:
        """Let virtual time pass up to `to`; what falls due fires in order, at its own moment."""
        if not hasattr(self.clock, "move_to"):
            raise TypeError("only a virtual clock can be moved")
        await self.settle()
        moment = await self.next_moment()
        while moment is not None and moment <= to:
            self.clock.move_to(moment)
            await self.settle()
            moment = await self.next_moment()
        self.clock.move_to(to)
        await self.settle()

    # Views

    async def cases(self) -> list[dict[str, str]]:
        """Every case as a flat row, oldest first."""
        async with self.store.read() as conn:
            return await views.case_rows(conn)

    async def visits(self) -> list[dict[str, str]]:
        """Every visit as a flat row, oldest first."""
        async with self.store.read() as conn:
            return await visit_looks.rows(conn)

    @property
    def callbacks(self) -> dict[str, Called]:
        """The channels that the platforms call, by name."""
        return {name: one for name, one in self.channels.items() if isinstance(one, Called)}

    @property
    def registry(self) -> CollectorRegistry:
        """The metrics."""
        return self.watch.registry

    async def health(self) -> dict[str, object]:
        """How the program is: store, channels, and what has waited longest."""
        return await health(self.deployment, self.store, self.channels)

    @property
    def simulator(self) -> Simulator:
        """The simulated chat. Raises LookupError where there is none."""
        for channel in self.channels.values():
            if isinstance(channel, Simulator):
                return channel
        raise LookupError("no simulator")


@asynccontextmanager
async def open_app(
    deployment: Deployment, *, clock: Clock | None = None, watch: Watch | None = None
) -> AsyncIterator[App]:
    """A deployment's program with its real channels, its store brought up to date.

    Raises store.schema.TooNew when the database belongs to a newer program.
    """
    clock = clock or SystemClock()
    advice = deployment.settings.advice
    async with (
        open_store(deployment) as store,
        open_endpoint(advice) as endpoint,
        open_channels(deployment, store, clock.now) as channels,
    ):
        app = App(deployment, store, clock, channels, watch, endpoint)
        await app.open()
        yield app


@asynccontextmanager
async def open_simulation(
    folder: Path | None,
    start: datetime,
    clock: Clock | None = None,
    pages: str | None = None,
) -> AsyncIterator[App]:
    """A world that lives in a temporary folder, spoken to through the simulator.

    `folder` None is the packaged sample. With no `clock` the time stands until it is moved. `pages`
    is the address under which its pages are served, where the settings do not know it.
    """
    deployment = await asyncio.to_thread(load, folder or SAMPLE, borrow=folder is not None)
    clock = clock or VirtualClock(start)
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="gridbot-")))
        store = Store(f"sqlite+aiosqlite:///{place / 'gridbot.sqlite3'}", durable=False)
        stack.push_async_callback(store.close)
        await schema.create(store)
        names = [name for one in deployment.settings.sections.values() for name in one.names]
        simulator = Simulator(clock.now, names=tuple(dict.fromkeys(names)))
        app = App(deployment, store, clock, [simulator], pages=pages)
        await app.open()
        app.media = MediaStore(place / "media")
        simulator.plug(app.ingest.accept)
        writer = asyncio.create_task(app.ingest.run())
        stack.push_async_callback(_cancelled, writer)
        yield app


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
