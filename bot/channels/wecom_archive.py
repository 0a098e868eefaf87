"""会话内容存档: every message of the groups that archived members sit in (wechat.md 1e).

It hears and never speaks. What people outside the corp say is stored only while they consent. The
words come through the vendor's C library, which the deployment supplies and which runs in a
process of its own.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import structlog
from pydantic import Field, SecretStr

from bot.channels import _findings
from bot.channels._archive_consent import Consenting, Members
from bot.channels._archive_keys import Keys, NoKey
from bot.channels._archive_library import AGAIN, Away, Library, Piece, Refused, Spans
from bot.channels._archive_messages import View, doubtful
from bot.channels._archive_reader import KEPT, Reader, Rests
from bot.channels._archive_records import KEY_FAULTS, Opener, records_of
from bot.channels._callback import Ear
from bot.channels._codes import CODES
from bot.channels._content import Fields
from bot.channels._qyapi import qyapi
from bot.channels._section import Listed, Section
from bot.channels.base import Accept, Blob, FetchError, Finding, Limits, Parts, SendError
from domain.messages import Inbound, Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    hears="all",
    hears_private=False,
    says_group=False,
    says_private=False,
    proactive=False,
    buttons=False,
)
MAX_FILE = 100 * 1024 * 1024  # bytes; the platform's own limit for a file
TRIES = 3  # for a piece of a file, where the library says that trying again may help
LATE = timedelta(hours=2)  # without having read all there is; the mark moves at least hourly


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the console (会话内容存档).

    `private_keys` names a PEM file for each version of the public key, relative to the folder as
    `library` is; a version whose file is "" is lost, and what it sealed is passed over. `groups`
    lists the roomids that are read, all when empty; `private` reads members' own chats with
    people outside as well. `every` is the seconds between looks.
    """

    required: ClassVar[tuple[str, ...]] = ("corp_id", "secret", "library")
    known_by: ClassVar[tuple[str, ...]] = ("corp_id",)

    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    private_keys: dict[str, str] = Field(default_factory=dict)
    library: str = ""
    api_base: str = ""
    every: float = Field(default=5.0, ge=1.0, le=3600.0)
    groups: Listed = Field(default_factory=list)
    private: bool = False

    def missing(self) -> tuple[str, ...]:
        """The required keys that are empty."""
        none = () if any(self.private_keys.values()) else ("private_keys",)
        return (*super().missing(), *none)


def make(settings: Settings, parts: Parts) -> "WecomArchive":
    """The channel of a section."""
    return WecomArchive(settings, parts)


class WecomArchive:
    """The channel. A group's chat is its roomid; a speaker has an id and no name."""

    kind = "wecom_archive"

    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        rests: Rests | None = None,
        spans: Spans | None = None,
    ) -> None:
        self.name, self.limits = parts.name, LIMITS
        self._settings, self._parts, self._spans = settings, parts, spans
        self._rests = rests or Rests(every=settings.every)
        secret = settings.secret.get_secret_value()
        self._api = qyapi(parts, settings.api_base, settings.corp_id, secret)
        self._members = Members(parts, self._api)
        self._ear = Ear()
        self._keys = Keys(parts.folder, settings.private_keys)
        self._library = self._new_library()
        self._reader = Reader(
            parts,
            self._library,
            Opener(self._library, self._keys),
            Consenting(parts, self._api),
            self._view,
            self._take,
            self._rests,
        )

    @property
    def connected(self) -> bool:
        return self._ear.accept is not None and not self.trouble

    @property
    def trouble(self) -> str:
        trouble = self._api.trouble
        return self._reader.trouble or (f"code_{trouble.code}" if trouble is not None else "")

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    async def run(self, accept: Accept) -> None:
        """Read the archive whenever the lease is ours, until cancelled."""
        self._ear.accept = accept
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._reader.run())
                group.create_task(self._api.attend(self._permitted))
        finally:
            self._ear.accept = None
            await self._library.close()

    async def send(self, outbound: Outbound) -> str:
        """Nothing can be said here (wechat.md 0.1 e). Raises SendError."""
        raise SendError("the archive only listens", unreachable=True)

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Fetch a file piece by piece and check that it is whole. Raises FetchError."""
        if not ref.get("sdkfileid"):
            raise FetchError("no file id")
        data = await self._file(ref["sdkfileid"])
        told = ref.get("md5", "")
        if told and told != hashlib.md5(data, usedforsecurity=False).hexdigest():
            raise FetchError("not the bytes it should be", retryable=True)
        return Blob(data)

    async def _file(self, file: str) -> bytes:
        data, index, last = bytearray(), "", False
        while not last:
            piece = await self._piece(file, index)
            data += piece.data
            if len(data) > MAX_FILE:
                raise FetchError("too large")
            if not piece.last and piece.index in ("", index):
                raise FetchError("no next piece", retryable=True)
            index, last = piece.index, piece.last
        return bytes(data)

    async def _piece(self, file: str, index: str) -> Piece:
        pause = self._rests.retry[0]
        for again in range(TRIES):
            try:
                return await self._library.piece(file, index)
            except Away as error:
                raise FetchError(str(error), retryable=True) from error
            except Refused as error:
                if error.code not in AGAIN:
                    raise FetchError(str(error)) from error
            await asyncio.sleep(pause * 2**again)
        raise FetchError("no piece", retryable=True)

    # In

    async def _view(self, entry: Fields, now: datetime) -> View:
        settings = self._settings
        members = await self._members.ids() if doubtful(entry) else frozenset[str]()
        groups = frozenset(settings.groups)
        return View(self.name, tuple(settings.names), groups, settings.private, now, members)

    async def _take(self, heard: Inbound) -> None:
        await self._ear.take((heard,))

    def _new_library(self) -> Library:
        settings = self._settings
        path = self._parts.folder / settings.library
        secret = settings.secret.get_secret_value()
        return Library(path, settings.corp_id, secret, self._spans)

    # Looking after itself

    async def examine(self) -> tuple[Finding, ...]:
        """Library, keys, reading, token, whose chats are archived, how far reading is."""
        keys = await asyncio.to_thread(self._key_findings)
        return (*keys, *await self._reading(), *await self._archived(), *await self._standing())

    def _key_findings(self) -> list[Finding]:
        found = []
        for version in self._keys.versions:
            fill = {"version": version, "file": self._settings.private_keys[version]}
            try:
                self._keys.forget(version)
                size = self._keys.key(version).key_size
                found.append(Finding("archive_key_good", True, fill | {"bits": str(size)}))
            except NoKey:
                found.append(Finding("archive_key_missing", False, fill))
        return found

    async def _reading(self) -> tuple[Finding, ...]:
        """Whether the library can be loaded and the platform lets it read from this address."""
        fill = {"library": self._settings.library}
        mark, faults = await _findings.asked(self._api, self._reader.mark())
        library = self._new_library()
        try:
            await library.ready()
            found = records_of(await library.chat(mark.seq if mark is not None else 0, 1))
            opened = await Opener(library, self._keys).open(found)
        except Away as error:
            return (Finding(f"archive_library_{error.reason}", False, fill),)
        except Refused as error:
            key = f"code_{error.code}" if error.code in CODES else "archive_refused"
            return (Finding(key, False, {"code": str(error.code), "address": ""}),)
        except ValueError:
            return (Finding("archive_refused", False, {"code": "0", "address": ""}),)
        finally:
            await library.close()
        sealed = tuple(
            Finding(KEY_FAULTS[one.fault], False, {"version": one.record.version, "file": ""})
            for one in opened
            if one.fault in KEY_FAULTS
        )
        return (*faults, *(sealed or (Finding("archive_reads", True, fill),)))

    async def _archived(self) -> tuple[Finding, ...]:
        """Whose chats are archived; a group is read when one of them sits in it."""
        _, faults = await _findings.asked(self._api, self._api.check_token())
        if faults:
            return faults
        answer, faults = await _findings.asked(self._api, self._permitted())
        listed = (answer or {}).get("ids")
        count = len(listed) if isinstance(listed, list) else 0
        found = Finding("archive_members", count > 0, {"count": str(count)})
        return (Finding("token_good", True), *(faults or (found,)))

    async def _permitted(self) -> Mapping[str, Any]:
        """The members whose chats are archived: a harmless call."""
        return await self._members.told()

    async def _standing(self) -> tuple[Finding, ...]:
        """How far reading is, and how much was not kept for want of consent."""
        mark, faults = await _findings.asked(self._api, self._reader.mark())
        count, more = await _findings.asked(self._api, self._reader.withheld())
        if mark is None or count is None:
            return faults or more
        found = [Finding("archive_withheld", True, {"count": str(count)})] if count else []
        late = self._parts.now() - mark.at if mark.at is not None else None
        if late is not None and late > LATE:
            key = "archive_gap" if late > KEPT else "archive_late"
            hours = int(late.total_seconds() // 3600)
            found.append(Finding(key, False, {"hours": str(hours)}))
        return tuple(found)
