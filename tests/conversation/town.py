"""A running program with several channels in memory, on a real SQLite store and a virtual clock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import identity
from bot.app import App
from bot.channels.base import Limits
from bot.deployment.folder import Deployment
from domain.workdays import TZ
from scheduler.clock import VirtualClock
from store import identities
from store import tables as t
from store.engine import Store
from tests.doubles.channels import APP, ARCHIVE, GROUPS, KF, ROBOT, SERVICE, SMS, Scripted

START = datetime(2026, 11, 24, 9, 0, tzinfo=TZ)  # a Tuesday
GROUP = "wrGROUP0001"  # the residents' group of g01; its grid worker is w.li
WANG = "wmWang"  # a neighbour outside the organisation, on the archive and in customer service
ALL: dict[str, tuple[str, Limits]] = {
    "archive": ("wecom_archive", ARCHIVE),
    "kf": ("wecom_kf", KF),
    "oa": ("official_account", SERVICE),
    "robot": ("wecom_robot", ROBOT),
    "robot2": ("wecom_robot", ROBOT),
    "app": ("wecom_app", APP),
    "groups": ("wecom_groups", GROUPS),
    "sms": ("sms", SMS),
}


class Town:
    """What a test does and looks at."""

    def __init__(self, app: App, clock: VirtualClock, channels: Sequence[Scripted]) -> None:
        self.app, self.clock = app, clock
        self.channels = {one.name: one for one in channels}

    def __getattr__(self, name: str) -> Scripted:
        return self.channels[name]

    async def say(self, channel: str, sender: str, text: str, group: str = "", **more) -> None:
        await self.channels[channel].say(sender, text, group, **more)
        await self.app.settle()

    async def click(self, channel: str, sender: str, button: str) -> None:
        await self.channels[channel].click(sender, button)
        await self.app.settle()

    async def later(self, **span: float) -> None:
        await self.app.advance(self.clock.now() + timedelta(**span))

    async def asleep(self, **span: float) -> None:
        """The same in one leap: what fell due is done late, as after an outage."""
        self.clock.move_to(self.clock.now() + timedelta(**span))
        await self.app.settle()

    async def merge(self, one: str, other: str) -> None:
        """An operator says that two are one person."""
        store, directory = self.app.store, self.app.directory
        async with store.write() as conn:
            await identity.merge(
                store, conn, directory, one, other, by=identity.OPERATOR, now=self.clock.now()
            )
        await self.app.open()

    async def split(self, one: str) -> None:
        """An operator takes that back."""
        async with self.app.store.write() as conn:
            assert await identities.split(
                self.app.store, conn, one, by=identity.OPERATOR, now=self.clock.now()
            )
        await self.app.open()

    async def code(self, channel: str, who: str) -> str:
        """The code somebody gets for typing it elsewhere."""
        await self.say(channel, who, "绑定")
        return self.channels[channel].words(who)[-1].split("绑定码 ")[1][:8]

    async def cases(self) -> list[dict[str, str]]:
        return await self.app.cases()

    async def case(self) -> dict[str, str]:
        """The only case."""
        (only,) = await self.cases()
        return only

    async def rows(self, *columns: str, **where: Any) -> list[Any]:
        """Columns of the outbox rows with these values, oldest first."""
        wanted = [t.outbox.c[name] for name in columns or ("route",)]
        statement = select(*wanted).order_by(t.outbox.c.id)
        for name, value in where.items():
            statement = statement.where(t.outbox.c[name] == value)
        async with self.app.store.read() as conn:
            found = list(await conn.execute(statement))
        return [row[0] for row in found] if len(wanted) == 1 else [tuple(row) for row in found]


@asynccontextmanager
async def town(deployment: Deployment, store: Store, *names: str) -> AsyncIterator[Town]:
    """A town with these channels, in this order."""
    clock = VirtualClock(START)
    channels = [Scripted(name, *ALL[name], clock) for name in names]
    app = App(deployment, store, clock, channels)
    for one in channels:
        one.plug(app.ingest.accept)
    writer = asyncio.create_task(app.ingest.run())
    try:
        await app.open()
        yield Town(app, clock, channels)
    finally:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
