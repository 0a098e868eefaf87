"""A WeCom that lives on this machine: the long connection of wechat.md 1a.7, and its media.

`async with WecomGateway(bots={"bot": "secret"}) as gateway:` and connect a robot to `gateway.url`.
The helpers play the people (`text`, `mixed`, `image`, `card_click` ...), `sent` records every frame
of the robot with the code it got, `shown` is what a person would see on the screen, and the
faults (`fail`, `swallow`, `cut`, `half`, `raw` ...) play a bad day. Nothing here sleeps.
"""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.doubles import wecom_rules as rules
from tests.doubles.wecom_people import People

REFUSED = 40001
NOT_SUBSCRIBED = 40014
EVENT_LIFE = 5.0
REPLY_LIFE = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame of the robot and what became of it; `code` None means that no ack was given."""

    bot: str
    cmd: str
    req_id: str
    body: Mapping[str, Any]
    code: int | None
    problem: str = ""

    @property
    def words(self) -> str:
        """The text in it, whatever its type."""
        for kind in ("stream", "markdown", "text"):
            if kind in self.body:
                return str(self.body[kind]["content"])
        return ""


@dataclass(eq=False)
class Line:
    """One connection of a robot."""

    ws: web.WebSocketResponse
    request: web.Request
    bot: str = ""


@dataclass
class Callback:
    """A frame that was delivered: what its req_id may be answered with."""

    kind: str
    chat: str
    at: float
    frame: dict[str, Any]
    task_id: str = ""
    answered: bool = False


@dataclass
class Faults:
    """What goes wrong next, consumed one frame at a time."""

    codes: deque[tuple[int, str]] = field(default_factory=deque)  # (errcode, cmd or "")
    swallow: int = 0
    cut: int = 0  # connections broken instead of an ack
    deaf: bool = False  # pings stay unanswered
    closed: bool = False  # the door answers 503


class WecomGateway(People):
    """The platform's end. One per test; several bots may live on it."""

    def __init__(
        self,
        bots: Mapping[str, str],
        *,
        rates: Iterable[tuple[int, float]] = (),
        chat_type_needed: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self.shown: dict[str, dict[str, str]] = defaultdict(dict)
        self.subscribed: list[str] = []  # every accepted subscription, in order
        self.pings = 0
        self.faults = Faults()
        self._bots = dict(bots)
        self._rates = tuple(rates)
        self._chat_type_needed = chat_type_needed
        self._clock = clock
        self._lines: dict[str, Line] = {}
        self._all_lines: set[Line] = set()
        self._callbacks: dict[str, Callback] = {}
        self._moments: dict[str, list[float]] = defaultdict(list)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """Where robots connect to."""
        return f"ws://127.0.0.1:{self.port}/"

    async def open(self) -> None:
        """Listen; the second time on the same port, as a platform that comes back."""
        app = web.Application()
        app.router.add_get("/", self._door)
        app.router.add_get("/media/{key}", self._give_media)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Break every connection and stop listening."""
        self.cut_lines()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # -- waiting -----------------------------------------------------------------------------

    async def until(self, condition: Callable[[], Any], seconds: float = 10.0) -> None:
        """Wait until something here makes `condition` true."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def online(self, bot: str = "") -> None:
        """Wait until a robot is subscribed."""
        await self.until(lambda: bot in self._lines if bot else self._lines)

    async def offline(self, bot: str = "") -> None:
        """Wait until the robot is gone."""
        await self.until(lambda: bot not in self._lines if bot else not self._lines)

    async def heard(self, number: int = 1, cmd: str = "") -> list[Sent]:
        """Wait until the robot sent that many frames (of one command), and return them."""
        await self.until(lambda: len(self.sent) >= number and len(self.of(cmd)) >= number)
        return self.of(cmd)

    def of(self, cmd: str = "") -> list[Sent]:
        """The frames of the robot, pings and subscriptions left out."""
        return [one for one in self.sent if one.cmd == cmd or not cmd]

    # -- the bad day -------------------------------------------------------------------------

    async def again(self, req_id: str) -> None:
        """Deliver a callback once more, as it was."""
        await self._line().ws.send_json(self._callbacks[req_id].frame)

    def fail(self, *codes: int, cmd: str = "") -> None:
        """Answer the next frames (of one command) with these error codes."""
        self.faults.codes.extend((code, cmd) for code in codes)

    def swallow(self, times: int = 1) -> None:
        """Take the next frames, show them, and give no ack."""
        self.faults.swallow += times

    def cut(self, times: int = 1) -> None:
        """Take the next frames, show them, and break the connection instead of the ack."""
        self.faults.cut += times

    def cut_lines(self) -> None:
        """Break every connection without a goodbye."""
        for line in list(self._all_lines):
            if line.request.transport is not None:
                line.request.transport.abort()

    def half(self) -> None:
        """Send the first bytes of a long frame, then break."""
        transport = self._line().request.transport
        if transport is not None:
            transport.write(b'\x81\x7e\x10\x00{"cmd": "aibot_msg_')
        self.cut_lines()

    async def raw(self, data: str | bytes) -> None:
        """Send anything at all."""
        ws = self._line().ws
        await (ws.send_str(data) if isinstance(data, str) else ws.send_bytes(data))

    def forget(self, req_id: str) -> None:
        """Make a req_id unknown: answers to it get 846605."""
        self._callbacks.pop(req_id, None)

    # -- the platform's own work -------------------------------------------------------------

    def _line(self) -> Line:
        return next(iter(self._lines.values()))

    def _bot(self) -> str:
        return self._line().bot

    async def _deliver(self, cmd: str, body: dict[str, Any], kind: str, task_id: str = "") -> str:
        req_id = f"REQ-{next(self._numbers):06}"
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        chat = str(body.get("chatid") or body["from"]["userid"])
        self._callbacks[req_id] = Callback(kind, chat, self._clock(), frame, task_id)
        await self._line().ws.send_json(frame)
        return req_id

    async def _door(self, request: web.Request) -> web.StreamResponse:
        if self.faults.closed:
            return web.Response(status=503)
        ws = web.WebSocketResponse(max_msg_size=1024 * 1024)
        await ws.prepare(request)
        line = Line(ws, request)
        self._all_lines.add(line)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._take(line, message.data)
        except ConnectionError:
            pass  # broken by a fault, or by the robot
        finally:
            self._all_lines.discard(line)
            if self._lines.get(line.bot) is line:
                del self._lines[line.bot]
            await self._tell()
        return ws

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _take(self, line: Line, raw: str) -> None:
        try:
            frame = json.loads(raw)
            frame["headers"]["req_id"]
        except (ValueError, KeyError, TypeError):
            # Nothing to answer to; the record is what a test looks at.
            self.sent.append(Sent(line.bot, "?", "", {}, None, "malformed frame"))
            await self._tell()
            return
        cmd, req_id = str(frame.get("cmd")), str(frame["headers"]["req_id"])
        match cmd:
            case "aibot_subscribe":
                await self._subscribe(line, req_id, frame.get("body") or {})
            case "ping":
                self.pings += 1
                if not self.faults.deaf:
                    await self._ack(line, req_id, 0)
            case _:
                await self._speak(line, cmd, req_id, frame.get("body"))
        await self._tell()

    async def _subscribe(self, line: Line, req_id: str, body: Mapping[str, Any]) -> None:
        bot = body.get("bot_id", "")
        if bot not in self._bots or self._bots[bot] != body.get("secret"):
            await self._ack(line, req_id, REFUSED)
            return
        older = self._lines.get(bot)
        line.bot = bot
        self._lines[bot] = line
        self.subscribed.append(bot)
        if older is not None and older is not line:
            await self.throw_out(older)
        await self._ack(line, req_id, 0)

    async def throw_out(self, line: Line | None = None) -> None:
        """Say that another one subscribed, and close: one connection per bot."""
        line = line or self._line()
        body = {
            "msgid": f"EVT-{next(self._numbers):06}",
            "create_time": 1795305900,
            "aibotid": line.bot,
            "from": {"userid": ""},
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        headers = {"req_id": f"REQ-{next(self._numbers):06}"}
        frame = {"cmd": "aibot_event_callback", "headers": headers, "body": body}
        await line.ws.send_json(frame)
        if line.request.transport is not None:
            line.request.transport.close()  # written bytes still go out; no close handshake

    async def _speak(self, line: Line, cmd: str, req_id: str, body: Any) -> None:
        code, problem = self._judge(line, cmd, req_id, body)
        if not code:
            code = self._next_code(cmd)
        faults, silent = self.faults, False
        if not code:
            self._show(cmd, req_id, body)
            if faults.swallow or faults.cut:
                silent, faults.swallow = True, max(0, faults.swallow - 1)
        seen = body if isinstance(body, dict) else {}
        self.sent.append(Sent(line.bot, cmd, req_id, seen, None if silent else code, problem))
        if silent and faults.cut:
            faults.cut -= 1
            self.cut_lines()
        elif not silent:
            await self._ack(line, req_id, code, problem)

    def _next_code(self, cmd: str) -> int:
        codes = self.faults.codes
        if codes and codes[0][1] in ("", cmd):
            return codes.popleft()[0]
        return 0

    def _judge(self, line: Line, cmd: str, req_id: str, body: Any) -> tuple[int, str]:
        """The error code a real platform would give, and why."""
        if not line.bot:
            return NOT_SUBSCRIBED, "not subscribed"
        if cmd not in rules.ANSWERS and cmd != rules.PUSH:
            return rules.BAD_PARAMETER, f"unknown cmd {cmd!r}"
        if problem := rules.fault(cmd, body, chat_type_needed=self._chat_type_needed):
            return rules.BAD_PARAMETER, problem
        if problem := self._wrong_answer(cmd, req_id, body):
            return rules.INVALID_REQ_ID, problem
        if self._too_often(self._chat(req_id, body)):
            return rules.TOO_OFTEN, "over the message rate"
        return 0, ""

    def _wrong_answer(self, cmd: str, req_id: str, body: Mapping[str, Any]) -> str:
        """Why this callback cannot be answered so: wrong id, wrong kind, too late, twice."""
        callback = self._callbacks.get(req_id)
        if cmd == rules.PUSH:
            return "" if req_id and callback is None else "a push needs a req_id of its own"
        if callback is None:
            return "unknown req_id"
        if callback.kind != rules.ANSWERS[cmd]:
            return f"{cmd} does not answer a {callback.kind}"
        if self._clock() - callback.at > (REPLY_LIFE if callback.kind == "msg" else EVENT_LIFE):
            return "too late"
        return self._wrong_event_answer(callback, body)

    def _wrong_event_answer(self, callback: Callback, body: Mapping[str, Any]) -> str:
        if callback.kind != "msg" and callback.answered:
            return "answered already"
        if callback.kind == "card" and body["template_card"]["task_id"] != callback.task_id:
            return "not the task_id that was clicked"
        return ""

    def _chat(self, req_id: str, body: Mapping[str, Any]) -> str:
        callback = self._callbacks.get(req_id)
        return callback.chat if callback else str(body.get("chatid"))

    def _too_often(self, chat: str) -> bool:
        """Sliding windows per conversation (1a.7); a refused message does not count."""
        if not self._rates:
            return False
        now, moments = self._clock(), self._moments[chat]
        longest = max(seconds for _, seconds in self._rates)
        moments[:] = [moment for moment in moments if moment > now - longest]
        for number, seconds in self._rates:
            if sum(moment > now - seconds for moment in moments) >= number:
                return True
        moments.append(now)
        return False

    def _show(self, cmd: str, req_id: str, body: Mapping[str, Any]) -> None:
        """Put it on the screen: a stream of the same id replaces, a card update changes."""
        callback = self._callbacks.get(req_id)
        if callback is not None:
            callback.answered = True
        screen = self.shown[self._chat(req_id, body)]
        if "stream" in body:
            screen[f"stream {body['stream']['id']}"] = body["stream"]["content"]
        elif "template_card" in body:
            card = body["template_card"]
            task_id = card.get("task_id") or str(next(self._numbers))
            screen[f"card {task_id}"] = card["main_title"]["title"]
        else:
            words = body.get("markdown") or body.get("text") or {}
            screen[f"{cmd} {next(self._numbers)}"] = words["content"]

    async def _ack(self, line: Line, req_id: str, code: int, problem: str = "") -> None:
        message = "ok" if not code else problem or "refused"
        frame = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": message}
        await line.ws.send_json(frame)
