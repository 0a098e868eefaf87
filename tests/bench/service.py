"""The program under test as a process: start it, read its metrics, its CPU and its memory."""

import asyncio
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

_TICKS = os.sysconf("SC_CLK_TCK")
_LINE = re.compile(r"^(\w+?)(?:\{(.*)\})? ([0-9.e+-]+|\+Inf)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
START = 60.0
PLANNING = 300.0  # seconds a first start may take to plan the visits of the whole city
Labels = tuple[tuple[str, str], ...]


@dataclass
class Metrics:
    """One reading of /metrics."""

    values: Mapping[str, Mapping[Labels, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "Metrics":
        found: dict[str, dict[Labels, float]] = {}
        for name, labels, value in _LINE.findall(text):
            found.setdefault(name, {})[tuple(_LABEL.findall(labels))] = float(value)
        return cls(found)

    def total(self, name: str, **labels: str) -> float:
        """The sum over every line of that name that has these labels."""
        wanted = set(labels.items())
        return sum(v for key, v in self.values.get(name, {}).items() if wanted <= set(key))

    @property
    def handled(self) -> int:
        return int(self.total("gridbot_handled_total"))

    @property
    def seen(self) -> int:
        return int(self.total("gridbot_inbox_total", outcome="seen"))

    @property
    def done(self) -> int:
        """Deliveries that are dealt with: handled, or known from before."""
        return self.handled + self.seen

    def buckets(self) -> dict[float, float]:
        """The histogram of answers over all channels: bound -> count."""
        found: dict[float, float] = {}
        for key, value in self.values.get("gridbot_answer_seconds_bucket", {}).items():
            bound = float(dict(key)["le"])
            found[bound] = found.get(bound, 0.0) + value
        return found


def percentile(before: Metrics, after: Metrics, share: float) -> float:
    """A percentile of the answers between two readings, in seconds, interpolated in its bucket."""
    earlier = before.buckets()
    counts = [(bound, n - earlier.get(bound, 0.0)) for bound, n in sorted(after.buckets().items())]
    wanted = share * (counts[-1][1] if counts else 0.0)
    low, below = 0.0, 0.0
    for bound, count in counts:
        if count >= wanted and count > below:
            high = low if bound == float("inf") else bound
            return low + (high - low) * (wanted - below) / (count - below)
        low, below = bound, max(count, below)
    return 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds used so far, memory in MB, and when it was looked at.

    `stolen` are the seconds, over all processors, in which the host let something else run.
    """

    at: float
    cpu: float
    rss: float
    pss: float
    peak: float
    stolen: float


def usage(pid: int) -> Usage:
    """Look at a process."""
    proc = Path(f"/proc/{pid}")
    fields = (proc / "stat").read_text().rpartition(")")[2].split()
    status = dict(re.findall(r"^(\w+):\s+(\d+) kB", (proc / "status").read_text(), re.MULTILINE))
    rollup = (proc / "smaps_rollup").read_text()
    pss = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return Usage(
        time.perf_counter(),
        (int(fields[11]) + int(fields[12])) / _TICKS,
        int(status["VmRSS"]) / 1024,
        int(pss[1]) / 1024 if pss else 0.0,
        int(status["VmHWM"]) / 1024,
        _stolen(),
    )


def _stolen() -> float:
    """proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal ..."""
    first = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    return int(first.split()[8]) / _TICKS


def stolen(before: Usage, after: Usage) -> float:
    """The share of the machine that its host gave to others meanwhile: figures are worse by it."""
    return (after.stolen - before.stolen) / (after.at - before.at) / (os.cpu_count() or 1)


class Service:
    """`gridbot run` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""
        self.ready_after = 0.0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("GRIDBOT_")}
        log = (self._folder / "service.log").open("ab")
        began = time.perf_counter()
        with log:
            self._process = await asyncio.create_subprocess_exec(
                str(Path(sys.executable).with_name("gridbot")),
                "run",
                str(self._folder),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=env,
            )
        self._session = aiohttp.ClientSession()
        async with asyncio.timeout(START):
            self.url = await self._address()
            while not await self._ready():  # noqa: ASYNC110 - another process, nothing to wait on
                await asyncio.sleep(0.01)
        self.ready_after = time.perf_counter() - began

    async def planned(self) -> None:
        """Wait until nothing is due any more: a first start plans the visits of the whole city."""
        assert self._session is not None
        async with asyncio.timeout(PLANNING):
            while True:
                async with self._session.get(f"{self.url}/readyz") as response:
                    due = (await response.json())["next_timer"]
                if due is None or datetime.fromisoformat(due).timestamp() > time.time():
                    return
                await asyncio.sleep(0.2)

    async def _address(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
            if found := re.search(r"http://[\w.:\[\]]+\d", line):
                return found[0]
        raise self._gone()

    async def _ready(self) -> bool:
        assert self._session is not None
        try:
            async with self._session.get(f"{self.url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def metrics(self) -> Metrics:
        assert self._session is not None
        try:
            async with self._session.get(f"{self.url}/metrics") as response:
                return Metrics.of(await response.text())
        except aiohttp.ClientError as error:
            raise self._gone() from error

    def _gone(self) -> RuntimeError:
        """What to say when the process is not there."""
        code = self._process.returncode if self._process is not None else None
        log = (self._folder / "service.log").read_text("utf-8", "replace")
        return RuntimeError(
            f"the service is gone (exit code {code}); its last words: {log[-3000:]}"
        )

    def usage(self) -> Usage:
        """Look at the process."""
        return usage(self.pid)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 15)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
