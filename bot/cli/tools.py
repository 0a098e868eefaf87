"""What every command of the command line is made of: its words, its refusals, its folder."""

import asyncio
import tomllib
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar

import click
from typing_extensions import override

from bot.deployment.area_check import rules_later
from bot.deployment.faults import Fault
from bot.deployment.folder import Deployment, Faults, load
from domain.visits import day_of
from scheduler.clock import SystemClock

_T = TypeVar("_T")
FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """What the command line says, by section and key of cli.toml."""
    return tomllib.loads(Path(__file__).with_name("cli.toml").read_text(encoding="utf-8"))


def say(key: str, **values: object) -> None:
    """Print a sentence of cli.toml."""
    click.echo(words()["say"][key].format(**values))


class Refused(click.ClickException):
    """Ends the command with one plain sentence."""

    exit_code = 2

    @override
    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message().strip(), err=True, file=file)


def fail(key: str, **values: object) -> Refused:
    """The error that says a sentence of cli.toml."""
    return Refused(words()["say"][key].format(**values))


def load_folder(folder: Path, *, whole: bool = False) -> Deployment:
    """The deployment in a folder; whatever is wrong with it is said at once.

    Templates are rendered where the folder has some of its own, any of which may spoil others that
    use it, and in a `whole` check. Ours alone are what the tests have seen: a start need not wait.
    """
    found: list[Fault] = []
    if folder.is_dir() and (whole or any((folder / "templates").rglob("*.j2"))):
        from bot.phrases_check import template_faults

        found = template_faults(folder)
    try:
        deployment = load(folder)
    except Faults as faults:
        raise faulty(Faults([*faults.faults, *found])) from faults
    found += rules_later(deployment.rules, day_of(SystemClock().now()))
    if found:
        raise faulty(Faults(found))
    return deployment


def faulty(faults: Faults) -> Refused:
    """The error that lists what is wrong with a folder."""
    return Refused(f"\n{faults}")


def run_job(job: Coroutine[Any, Any, _T]) -> _T:
    """Run a job; what can go wrong outside the program ends in one plain sentence."""
    from bot.web.server import PortTaken
    from store.engine import STORE_ERRORS
    from store.schema import TooNew

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(job)
    except TooNew as error:
        raise fail("too_new", revision=error.revision) from error
    except PortTaken as error:
        raise fail("port_taken", host=error.host, port=error.port, reason=error.reason) from error
    except STORE_ERRORS as error:
        raise fail("store", reason=type(error).__name__) from error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop where it is installed (`pip install gridbot[fast]`)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
