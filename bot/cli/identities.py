"""`gridbot identities`: who is one person on several channels; merged and parted by an operator."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from bot.cli.tools import FOLDER, fail, load_folder, run_job, say, words
from bot.deployment.folder import Deployment
from scheduler.clock import SystemClock

if TYPE_CHECKING:
    from store.directory import Directory

_COUNTS = {"list": 0, "merge": 2, "split": 1}  # how many ids each of them takes


@click.command("identities", help=words()["help"]["identities"])
@FOLDER
@click.argument("action", type=click.Choice(list(_COUNTS)), default="list")
@click.argument("ids", nargs=-1)
def manage(folder: Path, action: str, ids: tuple[str, ...]) -> None:
    """List who is one person, make two ids one, or take the last joining of one back."""
    if len(ids) != _COUNTS[action]:
        raise fail("identities_usage")
    jobs: dict[str, Callable[..., Coroutine[Any, Any, int]]] = {
        "list": _list,
        "merge": _merge,
        "split": _split,
    }
    run_job(jobs[action](load_folder(folder), *ids))


async def _list(deployment: Deployment) -> int:
    from bot.assembly import open_store
    from store import identities

    async with open_store(deployment) as store, store.read() as conn:
        directory = _directory(deployment)
        await directory.refresh(conn)
        history = await identities.history(conn)
    shown: set[str] = set()
    for one in directory.owners:
        ids = directory.ids(one)
        if one in shown or len(ids) == 1:
            continue
        shown.update(ids)
        person = next((id_ for id_ in ids if deployment.world.person(id_)), "")
        changes = [
            {"at": it.at.isoformat(), "by": it.by, "kind": it.kind, "id": it.identity}
            | {"before": it.before, "after": it.after}
            for it in history
            if it.identity in ids
        ]
        line = {"person": person, "ids": sorted(ids), "history": changes}
        click.echo(orjson.dumps(line).decode())
    if not shown:
        say("no_identities")
    return 0


async def _merge(deployment: Deployment, one: str, other: str) -> int:
    from bot import identity
    from bot.assembly import open_store

    async with open_store(deployment) as store, store.write() as conn:
        directory = _directory(deployment)
        await directory.refresh(conn)
        now = SystemClock().now()
        try:
            await identity.merge(store, conn, directory, one, other, by=identity.OPERATOR, now=now)
        except identity.Refused as refusal:
            raise fail(f"identities_{refusal}", one=one, other=other) from refusal
    say("identities_merged", one=one, other=other)
    return 0


async def _split(deployment: Deployment, one: str) -> int:
    from bot import identity
    from bot.assembly import open_store
    from store import identities

    async with open_store(deployment) as store, store.write() as conn:
        now = SystemClock().now()
        undone = await identities.split(store, conn, one, by=identity.OPERATOR, now=now)
    if undone is None:
        raise fail("identities_alone", one=one)
    other = undone.after or undone.before
    say("identities_split", one=undone.identity, other=other)
    return 0


def _directory(deployment: Deployment) -> "Directory":
    from store.directory import Directory

    kinds = {name: section.kind for name, section in deployment.settings.sections.items()}
    return Directory(deployment.world, kinds)
