"""Opens the two things every way to start needs: a deployment's store, and its channels."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.channels import _kinds
from bot.channels._section import Section
from bot.channels.base import Channel, Parts
from bot.deployment.folder import Deployment
from bot.deployment.settings import Settings
from scheduler.clock import SystemClock
from store import schema
from store.engine import Store
from store.leases import Lease
from store.vault import Vault

PartsOf = Callable[[str], Parts]


def make_channel(section: Section, parts: Parts) -> Channel:
    """The channel of a section of gridbot.toml. Raises LookupError for an unknown kind."""
    channel: Channel = _kinds.find(section.kind).make(section, parts)
    return channel


@asynccontextmanager
async def open_parts(
    settings: Settings, folder: Path, store: Store, now: Callable[[], datetime]
) -> AsyncIterator[PartsOf]:
    """What channels are made of, by the channel's name; connections end with the block."""
    holder, real = secrets.token_hex(8), SystemClock().now
    vault = Vault(store, holder, real)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield lambda name: Parts(
            name,
            now,
            session,
            vault,
            lambda lease: Lease(store, lease, holder, real),
            folder,
            settings.http.public_url,
        )


@asynccontextmanager
async def open_channels(
    deployment: Deployment, store: Store, now: Callable[[], datetime]
) -> AsyncIterator[list[Channel]]:
    """The enabled channels of a deployment; their connections end with the block."""
    sections = deployment.settings.sections
    async with open_parts(deployment.settings, deployment.folder, store, now) as parts:
        yield [
            make_channel(section, parts(name))
            for name, section in sections.items()
            if section.enabled
        ]


@asynccontextmanager
async def open_store(deployment: Deployment) -> AsyncIterator[Store]:
    """A deployment's store, brought up to date. Raises store.schema.TooNew."""
    async with open_database(deployment.settings.store.url) as store:
        yield store


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Store]:
    """The store at an address, brought up to date. Raises store.schema.TooNew."""
    store = Store(url)
    try:
        await schema.upgrade(store)
        yield store
    finally:
        await store.close()
