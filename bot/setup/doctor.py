"""`gridbot doctor`: looks at everything a deployment needs and says what to do, one line each.

It changes nothing but the store's tables, which it brings up to date like every command.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.assembly import open_parts
from bot.channels._section import Section
from bot.channels.base import Called, Channel, Finding, Verified
from bot.deployment.folder import Deployment
from bot.setup import checks
from bot.setup.checks import Check, check, of_channel
from bot.setup.examine import examined, made
from bot.setup.guide import guide_of
from bot.ways import Ways
from domain.visits import day_of
from scheduler.clock import Clock
from store import schema, standing
from store.directory import Directory
from store.engine import STORE_ERRORS, Store


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks a deployment over."""

    deployment: Deployment
    clock: Clock

    async def look_over(self) -> list[Check]:
        """Every check there is; what needs the store is left out where it cannot be used."""
        folder = self.deployment.folder
        pictures = await asyncio.to_thread(checks.media, folder / "media")
        store = Store(self.deployment.settings.store.url)
        try:
            state = await _raised(store)
            rest = await self._channels(store) if state.good else []
        finally:
            await store.close()
        days = checks.calendar(self.deployment.calendar, day_of(self.clock.now()))
        return [pictures, days, state, *rest]

    async def _channels(self, store: Store) -> list[Check]:
        """What needs channels: their platforms, who they reach, and what they still have to say."""
        settings = self.deployment.settings
        sections = {name: one for name, one in settings.sections.items() if one.enabled}
        found = [] if sections else [check("settings", "no_channels", False)]
        platforms = [
            getattr(one, "api_base", "") or guide_of(one.kind).platform for one in sections.values()
        ]
        async with open_parts(settings, self.deployment.folder, store, self.clock.now) as parts:
            session = parts("").session
            found += [
                await checks.clock_of(base, session, self.clock.now())
                for base in dict.fromkeys(filter(None, platforms))
            ]
            channels: dict[str, Channel] = {}
            for name, section in sections.items():
                channel = made(section, parts(name))
                found += [of_channel(name, one) for one in await examined(channel)]
                if not isinstance(channel, Finding):
                    channels[name] = channel
            called = {
                name: one
                for name, one in channels.items()
                if isinstance(one, Called) and guide_of(one.kind, _mode(sections[name])).callback
            }
            if called:
                found += await _reached(settings.http.public_url, called, session)
        return [*found, *await self._kept(store, channels)]

    async def _kept(self, store: Store, channels: Mapping[str, Channel]) -> list[Check]:
        ways, now = Ways(channels), self.clock.now()
        directory = Directory(self.deployment.world, ways.kinds, ways.abilities)
        try:
            async with store.read() as conn:
                await directory.refresh(conn)
                dead, waiting = await standing.count_dead(conn), await standing.backlog(conn)
                held = await standing.leases(conn, now)
        except STORE_ERRORS as error:
            return [check("store", "store_down", False, reason=type(error).__name__)]
        found = [checks.groups(directory), *checks.placed(channels, self.deployment.world)]
        if channels:
            found.append(checks.people(directory))
        return [*found, *checks.outbox(dead, waiting, now), *checks.leases(held, now)]


async def _reached(
    url: str, called: Mapping[str, Channel], session: aiohttp.ClientSession
) -> list[Check]:
    """Whether the platforms reach this program, and each callback knows its platform."""
    public = await checks.public(url, list(called), session)
    knocks = {name: one.knock() for name, one in called.items() if isinstance(one, Verified)}
    if not public.good:
        return [public]
    return [public, *[await checks.callback(url, *one, session) for one in knocks.items()]]


def _mode(section: Section) -> str:
    return str(getattr(section, "mode", ""))


async def _raised(store: Store) -> Check:
    """Bring the tables up to date, and say how they were found."""
    database = store.url.get_backend_name()
    try:
        before, after, known = await schema.stands(store)
        if not known:
            return check("store", "store_too_new", False, before=before)
        await schema.upgrade(store)
    except STORE_ERRORS as error:
        return check("store", "store_down", False, reason=type(error).__name__)
    if not before:
        return check("store", "store_new", True, database=database)
    if before != after:
        return check("store", "store_raised", True, before=before, after=after)
    return check("store", "store_good", True, database=database)
