"""Drives the service: as fast as it goes (closed loop), or at a given rate (open loop)."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.bench.gateway import Gateway, clock
from tests.bench.service import Metrics, Service, Usage, percentile, stolen
from tests.bench.traffic import Traffic

LOOK = 0.1  # seconds between two looks at the service's counters
DRAIN = 60.0
QUIET = 0.4  # seconds without a frame: what is still unsaid waits for its rate


@dataclass
class Measured:
    """One phase. `rate` counts messages handled, not those that were known from before."""

    seconds: float
    handled: int
    rate: float
    delivered: float  # a second, with those delivered again
    cpu_us: float  # of the service, for each handled message
    cpu: float  # share of one CPU
    rss: float
    pss: float
    answers: int  # replies the gateway saw to messages of this phase
    wire_p50: float  # milliseconds from the due time to the reply's frame at the gateway
    wire_p95: float
    wire_p99: float
    store_p50: float  # milliseconds from arrival to commit, by the service's own histogram
    store_p95: float
    store_p99: float
    late_p99: float = 0.0  # milliseconds this program itself was late: not the service's fault
    within: float = 0.0  # share of the answers committed within 100 ms of arrival, exact
    stolen: float = 0.0  # share of the machine that its host gave to others

    def json(self) -> dict[str, float]:
        return {key: round(value, 3) for key, value in asdict(self).items()}


class Load:
    """One service under load."""

    def __init__(self, service: Service, gateway: Gateway, traffic: Traffic) -> None:
        self._service, self._gateway, self._traffic = service, gateway, traffic
        self._base = gateway.delivered

    async def closed(self, seconds: float, warm: float, outstanding: int) -> Measured:
        """Keep that many messages outstanding: what the service can do at most."""
        await self._keep(warm, outstanding)
        begin = await self._begin()
        await self._keep(seconds, outstanding)
        return self._measured(begin, await self._look(), [])

    async def open(self, seconds: float, rate: float, seed: int) -> Measured:
        """Messages come when they come, at this rate, whether or not the last is answered."""
        rng = random.Random(seed)  # noqa: S311 - arrivals, not secrets
        begin = await self._begin()
        late: list[float] = []
        start = due = clock()
        while (due := due + rng.expovariate(rate)) < start + seconds:
            if (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            await self._gateway.deliver(self._traffic.next(), due)
            late.append(clock() - due)
        end = await self._look()
        await self.drain()  # the last ones count with the time they took
        settled = await self._service.metrics()
        return self._measured(begin, (end[0], end[1], settled), late)

    async def _keep(self, seconds: float, outstanding: int) -> None:
        end = clock() + seconds
        while clock() < end:
            done = (await self._service.metrics()).done
            for _ in range(outstanding - (self._gateway.delivered - self._base - done)):
                await self._gateway.deliver(self._traffic.next(), clock())
            await asyncio.sleep(LOOK)

    async def drain(self) -> bool:
        """Wait until all that was delivered is handled and said; False when it does not end."""
        end, frames = clock() + DRAIN, -1
        while clock() < end:
            done = (await self._service.metrics()).done >= self._gateway.delivered - self._base
            if done and frames == self._gateway.frames:
                return True
            frames = self._gateway.frames
            await asyncio.sleep(QUIET if done else LOOK)
        return False

    async def _begin(self) -> tuple[Usage, Metrics, Metrics]:
        self._gateway.forget()
        return await self._look()

    async def _look(self) -> tuple[Usage, Metrics, Metrics]:
        metrics = await self._service.metrics()
        return self._service.usage(), metrics, metrics

    def _measured(
        self,
        begin: tuple[Usage, Metrics, Metrics],
        end: tuple[Usage, Metrics, Metrics],
        late: Sequence[float],
    ) -> Measured:
        before, after = begin[0], end[0]
        seconds = after.at - before.at
        handled = end[1].handled - begin[1].handled
        cpu = after.cpu - before.cpu
        waits = sorted(self._gateway.latencies)
        start, settled = begin[1], end[2]
        answered = settled.handled - start.handled
        quick = settled.buckets().get(0.1, 0) - start.buckets().get(0.1, 0)
        return Measured(
            seconds=seconds,
            handled=handled,
            rate=handled / seconds,
            delivered=(end[1].done - begin[1].done) / seconds,
            cpu_us=1e6 * cpu / max(handled, 1),
            cpu=cpu / seconds,
            rss=after.rss,
            pss=after.pss,
            answers=len(waits),
            wire_p50=1e3 * nth(waits, 0.50),
            wire_p95=1e3 * nth(waits, 0.95),
            wire_p99=1e3 * nth(waits, 0.99),
            store_p50=1e3 * percentile(start, settled, 0.50),
            store_p95=1e3 * percentile(start, settled, 0.95),
            store_p99=1e3 * percentile(start, settled, 0.99),
            late_p99=1e3 * nth(sorted(late), 0.99),
            within=quick / max(answered, 1),
            stolen=stolen(before, after),
        )


def nth(ordered: Sequence[float], share: float) -> float:
    """A percentile of sorted values; 0 when there are none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
