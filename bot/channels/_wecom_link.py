"""WeCom smart robot: one connection, its questions and answers, its waiting (wechat.md 1a.7)."""

import asyncio
import json
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import aiohttp

from bot.channels._wecom_frames import Ack

MAX_MISSED = 2
_PING = "ping"


class LinkLost(Exception):
    """The connection is gone, or as good as gone."""


class Displaced(Exception):
    """Another process subscribed for this bot."""


class SubscribeRefused(Exception):
    """The platform does not let this bot in."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


class Link:
    """A WebSocket on which every frame we send is answered by one with the same req_id."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, ack_timeout: float) -> None:
        self.stalled = False  # set while nothing is read: then silence says nothing
        self._ws = ws
        self._ack_timeout = ack_timeout
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._missed = 0
        self._lost = False

    async def subscribe(self, bot_id: str, secret: str) -> None:
        """Say who we are; the first frame. Raises SubscribeRefused."""
        ack = await self.ask("aibot_subscribe", {"bot_id": bot_id, "secret": secret})
        if ack.code:
            raise SubscribeRefused(ack.code, ack.message)

    async def ask(self, cmd: str, body: dict[str, Any], req_id: str = "") -> Ack:
        """Send a frame and wait for its ack; frames of one req_id take turns.

        Raises TimeoutError or LinkLost: then it is not known whether the platform took it.
        """
        req_id = req_id or f"{cmd}_{uuid4().hex}"
        # Kept alive by those who wait on it only, so the table empties itself.
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            if self._lost:
                raise LinkLost("connection lost before sending")
            answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
            self._waiting[req_id] = answer
            try:
                async with asyncio.timeout(self._ack_timeout):
                    await self._write(cmd, req_id, body)
                    return await answer
            finally:
                del self._waiting[req_id]

    def settle(self, ack: Ack) -> None:
        """Hand an ack to whoever waits for it; a late one is nobody's."""
        if ack.req_id.startswith(f"{_PING}_"):
            self._missed = 0
        answer = self._waiting.get(ack.req_id)
        if answer is not None and not answer.done():
            answer.set_result(ack)

    async def receive(self) -> str | bytes:
        """The next frame. Raises LinkLost."""
        message = await self._ws.receive()
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            data: str | bytes = message.data
            return data
        raise LinkLost(f"closed ({message.type.name.lower()} {self._ws.close_code})")

    async def heartbeat(self, every: float) -> None:
        """Ping for ever. Raises LinkLost when two pongs in a row stay out."""
        while True:
            await asyncio.sleep(every)
            if self.stalled:
                self._missed = 0
            if self._missed >= MAX_MISSED:
                raise LinkLost("two pongs missed")
            self._missed += 1
            async with asyncio.timeout(self._ack_timeout):  # a full pipe to a dead peer blocks
                await self._write(_PING, f"{_PING}_{uuid4().hex}", None)

    def drop(self) -> None:
        """Tell those who wait for an ack that none will come."""
        self._lost = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LinkLost("connection lost before the ack"))

    async def _write(self, cmd: str, req_id: str, body: dict[str, Any] | None) -> None:
        frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
        if body is not None:
            frame["body"] = body
        try:
            await self._ws.send_str(json.dumps(frame))
        except (aiohttp.ClientError, OSError) as error:
            raise LinkLost("connection lost while writing") from error


async def race(*runs: Coroutine[Any, Any, None]) -> None:
    """Run side by side until the first ends, stop the others, and pass on how it ended."""
    tasks = [asyncio.ensure_future(run) for run in runs]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = [task for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. `lease_renew` + `lease_answer` stay under 5: hold() is due at least that often.

    `lease_trust` is how long a lease that cannot be renewed (store away) is still believed in,
    well under its life. `lease_life` is also the rest after being thrown out by another holder.
    """

    connect: float = 10.0
    refused: float = 60.0
    lease_renew: float = 2.5
    lease_answer: float = 2.0
    lease_trust: float = 10.0
    lease_life: float = 15.0
    goodbye: float = 0.5


class Backoff:
    """Exponential waiting with jitter; forgets its failures when told that things went well."""

    def __init__(self, span: tuple[float, float], rng: random.Random) -> None:
        self._first, self._cap = span
        self._rng = rng
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait after one more failure: half to all of the doubled step."""
        step = min(self._cap, self._first * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return step * self._rng.uniform(0.5, 1.0)

    def lived(self, seconds: float) -> None:
        """A connection lived that long. A short life is no success: subscribing is rate-limited."""
        if seconds >= self._cap:
            self._failures = 0
