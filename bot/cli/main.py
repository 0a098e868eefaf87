"""The command line: `gridbot demo | init | check | run | simulate | cases | timeline | ...`."""

import asyncio
import gc
import secrets
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click
import orjson

from bot import log
from bot.cli.channels import group_tasks, join_qr
from bot.cli.connect import channels, connect, doctor
from bot.cli.forget import forget
from bot.cli.forms import forms
from bot.cli.identities import manage as identities
from bot.cli.shape import Main
from bot.cli.tools import FOLDER, fail, faulty, load_folder, run_job, say, words
from bot.cli.understanding import export_corrections, score, understand
from bot.deployment.area_check import advise_calendar
from bot.deployment.folder import Deployment, Faults, write_sample
from bot.memory import give_back, no_collection
from domain.visits import day_of
from scheduler.clock import SystemClock

CODE_LIFE = timedelta(hours=24)
YOUNG = 10_000  # new objects after which the collector looks for cycles among them


@click.group(
    cls=Main, help=words()["help"]["main"], context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="gridbot")
def main() -> None:
    """`gridbot` itself."""


@main.command(help=words()["help"]["init"])
@FOLDER
def init(folder: Path) -> None:
    """Write the sample deployment."""
    try:
        write_sample(folder)
    except Faults as faults:
        raise faulty(faults) from faults
    say("written", folder=folder)


@main.command(help=words()["help"]["check"])
@FOLDER
def check(folder: Path) -> None:
    """Check a deployment folder, all of it, and report everything at once."""
    deployment = load_folder(folder, whole=True)
    today = day_of(SystemClock().now())
    warnings = [*deployment.warnings, *advise_calendar(deployment.calendar, today)]
    if warnings:
        say("warnings", count=len(warnings))
        for warning in warnings:
            click.echo(f"  {warning}")
    say("good", folder=folder)


@main.command(help=words()["help"]["run"])
@FOLDER
def run(folder: Path) -> None:
    """Serve a deployment until it is told to stop."""
    with no_collection():  # until it serves
        sys.exit(_run(folder))


def _run(folder: Path) -> int:
    deployment = load_folder(folder)
    hidden = [word for one in deployment.settings.sections.values() for word in one.secrets()]
    hidden.append(deployment.settings.advice.key.get_secret_value())
    hidden.append(deployment.settings.events.token.get_secret_value())
    log.set_up(hidden)
    return run_job(_serve(deployment))


async def _serve(deployment: Deployment) -> int:
    from aiohttp import web

    from bot.app import open_app
    from bot.calendar import Calendar
    from bot.notices.weather import add_events
    from bot.pages import add_pages
    from bot.web.server import serve

    stop = _stop_event()
    gc.freeze()  # the city never changes while it runs: the collector need not walk it
    # SQLite's thread comes back from the disk: it shall not wait 5 ms for the interpreter's lock.
    sys.setswitchinterval(0.0005)
    async with open_app(deployment) as app:
        gc.collect()
        gc.freeze()  # nor the model
        # Messages make next to no cycles: at 700 new objects a look came every 17 of them.
        gc.set_threshold(YOUNG)
        gc.enable()
        give_back()
        http = deployment.settings.http
        token = deployment.settings.events.token.get_secret_value()

        def pages(web_app: web.Application) -> None:
            add_events(web_app, token, app.happened)
            add_pages(web_app, Calendar(app.store, app.city, app.clock, app.directory))

        async with serve(app, http.host, http.port, pages) as url:
            say("serving", url=url)
            return 0 if await app.run(stop) else 1


@main.command(help=words()["help"]["demo"])
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help=words()["option"]["port"],
)
@click.option("--host", default="127.0.0.1", show_default=True, help=words()["option"]["host"])
def demo(port: int, host: str) -> None:
    """Serve the demo page on a sample deployment that lives until the program ends."""
    from bot.demo import run_demo

    log.set_up()
    sys.exit(run_job(run_demo(host, port, _stop_event, lambda url: say("demo", url=url))))


@main.command(help=words()["help"]["simulate"])
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--show", is_flag=True, help=words()["option"]["show"])
def simulate(files: Sequence[Path], show: bool) -> None:
    """Play dialogue files."""
    from bot.simulate import simulate as play

    log.set_up()
    sys.exit(play(files, show))


@main.command(help=words()["help"]["cases"])
@FOLDER
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    help=words()["option"]["format"],
)
def cases(folder: Path, form: str) -> None:
    """Print every case, one JSON object a line."""
    run_job(_print_cases(load_folder(folder)))


async def _print_cases(deployment: Deployment) -> int:
    from bot.assembly import open_store
    from bot.masking import masked_row
    from store import views

    async with open_store(deployment) as store:
        last = 0
        while True:
            async with store.read() as conn:
                rows = await views.case_rows(conn, since=last)
            for row in rows:
                click.echo(orjson.dumps(views.for_machines(masked_row(row))).decode())
            if not rows:
                return 0
            last = views.id_of_row(rows[-1])


@main.command(help=words()["help"]["timeline"])
@FOLDER
@click.argument("number")
def timeline(folder: Path, number: str) -> None:
    """Print one case's history."""
    run_job(_print_timeline(load_folder(folder), number))


async def _print_timeline(deployment: Deployment, number: str) -> int:
    from bot.assembly import open_store
    from bot.timeline import sentences

    async with open_store(deployment) as store:
        rows = await sentences(store, deployment, number)
    if not rows:
        raise fail("no_case", number=number)
    for row in rows:
        click.echo(f"{row['when']}  {row['what']}")
    return 0


@main.command(help=words()["help"]["code"])
@FOLDER
@click.argument("person")
def code(folder: Path, person: str) -> None:
    """Issue a one-time binding code for somebody of the roster."""
    deployment = load_folder(folder)
    known = deployment.world.person(person)
    if known is None:
        ids = [one.id for one in deployment.world.people.values() if one.name == person]
        if ids:
            raise fail("named_person", person=person, ids=", ".join(ids))
        raise fail("no_person", person=person)
    number = f"{secrets.randbelow(10**8):08d}"
    run_job(_keep_code(deployment, known.id, number))
    say("code", name=known.name, code=number)


async def _keep_code(deployment: Deployment, person: str, number: str) -> int:
    from bot.assembly import open_store
    from store.codes import issue

    async with open_store(deployment) as store, store.write() as conn:
        await issue(conn, number, person, SystemClock().now(), CODE_LIFE)
    return 0


@main.command(help=words()["help"]["outbox"])
@FOLDER
@click.option("--retry", is_flag=True, help=words()["option"]["retry"])
def outbox(folder: Path, retry: bool) -> None:
    """Show what could not be delivered, and try it again if asked to."""
    run_job(_show_dead(load_folder(folder), retry))


async def _show_dead(deployment: Deployment, retry: bool) -> int:
    from bot.assembly import open_store
    from store import standing

    async with open_store(deployment) as store:
        async with store.read() as conn:
            dead = await standing.dead(conn)
            held = await standing.held(conn)
        for row in (*dead, *held):
            line = {
                "id": row.id,
                "channel": row.channel,
                "template": row.template,
                "state": row.state,
                "route": row.route,
                "created": row.created_at.isoformat(),
                "tries": row.tries,
                "error": row.error,
            }
            click.echo(orjson.dumps(line).decode())
        if not dead:
            say("no_dead")
        if retry:
            async with store.write() as conn:
                say("retried", count=await standing.revive(conn, SystemClock().now()))
    return 0


def _stop_event() -> asyncio.Event:
    """Set when the program is told to stop (SIGTERM, Ctrl+C)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


for one in (understand, score, export_corrections, forms, group_tasks, join_qr, identities, forget):
    main.add_command(one)
for one in (connect, doctor, channels):
    main.add_command(one)
