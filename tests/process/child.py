"""A GridBot process that can be told to die: python -m tests.process.child DIR --die-at STATION."""

import argparse
import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot import log
from bot.app import open_app
from bot.cli.main import main
from bot.deployment.folder import load
from bot.stations import Watch
from scheduler.clock import ShiftedClock, SystemClock
from store import leases


def run(
    folder: Path, die_at: str = "", nth: int = 1, ahead: float = 0.0, lease: float = 0.0
) -> None:
    """Serve a deployment; kill this process at the n-th passing of a station.

    `ahead` sets its clock forward by so many seconds: what a killed process had claimed is free.
    `lease` is the life of the channel's lease in seconds: none, for one process at a time.
    """
    sys.stderr = (folder / f"child-{os.getpid()}.log").open("w", encoding="utf-8")
    log.set_up()
    leases.LIFE = timedelta(seconds=lease)
    asyncio.run(_serve(folder, die_at, nth, ahead))


def gridbot(
    folder: Path, cwd: Path, out: Path, env: Mapping[str, str], binary: Path | None
) -> None:
    """`gridbot run FOLDER` with its output in files: as a program, or sooner, already imported."""
    for number, ending in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(out.with_suffix(ending), os.O_CREAT | os.O_WRONLY), number)
    os.chdir(cwd)
    os.environ.update(env)
    if binary is not None:
        os.execv(binary, [str(binary), "run", str(folder)])  # noqa: S606 - there is no shell to want
    main(["run", str(folder)])


async def _serve(folder: Path, die_at: str, nth: int, ahead: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    passed: Counter[str] = Counter()

    def at(station: str) -> None:
        passed[station] += 1
        if station == die_at and passed[station] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = ShiftedClock(SystemClock().now() + timedelta(seconds=ahead))
    async with open_app(load(folder), clock=clock, watch=Watch(at)) as app:
        await app.run(stop)


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--die-at", default="")
    parser.add_argument("--nth", type=int, default=1)
    parser.add_argument("--ahead", type=float, default=0.0)
    parser.add_argument("--lease", type=float, default=0.0)
    run(**vars(parser.parse_args()))


if __name__ == "__main__":
    _main()
