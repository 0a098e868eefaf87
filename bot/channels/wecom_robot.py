"""The WeCom smart robot over its long connection (wechat.md 1a.7), or called by the platform.

Called (`mode = "callback"`) it is another class, in _wecom_robot_callback.py. On the connection:
One process holds the connection, the one that holds the lease: a second subscriber would make the
platform throw the first one out. Internal groups only; in a group the platform hands over only
what mentions the robot (1a.1).
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar, Literal

import aiohttp
import structlog
from pydantic import Field, SecretStr
from typing_extensions import override

from bot.channels import _wecom_media as media
from bot.channels._lanes import Lanes
from bot.channels._section import AesKey, Listed, Section, plain
from bot.channels._wecom_frames import Ack, Dropped, Kicked, read
from bot.channels._wecom_link import (
    Backoff,
    Displaced,
    Link,
    LinkLost,
    SubscribeRefused,
    Waits,
    race,
)
from bot.channels._wecom_replies import MAX_BYTES, Request, plan, refusal, verdict
from bot.channels._wecom_robot_callback import LIMITS as CALLED_LIMITS
from bot.channels._wecom_robot_callback import Account, WecomRobotCallback
from bot.channels._wecom_robot_examine import Robot, look
from bot.channels.base import Accept, Blob, Finding, Lease, Limits, Parts, SendError, Unknown
from domain.messages import Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

URL = "wss://openws.work.weixin.qq.com"
LIMITS = Limits(
    hears="mentions",
    proactive=True,
    buttons=True,
    markup="markdown",
    max_bytes=MAX_BYTES,
    rates=((30, 60), (1000, 3600)),
    unknown=Unknown.RESEND,
)
MODES = {"callback": CALLED_LIMITS}
# What a network can do to us. TimeoutError is an OSError; a bad URL is a ValueError; aiohttp and
# the TLS layer raise RuntimeError for a socket that closes at the wrong moment.
_NETWORK = (aiohttp.ClientError, OSError, LinkLost, ValueError, RuntimeError)
_MAX_FRAME = 16 * 1024 * 1024
_REFUSED_HELP = (
    "WeCom refused this robot. Check in the robot's settings that API mode is on and set to the "
    "long connection, and that bot_id and secret in gridbot.toml are the ones shown there; a "
    "secret that was renewed makes the old one invalid. Trying again from time to time."
)


class Settings(Section):
    """Its section of gridbot.toml; which keys it needs depends on the robot's API mode (1a.1)."""

    required: ClassVar[tuple[str, ...]] = ("bot_id", "secret")
    known_by: ClassVar[tuple[str, ...]] = ("bot_id",)

    mode: Literal["long", "callback"] = "long"
    bot_id: str = ""
    secret: SecretStr = SecretStr("")
    url: str = URL
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    api_base: str = ""
    media_hosts: Listed = Field(default_factory=list)  # empty: any public one

    @override
    def missing(self) -> tuple[str, ...]:
        """The keys of the chosen mode that are empty."""
        keys = ("token", "aes_key") if self.mode == "callback" else self.required
        return tuple(key for key in keys if not plain(getattr(self, key)).strip())


def make(settings: Settings, parts: Parts) -> "WecomRobot | WecomRobotCallback":
    """The channel of a section."""
    names, hosts = tuple(settings.names), tuple(settings.media_hosts)
    if settings.mode == "callback":
        keys = (settings.token.get_secret_value(), settings.aes_key.get_secret_value())
        account = Account(settings.bot_id, *keys, settings.api_base, names, hosts)
        return WecomRobotCallback(account, parts)
    return WecomRobot(
        parts.name,
        bot_id=settings.bot_id,
        secret=settings.secret.get_secret_value(),
        url=settings.url,
        names=names,
        now=parts.now,
        lease=parts.lease(f"channel {parts.name}"),
        session=parts.session,
        media_hosts=hosts,
    )


class WecomRobot:
    """The channel. What it hears goes to `accept` in order per conversation."""

    kind = "wecom_robot"

    def __init__(  # noqa: PLR0913 - the section of gridbot.toml, one argument per key
        self,
        name: str,
        *,
        bot_id: str,
        secret: str,
        names: tuple[str, ...],
        now: Callable[[], datetime],
        lease: Lease,
        url: str = URL,
        session: aiohttp.ClientSession | None = None,
        backoff: tuple[float, float] = (1.0, 30.0),
        ping_every: float = 30.0,
        ack_timeout: float = 5.0,
        rng: random.Random | None = None,
        media_hosts: tuple[str, ...] = (),
        card_url: str = "",
        waits: Waits | None = None,
    ) -> None:
        self.name = name
        self.limits = LIMITS
        self._bot_id, self._secret, self._url = bot_id, secret, url
        self._names = tuple(names)
        self._now = now
        self._lease = lease
        self._session = session
        self._backoff = Backoff(backoff, rng or random.Random())  # noqa: S311 - no secret
        self._ping_every, self._ack_timeout = ping_every, ack_timeout
        self._media_hosts = tuple(media_hosts)
        self._card_url = card_url
        self._waits = waits or Waits()
        self._link: Link | None = None
        self._holding = False
        self._helped = False
        self._log = log.bind(channel=name)

    @property
    def connected(self) -> bool:
        return self._link is not None

    def secrets(self) -> tuple[str, ...]:
        return (self._secret,)

    async def run(self, accept: Accept) -> None:
        """Hold the connection whenever the lease is ours, until cancelled."""
        lanes = Lanes(accept)
        session = self._session or aiohttp.ClientSession()
        try:
            while True:
                wait = await self._attempt(session, lanes)
                await asyncio.sleep(wait)
        finally:
            await lanes.close(self._waits.goodbye)
            if session is not self._session:
                await session.close()
            await self._release()

    async def send(self, outbound: Outbound) -> str:
        """Answer or push; a reply whose moment is over becomes a push (wechat.md 1a.7)."""
        code = 0
        for request in plan(outbound, self._now(), self._card_url):
            ack = await self._ask(request)
            if not ack.code:
                return ack.msgid
            code = ack.code
            self._log.info("frame refused", action="wecom_refused", cmd=request.cmd, code=code)
            if not verdict(code).push:
                break
        raise refusal(code)

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Download and decrypt an attachment; its URL lives five minutes (wechat.md 1a.3)."""
        if self._session is not None:
            return await media.download(self._session, dict(ref), hosts=self._media_hosts)
        async with aiohttp.ClientSession() as session:
            return await media.download(session, dict(ref), hosts=self._media_hosts)

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the platform lets this robot in; not asked while a process is connected."""
        robot = Robot(self._url, self._bot_id, self._secret, self._now)
        async with aiohttp.ClientSession() as session:
            return (await look(robot, self._lease, session),)

    async def _ask(self, request: Request) -> Ack:
        link = self._link
        if link is None:
            raise SendError("not connected", retryable=True, retry_after=1.0)
        try:
            return await link.ask(request.cmd, request.body, request.req_id)
        except TimeoutError as error:
            raise SendError("no ack in time", retryable=True) from error
        except LinkLost as error:
            raise SendError(str(error), retryable=True) from error

    async def _attempt(self, session: aiohttp.ClientSession, lanes: Lanes) -> float:
        """One connection, from the lease to its end; returns how long to wait before the next."""
        if not await self._ask_lease():
            return self._waits.lease_renew
        began = asyncio.get_running_loop().time()
        try:
            await race(self._keep_lease(), self._talk(session, lanes))
        except Displaced:
            self._holding = False  # the other one holds it by right or by mistake: do not fight
            self._log.warning("another process subscribed for this robot", action="wecom_displaced")
            return self._waits.lease_life
        except SubscribeRefused as error:
            self._help(error)
            return self._waits.refused
        except _NETWORK as error:
            self._backoff.lived(asyncio.get_running_loop().time() - began)
            wait = self._backoff.next()
            self._log.warning(
                "connection lost",
                action="wecom_lost",
                why=str(error) or type(error).__name__,
                wait=round(wait, 1),
            )
            return wait
        return self._waits.lease_renew  # the lease went to another process

    async def _talk(self, session: aiohttp.ClientSession, lanes: Lanes) -> None:
        """Connect, subscribe, then listen and ping until something ends it by an exception."""
        closing = aiohttp.ClientWSTimeout(ws_close=self._waits.goodbye)
        async with asyncio.timeout(self._waits.connect):
            ws = await session.ws_connect(self._url, timeout=closing, max_msg_size=_MAX_FRAME)
        link = Link(ws, self._ack_timeout)
        try:
            await race(self._listen(link, lanes), self._serve(link))
        finally:
            self._link = None
            link.drop()
            await ws.close()

    async def _serve(self, link: Link) -> None:
        await link.subscribe(self._bot_id, self._secret)
        self._link, self._helped = link, False
        self._log.info("connected", action="wecom_connected")
        await link.heartbeat(self._ping_every)

    async def _listen(self, link: Link, lanes: Lanes) -> None:
        while True:
            raw = await link.receive()
            frame = read(raw, channel=self.name, names=self._names, now=self._now())
            match frame:
                case Ack():
                    link.settle(frame)
                case Kicked():
                    raise Displaced
                case Dropped():
                    self._log.info(
                        "frame dropped",
                        action="wecom_dropped",
                        reason=frame.reason,
                        detail=frame.detail,
                    )
                case _:
                    # With a thousand in flight this waits: not reading is the only brake there is.
                    link.stalled = lanes.full
                    await lanes.put(frame)
                    link.stalled = False

    async def _ask_lease(self) -> bool | None:
        """Take or renew the lease; None when the store does not say."""
        try:
            async with asyncio.timeout(self._waits.lease_answer):
                self._holding = await self._lease.hold()
        except Exception as error:  # noqa: BLE001 - whatever breaks in the store, run() goes on
            self._log.warning(
                "the lease could not be asked for", action="lease_error", why=type(error).__name__
            )
            return None
        return self._holding

    async def _keep_lease(self) -> None:
        """Renew the lease; returns, which closes the connection, when it is lost.

        A store that does not answer is no loss yet: the row outlives a short absence.
        """
        clock = asyncio.get_running_loop().time
        sure = clock()
        while True:
            await asyncio.sleep(self._waits.lease_renew)
            asked = clock()
            held = await self._ask_lease()
            if held:
                sure = asked
            elif held is False or clock() - sure >= self._waits.lease_trust:
                self._log.warning("the lease is lost, closing", action="lease_lost")
                return

    async def _release(self) -> None:
        if not self._holding:
            return
        self._holding = False
        try:
            async with asyncio.timeout(self._waits.lease_answer):
                await self._lease.release()
        except Exception as error:  # noqa: BLE001 - it expires by itself soon enough
            self._log.warning("lease not released", action="lease_error", why=type(error).__name__)

    def _help(self, error: SubscribeRefused) -> None:
        if not self._helped:
            self._helped = True
            self._log.error(_REFUSED_HELP, action="wecom_refused_subscribe", code=error.code)
