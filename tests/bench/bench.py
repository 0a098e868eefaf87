"""The runs: one city on one store, with and without a past; and how it starts and rests."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.check import Checked, check
from tests.bench.city import Grid, build
from tests.bench.database import Databases, query
from tests.bench.gateway import Gateway, clock
from tests.bench.load import Load, Measured
from tests.bench.service import Service
from tests.bench.stored import fill
from tests.bench.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, how long, how often."""

    grids: int = 2000
    people: int = 30_000
    stored: int = 100_000
    runs: int = 5
    warm: float = 2.0
    closed: float = 10.0
    open: float = 10.0
    rate: float = 0.0  # of the open loop; 0 is half of what the closed loop reached
    outstanding: int = 400
    seed: int = 20261122
    start_grids: int = 4000
    start_people: int = 100_000
    idle: float = 20.0
    callbacks: int = 20_000  # of a closed loop
    call_rate: float = 3000.0  # callbacks/s of the open loop


@dataclass
class Run:
    """One service's life under load."""

    stored: int
    closed: Measured
    open: Measured
    checked: Checked
    drained: bool

    def json(self) -> dict[str, Any]:
        return {
            "stored": self.stored,
            "closed": self.closed.json(),
            "open": self.open.json(),
            "checked": self.checked.json(),
            "drained": self.drained,
        }


@dataclass
class Start:
    """From the command to readyz; the first time the tables are made as well."""

    first: float
    again: list[float]
    online: float  # until the robot was subscribed at the platform, from the command on
    idle_cpu: float
    rss: float
    pss: float
    peak: float

    @property
    def seconds(self) -> float:
        return median(self.again) if self.again else self.first


class Bench:
    """A city, its databases and what is measured on them."""

    def __init__(self, plan: Plan, databases: Databases, folder: Path) -> None:
        self.plan, self._databases, self._folder = plan, databases, folder
        self.grids: list[Grid] = build(
            folder / "city", plan.grids, plan.people, "ws://127.0.0.1:1/"
        )
        self._past = ""

    async def prepare(self) -> float:
        """Make the database with a past; returns the seconds it took."""
        began = clock()
        city = self._folder / "city"
        self._past = await self._databases.create(city)
        await fill(self._databases, self._past, city, self.plan.stored, self.plan.seed)
        return clock() - began

    async def run(self, number: int, stored: int, rate: float) -> Run:
        """A fresh service: closed loop, then open loop at half of it (or at `rate`), then count."""
        plan, tag = self.plan, f"b{number}"
        traffic = Traffic(self.grids, plan.seed + number, tag)
        async with self._service(traffic, self._past if stored else "") as (service, gateway, url):
            before = (await query(url, "SELECT coalesce(max(id), 0) FROM cases"))[0][0]
            load = Load(service, gateway, traffic)
            closed = await load.closed(plan.closed, plan.warm, plan.outstanding)
            drained = await load.drain()
            rate = rate or plan.rate or closed.rate / 2
            opened = await load.open(plan.open, rate, plan.seed + number)
            drained = await load.drain() and drained
            metrics = await service.metrics()
            checked = await check(url, tag, before, traffic, gateway, metrics)
        return Run(stored, closed, opened, checked, drained)

    @asynccontextmanager
    async def _service(
        self, traffic: Traffic, like: str
    ) -> AsyncIterator[tuple[Service, Gateway, str]]:
        gateway = Gateway(traffic)
        await gateway.open()
        with tempfile.TemporaryDirectory(prefix="run-", dir=self._folder) as place:
            folder = Path(place)
            url = await self._databases.create(folder, like)
            build(folder, self.plan.grids, self.plan.people, gateway.url, url)
            service = Service(folder)
            try:
                await service.start()
                async with asyncio.timeout(20):
                    await gateway.online.wait()
                await service.planned()
                yield service, gateway, url
            finally:
                await service.stop()
                await gateway.close()


async def start(plan: Plan, databases: Databases, folder: Path) -> Start:
    """Start a large city, `runs` times more with the tables there already, and let it rest."""
    gateway = Gateway()
    await gateway.open()
    url = await _empty(databases, folder)
    build(folder, plan.start_grids, plan.start_people, gateway.url, url)
    times: list[float] = []
    try:
        for _ in range(max(plan.runs, 1)):
            times.append((await _started(folder)).ready_after)
            gateway.online.clear()
        service = Service(folder)
        began = clock()
        await service.start()
        async with asyncio.timeout(30):  # the lease of the one before may have to be waited for
            await gateway.online.wait()
        online = clock() - began
        try:
            await service.planned()
            await asyncio.sleep(2)
            begin = service.usage()
            await asyncio.sleep(plan.idle)
            end = service.usage()
        finally:
            await service.stop()
    finally:
        await gateway.close()
    cpu = (end.cpu - begin.cpu) / (end.at - begin.at)
    return Start(times[0], times[1:], online, cpu, end.rss, end.pss, end.peak)


async def _empty(databases: Databases, folder: Path) -> str:
    """Where the service makes its own tables, as at a first start."""
    if databases.kind == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'gridbot.sqlite3'}"
    return await databases.create(folder)


async def _started(folder: Path) -> Service:
    service = Service(folder)
    try:
        await service.start()
    finally:
        await service.stop()
    return service


def middle(runs: Sequence[Run], phase: str, name: str) -> float:
    """The median of a figure over runs."""
    return median(getattr(getattr(run, phase), name) for run in runs)
