"""Text messages through Aliyun or Tencent Cloud (wechat.md 1j): the last resort, paid each.

For people without WeChat. There is no free text: what has no approved template is not said here.
Nothing is heard but what became of a message, when the cloud is told where to report it.
"""

import asyncio
import hmac
import re
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, ClassVar, Literal

import aiohttp
import orjson
import structlog
from aiohttp import web
from pydantic import Field, SecretStr
from typing_extensions import override
from yarl import URL

from bot.channels._callback import CallRefused, body_of
from bot.channels._codes import Reaction
from bot.channels._section import Section, plain
from bot.channels._sms_clouds import Account, Aliyun, Cloud, Request, Tencent, Text
from bot.channels._sms_codes import Refused
from bot.channels._sms_reports import Reports
from bot.channels._sms_template import Template
from bot.channels._wecom_replies import stream_id
from bot.channels.base import (
    Accept,
    Blob,
    Failed,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Outbound
from domain.workdays import TZ
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# Neither cloud knows a key against doubles, and a doubled message is paid twice.
LIMITS = Limits(
    hears="nothing",
    hears_private=False,
    says_group=False,
    buttons=False,
    max_bytes=1500,
    unknown=Unknown.DROP,
    costs=True,
)
TIMEOUT = aiohttp.ClientTimeout(total=10.0, connect=5.0)
REST = (60.0, 900.0)  # seconds between two looks whether the operator has mended it
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_NOBODY = "10000000000"  # no mobile begins like this: a cloud that takes all else refuses it
_CLOUDS: dict[str, type[Aliyun] | type[Tencent]] = {"aliyun": Aliyun, "tencent": Tencent}
_MAX_ANSWER = 64 * 1024
_NOT_NOW = frozenset({429, 503})
# There was no connection, so nothing was said over it, and nothing is paid.
_UNHEARD = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the clouds' consoles.

    `templates` names a template for each of our messages, or one as `default`. `report_key` is the
    word after `?key=` in the address that the cloud reports deliveries to.
    """

    required: ClassVar[tuple[str, ...]] = (
        "provider",
        "access_key_id",
        "access_key_secret",
        "sign_name",
    )

    provider: Literal["", "aliyun", "tencent"] = ""
    access_key_id: str = ""
    access_key_secret: SecretStr = SecretStr("")
    sign_name: str = ""
    app_id: str = ""
    region: str = "ap-guangzhou"
    templates: dict[str, Template] = Field(default_factory=dict)
    report_key: SecretStr = SecretStr("")
    api_base: str = ""

    @override
    def missing(self) -> tuple[str, ...]:
        keyless = ("app_id",) if self.provider == "tencent" and not self.app_id.strip() else ()
        return (*super().missing(), *keyless, *(() if self.templates else ("templates",)))

    def account(self) -> Account:
        """What a cloud needs to know us."""
        secret = plain(self.access_key_secret)
        return Account(self.access_key_id, secret, self.sign_name, self.app_id, self.region)


def make(settings: Settings, parts: Parts) -> "Sms":
    """The channel of a section. Raises KeyError without a provider."""
    return Sms(settings, parts)


class Sms:
    """The channel. A chat is one person's telephone number, from people.csv."""

    kind = "sms"

    def __init__(self, settings: Settings, parts: Parts, rest: tuple[float, float] = REST) -> None:
        self.name, self.limits = parts.name, LIMITS
        self._settings, self._parts, self._rest = settings, parts, rest
        self._cloud: Cloud = _CLOUDS[settings.provider](settings.account(), settings.api_base)
        self._running = False
        self._trouble, self._troubled = "", ""  # the sentence's key; the template it came up with
        self._began = asyncio.Event()
        self._reports = Reports(parts)
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return self._running and not self._trouble

    @property
    def trouble(self) -> str:
        """What only the operator can mend: a key, a signature, a template, the balance."""
        return self._trouble

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    def report_to(self, failed: Failed) -> None:
        self._reports.undelivered.report_to(failed)

    async def run(self, accept: Accept) -> None:
        """Be there until cancelled; while there is trouble, look whether it is over."""
        self._running = True
        try:
            while True:
                await self._began.wait()
                self._began.clear()
                await self._until_mended()
        finally:
            self._running = False

    async def _until_mended(self) -> None:
        wait, longest = self._rest
        while self._trouble:
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest)
            with suppress(SendError):
                await self._look(self._troubled)
                self._trouble = ""
                self._log.info("text messages are taken again", action="sms.mended")

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Nothing is heard, so there is nothing to fetch."""
        raise FetchError("text messages are not heard")

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Send it by its template; without one, or without a value, this is no way to say it."""
        number = _MOBILE.fullmatch(outbound.address.chat)
        if number is None or outbound.address.group:
            raise SendError("not a mobile number of the mainland", unreachable=True)
        templates = self._settings.templates
        chosen = templates.get(outbound.template) or templates.get("default")
        if chosen is None:
            raise SendError("no template for this message", unreachable=True)
        values = chosen.filled(self._values(outbound), self._cloud.longest)
        if values is None:
            raise SendError("a value of the template is missing", unreachable=True)
        text = Text(number[1], chosen.id, values, stream_id(outbound.once))
        try:
            return await self._post(text)
        except Refused as error:
            self._note_trouble(error, chosen.id)
            raise

    def _values(self, outbound: Outbound) -> dict[str, str]:
        """What can stand in a template's gaps, by name."""
        return {
            "text": outbound.text.partition("\n")[0],
            "time": self._parts.now().astimezone(TZ).strftime("%Y-%m-%d %H:%M"),
            **outbound.values,
        }

    def _note_trouble(self, error: Refused, template: str) -> None:
        if error.meaning.code.reaction is not Reaction.OPERATOR:
            return
        if not self._trouble:
            self._log.error(
                "the cloud refuses until a setting is changed: see `gridbot doctor`",
                action="channel.trouble",
                code=error.word,
            )
        self._trouble, self._troubled = error.meaning.key, template
        self._began.set()

    async def _post(self, text: Text) -> str:
        """The id under which the cloud took it. Raises SendError."""
        return self._cloud.taken(await self._exchange(self._cloud.request(text, self._parts.now())))

    async def _exchange(self, request: Request) -> Mapping[str, Any]:
        """The cloud's answer. A call that may have been heard is not made again: it is paid."""
        try:
            async with self._parts.session.post(
                URL(request.url, encoded=True),  # the query is signed as it is written
                headers=request.headers,
                data=BytesIO(request.body) if request.body else None,
                timeout=TIMEOUT,
                allow_redirects=False,
                skip_auto_headers=("Content-Type",),
            ) as response:
                if response.status in _NOT_NOW:
                    raise SendError(f"HTTP {response.status}", retryable=True, retry_after=30.0)
                answer = orjson.loads(await response.content.read(_MAX_ANSWER))
        except _UNHEARD as error:
            raise SendError(f"not connected: {type(error).__name__}", retryable=True) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The words of the exception hold the address, and the address holds the number.
            raise SendError(f"outcome unknown: {type(error).__name__}") from None
        if not isinstance(answer, dict):
            raise SendError("outcome unknown: not an object")
        return answer

    # What became of it

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Hear which messages arrived; whoever has no key hears nothing."""
        key = self._settings.report_key.get_secret_value()
        given = request.query.get("key", "")
        if not key or not hmac.compare_digest(given.encode(), key.encode()):
            self._log.info("call refused", action="callback.refused", reason="key")
            return web.Response(status=403)
        if request.method != "POST":
            return web.Response()
        try:
            rows = orjson.loads(await body_of(request))
        except (CallRefused, orjson.JSONDecodeError):
            self._log.info("call refused", action="callback.refused", reason="body")
            return web.Response(status=403)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                try:
                    await self._reports.hear(self._cloud.report(row))
                except STORE_ERRORS as error:
                    self._log.warning("store", action="sms.store", error=type(error).__name__)
                    return web.Response(status=503)  # it is reported again
        return web.json_response(self._cloud.thanks())

    # Looking after itself

    async def _look(self, template: str) -> None:
        """Ask for a message to a number that cannot be: nothing is sent, nothing is paid.

        What is refused for the number alone is well. No page says in which order a cloud looks at
        signature, template and number, so a good sign is none of proof. Raises SendError.
        """
        known = {one.id: one.sample() for one in self._settings.templates.values()}
        try:
            await self._post(Text(_NOBODY, template, known[template]))
        except Refused as error:
            if not error.unreachable:
                raise

    async def examine(self) -> tuple[Finding, ...]:
        """Whether key, signature and each template are taken, and what did not arrive."""
        ids = sorted({one.id for one in self._settings.templates.values()})
        found = [await self._finding(one) for one in ids]
        return (*found, *await self._reports.undelivered.findings())

    async def _finding(self, template: str) -> Finding:
        try:
            await self._look(template)
        except Refused as error:
            key = error.meaning.key or "sms_refused"
            return Finding(key, good=False, fill={"code": error.word, "id": template})
        except SendError as error:
            fill = {"base": self._settings.api_base or self._settings.provider}
            return Finding("no_answer", good=False, fill={**fill, "reason": str(error)})
        return Finding("sms_template_good", good=True, fill={"id": template})
