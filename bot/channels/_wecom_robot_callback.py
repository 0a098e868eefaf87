"""The WeCom smart robot by callback (wechat.md 1a.2 to 1a.6): it answers, it cannot speak first.

One message, one bubble. Handling takes milliseconds, so the platform's call is held for a moment
(`Waits.message`): the answer that comes in that time is the call's own. A call whose message is
dealt with and gets no answer is let go empty at once. Otherwise an unfinished stream is begun and
the platform comes back for the answer, for six minutes; who does not come is told by the message's
response_url, where one thing may be said within an hour. Events have no stream: their call is held
longer, for after 5 seconds it is too late. The answers lie in the store, because any process may
get any call.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import orjson
import structlog
from aiohttp import web
from yarl import URL

from bot.channels import _findings as findings
from bot.channels import _wecom_media as media
from bot.channels import _wecom_robot_passive as passive
from bot.channels._api import WECOM, Api
from bot.channels._callback import CallRefused, Door, Ear, NotStored, json_encrypted
from bot.channels._envelope import Envelope
from bot.channels._wecom_frames import MAX_URL, decode, dict_of, ident, told
from bot.channels._wecom_replies import MAX_BYTES, stream_id
from bot.channels._wecom_robot_handover import Handover, Waits
from bot.channels.base import Accept, Blob, Finding, Knock, Limits, Parts, SendError, Unknown
from domain.messages import Inbound, Outbound
from store.engine import STORE_ERRORS
from store.inbox import dedupe_key
from store.streams import Stream

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    hears="mentions",
    proactive=False,
    buttons=True,
    markup="markdown",
    max_bytes=MAX_BYTES,
    unknown=Unknown.RESEND,
)
URL_LIFE = timedelta(hours=1)  # of a response_url (1a.6)
KEPT = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Account:
    """The robot's keys; `bot_id` "" takes calls for whichever robot has them."""

    bot_id: str
    token: str
    aes_key: str
    api_base: str
    names: tuple[str, ...]
    media_hosts: tuple[str, ...] = ()


class WecomRobotCallback:
    """The channel. It needs no lease: every process may be called."""

    kind = "wecom_robot"

    def __init__(self, account: Account, parts: Parts, waits: Waits | None = None) -> None:
        self.name = parts.name
        self.limits = LIMITS
        self._account, self._parts = account, parts
        self._waits = waits or Waits()
        self._streams = parts.vault.streams
        self._handover = Handover(parts.name, self._streams, parts.now, self._waits)
        self._envelope = Envelope(account.token, account.aes_key)  # receiveid is "" (1a.2)
        self._ear = Ear()
        self._door = Door(parts.name, self._envelope, self._hear, unwrap=json_encrypted)
        base = account.api_base or WECOM
        self._api = Api(parts.session, parts.vault, parts.now, base=base)
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return self._ear.accept is not None

    def secrets(self) -> tuple[str, ...]:
        return self._account.token, self._account.aes_key

    async def run(self, accept: Accept) -> None:
        """Hear until cancelled, and forget what nothing can be said to any more."""
        self._ear.accept = accept
        try:
            while True:
                with suppress(*STORE_ERRORS):
                    await self._streams.forget(self.name, self._parts.now() - KEPT)
                await asyncio.sleep(self._waits.tidy)
        finally:
            self._ear.accept = None

    async def examine(self) -> tuple[Finding, ...]:
        """The address to paste; there is nothing to ask the platform. Never raises."""
        return (findings.callback(self._parts),)

    def knock(self) -> Knock:
        """What the platform asks at the address, with this section's keys."""
        return self._door.knock(self._parts.now())

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Download and decrypt an attachment; here the key is the callback's own (1a.3)."""
        keyed = {**ref, "aeskey": self._account.aes_key}
        hosts = self._account.media_hosts
        return await media.download(self._parts.session, keyed, hosts=hosts)

    # In

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer the platform; what it is told is sealed as what it tells."""
        answer = await self._door.called(request)
        if request.method == "GET" or not answer.text:
            return answer
        nonce, now = request.query.get("nonce", ""), int(self._parts.now().timestamp())
        sealed = self._envelope.seal(answer.text)
        body = {
            "encrypt": sealed,
            "msgsignature": self._envelope.sign(str(now), nonce, sealed),
            "timestamp": now,
            "nonce": nonce,
        }
        return web.Response(body=orjson.dumps(body), content_type="application/json")

    async def _hear(self, plain: str) -> str:
        body = decode(plain)
        if body is None:
            raise CallRefused("not a JSON object")
        if self._account.bot_id and body.get("aibotid") != self._account.bot_id:
            raise CallRefused("another robot")
        try:
            if body.get("msgtype") == "stream":
                answer = await self._handover.asked_again(
                    ident(dict_of(body.get("stream")).get("id"))
                )
            else:
                answer = await self._told(body)
        except STORE_ERRORS as error:
            self._log.error("store", action="wecom_robot.store", error=type(error).__name__)
            raise NotStored from error
        return orjson.dumps(answer).decode() if answer else ""

    async def _told(self, body: Mapping[str, object]) -> passive.Body | None:
        now, msgid = self._parts.now(), ident(body.get("msgid"))
        name = stream_id(msgid) if msgid else uuid4().hex
        heard = told(
            body,
            name,
            event=body.get("msgtype") == "event",
            channel=self.name,
            names=self._account.names,
            now=now,
        )
        if not isinstance(heard, Inbound):
            reason = getattr(heard, "reason", type(heard).__name__)
            detail = getattr(heard, "detail", "")
            self._log.info("call dropped", action="wecom_dropped", reason=reason, detail=detail)
            return None
        more = {key: value for key, value in heard.handle.items() if key != "req_id"}
        heard = replace(
            heard, received_at=passive.moment(body, now), handle={**more, "stream": name}
        )
        stream = Stream(
            channel=self.name,
            name=name,
            letter=dedupe_key(heard),
            chat=heard.address.chat,
            sender=heard.sender,
            opened_at=now,
            seen_at=now,
            url=passive.once_url(ident(body.get("response_url"), MAX_URL), self._api.base),
        )
        await self._streams.begin(stream)  # first: the answer may be quicker than this call
        await self._ear.take((heard,))
        return await self._handover.held(stream, event=heard.handle["kind"] != "msg")

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Answer a message; what cannot be an answer is said by a response_url that is left."""
        name = outbound.handle.get("stream", "")
        try:
            if not name or not await self._handover.answer(outbound, name):
                await self._say_once_more(outbound, name)
        except STORE_ERRORS as error:
            raise SendError(f"store: {type(error).__name__}", retryable=True) from None
        return name

    async def _say_once_more(self, outbound: Outbound, name: str) -> None:
        """One POST to the message's own response_url, or to one left in the chat (1a.6).

        In a group the platform quotes the message, so only one of those spoken to will do.
        """
        address, since = outbound.address, self._parts.now() - URL_LIFE
        if outbound.handle.get("kind") == "enter":
            raise SendError("too late for a welcome")
        url = await self._streams.spend(self.name, name, since) if name else ""
        if not url:
            people = outbound.to if address.group else (address.chat,)
            name = await self._streams.spare(self.name, address.chat, people, since)
            url = await self._streams.spend(self.name, name, since) if name else ""
        if not url:
            raise SendError("a robot by callback cannot speak first", unreachable=True)
        there = URL(url)
        try:
            await self._api.bare("POST", there.path, passive.once_more(outbound), **there.query)
        except SendError as error:
            if error.code:  # refused for good: never try the same address again (1a.6)
                raise SendError(str(error), unreachable=True, code=error.code) from None
            await self._streams.unspend(self.name, name, url)
            raise
