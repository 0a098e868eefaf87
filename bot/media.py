"""Pictures and other bytes: kept by content in the deployment folder, fetched in time."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from bot.channels.base import Channel, FetchError
from bot.polling import Poller
from domain.retry import decide
from scheduler.clock import Clock
from store import media
from store.engine import Store
from store.media import Waiting
from store.quiet import Quiet

log = structlog.get_logger(__name__)

POLL = 2.0
TRIES = 4
# The platform's address lives 5 minutes (wechat.md 1a.3); after that a try is pointless.
LIFE = timedelta(minutes=5)
_KEY = re.compile(r"[0-9a-f]{64}\Z")


class MediaStore:
    """Bytes by the SHA-256 of their content; the same picture is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, data: bytes) -> str:
        """Keep bytes; returns their key. A half-written file is never found under it."""
        key = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self._write, key, data)
        return key

    async def load(self, key: str) -> bytes | None:
        """The bytes of a key, or None."""
        if not _KEY.match(key):
            return None
        return await asyncio.to_thread(self._read, key)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{key}.{secrets.token_hex(4)}.part")  # two may write at once
        part.write_bytes(data)
        part.replace(path)

    def _read(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None


class Fetcher:
    """Fetches attachments from the platforms while their addresses are good."""

    def __init__(
        self,
        store: Store,
        kept: MediaStore,
        channels: Mapping[str, Channel],
        clock: Clock,
        quiet: Quiet | None = None,
    ) -> None:
        self._quiet = quiet
        self._store, self._kept, self._channels, self._clock = store, kept, channels, clock
        self._poller = Poller(self.run_once, POLL, "media.store", self._idle)

    def wake(self) -> None:
        """Look now."""
        self._poller.wake()

    async def run(self) -> None:
        """Fetch until cancelled."""
        await self._poller.run()

    async def _idle(self) -> bool:
        return self._quiet is not None and await self._quiet.left(self._clock.now()) > 0

    async def run_once(self) -> int:
        """Fetch what waits, a few at a time; returns how many were tried."""
        async with self._store.read() as conn:
            waiting = await media.waiting(conn, self._clock.now())
        await asyncio.gather(*(self._fetch(one) for one in waiting))
        return len(waiting)

    async def _fetch(self, one: Waiting) -> None:
        channel = self._channels.get(one.channel)
        if channel is None:
            await self._failed(one, retryable=False)
            return
        try:
            blob = await channel.fetch(one.ref)
            key, name = await self._kept.save(blob.data), blob.name
        except (FetchError, OSError) as error:
            await self._failed(one, retryable=getattr(error, "retryable", True))
            return
        except Exception:  # a channel's bug must not end the fetching for all
            log.exception("channel failed", action="media.bug", channel=one.channel)
            await self._failed(one, retryable=True)
            return
        async with self._store.write() as conn:
            await media.settle(conn, one.id, key=key, name=name or one.name)

    async def _failed(self, one: Waiting, *, retryable: bool) -> None:
        now = self._clock.now()
        alive = now - one.at < LIFE
        retry = decide(one.tries + 1, now, retryable=retryable and alive, limit=TRIES)
        log.warning("not fetched", action="media.failed", again=retry.at is not None)
        async with self._store.write() as conn:
            await media.settle(conn, one.id, again_at=retry.at)
