"""A lean platform for one robot: hands out callbacks, acks everything, and keeps the times.

The double of the tests judges every frame and keeps it; here only what is measured is kept.
"""

import asyncio
import time
from array import array
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from tests.bench.city import BOT
from tests.bench.traffic import Said, Traffic

clock = time.perf_counter


@dataclass(slots=True)
class Sent:
    """A callback under way: when it was due, and who said what."""

    said: Said
    due: float
    answered: bool = False


class Gateway:
    """Where the robot connects to."""

    def __init__(self, traffic: Traffic | None = None) -> None:
        self.traffic = traffic
        self.port = 0
        self.online = asyncio.Event()
        self.delivered = 0
        self.frames = 0  # what the robot said
        self.replies = 0  # of these, answers to a callback
        self.doubled = 0  # answers to a message that had been delivered before
        self.latencies = array("d")
        self._since = 0.0
        self._open: dict[str, Sent] = {}
        self._ws: web.WebSocketResponse | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/", self._door)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def deliver(self, said: Said, due: float) -> None:
        """Send a callback; a message delivered again keeps its id and gets a new req_id."""
        assert self._ws is not None
        self.delivered += 1
        req_id = f"q{self.delivered}"
        self._open[req_id] = Sent(said, due)
        place = {"chatid": said.chat, "chattype": "group"} if said.chat else {"chattype": "single"}
        body: dict[str, Any] = {
            "msgid": said.msgid,
            "aibotid": BOT,
            "from": {"userid": said.user},
            **place,
            "msgtype": "text",
            "text": {"content": said.words},
        }
        if said.quote:
            body["quote"] = {"msgtype": "text", "text": {"content": said.quote}}
        await self._send({"cmd": "aibot_msg_callback", "headers": {"req_id": req_id}, "body": body})

    def forget(self) -> None:
        """Start a new measurement."""
        self.latencies = array("d")
        self._since = clock()

    async def _send(self, frame: dict[str, Any]) -> None:
        assert self._ws is not None
        await self._ws.send_str(orjson.dumps(frame).decode())

    async def _door(self, request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(compress=False, max_msg_size=1024 * 1024)
        await ws.prepare(request)
        self._ws = ws
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._take(message.data)
        except ConnectionError:
            pass  # the robot is gone
        self.online.clear()
        return ws

    async def _take(self, raw: str) -> None:
        frame = orjson.loads(raw)
        req_id = frame["headers"]["req_id"]
        await self._send({"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"})
        match frame["cmd"]:
            case "aibot_subscribe":
                self.online.set()
            case "ping":
                pass
            case _:
                self._heard(req_id, frame["body"])

    def _heard(self, req_id: str, body: dict[str, Any]) -> None:
        self.frames += 1
        sent = self._open.get(req_id)
        if sent is not None:
            self.replies += 1
            if sent.said.again:
                self.doubled += 1
            if not sent.answered:
                sent.answered = True
                if sent.due >= self._since:
                    self.latencies.append(clock() - sent.due)
        if self.traffic is not None:
            self.traffic.told(sent.said if sent else None, str(body.get("chatid", "")), body)
