"""`gridbot understand | score | export-corrections`: messages and labels in files."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import click
import orjson

from bot.cli.tools import FOLDER, fail, load_folder, run_job, words
from bot.deployment.folder import Deployment
from domain.people import World
from scheduler.clock import SystemClock

Answering = Callable[[bytes], bytes]
_DEPLOYMENT = click.option(
    "--deployment",
    type=click.Path(file_okay=False, path_type=Path),
    help=words()["option"]["deployment"],
)


@click.command(help=words()["help"]["understand"])
@_DEPLOYMENT
@click.option("--now", "at", default="", metavar="ISO", help=words()["option"]["now"])
@click.option("--explain", is_flag=True, help=words()["option"]["explain"])
def understand(deployment: Path | None, at: str, explain: bool) -> None:
    """Understand messages, one JSON object a line; a line that is none gets an error of its own."""
    world = load_folder(deployment).world if deployment is not None else None
    answer = _answering(world, _clock(at), explain=explain)
    out = sys.stdout.buffer
    for raw in sys.stdin.buffer:
        out.write(answer(raw) + b"\n")
        out.flush()  # who asks line by line waits for each answer


def _clock(at: str) -> Callable[[], datetime]:
    """What time it is for the messages that do not say."""
    from bot.understanding.records import BadRecordError, moment

    try:
        fixed = moment(at)
    except BadRecordError as error:
        raise fail("bad_now", text=at) from error
    return SystemClock().now if fixed is None else partial(_standing, fixed)


def _standing(moment: datetime) -> datetime:
    return moment


def _answering(world: World | None, now: Callable[[], datetime], *, explain: bool) -> Answering:
    """How a raw line is answered: with what was understood, or with what is wrong with it."""
    from bot.understanding import Listener
    from bot.understanding.records import answer, asked, id_of

    listener = Listener()
    places = cache(partial(_places, world))

    def one(raw: bytes) -> bytes:
        record: object = None
        try:
            record = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
            said = asked(record, now())
            heard = replace(said.heard, places=places(said.group))
            return orjson.dumps(answer(said, listener.understand(heard), explain=explain))
        except Exception as error:  # noqa: BLE001 -- one bad line must not stop the others
            reason = str(error) if isinstance(error, ValueError) else type(error).__name__
            return orjson.dumps({"id": id_of(record), "error": reason})

    return one


def _places(world: World | None, group: str) -> tuple[str, ...]:
    """The names people around a group use; none for a group nobody registered."""
    known = world.group(group) if world is not None else None
    return world.place_names(known.area) if world is not None and known is not None else ()


@click.command(help=words()["help"]["score"])
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--pred", type=click.Path(path_type=Path), help=words()["option"]["pred"])
@click.option("--errors", is_flag=True, help=words()["option"]["errors"])
@click.option("--json", "as_json", is_flag=True, help=words()["option"]["json"])
def score(gold: Path, pred: Path | None, errors: bool, as_json: bool) -> None:
    """Score answers on labelled messages; reads the answers, or understands the texts itself."""
    from bot.cli.scoring import report

    for line in report(gold, pred, errors=errors, as_json=as_json):
        click.echo(line)


@click.command("export-corrections", help=words()["help"]["export_corrections"])
@FOLDER
def export_corrections(folder: Path) -> None:
    """Print what staff corrected as training lines."""
    run_job(_print_corrections(load_folder(folder)))


async def _print_corrections(deployment: Deployment) -> int:
    from bot.assembly import open_store
    from bot.examples import training_lines
    from store import corrections

    async with open_store(deployment) as store, store.read() as conn:
        for line in training_lines(await corrections.every(conn)):
            click.echo(orjson.dumps(line).decode())
    return 0
