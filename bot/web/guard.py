"""Keeps the demo to this machine, and the pages of a deployment to themselves.

No foreign host name, no foreign site, no foreign script.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping

from aiohttp import web
from yarl import URL

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MEDIA_CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Refusal(Exception):
    """The request is answered with this status and the sentence under this key."""

    def __init__(self, status: int, key: str, **fill: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.fill = fill


class Guard:
    """Wraps a handler: checks where a request comes from, turns refusals into sentences."""

    def __init__(
        self, words: Mapping[str, str], hosts: Collection[str] = (), url: str = ""
    ) -> None:
        """Nothing acts that does not come from `url`, where a deployment's pages are opened.

        Without it they are the demo's, which only this machine and `hosts` may open.
        """
        self._words = words
        self._origin = origin_of(url)
        self._hosts = LOOPBACK | {host.lower() for host in hosts}

    def __call__(self, handler: Handler) -> Handler:
        """The guarded handler."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check(request)
                response = await handler(request)
            except Refusal as refusal:
                sentence = self._words[refusal.key].format(**refusal.fill)
                response = web.json_response({"error": sentence}, status=refusal.status)
            if not response.prepared:
                for name, value in HEADERS.items():
                    response.headers.setdefault(name, value)
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    def _check(self, request: web.Request) -> None:
        """A name that only resolves to this machine (DNS rebinding) is as foreign as a site."""
        if self._origin:
            self._check_origin(request)
            return
        name = _host_name(request.headers.get("Host", ""))
        if name not in self._hosts and name != _bound_address(request):
            raise Refusal(403, "wrong_host")
        if request.method in ("GET", "HEAD"):
            return
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        origin = request.headers.get("Origin")
        ours = origin is None or _authority(origin) == request.headers.get("Host", "").lower()
        if site not in ("same-origin", "none") or not ours:
            raise Refusal(403, "cross_site")

    def _check_origin(self, request: web.Request) -> None:
        """Every browser says with a POST where it comes from; behind a proxy Host may be another.

        Who asks is known by his session, so reading needs no more.
        """
        if request.method in ("GET", "HEAD"):
            return
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if site != "same-origin" or origin_of(request.headers.get("Origin", "")) != self._origin:
            raise Refusal(403, "cross_site")


def origin_of(url: str) -> tuple[str, str, int] | tuple[()]:
    """Scheme, host and port of an address of the web; () for what is none."""
    try:
        parts = URL(url)
        host, port = parts.host, parts.port
    except ValueError:
        return ()
    if parts.scheme not in ("http", "https") or not host or not port:
        return ()
    return (parts.scheme, host.lower(), port)


def _host_name(host: str) -> str:
    try:
        return (URL(f"http://{host}").host or "").lower()
    except ValueError:
        return ""


def _authority(origin: str) -> str:
    try:
        return URL(origin).authority.lower()
    except ValueError:
        return ""


def _bound_address(request: web.Request) -> str:
    """The address of ours that this connection came in on."""
    transport = request.transport
    name = transport.get_extra_info("sockname") if transport is not None else None
    return str(name[0]).lower() if isinstance(name, tuple) else ""
