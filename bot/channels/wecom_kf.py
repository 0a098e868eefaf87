"""微信客服, the residents' private side (wechat.md 1f): heard by pulling, answered within 48 hours.

A person may be written to five times after each message of his, for 48 hours; later only other
channels reach him. A welcome has 20 seconds from his coming.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import structlog
from aiohttp import web
from pydantic import Field, SecretStr

from bot.channels import _findings, _kf_people
from bot.channels._api import Api
from bot.channels._callback import Door, Ear
from bot.channels._codes import CODES, Code, Reaction
from bot.channels._envelope import Envelope
from bot.channels._kf_messages import WELCOME_LIFE, Noted, Place, Undelivered, read
from bot.channels._kf_people import People
from bot.channels._kf_reader import Reader, Rests
from bot.channels._kf_replies import MAX_BYTES, content_of
from bot.channels._qyapi import qyapi
from bot.channels._section import AesKey, Listed, Section
from bot.channels._wecom_replies import stream_id
from bot.channels._xml import fields
from bot.channels.base import Accept, Blob, Finding, Limits, Parts, SendError, Unknown, Window
from domain.messages import Inbound, Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    hears="nothing",
    says_group=False,
    proactive=True,
    window=Window(timedelta(hours=48), 5),
    max_bytes=MAX_BYTES,
    unknown=Unknown.RESEND,  # under the same msgid: the platform takes it once
)
_OPERATOR, _GONE = Code(Reaction.OPERATOR), Code(Reaction.UNREACHABLE)
# Codes of 微信客服 that only this channel meets (D-90313).
OWN: Mapping[int, Code] = {
    95000: _GONE,  # no such account: another one may still do
    95004: _GONE,
    95011: _OPERATOR,  # customer service is run from another place
    95012: _OPERATOR,  # customer service is not switched on
    95017: _OPERATOR,  # its API is switched off
}
_REMEMBERED = 5000  # people whose account, and messages whose end, is kept in mind

Body = dict[str, Any]


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the console (微信客服 → API)."""

    required: ClassVar[tuple[str, ...]] = ("corp_id", "secret", "token", "aes_key", "open_kfid")

    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    open_kfid: Listed = Field(default_factory=list)
    api_base: str = ""


def make(settings: Settings, parts: Parts) -> "WecomKf":
    """The channel of a section. Raises ValueError for an aes_key that is none."""
    return WecomKf(settings, parts)


class WecomKf:
    """The channel. A chat is one person's; he is the same person in all accounts."""

    kind = "wecom_kf"

    def __init__(self, settings: Settings, parts: Parts, rests: Rests | None = None) -> None:
        self.name, self.limits = parts.name, LIMITS
        self._settings, self._parts = settings, parts
        self._accounts = tuple(settings.open_kfid)
        who = (settings.api_base, settings.corp_id, settings.secret.get_secret_value())
        self._api: Api = qyapi(parts, *who, own=OWN)
        self._people = People(qyapi(parts, *who, own=_kf_people.OWN))
        envelope = Envelope(
            settings.token.get_secret_value(),
            settings.aes_key.get_secret_value(),
            settings.corp_id,
        )
        self._door = Door(parts.name, envelope, self._hear)
        self._ear = Ear()
        self._reader = Reader(self._api, parts, self._accounts, self._take, rests)
        self._spoke: OrderedDict[str, str] = OrderedDict()
        self._unsure: OrderedDict[str, str] = OrderedDict()
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
        """Read the accounts at the start, when called, and every two minutes, until cancelled."""
        self._ear.accept = accept
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._reader.run())
                group.create_task(self._api.attend(self._look))
        finally:
            self._ear.accept = None

    async def _look(self) -> Body:
        """A harmless call, to see whether a trouble is over."""
        return await self._reader.page(self._accounts[0], limit=1)

    async def called(self, request: web.Request) -> web.StreamResponse:
        return await self._door.called(request)

    async def send(self, outbound: Outbound) -> str:
        """Say it in the account where the person last spoke, else in each that is configured."""
        content = {"msgid": stream_id(outbound.once), **content_of(outbound)}
        if self._welcome_due(outbound):
            try:
                code = {"code": outbound.handle["welcome"]}
                return await self._post("/cgi-bin/kf/send_msg_on_event", {**code, **content})
            except SendError as error:
                if error.retryable:
                    raise
        refused = SendError("no account to say it in", unreachable=True)
        for account in self._ways(outbound):
            where = {"touser": outbound.address.chat, "open_kfid": account}
            try:
                return await self._post("/cgi-bin/kf/send_msg", {**where, **content})
            except SendError as error:
                if not error.unreachable:
                    raise
                refused = error
        raise refused

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        return await self._api.download("/cgi-bin/media/get", media_id=ref.get("media_id", ""))

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the callback can be reached, the secret is good, and each account is ours."""
        found = [_findings.callback(self._parts)]
        _, faults = await _findings.asked(self._api, self._api.check_token())
        if faults:
            return (*found, *faults)
        found.append(Finding("token_good", good=True))
        for account in self._accounts:
            answer, faults = await _findings.asked(self._api, self._reader.page(account, limit=1))
            known = {"open_kfid": account}
            found += faults or (Finding("kf_account_good", good=True, fill=known),)
            if answer is None:
                found.append(Finding("kf_account_bad", good=False, fill=known))
        return (*found, *await self._undelivered())

    # In

    async def _hear(self, plain: str) -> str:
        """A callback brings no words: they are pulled at once, at the latest with the next look."""
        event = fields(plain)
        account = event.get("OpenKfId")
        if event.get("Event") != "kf_msg_or_event" or account not in self._accounts:
            self._log.info("call of no interest", action="kf.ignored")
            return ""
        token = event.get("Token")
        self._reader.nudge(account, token if isinstance(token, str) else "")
        return ""

    async def _take(self, account: str, entries: Sequence[object]) -> None:
        """Store what was said, in order. Raises NotStored."""
        place = Place(self.name, account, tuple(self._settings.names), self._parts.now())
        found = [read(entry, place) for entry in entries]
        unions = await self._people.unions(one.sender for one in found if isinstance(one, Inbound))
        for one in found:
            match one:
                case Inbound():
                    await self._ear.take([replace(one, union=unions.get(one.sender, ""))])
                    _remember(self._spoke, one.sender, account)
                case Undelivered():
                    await self._note(one)
                case Noted():
                    self._log.info("entry noted", action="kf.noted", what=one.what)

    async def _note(self, failed: Undelivered) -> None:
        """What the platform took and then could not deliver: counted, for examine to show.

        fail_type: 4 the 48 hours are over, 6 more than five messages, 10 he refuses messages.
        """
        self._log.warning(
            "not delivered after all",
            action="kf.undelivered",
            msgid=failed.msgid,
            fail_type=failed.reason,
        )
        name = self._failures
        count = (await self._parts.vault.cursor(name)).partition(" ")[0]
        told = f"{int(count or 0) + 1} {failed.reason} {self._parts.now().isoformat()}"
        await self._parts.vault.keep_cursor(name, told)

    @property
    def _failures(self) -> str:
        return f"{self.name} undelivered"

    async def _undelivered(self) -> tuple[Finding, ...]:
        """What was not delivered, while it is news: for a day."""
        kept, faults = await _findings.asked(self._api, self._parts.vault.cursor(self._failures))
        if not kept:
            return faults
        count, reason, at = kept.split(" ")
        if self._parts.now() - datetime.fromisoformat(at) > timedelta(days=1):
            return ()
        fill = {"count": count, "fail_type": reason, "at": at}
        return (Finding("kf_undelivered", good=False, fill=fill),)

    # Out

    def _welcome_due(self, outbound: Outbound) -> bool:
        """Whether a greeting still has its 20 seconds; later it is an ordinary message."""
        if not outbound.handle.get("welcome"):
            return False
        try:
            at = datetime.fromisoformat(outbound.handle.get("at", ""))
            return self._parts.now() - at < WELCOME_LIFE
        except (TypeError, ValueError):
            return False

    def _ways(self, outbound: Outbound) -> tuple[str, ...]:
        """The accounts to try, the likeliest first; an answer has one only."""
        asked = outbound.handle.get("kf", "")
        if asked in self._accounts:
            return (asked,)
        spoke = self._spoke.get(outbound.address.chat)
        return tuple(sorted(self._accounts, key=lambda one: one != spoke))

    async def _post(self, path: str, body: Body) -> str:
        """Send it. A msgid is taken once: a refused second one tells that the first arrived."""
        msgid = str(body["msgid"])
        try:
            answer = await self._api.post(path, body)
        except SendError as error:
            if error.code in (0, -1) and error.retryable:
                _remember(self._unsure, msgid, path)
            elif self._unsure.get(msgid) == path and error.code not in {*CODES, *OWN}:
                return msgid
            raise
        return str(answer.get("msgid") or msgid)


def _remember(kept: OrderedDict[str, str], key: str, value: str) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
