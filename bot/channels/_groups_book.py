"""The customer groups as groupchat/get tells of them: who owns one, who joined (wechat.md 1d).

An event only says that a group changed, what it tells of members varies, and the group's data
follow it with a delay: so a group is looked at some seconds after its event, and once more.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels._api import Api
from bot.channels._callback import Ear
from bot.channels._groups_events import joined
from bot.channels._recent import Recent
from bot.channels.base import Parts, SendError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DELAYS = (5.0, 60.0)  # seconds after an event
SLACK = timedelta(minutes=1)  # a join is a little older than its event
OWNER_LIFE = timedelta(hours=1)
_REMEMBERED = 2000


class Book:
    """What is known of the groups."""

    def __init__(
        self, api: Api, parts: Parts, ear: Ear, delays: tuple[float, ...] = DELAYS
    ) -> None:
        self._api, self._parts, self._ear, self._delays = api, parts, ear, delays
        self._posters: Recent[str, tuple[tuple[str, ...], datetime]] = Recent(_REMEMBERED)
        self._due: list[tuple[float, str, datetime]] = []
        self._woken = asyncio.Event()
        self._log = log.bind(channel=parts.name)

    async def group(self, chat: str) -> Mapping[str, Any]:
        """A group as it is now. Raises SendError."""
        body = {"chat_id": chat, "need_name": 1}
        answer = await self._api.post("/cgi-bin/externalcontact/groupchat/get", body)
        found = answer.get("group_chat")
        if not isinstance(found, dict):
            raise SendError("no such group", unreachable=True)
        owner = found.get("owner")
        if isinstance(owner, str) and owner:
            self._posters[chat] = ((owner, *_admins(found)), self._parts.now())
        return found

    async def posters(self, chat: str) -> tuple[str, ...]:
        """The members who may post for us: a group's owner, then its admins. Raises SendError."""
        known = self._posters.get(chat)
        if known is None or self._parts.now() - known[1] > OWNER_LIFE:
            self._posters.pop(chat, None)
            await self.group(chat)
            known = self._posters.get(chat)
        if known is None:
            raise SendError("a group without an owner", unreachable=True)
        return known[0]

    def forget(self, chat: str) -> None:
        """What was known of a group is no longer true."""
        self._posters.pop(chat, None)

    def look(self, chat: str, at: datetime) -> None:
        """See who joined a group about then."""
        now = asyncio.get_running_loop().time()
        self._due = sorted([*self._due, *((now + delay, chat, at) for delay in self._delays)])
        del self._due[_REMEMBERED:]
        self._woken.set()

    async def run(self) -> None:
        """Look at the groups that are due, until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            self._woken.clear()
            while self._due and self._due[0][0] <= clock():
                _, chat, at = self._due.pop(0)
                await self._joins(chat, at)
            try:
                async with asyncio.timeout(self._due[0][0] - clock() if self._due else None):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _joins(self, chat: str, at: datetime) -> None:
        """Hand on who joined. What fails is made up for with the next look at this group."""
        try:
            name = f"{self._parts.name} joined {chat}"[:200]
            kept = await self._parts.vault.cursor(name)
            since = int(kept) if kept else int((at - SLACK).timestamp())
            members = (await self.group(chat)).get("member_list")
            found = [
                one
                for member in (members if isinstance(members, list) else ())
                if isinstance(member, dict)
                and (one := joined(self._parts.name, chat, member, self._parts.now()))
                and one[0] >= since  # one of the same second may have come late; ids tell
            ]
            await self._ear.take(inbound for _, inbound in sorted(found, key=lambda one: one[0]))
            if found:
                await self._parts.vault.keep_cursor(name, str(max(stamp for stamp, _ in found)))
        except Exception as error:  # noqa: BLE001 - whatever breaks, the other groups are looked at
            code = getattr(error, "code", 0)
            self._log.warning(
                "group not looked at", action="groups.look", error=type(error).__name__, code=code
            )


def _admins(group: Mapping[str, Any]) -> list[str]:
    """The userids of a group's `admin_list`."""
    listed = group.get("admin_list")
    return [
        one["userid"]
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and isinstance(one.get("userid"), str) and one["userid"]
    ]
