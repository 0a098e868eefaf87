"""A double of the platforms' HTTP side: tokens, whatever calls a test adds, and faults on demand.

Each kind of call lives in a file of its own (`platform_app.py` ...) and is added by `serve`. It
answers as the published pages say (wechat.md); what a real server does beyond them is not known.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

OK = {"errcode": 0, "errmsg": "ok"}
CORP, SECRET = "wwfake0123456789ab", "s3cret-of-the-app"


@dataclass(frozen=True, slots=True)
class Call:
    """One request the platform got; `body` is its JSON, {} where there was none.

    Of a form, it holds each file's name, bytes and type.
    """

    path: str
    query: dict[str, str]
    body: dict


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call: a code, an HTTP status, a cut answer, silence.

    With `after` the platform does what it was asked for and only its answer is lost.
    """

    code: int = 0
    message: str = ""
    status: int = 0
    half: bool = False
    silent: bool = False
    after: bool = False


Handler = Callable[[Call], Awaitable[dict | web.StreamResponse]]


@dataclass
class Platform:
    """The running double: what it was asked (`calls`), what it answers, what it breaks."""

    secrets: dict[str, str] = field(default_factory=lambda: {CORP: SECRET})
    calls: list[Call] = field(default_factory=list)
    base: str = ""

    def __post_init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._issued = 0
        self.token = ""
        self.closing = asyncio.Event()
        self.serve("/cgi-bin/gettoken", self._gettoken, token=False)

    def serve(self, path: str, handler: Handler, *, token: bool = True) -> None:
        """Answer a path; with `token` only to who brings the one that is valid."""
        self._handlers[path] = self._guarded(handler) if token else handler

    def fault(self, path: str, *faults: Fault) -> None:
        """The next calls of a path go wrong like this, one after the other."""
        self._faults[path].extend(faults)

    def expire(self) -> None:
        """The valid token is no longer valid; the next gettoken gives a new one."""
        self.token = ""

    def asked(self, path: str) -> list[Call]:
        """The calls of one path, in order."""
        return [call for call in self.calls if call.path == path]

    def bodies(self, path: str) -> list[dict]:
        """What was posted to a path."""
        return [call.body for call in self.asked(path)]

    async def _gettoken(self, call: Call) -> dict:
        if call.query.get("corpid") not in self.secrets:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if self.secrets[call.query["corpid"]] != call.query.get("corpsecret"):
            return {"errcode": 40001, "errmsg": "invalid credential"}
        if not self.token:
            self._issued += 1
            self.token = f"TOKEN-{self._issued}"
        return OK | {"access_token": self.token, "expires_in": 7200}

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(call: Call) -> dict | web.StreamResponse:
            given = call.query.get("access_token")
            if not given:
                return {"errcode": 41001, "errmsg": "access_token missing"}
            if given != self.token:
                known = given.startswith("TOKEN-")
                return {"errcode": 42001 if known else 40014, "errmsg": "invalid access_token"}
            return await handler(call)

        return guarded

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        call = Call(request.path, dict(request.query), body)
        self.calls.append(call)
        faults = self._faults[request.path]
        fault = faults.popleft() if faults else Fault()
        handler = self._handlers.get(request.path)
        if handler is None:
            return web.Response(status=404)
        if fault.after:
            await handler(call)
        if fault.silent:
            await self.closing.wait()
        if fault.status:
            return web.Response(status=fault.status)
        if fault.code:
            return web.json_response({"errcode": fault.code, "errmsg": fault.message})
        if fault.half:
            return web.Response(body=b'{"errcode": 0, "er', content_type="application/json")
        answer = await handler(call)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)


async def _body(request: web.Request) -> dict:
    if request.content_type == "application/json" and request.can_read_body:
        return json.loads(await request.text())
    if request.content_type != "multipart/form-data":
        return {}
    form = await request.post()
    return {name: (one.filename, one.file.read(), one.content_type) for name, one in form.items()}


@asynccontextmanager
async def running(*parts: Callable[[Platform], None], secrets: Iterable[tuple[str, str]] = ()):
    """A platform on a free loopback port; `parts` add their calls to it."""
    platform = Platform()
    platform.secrets.update(secrets)
    for part in parts:
        part(platform)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", platform._answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield platform
    finally:
        platform.closing.set()
        await runner.cleanup()
