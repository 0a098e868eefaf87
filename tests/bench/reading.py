"""How long a message takes to be read, how soon that is ready, and what it takes of memory.

Measured in processes of their own, pinned to one processor where that can be done: each imports
what the program has anyway, then the listener, then reads the development set three times. A
message counts with the best of its three readings, for the machine is shared.
"""

import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

import orjson

LINES = Path(__file__).parents[2] / "bot" / "training" / "lines" / "dev.jsonl"
_READINGS = 3
_PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Reading:
    """One process: milliseconds a message, seconds until ready and of its imports, megabytes."""

    p50_ms: float
    p99_ms: float
    imports_s: float
    ready_s: float
    memory_mb: float


def run_once() -> Reading:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.reading"]
    told = subprocess.run(command, check=True, capture_output=True, timeout=300)
    return Reading(**orjson.loads(told.stdout))


def middle(found: list[Reading], name: str) -> float:
    """The median of a figure over several processes."""
    return median(getattr(one, name) for one in found)


def _measured() -> Reading:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    before = _resident()
    began = time.perf_counter()
    from bot.memory import give_back  # noqa: PLC0415 -- the imports are what is measured
    from bot.understanding import Heard, Listener  # noqa: PLC0415
    from bot.understanding.warming import warm  # noqa: PLC0415

    imported = time.perf_counter()
    listener = Listener()
    ready = time.perf_counter()
    warm(listener)  # the program does so in a thread before the first message
    give_back()
    memory = _resident() - before
    lines = [orjson.loads(line) for line in LINES.read_bytes().splitlines()]
    heard = [Heard(line["text"], role=line.get("role", "resident")) for line in lines]
    best = [float("inf")] * len(heard)
    for _ in range(_READINGS):
        for at, one in enumerate(heard):
            started = time.perf_counter()
            listener.understand(one)
            best[at] = min(best[at], time.perf_counter() - started)
    spread = quantiles(best, n=100)
    return Reading(
        p50_ms=spread[49] * 1e3,
        p99_ms=spread[98] * 1e3,
        imports_s=imported - began,
        ready_s=ready - imported,
        memory_mb=memory / 1e6,
    )


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE


if __name__ == "__main__":
    # What the program has loaded anyway is no part of it.
    import asyncio  # noqa: F401
    import datetime  # noqa: F401
    import tomllib  # noqa: F401

    import aiohttp  # noqa: F401
    import jinja2  # noqa: F401
    import sqlalchemy  # noqa: F401

    sys.stdout.buffer.write(orjson.dumps(asdict(_measured())))
