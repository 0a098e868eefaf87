"""微信客服, the residents' private side (wechat.md 1f): heard by pulling, answered within 48 hours.

A person may be written to five times after each message of his, for 48 hours; later only other
channels reach him. A welcome has 20 seconds from his coming.
"""

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from bot.channels import _findings, _kf_people, _welcome
from bot.channels._applied import Applied, CorpSection
from bot.channels._callback import Door
from bot.channels._codes import CODES, Code, Reaction
from bot.channels._kf_messages import Noted, NotSent, Place, read
from bot.channels._kf_reader import Reader, Rests
from bot.channels._kf_replies import MAX_BYTES, content_of
from bot.channels._recent import Recent
from bot.channels._section import Listed
from bot.channels._undelivered import Undelivered
from bot.channels._unions import OWN as UNASKED
from bot.channels._unions import Unions
from bot.channels._wecom_replies import stream_id
from bot.channels._xml import fields
from bot.channels.base import (
    Blob,
    Failed,
    Failure,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
    Window,
)
from domain.messages import Inbound, Outbound

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
OWN: dict[int, Code] = {
    95000: _GONE,  # no such account: another one may still do
    95004: _GONE,
    95011: _OPERATOR,  # customer service is run from another place
    95012: _OPERATOR,  # customer service is not switched on
    95017: _OPERATOR,  # its API is switched off
}
# fail_type: the 48 hours are over, more than five messages, he refuses messages.
_OVER = frozenset({4, 6, 10})
_REMEMBERED = 5000  # people whose account, and messages whose end, is kept in mind

Body = dict[str, Any]


class Settings(CorpSection):
    """Its section of gridbot.toml; the names are those of the console (微信客服 → API)."""

    required: ClassVar[tuple[str, ...]] = ("corp_id", "secret", "token", "aes_key", "open_kfid")
    known_by: ClassVar[tuple[str, ...]] = ("corp_id", "open_kfid")

    open_kfid: Listed = Field(default_factory=list)


def make(settings: Settings, parts: Parts) -> "WecomKf":
    """The channel of a section. Raises ValueError for an aes_key that is none."""
    return WecomKf(settings, parts)


class WecomKf(Applied):
    """The channel. A chat is one person's; he is the same person in all accounts."""

    kind = "wecom_kf"

    def __init__(self, settings: Settings, parts: Parts, rests: Rests | None = None) -> None:
        super().__init__(settings, parts, LIMITS, settings.api(parts, OWN))
        self._settings = settings
        self._accounts = tuple(settings.open_kfid)
        self._door = Door(parts.name, settings.envelope(), self._hear)
        customers = settings.api(parts, UNASKED)
        self._unions = Unions(parts, partial(_kf_people.unions, customers))
        self._reader = Reader(self._api, parts, self._accounts, self._take, rests)
        self._spoke: Recent[str, str] = Recent(_REMEMBERED)
        self._unsure: Recent[str, str] = Recent(_REMEMBERED)
        self._undelivered = Undelivered(parts, "kf_undelivered", word="fail_type")

    def report_to(self, failed: Failed) -> None:
        self._undelivered.report_to(failed)

    @override
    def _beside(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Read the accounts at the start, when called, and every two minutes."""
        return (self._reader.run(),)

    @override
    async def _look(self) -> Body:
        return await self._reader.page(self._accounts[0], limit=1)

    async def send(self, outbound: Outbound) -> str:
        """Say it in the account where the person last spoke, else in each that is configured."""
        content = {"msgid": stream_id(outbound.once), **content_of(outbound)}
        if code := _welcome.code(outbound, self._parts.now()):
            try:
                return await self._post("/cgi-bin/kf/send_msg_on_event", {"code": code, **content})
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
        first, good = await self._admitted()
        if not good:
            return first
        found = [*first]
        for account in self._accounts:
            answer, faults = await _findings.asked(self._api, self._reader.page(account, limit=1))
            known = {"open_kfid": account}
            found += faults or (Finding("kf_account_good", good=True, fill=known),)
            if answer is None:
                found.append(Finding("kf_account_bad", good=False, fill=known))
        return (*found, *await self._undelivered.findings())

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
        unions = await self._unions.of(one.sender for one in found if isinstance(one, Inbound))
        for one in found:
            match one:
                case Inbound():
                    await self._ear.take([replace(one, union=unions.get(one.sender, ""))])
                    self._spoke[one.sender] = account
                case NotSent():
                    why = one.reason
                    failure = Failure(one.msgid, str(why), over=why in _OVER)
                    await self._undelivered.take(failure)
                case Noted():
                    self._log.info("entry noted", action="kf.noted", what=one.what)

    # Out

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
                self._unsure[msgid] = path
            elif self._unsure.get(msgid) == path and error.code not in {*CODES, *OWN}:
                return msgid
            raise
        return str(answer.get("msgid") or msgid)
