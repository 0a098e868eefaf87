"""`python -m tests.bench`: measure a running service and print it beside the budgets."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson

from tests.bench import callbacks, reading, table
from tests.bench.bench import Bench, Plan, Run, start
from tests.bench.ceiling import ceiling
from tests.bench.database import Databases, databases

try:
    import uvloop as loops
except ImportError:
    loops = asyncio

QUICK = Plan(
    grids=500, people=7_500, stored=5_000, runs=1, warm=1, closed=3, open=3, idle=3,
    start_grids=1000, start_people=25_000, callbacks=3000,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and run; 1 when something was lost or handled twice."""
    options = _parser().parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    given = {name: getattr(options, name) for name in _OPTIONS}
    plan = replace(plan, **{name: value for name, value in given.items() if value is not None})
    with (
        tempfile.TemporaryDirectory(prefix="gridbot-bench-", dir=options.dir) as place,
        databases(options.store) as where,
    ):
        found = loops.run(_measure(plan, where, Path(place), options.only))
    if options.json is not None:
        options.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    return 0 if found["good"] else 1


PARTS = ("load", "callbacks", "start", "reading")
_OPTIONS = {
    "grids": "grids of the city, each with its group (2000)",
    "people": "people in its roster (30000)",
    "stored": "stored cases of the second half; 0 leaves it out (100000)",
    "runs": "runs of each, and starts; the table shows medians (5)",
    "warm": "seconds of a closed loop that are not measured, before (2)",
    "closed": "seconds of a closed loop (10)",
    "open": "seconds of an open loop (10)",
    "rate": "messages/s of the open loop (half of the closed loop's)",
    "outstanding": "messages under way in the closed loop (400)",
    "callbacks": "callbacks of a closed loop (20000)",
    "call_rate": "callbacks/s of the open loop (3000)",
    "idle": "seconds of rest that are measured (20)",
    "seed": "seed of what people write (20261122)",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about 30 seconds, a smaller city")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--only", choices=PARTS, help="one part of the figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.add_argument("--dir", type=Path, help="where the databases lie (the system's /tmp)")
    defaults = asdict(Plan())
    for name, words in _OPTIONS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=type(defaults[name]), help=words, metavar="N"
        )
    return parser


async def _measure(plan: Plan, where: Databases, folder: Path, only: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"store": where.kind, "plan": asdict(plan), "good": True}
    rows: list[table.Row] = []
    _say(f"store {where.kind}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before")
    if only in (None, "load"):
        rows += await _loaded(plan, where, folder, found)
    if only in (None, "callbacks"):
        rows += await _called(plan, where, folder, found)
    if only in (None, "start"):
        rested = await start(plan, where, folder / "start")
        found["start"] = asdict(rested)
        rows += table.resting(rested, plan)
    if only in (None, "reading"):
        readings = [reading.run_once() for _ in range(plan.runs)]
        found["reading"] = [asdict(one) for one in readings]
        rows += table.read(readings)
    _say("", table.drawn([("", "measured (median)", "budget"), *rows]))
    return found


async def _loaded(
    plan: Plan, where: Databases, folder: Path, found: dict[str, Any]
) -> list[table.Row]:
    bench = Bench(plan, where, folder)
    top = await ceiling(bench.grids, min(2.0, plan.closed), plan.seed)
    _say(f"the gateway alone: {top:.0f} messages/s, each with its reply and ack")
    if plan.stored:
        _say(f"{plan.stored:,} cases stored in {await bench.prepare():.0f} s")
    runs: list[Run] = []
    for number in range(plan.runs):
        for stored in (0, plan.stored) if plan.stored else (0,):
            # Both halves of a run are asked for the same: half of what the empty one can do.
            rate = 0.0 if not stored else runs[-1].closed.rate / 2
            runs.append(await bench.run(number, stored, rate))
            _say(table.one(runs[-1]))
    empty, full = ([run for run in runs if bool(run.stored) is kind] for kind in (False, True))
    fastest = max(run.closed.rate for run in runs)
    found |= {"ceiling": top, "runs": [run.json() for run in runs]}
    found["good"] = all(run.checked.good and run.drained for run in runs)
    return [
        *table.headline(empty, full),
        ("the gateway's own ceiling : fastest run", f"{top / fastest:.1f}", ""),
    ]


async def _called(
    plan: Plan, where: Databases, folder: Path, found: dict[str, Any]
) -> list[table.Row]:
    rounds = []
    for number in range(plan.runs):
        rounds.append(await callbacks.round_of(plan, where, folder, number))
        _say(table.one_round(rounds[-1]))
    found["callbacks"] = [one.json() for one in rounds]
    found["good"] = found["good"] and all(one.good for one in rounds)
    return table.called(rounds)


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
