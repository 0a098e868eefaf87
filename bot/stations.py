"""What happens at the stations of a message, told to whoever watches: metrics, and tests."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.channels.base import Received

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


def _pass(_station: str) -> None:
    """Nobody watches."""


class Watch:
    """Counts and times each station. `at` is called at named moments; tests hang on to it."""

    def __init__(self, at: Callable[[str], None] = _pass) -> None:
        self.at = at
        self.registry = CollectorRegistry()
        self._inbox = Counter(
            "gridbot_inbox",
            "Messages heard, by outcome: new, seen, refused.",
            ("channel", "outcome"),
            registry=self.registry,
        )
        self._handled = Counter(
            "gridbot_handled",
            "Messages handled, by what they were taken for.",
            ("channel", "intent"),
            registry=self.registry,
        )
        self._outbox = Counter(
            "gridbot_outbox",
            "Messages sent, by outcome: sent, retried, rerouted, dead; failed: told so later.",
            ("channel", "outcome"),
            registry=self.registry,
        )
        self._jobs = Counter(
            "gridbot_timers", "Timers that fired, by job.", ("job",), registry=self.registry
        )
        self._advice = Counter(
            "gridbot_advice",
            "Second opinions asked for, by outcome.",
            ("outcome",),
            registry=self.registry,
        )
        self._advice_cost = Gauge(
            "gridbot_advice_month",
            "Second opinions this month: requests, tokens (where stated), budget of requests.",
            ("what",),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "gridbot_station_seconds",
            "Time a station took.",
            ("station",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._lag = Histogram(
            "gridbot_answer_seconds",
            "From arrival to the committed answer.",
            ("channel",),
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def received(self, channel: str, outcome: Received, count: int = 1) -> None:
        self._inbox.labels(channel, outcome.value).inc(count)

    def handled(self, channel: str, intent: str, seconds: float) -> None:
        self._handled.labels(channel, intent).inc()
        self._lag.labels(channel).observe(max(seconds, 0.0))

    def sent(self, channel: str, outcome: str) -> None:
        self._outbox.labels(channel, outcome).inc()

    def fired(self, job: str, count: int) -> None:
        self._jobs.labels(job).inc(count)

    def advised(self, outcome: str) -> None:
        self._advice.labels(outcome).inc()

    def advice_cost(self, requests: int, tokens: int, budget: int) -> None:
        for what, value in (("requests", requests), ("tokens", tokens), ("budget", budget)):
            self._advice_cost.labels(what).set(value)

    @contextmanager
    def timed(self, station: str) -> Iterator[None]:
        """Time what happens inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds.labels(station).observe(time.perf_counter() - start)
