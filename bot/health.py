"""What /readyz tells: whether the store answers, how each channel is, and what has waited."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.channels.base import Channel, Troubled
from bot.deployment.folder import Deployment
from bot.matrix import facts
from domain.people import World
from store import inbox, standing, timers
from store.engine import STORE_ERRORS, Connection, Store
from store.group_tasks import GroupTask, still_waiting
from store.standing import Backlog

PATIENCE = 2.0  # seconds the store may take
_NOTHING = Backlog(0, None)


async def health(
    deployment: Deployment, store: Store, channels: Mapping[str, Channel]
) -> dict[str, object]:
    """How the program is; `ready` tells whether it can take and keep a message.

    `can` is each channel's row of the capability matrix. Nobody is named: ids of the rosters stand
    for people and groups.
    """
    state = {name: _channel(channel) for name, channel in channels.items()}
    try:
        async with asyncio.timeout(PATIENCE), store.read() as conn:
            waiting = await _waiting(conn, state, deployment.world)
    except (*STORE_ERRORS, TimeoutError):
        return {"ready": False, "store": False, "channels": state}
    name = deployment.settings.deployment.name
    can = {name: facts(channel.limits) for name, channel in channels.items()}
    return {
        "ready": True,
        "deployment": name,
        "store": True,
        "channels": state,
        "can": can,
        **waiting,
    }


def _channel(channel: Channel) -> dict[str, object]:
    """`trouble` is the key of a sentence in connect.toml, "" while there is none."""
    trouble = channel.trouble if isinstance(channel, Troubled) else ""
    return {"connected": channel.connected, "trouble": trouble}


async def _waiting(
    conn: Connection, state: Mapping[str, dict[str, object]], world: World
) -> dict[str, object]:
    rows = await standing.backlog(conn)
    for name, channel in state.items():
        unsent = rows.get(name, _NOTHING)
        channel |= {"waiting": unsent.count, "oldest": _iso(unsent.oldest)}
    return {
        "oldest_unhandled": _iso(await inbox.oldest_unhandled(conn)),
        "oldest_unsent": _iso(await standing.oldest_unsent(conn)),
        "dead": await standing.count_dead(conn),
        "next_timer": _iso(await timers.next_due(conn)),
        "group_tasks": [_task(task, world) for task in await still_waiting(conn)],
    }


def _task(task: GroupTask, world: World) -> dict[str, object]:
    """A message to a group that `sender` still has to confirm with a tap."""
    sender, group = world.person_by_wecom(task.sender), world.group_by_chat(task.chat)
    return {
        "channel": task.channel,
        "sender": sender.id if sender else task.sender,
        "group": group.id if group else task.chat,
        "since": _iso(task.created_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
