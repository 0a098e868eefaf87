"""`gridbot group-tasks | join-qr`: what operators do beside the residents' groups."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.tools import FOLDER, fail, load_folder, run_job, say, words
from bot.deployment.folder import Deployment
from domain.people import Area
from domain.workdays import TZ
from scheduler.clock import SystemClock

if TYPE_CHECKING:
    from store.group_tasks import GroupTask


@click.command("group-tasks", help=words()["help"]["group_tasks"])
@FOLDER
def group_tasks(folder: Path) -> None:
    """Print which messages to residents' groups still wait, and for whose tap."""
    run_job(_print_tasks(load_folder(folder)))


async def _print_tasks(deployment: Deployment) -> int:
    from bot.assembly import open_store
    from store.group_tasks import still_waiting

    async with open_store(deployment) as store, store.read() as conn:
        found = await still_waiting(conn)
    for task in found:
        say("group_task", **_told(task, deployment))
    if not found:
        say("no_group_tasks")
    return 0


def _told(task: "GroupTask", deployment: Deployment) -> dict[str, object]:
    """A task in the roster's words; ids where the roster knows none."""
    world = deployment.world
    sender, group = world.person_by_wecom(task.sender), world.group_by_chat(task.chat)
    return {
        "sender": sender.name if sender else task.sender,
        "group": group.name if group else task.chat,
        "since": _moment(task.created_at),
        "asked": _moment(task.asked_at),
        "reminders": task.asks - 1,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(TZ).strftime("%m-%d %H:%M")


@click.command("join-qr", help=words()["help"]["join_qr"])
@FOLDER
@click.argument("grid")
def join_qr(folder: Path, grid: str) -> None:
    """Print the address of the QR code by which residents join their grid's group."""
    deployment = load_folder(folder)
    area = deployment.world.area(grid)
    if area is None:
        raise fail("no_area", area=grid)
    run_job(_print_qr(deployment, area))


async def _print_qr(deployment: Deployment, area: Area) -> int:
    from bot.assembly import open_channels, open_store
    from bot.channels.base import SendError
    from bot.channels.wecom_groups import WecomGroups

    group = deployment.world.residents_group(area.id)
    chats = [group.chatid] if group is not None and group.chatid else []
    async with (
        open_store(deployment) as store,
        open_channels(deployment, store, SystemClock().now) as channels,
    ):
        found = next((one for one in channels if isinstance(one, WecomGroups)), None)
        if found is None:
            raise fail("no_groups_channel")
        if not chats:
            raise fail("no_group_chat", area=area.name)
        try:
            click.echo(await found.join_way(area.id, area.name, chats))
        except SendError as error:
            raise fail("not_answered", reason=error) from error
    return 0
