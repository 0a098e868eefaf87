"""客户联系: the residents' groups that members of staff own (wechat.md 1d).

What is said in them is not heard here. A message to a group is a task its owner confirms with one
tap (`_groups_tasks.py`); who adds a member of staff is greeted by name of his grid.
"""

from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from typing_extensions import override

from bot.channels import _findings, _welcome
from bot.channels._applied import Applied, CorpSection
from bot.channels._callback import Door
from bot.channels._groups_book import DELAYS, Book
from bot.channels._groups_events import Changed, Noted, read
from bot.channels._groups_tasks import MAX_BYTES, Rests, Tasks
from bot.channels._wecom_replies import cut_bytes
from bot.channels._xml import fields
from bot.channels.base import (
    Blob,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Inbound, Outbound

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


class Settings(CorpSection):
    """Its section of gridbot.toml; the names are those of the console.

    `sender` is who posts for us: "owner", each group's own, or the userid of the one member who
    owns them all.
    """

    required: ClassVar[tuple[str, ...]] = ("corp_id", "secret", "token", "aes_key", "sender")
    known_by: ClassVar[tuple[str, ...]] = ("corp_id",)

    sender: str = OWNER


def make(settings: Settings, parts: Parts) -> "WecomGroups":
    """The channel of a section. Raises ValueError for an aes_key that is none."""
    return WecomGroups(settings, parts)


class WecomGroups(Applied):
    """The channel."""

    kind = "wecom_groups"

    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        rests: Rests | None = None,
        delays: tuple[float, ...] = DELAYS,
    ) -> None:
        super().__init__(settings, parts, LIMITS, settings.api(parts))
        self._settings = settings
        self._door = Door(parts.name, settings.envelope(), self._hear)
        self._book = Book(self._api, parts, self._ear, delays)
        self._tasks = Tasks(self._api, parts, self._senders, rests)

    @override
    def _beside(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """See who joined the groups, and the tasks through."""
        return self._book.run(), self._tasks.run()

    async def send(self, outbound: Outbound) -> str:
        """Make a task for a group; to one person only a greeting can be said here."""
        if outbound.address.group:
            return await self._tasks.create(outbound)
        code = _welcome.code(outbound, self._parts.now())
        if not code:
            raise SendError("nobody can be written to alone here", unreachable=True)
        content = {"content": cut_bytes(outbound.text, MAX_BYTES)}
        body = {"welcome_code": code, "text": content}
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
        first, good = await self._admitted()
        if not good:
            return first
        found = [*first]
        answer, faults = await _findings.asked(self._api, self._look())
        chats = (answer or {}).get("group_chat_list")
        listed = [one for one in chats if isinstance(one, dict)] if isinstance(chats, list) else []
        if not faults:
            more = "+" if (answer or {}).get("next_cursor") else ""  # only the first page is read
            fill = {"count": f"{len(listed)}{more}"}
            found.append(Finding("groups_seen" if listed else "groups_none", bool(listed), fill))
        for one in listed[:_SHOWN]:
            group, _ = await _findings.asked(self._api, self._book.group(str(one.get("chat_id"))))
            if group is not None:
                fill = {key: str(group.get(key) or "") for key in ("chat_id", "name", "owner")}
                found.append(Finding("group_seen", good=True, fill=fill))
        return (*found, *faults)

    @override
    async def _look(self) -> Body:
        """The groups the application may see: a harmless call."""
        body: Body = {"status_filter": 0, "limit": 100}
        if self._settings.sender != OWNER:
            body["owner_filter"] = {"userid_list": [self._settings.sender]}
        return await self._api.post(_PATH + "groupchat/list", body)

    async def _senders(self, chat: str, tapped: str) -> tuple[str, ...]:
        """Who is asked to post there, in this order: who tapped, if he may, and the owner."""
        if self._settings.sender != OWNER:
            return (self._settings.sender,)
        owner, *admins = await self._book.posters(chat)
        return (tapped, owner) if tapped in admins else (owner,)

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
