"""Reads the accounts of 微信客服: the callback only says that something is there (wechat.md 1f).

One process at a time reads an account. The cursor moves after what was read is stored, so what
is read twice is seen by its id; a callback that was lost is made up for by looking now and then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.channels._api import Answer, Api
from bot.channels._callback import NotStored
from bot.channels._kf_messages import sent_at
from bot.channels.base import Lease, Parts, SendError
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PAGE = 200  # of 1000 the platform gives at once: a page is stored well within a lease's life
PAGES = 100  # in one go; then others have their turn
FIRST_LOOK = timedelta(hours=1)  # an account never read before is not read three days back
_BAD_TOKEN = 95007  # the callback's token lived ten minutes

Take = Callable[[str, Sequence[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rests:
    """Seconds between looks: when all was read, and when something was in the way."""

    every: float = 120.0
    retry: float = 2.5


class Reader:
    """Hands every entry of the accounts to `take(account, entries)`, oldest first."""

    def __init__(
        self,
        api: Api,
        parts: Parts,
        accounts: Sequence[str],
        take: Take,
        rests: Rests | None = None,
    ) -> None:
        self._api, self._parts, self._take = api, parts, take
        self._rests = rests or Rests()
        self._accounts = tuple(accounts)
        self._due: dict[str, str] = {}
        self._woken = asyncio.Event()
        self._log = log.bind(channel=parts.name)

    def nudge(self, account: str, token: str = "") -> None:
        """Read this account now; the token of the callback spares the frequency limit."""
        self._due[account] = token
        self._woken.set()

    async def run(self) -> None:
        """Read until cancelled; survives every error of platform and store."""
        self._due = dict.fromkeys(self._accounts, "") | self._due
        while True:
            self._woken.clear()
            clean = await self._read_due()
            try:
                async with asyncio.timeout(self._rests.every if clean else self._rests.retry):
                    await self._woken.wait()
            except TimeoutError:
                self._due = dict.fromkeys(self._accounts, "") | self._due

    async def page(
        self, account: str, cursor: str = "", token: str = "", limit: int = PAGE
    ) -> Answer:
        """One page of an account from a cursor on. Raises SendError."""
        body: dict[str, Any] = {"open_kfid": account, "limit": limit, "voice_format": 0}
        if cursor:
            body["cursor"] = cursor
        if token:
            body["token"] = token
        try:
            return await self._api.post("/cgi-bin/kf/sync_msg", body)
        except SendError as error:
            if error.code != _BAD_TOKEN or not token:
                raise
        return await self.page(account, cursor, limit=limit)

    async def _read_due(self) -> bool:
        """Read what is due; whether nothing was in the way."""
        due, self._due = self._due, {}
        clean = True
        for account, token in due.items():
            if not await self._tried(account, token):
                clean = False
                self._due.setdefault(account, token)
        return clean

    async def _tried(self, account: str, token: str) -> bool:
        if self._api.resting:
            return False
        try:
            lease = self._parts.lease(f"kf {self._parts.name} {account}"[:100])
            if not await lease.hold():
                return False
            try:
                return await self._read(account, token, lease)
            finally:
                # It runs out by itself; the store may be away just now.
                with suppress(*STORE_ERRORS):
                    await lease.release()
        except NotStored:
            self._log.warning("not stored, reading again", action="kf.refused")
        except SendError as error:
            self._log.warning("not read", action="kf.failed", code=error.code)
        except Exception as error:  # noqa: BLE001 - whatever breaks, reading goes on
            self._log.error("not read", action="kf.failed", error=type(error).__name__)
        return False

    async def _read(self, account: str, token: str, lease: Lease) -> bool:
        """Read an account to its end; False where the end was not reached."""
        name = f"{self._parts.name} {account}"[:200]
        cursor = await self._parts.vault.cursor(name)
        since = 0.0 if cursor else (self._parts.now() - FIRST_LOOK).timestamp()
        for _ in range(PAGES):
            answer = await self.page(account, cursor, token)
            found = answer.get("msg_list")
            entries = sorted(found if isinstance(found, list) else [], key=sent_at)
            await self._take(account, [one for one in entries if sent_at(one) >= since])
            after = answer.get("next_cursor")
            moved = isinstance(after, str) and after not in ("", cursor)
            if isinstance(after, str) and moved:
                await self._parts.vault.keep_cursor(name, after)
                cursor = after
            if not answer.get("has_more"):
                return True
            if not moved or not await lease.hold():
                return False
        return False
