"""`gridbot forget`: somebody who asks for it is let go of; shown first, done with --yes."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.tools import FOLDER, fail, load_folder, run_job, say, words
from bot.deployment.folder import Deployment
from domain.people import Person
from scheduler.clock import SystemClock

if TYPE_CHECKING:
    from bot.letting_go import Gone


class _OnlyShown(Exception):
    """Ends the transaction of a look: nothing of it is kept."""


@click.command("forget", help=words()["help"]["forget"])
@FOLDER
@click.argument("person")
@click.option("--yes", is_flag=True, help=words()["option"]["forget_yes"])
def forget(folder: Path, person: str, yes: bool) -> None:
    """Hide what a resident said, everywhere; say what stays, and why."""
    run_job(_forget(load_folder(folder), person, done=yes))


async def _forget(deployment: Deployment, person: str, *, done: bool) -> int:
    from bot.assembly import open_store
    from bot.identity import OPERATOR
    from bot.letting_go import let_go
    from domain.city import City
    from store.directory import Directory
    from store.work import Work

    world, settings = deployment.world, deployment.settings
    city = City(world, deployment.rules, deployment.calendar, deployment.backstop)
    directory = Directory(world, {name: one.kind for name, one in settings.sections.items()})
    found: list[Gone] = []
    known: list[Person | None] = []
    async with open_store(deployment) as store:
        with suppress(_OnlyShown):
            async with store.write() as conn:
                await directory.refresh(conn)
                known = [world.person(one) for one in directory.ids(person)]
                _refuse_staff(person, known)
                work = Work(store, conn, city, directory, SystemClock().now())
                found.append(await let_go(work, person, OPERATOR))
                await work.flush()
                _keep_nothing(done=done)
    listed = any(one is not None for one in known)
    _tell(person, found[0], done=done, listed=listed)
    return 0


def _refuse_staff(person: str, known: Sequence[Person | None]) -> None:
    """Raise where it is one of the staff: his words are part of what was done."""
    if any(one is not None and one.role.staff for one in known):
        raise fail("forget_staff", person=person)


def _keep_nothing(*, done: bool) -> None:
    """Raise _OnlyShown unless it is really to be done."""
    if not done:
        raise _OnlyShown


def _tell(person: str, gone: "Gone", *, done: bool, listed: bool) -> None:
    """What was hidden, or would be, and what stays and why."""
    if not (gone.messages or gone.cases or gone.elsewhere or gone.waiting or listed):
        raise fail("forget_nobody", person=person)
    counts = {"messages": gone.messages, "cases": gone.cases, "elsewhere": gone.elsewhere}
    say("forget_done" if done else "forget_would", person=person, **counts)
    if gone.waiting:
        say("forget_waiting", numbers=" ".join(gone.waiting))
    say("forget_stays")
    if listed:
        say("forget_listed", person=person)
    if not done:
        say("forget_how")
