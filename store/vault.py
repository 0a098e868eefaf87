"""What channels keep: tokens shared by all processes, where reading stands, tasks that wait."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from store import tables_channels as t
from store.consents import Consents
from store.engine import Store
from store.group_tasks import GroupTasks
from store.leases import Lease
from store.streams import Streams
from store.upsert import upsert

MARGIN = timedelta(minutes=5)  # a token is renewed this long before it ends
LOOKS = 100
PAUSE = 0.1
_KNOWN = 64  # tokens and locks kept at hand; a deployment has a handful


class TokenBusy(OSError):
    """Another process is fetching this token and has not come back in time; try again."""


class Vault:
    """Tokens are fetched once for all processes: who holds the token's lease fetches, others read.

    `now` is the real clock: the platform counts a token's life in real seconds.
    """

    def __init__(self, store: Store, holder: str, now: Callable[[], datetime]) -> None:
        self._store, self._holder, self._now = store, holder, now
        self.group_tasks = GroupTasks(store)
        self.consents = Consents(store)
        self.streams = Streams(store)
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(
        self, key: str, fetch: Callable[[], Awaitable[tuple[str, float]]], *, failed: str = ""
    ) -> str:
        """The token under a key, fetched when it is missing, about to end, or `failed`.

        Raises what `fetch` raises, and TokenBusy.
        """
        known = self._good(self._tokens.get(key), failed)
        if known:
            return known
        if len(self._locks) > _KNOWN:
            self._locks = {name: lock for name, lock in self._locks.items() if lock.locked()}
        async with self._locks.setdefault(key, asyncio.Lock()):
            return await self._shared(key, fetch, failed)

    async def _shared(
        self, key: str, fetch: Callable[[], Awaitable[tuple[str, float]]], failed: str
    ) -> str:
        lease = Lease(self._store, f"token {key}"[:100], self._holder, self._now)
        for _ in range(LOOKS):
            if found := self._good(await self._read(key), failed):
                return found
            if await lease.hold():
                try:
                    return await self._fetched(key, fetch, failed)
                finally:
                    await lease.release()
            await asyncio.sleep(PAUSE)
        raise TokenBusy("another process holds the token")

    async def _fetched(
        self, key: str, fetch: Callable[[], Awaitable[tuple[str, float]]], failed: str
    ) -> str:
        # Who had the lease before may have left a new one between our look and our hold.
        if found := self._good(await self._read(key), failed):
            return found
        token, life = await fetch()
        ends = self._now() + timedelta(seconds=life)
        statement = upsert(self._store, t.tokens).values(key=key, token=token, ends_at=ends)
        async with self._store.write() as conn:
            await conn.execute(
                statement.on_conflict_do_update(
                    index_elements=["key"], set_={"token": token, "ends_at": ends}
                )
            )
        self._keep(key, token, ends)
        return token

    async def _read(self, key: str) -> tuple[str, datetime] | None:
        async with self._store.read() as conn:
            row = (await conn.execute(select(t.tokens).where(t.tokens.c.key == key))).one_or_none()
        if row is None:
            return None
        self._keep(key, row.token, row.ends_at)
        return row.token, row.ends_at

    def _keep(self, key: str, token: str, ends: datetime) -> None:
        if len(self._tokens) >= _KNOWN:
            self._tokens.clear()
        self._tokens[key] = (token, ends)

    def _good(self, known: tuple[str, datetime] | None, failed: str) -> str:
        if known is None or known[0] == failed or known[1] - self._now() < MARGIN:
            return ""
        return known[0]

    async def cursor(self, name: str) -> str:
        """Where reading stands; "" at the beginning."""
        async with self._store.read() as conn:
            found = await conn.execute(select(t.cursors.c.value).where(t.cursors.c.name == name))
            return found.scalar_one_or_none() or ""

    async def keep_cursor(self, name: str, value: str) -> None:
        """Remember where reading stands; call it once all that was read is stored."""
        statement = upsert(self._store, t.cursors).values(name=name, value=value)
        async with self._store.write() as conn:
            await conn.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )
