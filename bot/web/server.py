"""The HTTP side: health and metrics always, the demo page only when it is handed in."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest

from bot.channels.base import Called
from bot.deployment.faults import reason_of
from bot.web.guard import HEADERS
from bot.web.page_words import render

STOP = 3.0  # seconds an open request may take when the program stops


class PortTaken(Exception):
    """The address cannot be listened on; `reason` is the system's own word for it."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(reason)
        self.host, self.port, self.reason = host, port, reason


class Health(Protocol):
    """What the health page needs of the program."""

    @property
    def registry(self) -> CollectorRegistry:
        """The metrics."""

    @property
    def callbacks(self) -> Mapping[str, Called]:
        """The channels that their platforms call, by name."""

    async def health(self) -> dict[str, object]:
        """How the program is; `ready` tells whether it can take and keep a message."""


def make_web_app(health: Health) -> web.Application:
    """`/healthz`, `/readyz`, `/metrics` and the platforms' callbacks, which sign what they say."""

    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_request: web.Request) -> web.Response:
        state = await health.health()
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(health.registry),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    app = web.Application(client_max_size=12 * 1024 * 1024)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)
    for name, channel in health.callbacks.items():
        app.router.add_get(f"/callback/{name}", channel.called)
        app.router.add_post(f"/callback/{name}", channel.called)
    return app


def calls_first(server: web.Server, callbacks: Mapping[str, Called]) -> None:
    """Answer what the platforms post without the router, which is a third of aiohttp's part in it.

    All else goes the way it went, calls too that want to be told to go on (`Expect`). A middleware
    would not see these calls.
    """
    called = {f"/callback/{name}": channel.called for name, channel in callbacks.items()}
    routed = server.request_handler

    def handle(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        here = called.get(request.rel_url.raw_path) if request.method == "POST" else None
        if here is None or "Expect" in request.headers or not isinstance(request, web.Request):
            return routed(request)
        return here(request)

    server.request_handler = handle


async def nowhere(request: web.Request) -> web.Response:
    """Tell a person whose link leads nowhere what to do; programs get the plain answer."""
    if "text/html" not in request.headers.get("Accept", ""):
        raise web.HTTPNotFound
    page = render("nowhere.html")
    return web.Response(text=page, status=404, content_type="text/html", headers=HEADERS)


@asynccontextmanager
async def serve(
    health: Health,
    host: str,
    port: int,
    extend: Callable[[web.Application], None] | None = None,
    sock: socket.socket | None = None,
) -> AsyncIterator[str]:
    """Listen, on a socket of `listen` if there is one; yields the address. Raises PortTaken."""
    app = make_web_app(health)
    if extend is not None:
        extend(app)
    for method in ("GET", "POST"):  # another one is answered by what may be done instead
        app.router.add_route(method, "/{tail:.*}", nowhere)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP)
    await runner.setup()
    if runner.server is not None:
        calls_first(runner.server, health.callbacks)
    try:
        try:
            site = web.SockSite(runner, sock) if sock else web.TCPSite(runner, host, port)
            await site.start()
        except OSError as error:
            raise PortTaken(host, port, reason_of(error)) from error
        yield address(host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


def address(host: str, port: int) -> str:
    """Where a page is opened."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Take an address whose port is known before anything is served there. Raises PortTaken."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortTaken(host, port, reason_of(error)) from error
