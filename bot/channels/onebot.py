"""OneBot 11 and 12 over reverse WebSocket (wechat.md 1i): an open protocol, off by default.

The gateway behind it is none of ours and no official interface: it breaks WeChat's terms, and the
account it logs in with can be banned. It connects to us, at /callback/NAME. What is said while it
is away is not told again.
"""

import asyncio
import base64
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import structlog
from aiohttp import web
from pydantic import Field, SecretStr

from bot.channels import _onebot_says as says
from bot.channels._lanes import Lanes
from bot.channels._onebot_link import MAX_FRAME, Link
from bot.channels._onebot_media import MAX_BYTES, download
from bot.channels._onebot_read import Dropped, Fields, Place, ident, read, self_of
from bot.channels._section import Listed, Section
from bot.channels.base import Accept, Blob, FetchError, Finding, Limits, Parts, SendError
from domain.messages import Address, Inbound, Kind, Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    mentions=True,
    buttons=False,
    max_bytes=says.MAX_BYTES,
    rates=((10, 60),),  # ours: an account that writes faster than a person is found out
)
_WARNING = (
    "OneBot is not an official interface: it breaks WeChat's terms of use, accounts that are used "
    "this way get banned, and what residents say passes through software of third parties."
)
_PATIENCE = 10.0  # seconds a gateway has for an answer
_HEARTBEAT = 30.0
_AWAY = timedelta(minutes=2)
_REMEMBERED = 5000  # messages whose words are known, for those who answer them; chats
_GOODBYE = 0.5
_V12 = 12


class Settings(Section):
    """Its section of gridbot.toml; `groups` are those it may hear, all when there are none.

    `media_hosts` are machines of our own network that files may be fetched from.
    """

    required: ClassVar[tuple[str, ...]] = ("access_token",)

    enabled: bool = False
    access_token: SecretStr = SecretStr("")
    groups: Listed = Field(default_factory=list)
    media_hosts: Listed = Field(default_factory=list)


def make(settings: Settings, parts: Parts) -> "OneBot":
    """The channel of a section."""
    return OneBot(settings, parts)


class OneBot:
    """The channel. Chats are the gateway's own ids, as strings."""

    kind = "onebot"

    def __init__(self, settings: Settings, parts: Parts, patience: float = _PATIENCE) -> None:
        self.name, self.limits = parts.name, LIMITS
        self._settings, self._parts, self._patience = settings, parts, patience
        self._lanes: Lanes | None = None
        self._links: list[Link] = []  # the newest last
        self._away_since = parts.now()
        self._words: OrderedDict[str, str] = OrderedDict()
        self._speaks: OrderedDict[str, str] = OrderedDict()  # the account that last heard a chat
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return any(link.calls for link in self._links)

    @property
    def trouble(self) -> str:
        """That no gateway has been there for a while."""
        away = not self.connected and self._parts.now() - self._away_since > _AWAY
        return "onebot_away" if away and self._lanes is not None else ""

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    async def run(self, accept: Accept) -> None:
        """Hear what gateways tell, until cancelled."""
        self._log.warning(_WARNING, action="onebot.unofficial")
        self._away_since = self._parts.now()
        lanes = self._lanes = Lanes(accept)
        try:
            await asyncio.Event().wait()
        finally:
            self._lanes = None
            await asyncio.gather(*(one.close() for one in self._links), return_exceptions=True)
            await lanes.close(_GOODBYE)

    # In

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Let a gateway in that has the token, and listen to it until it goes."""
        status = self._refused(request)
        if status:
            self._log.info("call refused", action="callback.refused", reason=str(status))
            return web.Response(status=status)
        protocol = request.headers.get("Sec-WebSocket-Protocol", "").partition(",")[0].strip()
        ws = web.WebSocketResponse(
            protocols=(protocol,) if protocol else (),
            heartbeat=_HEARTBEAT,
            timeout=_GOODBYE,
            max_msg_size=MAX_FRAME,
        )
        if not ws.can_prepare(request):
            return web.Response(status=426)
        await ws.prepare(request)
        later = protocol.startswith(f"{_V12}.")
        link = Link(
            ws,
            version=_V12 if later else 11,
            self_id=ident(request.headers.get("X-Self-ID", "")),
            role=request.headers.get("X-Client-Role", "Universal").lower(),
            patience=self._patience,
        )
        await self._listen(link)
        return ws

    def _refused(self, request: web.Request) -> int:
        """The status for who may not come in; 0 for who may."""
        if self._lanes is None:
            return 503
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "token"):
            given = request.query.get("access_token", "")
        if not given:
            return 401
        token = self._settings.access_token.get_secret_value()
        good = bool(token) and hmac.compare_digest(given.strip().encode(), token.encode())
        return 0 if good else 403

    async def _listen(self, link: Link) -> None:
        await self._welcome(link)
        self._log.info("gateway connected", action="onebot.connected", version=link.version)
        try:
            async for event in link.frames():
                await self._hear(event, link)
        finally:
            link.lost()
            if link in self._links:
                self._links.remove(link)
            if not self.connected:
                self._away_since = self._parts.now()
            self._log.info("gateway gone", action="onebot.lost")

    async def _welcome(self, link: Link) -> None:
        """Take it among the links; of one account, the newest of a kind wins."""
        same = [
            one
            for one in self._links
            if link.self_id and (one.self_id, one.role) == (link.self_id, link.role)
        ]
        self._links = [one for one in self._links if one not in (*same, link)] + [link]
        for one in same:
            if one is not link:
                await one.close()

    async def _hear(self, event: Fields, link: Link) -> None:
        own = event.get("self")
        link.platform = ident(own.get("platform")) if isinstance(own, dict) else link.platform
        if not link.self_id and self_of(event):
            link.self_id = self_of(event)
            await self._welcome(link)
        try:
            found = read(event, self._place(link))
        except (TypeError, ValueError, AttributeError) as error:  # a shape nobody thought of
            found = Dropped("unreadable", type(error).__name__)
        if isinstance(found, Dropped):
            self._log.debug(
                "event dropped", action="onebot.dropped", reason=found.reason, detail=found.detail
            )
            return
        self._note(found)
        if self._lanes is not None:
            await self._lanes.put(found)

    def _place(self, link: Link) -> Place:
        settings = self._settings
        return Place(
            self.name,
            link.self_id,
            tuple(settings.names),
            tuple(settings.groups),
            self._parts.now(),
            lambda number: self._words.get(number, ""),
        )

    def _note(self, found: Inbound) -> None:
        """Remember the words for who answers them, and which account hears this chat."""
        _remember(self._speaks, found.address.key, found.handle["self"])
        if found.kind is Kind.RECALLED:
            self._words.pop(found.card, None)
        elif found.text:
            _remember(self._words, found.external_id, found.text)

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Say it by the account that was spoken to, else by the one that came last."""
        own = outbound.handle.get("self") or self._speaks.get(outbound.address.key, "")
        link = self._link(own)
        data = await link.ask(says.message(outbound, link.version), own)
        number = ident(data.get("message_id"))
        if number:
            _remember(self._words, number, outbound.text)
        return number

    async def send_image(self, address: Address, blob: Blob) -> str:
        """Show a picture. Raises SendError."""
        own = self._speaks.get(address.key, "")
        link = self._link(own)
        if link.version == _V12:
            file_id = ident((await link.ask(says.upload(blob), own)).get("file_id"))
            call = says.uploaded(address, file_id)
        else:
            call = says.image(address, blob)
        return ident((await link.ask(call, own)).get("message_id"))

    def _link(self, own: str) -> Link:
        """The newest connection of an account; of any where it has none. Raises SendError."""
        able = [link for link in self._links if link.calls]
        chosen = [link for link in able if link.self_id == own] or able
        if not chosen:
            raise SendError("no gateway is connected", retryable=True, retry_after=5.0)
        return chosen[-1]

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Fetch a file by its address, or from a gateway of version 12. Raises FetchError."""
        if ref.get("url"):
            hosts = tuple(one.lower() for one in self._settings.media_hosts)
            return await download(self._parts.session, ref["url"], hosts)
        if not ref.get("file_id"):
            raise FetchError("the gateway gave no address")
        call = says.Call("get_file", {"file_id": ref["file_id"], "type": "data"})
        try:
            data = await self._link(ref.get("self", "")).ask(call, ref.get("self", ""))
            return _blob(data)
        except SendError as error:
            raise FetchError(str(error), retryable=error.retryable) from error

    # Looking after itself

    async def examine(self) -> tuple[Finding, ...]:
        """The address for the gateway; whether one is there only the running program knows.

        Without a public one the gateway has to be on the same machine, where it mostly is.
        """
        base = self._parts.public_url.rstrip("/")
        url = f"ws{base.removeprefix('http')}/callback/{self.name}" if base else ""
        address = Finding(
            "onebot_address" if base else "onebot_local", good=True, fill={"url": url}
        )
        if self._lanes is None:
            return (address,)
        try:
            await self._link("").ask(says.Call("get_status", {}))
        except SendError as error:
            return (address, Finding("onebot_away", good=False, fill={"reason": str(error)}))
        return (address, Finding("onebot_here", good=True))


def _blob(data: Mapping[str, Any]) -> Blob:
    try:
        found = base64.b64decode(str(data.get("data") or ""), validate=True)
    except ValueError:
        raise FetchError("the file is not base64") from None
    if not found or len(found) > MAX_BYTES:
        raise FetchError("the file is empty or too large")
    return Blob(found, str(data.get("name") or "")[:200])


def _remember(book: OrderedDict[str, str], key: str, value: str) -> None:
    book[key] = value
    if len(book) > _REMEMBERED:
        book.popitem(last=False)
