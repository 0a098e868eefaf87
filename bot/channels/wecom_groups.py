"""客户联系: the residents' groups that members of staff own (wechat.md 1d).

What is said in them is not heard here. A message to a group is a task its owner confirms with one
tap (`_groups_tasks.py`); who adds a member of staff is greeted by name of his grid.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.channels import _findings
from bot.channels._callback import Door, Ear
from bot.channels._envelope import Envelope
from bot.channels._groups_book import DELAYS, Book
from bot.channels._groups_events import WELCOME_LIFE, Changed, Noted, read
from bot.channels._groups_tasks import MAX_BYTES, Rests, Tasks
from bot.channels._qyapi import qyapi
from bot.channels._section import AesKey, Section
from bot.channels._wecom_replies import cut_bytes
from bot.channels._xml import fields
from bot.channels.base import (
    Accept,
    Blob,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Inbound, Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    hears="nothing",
    hears_private=False,
    says_private=False,  # but for a greeting, within 20 seconds
    confirms=True,
    buttons=False,
    max_bytes=MAX_BYTES,
    unknown=Unknown.RESEND,  # a second task is seen by its sender before anybody else
)
OWNER = "owner"
_PATH = "/cgi-bin/externalcontact/"
_SHOWN = 20  # groups that are named when examined
_NAME, _STATE = 40, 30  # characters of a join way's texts

Body = dict[str, Any]


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the console.

    `sender` is who posts for us: "owner", each group's own, or the userid of the one member who
    owns them all.
    """

    required: ClassVar[tuple[str, ...]] = ("corp_id", "secret", "token", "aes_key", "sender")

    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    sender: str = OWNER
    api_base: str = ""


def make(settings: Settings, parts: Parts) -> "WecomGroups":
    """The channel of a section. Raises ValueError for an aes_key that is none."""
    return WecomGroups(settings, parts)


class WecomGroups:
    """The channel."""

    kind = "wecom_groups"

    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        rests: Rests | None = None,
        delays: tuple[float, ...] = DELAYS,
    ) -> None:
        self.name, self.limits = parts.name, LIMITS
        self._settings, self._parts = settings, parts
        self._api = qyapi(
            parts, settings.api_base, settings.corp_id, settings.secret.get_secret_value()
        )
        envelope = Envelope(
            settings.token.get_secret_value(),
            settings.aes_key.get_secret_value(),
            settings.corp_id,
        )
        self._door = Door(parts.name, envelope, self._hear)
        self._ear = Ear()
        self._book = Book(self._api, parts, self._ear, delays)
        self._tasks = Tasks(self._api, parts, self._sender, rests)
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return self._ear.accept is not None and not self._api.resting

    @property
    def trouble(self) -> str:
        trouble = self._api.trouble
        return f"code_{trouble.code}" if trouble else ""

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    async def run(self, accept: Accept) -> None:
        """Hear, and see the tasks through, until cancelled."""
        self._ear.accept = accept
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._book.run())
                group.create_task(self._tasks.run())
                group.create_task(self._api.attend(self._list))
        finally:
            self._ear.accept = None

    async def called(self, request: web.Request) -> web.StreamResponse:
        return await self._door.called(request)

    async def send(self, outbound: Outbound) -> str:
        """Make a task for a group; to one person only a greeting can be said here."""
        if outbound.address.group:
            return await self._tasks.create(outbound)
        if not self._welcome_due(outbound):
            raise SendError("nobody can be written to alone here", unreachable=True)
        content = {"content": cut_bytes(outbound.text, MAX_BYTES)}
        body = {"welcome_code": outbound.handle["welcome"], "text": content}
        await self._api.post(_PATH + "send_welcome_msg", body)
        return ""

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        raise FetchError("this channel hears no attachments")

    async def join_way(self, grid: str, name: str, chats: Sequence[str]) -> str:
        """The address of the QR code by which residents of a grid join its groups.

        At most five groups, and a new one when they are full. Who comes in by it carries the grid
        as his `state`. The same code is given again. Raises SendError.
        """
        if len(grid) > _STATE:
            raise SendError("the grid's id is too long for a join code")
        key = f"{self.name} join {grid}"[:200]
        config = await self._parts.vault.cursor(key)
        if config:
            with suppress(SendError):  # deleted in the console: a new one is made
                return await self._qr(config)
        body = {
            "scene": 2,
            "remark": name[:_STATE],
            "auto_create_room": 1,
            "room_base_name": name[:_NAME],
            "room_base_id": 1,
            "chat_id_list": list(chats)[:5],
            "state": grid,
            "mark_source": True,
        }
        answer = await self._api.post(_PATH + "groupchat/add_join_way", body)
        config = str(answer.get("config_id") or "")
        await self._parts.vault.keep_cursor(key, config)
        return await self._qr(config)

    async def _qr(self, config: str) -> str:
        answer = await self._api.post(_PATH + "groupchat/get_join_way", {"config_id": config})
        way = answer.get("join_way")
        found = (way if isinstance(way, dict) else answer).get("qr_code")
        if not isinstance(found, str) or not found:
            raise SendError("no QR code came")
        return found

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the callback can be reached, the secret is good, and which groups we see."""
        found = [_findings.callback(self._parts)]
        _, faults = await _findings.asked(self._api, self._api.check_token())
        if faults:
            return (*found, *faults)
        found.append(Finding("token_good", good=True))
        answer, faults = await _findings.asked(self._api, self._list())
        chats = (answer or {}).get("group_chat_list")
        listed = [one for one in chats if isinstance(one, dict)] if isinstance(chats, list) else []
        if not faults:
            fill = {"count": str(len(listed))}
            found.append(Finding("groups_seen" if listed else "groups_none", bool(listed), fill))
        for one in listed[:_SHOWN]:
            group, _ = await _findings.asked(self._api, self._book.group(str(one.get("chat_id"))))
            if group is not None:
                fill = {key: str(group.get(key) or "") for key in ("chat_id", "name", "owner")}
                found.append(Finding("group_seen", good=True, fill=fill))
        return (*found, *faults)

    async def _list(self) -> Body:
        """The groups the application may see: a harmless call."""
        body: Body = {"status_filter": 0, "limit": 100}
        if self._settings.sender != OWNER:
            body["owner_filter"] = {"userid_list": [self._settings.sender]}
        return await self._api.post(_PATH + "groupchat/list", body)

    async def _sender(self, chat: str) -> str:
        if self._settings.sender != OWNER:
            return self._settings.sender
        return await self._book.owner(chat)

    async def _hear(self, plain: str) -> str:
        match read(fields(plain), self.name, self._parts.now()):
            case Inbound() as entered:
                await self._ear.take([entered])
            case Changed() as changed:
                self._book.forget(changed.chat)
                self._log.info("group changed", action="groups.changed", gone=changed.gone)
                if changed.joined:
                    self._book.look(changed.chat, changed.at)
            case Noted() as noted:
                self._log.info(
                    "event noted", action="groups.noted", what=noted.what, detail=noted.detail
                )
        return ""

    def _welcome_due(self, outbound: Outbound) -> bool:
        """Whether this answers somebody's coming, and still within its 20 seconds."""
        if not outbound.handle.get("welcome"):
            return False
        try:
            at = datetime.fromisoformat(outbound.handle.get("at", ""))
            return self._parts.now() - at < WELCOME_LIFE
        except (TypeError, ValueError):
            return False
