"""Plays dialogue files against the real program and says which expectations fail."""

import asyncio
import csv
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.deployment.faults import Faults
from bot.dialogue.lines import (
    Clicks,
    DialogueError,
    Expectation,
    Line,
    Now,
    Recalls,
    SaidCount,
    Says,
    Spoke,
    World,
)
from bot.dialogue.parse import read
from bot.dialogue.player import Failure, Player, Simulation
from bot.dialogue.show import Names, Show, clean

Opener = Callable[[Path | None, datetime], AbstractAsyncContextManager[Simulation]]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a dialogue."""

    file: str
    expectations: int
    failures: tuple[Failure, ...]


def open_world(folder: Path | None, start: datetime) -> AbstractAsyncContextManager[Simulation]:
    """Open the real program on a deployment folder, or on the packaged sample."""
    from bot.app import open_simulation  # noqa: PLC0415 (the composition root imports the bot)

    return open_simulation(folder, start)


def sample_folder() -> Path:
    """Find the sample that is packaged with the program."""
    return Path(__file__).parent / "sample"


def tell(line: str) -> None:
    """Print a line for the person who runs the command."""
    sys.stdout.write(line + "\n")


def simulate(files: Sequence[Path], show: bool) -> int:
    """Play each file and print what fails: 0 all holds, 1 something fails, 2 unreadable."""
    codes = [asyncio.run(_simulate(path, show)) for path in files]
    return max(codes, default=0)


async def _simulate(path: Path, show: bool) -> int:
    try:
        report = await play(path, show=show)
    except DialogueError as error:
        tell(f"读不了：{error}")
        return 2
    for failure in report.failures:
        tell(clean(str(failure)))
    if report.failures:
        tell(f"{path}：{report.expectations} 项里有 {len(report.failures)} 项不对")
        return 1
    tell(f"{path}：{report.expectations} 项都对")
    return 0


async def play(path: Path, *, show: bool = False, opener: Opener | None = None) -> Report:
    """Play a dialogue file. Raises DialogueError when it, or its world, cannot be read."""
    lines = read(path)
    world = next((line for line in lines if isinstance(line, World)), None)
    folder = _folder(path, world) if world else None
    names = read_names(sample_folder() if folder is None else folder)
    check_names(lines, names)
    start = next(line.at for line in lines if isinstance(line, Now))
    try:
        async with (opener or open_world)(folder, start) as app:
            player = Player(app, Show(names, tell if show else None))
            await player.play(lines)
    except Faults as faults:
        raise (world or lines[0]).error(f"部署文件夹有错。{faults}") from faults
    count = sum(isinstance(line, Expectation) for line in lines)
    return Report(str(path), count, tuple(player.failures))


def _folder(path: Path, world: World) -> Path:
    folder = path.parent / world.folder
    if not folder.is_dir():
        raise world.error(f"没有这个部署文件夹：{folder}")
    return folder


def read_names(folder: Path) -> Names:
    """Read who and what there is in a deployment: id -> name. Faults are the program's to tell."""
    return Names(_column(folder / "people.csv"), _column(folder / "groups.csv"))


def _column(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    rows = csv.DictReader(text.splitlines())
    return {row["id"]: row.get("name") or row["id"] for row in rows if row.get("id")}


def check_names(lines: Sequence[Line], names: Names) -> None:
    """Check that every chat is known, and everybody spoken to. Raises DialogueError."""
    spoken = {line.person for line in lines if isinstance(line, Says | Clicks | Recalls)}
    people = spoken | names.people.keys()
    for line in lines:
        if isinstance(line, Says | Recalls) and line.chat and line.chat not in names.groups:
            raise line.error(f"没有“{line.chat}”这个群；写 groups.csv 里的 id")
        target = _target(line)
        if target and target not in names.groups and target not in people:
            raise line.error(f"“{target}”不是 groups.csv 里的群，也不是认识的人；检查这个 id")


def _target(line: Line) -> str:
    match line:
        case Spoke(target=target):
            return target
        case SaidCount(chat=chat):
            return chat
        case _:
            return ""
