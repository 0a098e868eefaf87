"""The door of a callback: verified, opened, stored, answered; forged or broken calls get a 403.

The platform waits 5 seconds and calls again when it hears no 200 (wechat.md 1c.1), so 200 is said
only after the commit, and nothing slow happens before it.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import orjson
import structlog
from aiohttp import web
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import HttpVersion11
from typing_extensions import override

from bot.channels._envelope import Envelope, EnvelopeError
from bot.channels._recent import Recent
from bot.channels._xml import XmlError, encrypted
from bot.channels.base import Accept, Knock, Received
from domain.messages import Inbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MAX_BODY = 256 * 1024  # bytes; the platform's largest callback is a few thousand
REPLAYS = 20_000  # answered calls that are remembered, against the same one coming again

Hear = Callable[[str], Awaitable[str]]


class NotStored(Exception):
    """The store did not take it: the platform is to call again."""


class CallRefused(Exception):
    """Not from the platform, or not for us; `reason` goes to the log, the caller hears nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Ear:
    """Hands what was heard to the program, once it is there to take it."""

    def __init__(self) -> None:
        self.accept: Accept | None = None

    async def take(self, heard: Iterable[Inbound]) -> None:
        """Store it all. Raises NotStored."""
        if self.accept is None:
            raise NotStored
        for inbound in heard:
            if await self.accept(inbound) is Received.REFUSED:
                raise NotStored


class Door:
    """One callback address. `hear` gets the opened words and returns what to answer ("": nothing).

    `seal` wraps an answer for the platform; `unwrap` takes the ciphertext out of a body.
    """

    def __init__(
        self,
        name: str,
        envelope: Envelope,
        hear: Hear,
        *,
        unwrap: Callable[[bytes], str] = encrypted,
    ) -> None:
        self._log = log.bind(channel=name)
        self._envelope, self._hear, self._unwrap = envelope, hear, unwrap
        self._answered: Recent[str, None] = Recent(REPLAYS)

    async def called(self, request: web.Request) -> web.Response:
        """Answer a GET (is this address yours?) or a POST (somebody did something)."""
        try:
            if request.method == "GET":
                return web.Response(text=self._echo(request))
            return await self._posted(request)
        except (CallRefused, EnvelopeError, XmlError) as error:
            self._log.info("call refused", action="callback.refused", reason=str(error))
            return web.Response(status=403)
        except NotStored:
            return web.Response(status=503)

    def knock(self, now: datetime) -> Knock:
        """What the platform asks when the address is saved (wechat.md 1a.2)."""
        word, stamp, nonce = (secrets.token_hex(8), str(int(now.timestamp())), secrets.token_hex(8))
        sealed = self._envelope.seal(word)
        signed = self._envelope.sign(stamp, nonce, sealed)
        query = {"msg_signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": sealed}
        return Knock(query, word)

    def _echo(self, request: web.Request) -> str:
        signature, timestamp, nonce = _signed(request)
        # A '+' that was decoded to a space: base64 has no spaces (wechat.md 1a.2).
        echo = request.query.get("echostr", "").replace(" ", "+")
        return self._envelope.open(echo, signature, timestamp, nonce)

    async def _posted(self, request: web.Request) -> web.Response:
        signature, timestamp, nonce = _signed(request)
        plain = self._envelope.open(
            self._unwrap(await body_of(request)), signature, timestamp, nonce
        )
        if signature in self._answered:
            self._log.info("call seen before", action="callback.replayed")
            return nothing(request)
        answer = await self._hear(plain)
        self._answered[signature] = None
        return web.Response(text=answer) if answer else nothing(request)


class _Nothing(web.Response):
    """An empty 200 on a connection that stays: one object for all, it keeps nothing of a request.

    Nearly every call is answered so, and to put headers together is a sixth of what aiohttp does.
    """

    @property
    @override
    def keep_alive(self) -> bool:
        return True

    @override
    async def prepare(self, request: web.BaseRequest) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: {rfc822_formatted_time()}\r\n\r\n"
        await request.writer.write(head.encode("ascii"))

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """All was written with the head."""


_NOTHING = _Nothing()


def nothing(request: web.Request) -> web.Response:
    """The empty 200."""
    stays = request.keep_alive and request.version == HttpVersion11
    return _NOTHING if stays else web.Response()


async def body_of(request: web.Request) -> bytes:
    """A call's body. Raises CallRefused when it is longer than the platform's ever are."""
    if (request.content_length or 0) > MAX_BODY:
        raise CallRefused("body too long")
    body = await request.content.readany()
    while not request.content.at_eof():  # seldom: nearly always it comes in one piece
        if len(body) > MAX_BODY:
            raise CallRefused("body too long")
        body += await request.content.readany()
    if len(body) > MAX_BODY:
        raise CallRefused("body too long")
    return body


def json_encrypted(body: bytes) -> str:
    """The ciphertext of a JSON envelope. Raises CallRefused."""
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise CallRefused("not JSON") from None
    sealed = envelope.get("encrypt") if isinstance(envelope, dict) else None
    if not isinstance(sealed, str):
        raise CallRefused("no envelope")
    return sealed


def _signed(request: web.Request) -> tuple[str, str, str]:
    query = request.query
    return query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", "")
