"""The callback address of an official account, in its three modes (wechat.md 1g).

The handshake is the account's own: `signature` over token, timestamp and nonce, and a plain
`echostr`. What is encrypted goes through the same door as WeCom's. In plain mode nothing signs the
body: so a signature opens once, and not for long.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from multidict import MultiMapping

from bot.channels._account_passive import sealed
from bot.channels._callback import REPLAYS, CallRefused, Door, Hear, NotStored, body_of
from bot.channels._envelope import Envelope, same, signature
from bot.channels._recent import Recent
from bot.channels._xml import XmlError, fields
from bot.channels.base import Knock

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FRESH = timedelta(minutes=10)  # the platform calls three times within 15 seconds


class AccountDoor:
    """One callback address. Without an `envelope` bodies are plain; with one, no plain body opens.

    In compatible mode a body holds both: the plain fields and the encrypted ones.
    """

    def __init__(
        self,
        name: str,
        token: str,
        hear: Hear,
        now: Callable[[], datetime],
        envelope: Envelope | None = None,
        *,
        compatible: bool = False,
    ) -> None:
        self._log = log.bind(channel=name)
        self._token, self._hear, self._now = token, hear, now
        self._envelope = envelope
        self._answered: Recent[str, None] = Recent(REPLAYS)
        self._sealed: Door | None = None
        if envelope is not None and compatible:
            self._sealed = Door(name, envelope, hear, unwrap=beside_plain)
        elif envelope is not None:
            self._sealed = Door(name, envelope, hear)

    async def called(self, request: web.Request) -> web.Response:
        """Answer a GET (is this address yours?) or a POST (somebody did something)."""
        try:
            if request.method == "GET":
                self._check(request.query)
                # A '+' that was decoded to a space (wechat.md 1a.2).
                return web.Response(text=request.query.get("echostr", "").replace(" ", "+"))
            if self._sealed is not None:
                return self._wrapped(request, await self._sealed.called(request))
            return await self._plain(request)
        except (CallRefused, XmlError, UnicodeDecodeError) as error:
            reason = getattr(error, "reason", type(error).__name__)
            self._log.info("call refused", action="callback.refused", reason=reason)
            return web.Response(status=403)
        except NotStored:
            return web.Response(status=503)

    def knock(self, now: datetime) -> Knock:
        """What the platform asks when the address is saved: nothing of it is encrypted."""
        word, stamp, nonce = (secrets.token_hex(8), str(int(now.timestamp())), secrets.token_hex(8))
        signed = signature(self._token, stamp, nonce)
        query = {"signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": word}
        return Knock(query, word)

    def _wrapped(self, request: web.Request, answer: web.Response) -> web.Response:
        """What the platform is told, sealed as what it tells; nothing stays nothing."""
        if not answer.text or self._envelope is None:
            return answer
        nonce, stamp = request.query.get("nonce", ""), int(self._now().timestamp())
        return web.Response(text=sealed(answer.text, self._envelope, nonce, stamp))

    async def _plain(self, request: web.Request) -> web.Response:
        signature = self._check(request.query)
        self._check_age(request.query)
        body = (await body_of(request)).decode()
        if signature in self._answered:
            self._log.info("call seen before", action="callback.replayed")
            return web.Response()
        if sealed_only(body):
            raise CallRefused("encrypted, and there is no aes_key")
        answer = await self._hear(body)
        self._answered[signature] = None
        return web.Response(text=answer)

    def _check(self, query: MultiMapping[str]) -> str:
        """The query's signature, if it is good. Raises CallRefused."""
        given = query.get("signature", "")
        wanted = signature(self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if not same(wanted, given):
            raise CallRefused("signature")
        return wanted

    def _check_age(self, query: MultiMapping[str]) -> None:
        """Raises CallRefused for a query that is too old to come from the platform."""
        try:
            age = abs(self._now().timestamp() - int(query.get("timestamp", "")))
        except ValueError:
            raise CallRefused("timestamp") from None
        if age > FRESH.total_seconds():
            raise CallRefused("too old")


def sealed_only(body: str) -> bool:
    """Whether a body holds nothing but an envelope: the console's mode is not ours."""
    return "<Encrypt>" in body and not {"MsgType", "FromUserName"} & fields(body).keys()


def beside_plain(body: bytes) -> str:
    """The ciphertext of a body that holds plain fields too. Raises XmlError.

    Read as XML: somebody's words may well contain `<Encrypt>`.
    """
    found = fields(body).get("Encrypt")
    if not isinstance(found, str) or not found.strip():
        raise XmlError("no envelope")
    return found.strip()
