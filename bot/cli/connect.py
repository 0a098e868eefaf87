"""`gridbot connect | doctor | channels`: the operator's side of the channels."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from bot import log
from bot.cli.tools import FOLDER, Refused, faulty, run_job, words
from bot.deployment.area_check import rules_later
from bot.deployment.folder import Deployment, Faults, load
from domain.visits import day_of
from scheduler.clock import SystemClock

if TYPE_CHECKING:
    from bot.setup.checks import Check


class Terminal:
    """An operator at a terminal, or a pipe that nobody answers."""

    def __init__(self) -> None:
        self.present = _present()

    def say(self, text: str) -> None:
        click.echo(text)

    def ask(self, question: str, *, hidden: bool) -> str:
        answer: str = click.prompt(question, default="", show_default=False, hide_input=hidden)
        return answer


def _present() -> bool:
    return sys.stdin.isatty()


@click.command(help=words()["help"]["connect"])
@click.argument("name")
@FOLDER
@click.option("--kind", default="", help=words()["option"]["kind"])
@click.option("--public-url", default="", help=words()["option"]["public_url"])
def connect(name: str, folder: Path, kind: str, public_url: str) -> None:
    """Lead an operator through setting up one channel."""
    from bot.setup.connect import Connecting
    from bot.setup.draft import CannotConnect, Place

    try:
        connecting = Connecting.begin(Place(folder, name), kind, Terminal(), public_url)
        draft = connecting.lead(public_url)
        log.set_up(draft.section.secrets(), logging.CRITICAL)  # its findings tell it better
        good = run_job(connecting.finish(draft))
    except CannotConnect as error:
        raise Refused(str(error)) from error
    except Faults as faults:
        raise faulty(faults) from faults
    sys.exit(0 if good else 1)


@click.command(help=words()["help"]["doctor"])
@FOLDER
@click.option("--json", "as_json", is_flag=True, help=words()["option"]["json"])
def doctor(folder: Path, as_json: bool) -> None:
    """Look a deployment over: its settings, its store, its channels, and what waits."""
    found = _checks(folder)
    if as_json:
        click.echo(orjson.dumps([_row(one) for one in found]).decode())
    else:
        for one in found:
            click.echo(str(one))
    sys.exit(0 if all(one.good for one in found) else 1)


def _checks(folder: Path) -> "list[Check]":
    from bot.phrases_check import template_faults
    from bot.setup.checks import check

    found = template_faults(folder) if folder.is_dir() else []
    try:
        deployment = load(folder)
    except Faults as faults:
        found = [*faults.faults, *found]
        return [check("settings", "settings_bad", False, fault=one) for one in found]
    found += rules_later(deployment.rules, day_of(SystemClock().now()))
    bad = [check("settings", "settings_bad", False, fault=one) for one in found]
    return [*(bad or [check("settings", "settings_good", True)]), *_looked(deployment)]


def _looked(deployment: Deployment) -> "list[Check]":
    from bot.setup.doctor import Doctor

    sections = deployment.settings.sections.values()
    log.set_up([word for one in sections for word in one.secrets()], logging.CRITICAL)
    return run_job(Doctor(deployment, SystemClock()).look_over())


def _row(one: "Check") -> dict[str, object]:
    return {
        "about": one.about,
        "key": one.key,
        "good": one.good,
        "text": one.text,
        "fill": dict(one.fill),
    }


@click.command(help=words()["help"]["channels"])
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help=words()["option"]["format"],
)
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help=words()["option"]["language"],
)
def channels(form: str, language: str) -> None:
    """Print what each kind of channel can do."""
    from bot.matrix import SHOWN, table

    click.echo(SHOWN[form](table(language)))
