"""WeCom group robots by webhook (消息推送, wechat.md 1b): they speak in internal groups, unheard.

One key is one robot in one group. Whoever has a key can speak as that robot: keys are secrets.
"""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

import structlog
from pydantic import BeforeValidator, Field, SecretStr, field_validator
from typing_extensions import override
from yarl import URL

from bot.channels import _findings as findings
from bot.channels import _wecom_webhook_says as says
from bot.channels._api import WECOM, Api
from bot.channels._codes import CODES, Reaction
from bot.channels._section import Section
from bot.channels.base import (
    Accept,
    Blob,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Address, Outbound
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# 20 a minute is the platform's, shared by everything that has the key; its window is unknown (1b).
RATE = (18, 60)
LIMITS = Limits(
    hears="nothing",
    hears_private=False,
    says_private=False,
    mentions=True,
    buttons=False,
    max_bytes=says.TEXT,
    rates=(RATE,),
    unknown=Unknown.RESEND,
)
_SEND = "/cgi-bin/webhook/send"
_GONE = 93000
# Refused for what it lacks, so nobody sees it; with a wrong key that is what is refused.
_PROBE = {"msgtype": "text"}
# What tells nothing of a robot: the platform was too busy to look, or lets nobody of us ask.
_UNASKED = {
    code
    for code, found in CODES.items()
    if found.reaction in (Reaction.BUSY, Reaction.WAIT, Reaction.OPERATOR)
}


def _paired(value: object) -> object:
    """Take `chat=key,chat=key` as well, the way a variable is written; case counts."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        return json.loads(value)
    pairs = (part.partition("=") for part in value.split(",") if part.strip())
    return {chat.strip(): key.strip() for chat, _, key in pairs}


def _parsed(text: str, api_base: str) -> tuple[str, str]:
    """The platform's address and the key in what an operator pasted: a key, or the whole URL.

    Raises ValueError.
    """
    text = text.strip()
    if "/" not in text:
        return api_base or WECOM, text
    url = URL(text)
    if url.scheme not in ("http", "https") or not url.query.get("key"):
        raise ValueError("not a webhook's URL")
    return api_base or str(url.origin()), url.query["key"]


class Settings(Section):
    """Its section of gridbot.toml: one robot as `key`, or several as a table `robots`.

    `robots` maps a group's chat id, as in groups.csv, to its key or URL; the chat id of a single
    `key` is the section's name. With a `card_url` cards without buttons are shown as cards.
    """

    key: SecretStr = SecretStr("")
    robots: Annotated[dict[str, SecretStr], BeforeValidator(_paired)] = Field(default_factory=dict)
    format: Literal["text", "markdown", "markdown_v2"] = "text"
    card_url: str = ""
    api_base: str = ""

    @field_validator("robots")
    @classmethod
    def _one_each(cls, robots: dict[str, SecretStr]) -> dict[str, SecretStr]:
        keys = [_parsed(one.get_secret_value(), "")[1] for one in robots.values()]
        if "" in keys or "" in robots or len(set(keys)) < len(keys):
            raise ValueError("every group needs a robot of its own")
        return robots

    @field_validator("key")
    @classmethod
    def _readable(cls, key: SecretStr) -> SecretStr:
        _parsed(key.get_secret_value(), "")
        return key

    @override
    def missing(self) -> tuple[str, ...]:
        """`key`, when there is no robot at all."""
        return () if self.robots or self.key.get_secret_value().strip() else ("key",)

    @override
    def secrets(self) -> tuple[str, ...]:
        """The keys, alone and as they were pasted."""
        pasted = [one.get_secret_value() for one in (self.key, *self.robots.values())]
        return tuple({key: None for one in pasted if one for key in (one, _parsed(one, "")[1])})


def make(settings: Settings, parts: Parts) -> "WecomWebhook":
    """The channel of a section."""
    return WecomWebhook(settings, parts)


@dataclass
class _Robot:
    """One robot; `sent` are the moments of its last messages.

    The outbox keeps to the rate over processes; this keeps what is said past the outbox to it.
    """

    key: str
    api: Api
    now: Callable[[], datetime]
    sent: deque[datetime] = field(default_factory=deque)

    @property
    def mark(self) -> str:
        """What stands in the store for the key: it must not be read there."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def draw(self) -> None:
        """Count one message. Raises SendError when it is one too many."""
        most, seconds = RATE
        now = self.now()
        while self.sent and now - self.sent[0] >= timedelta(seconds=seconds):
            self.sent.popleft()
        if len(self.sent) >= most:
            wait = timedelta(seconds=seconds) - (now - self.sent[0])
            raise SendError("over our own rate", retryable=True, retry_after=wait.total_seconds())
        self.sent.append(now)


class WecomWebhook:
    """The channel."""

    kind = "wecom_webhook"

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.name = parts.name
        shape = settings.format
        self.limits = replace(
            LIMITS,
            markup="plain" if shape == "text" else "markdown",
            max_bytes=says.LIMITS[shape],
            mentions=shape != "markdown_v2",
        )
        self._settings, self._parts = settings, parts
        self._running = False
        self._dead: set[str] = set()
        pasted = dict(settings.robots)
        if settings.key.get_secret_value():
            pasted.setdefault(parts.name, settings.key)
        self._robots = {chat: self._robot(one) for chat, one in pasted.items()}
        self._log = log.bind(channel=parts.name)

    def _robot(self, pasted: SecretStr) -> _Robot:
        parts = self._parts
        base, key = _parsed(pasted.get_secret_value(), self._settings.api_base)
        # An Api each: a robot that has to rest leaves the others alone.
        return _Robot(key, Api(parts.session, parts.vault, parts.now, base=base), parts.now)

    @property
    def connected(self) -> bool:
        return self._running

    @property
    def trouble(self) -> str:
        """A robot that was removed, or whose key is wrong, until its key is changed."""
        if self._gone():
            return f"code_{_GONE}"
        troubles = [one.api.trouble for one in self._robots.values()]
        return next((f"code_{one.code}" for one in troubles if one is not None), "")

    @property
    def chats(self) -> tuple[str, ...]:
        return tuple(self._robots)

    def _gone(self) -> list[str]:
        return [chat for chat, robot in self._robots.items() if robot.mark in self._dead]

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    async def run(self, accept: Accept) -> None:
        """Be there until cancelled; what is known of dead robots is read first."""
        try:
            self._dead |= set((await self._parts.vault.cursor(self._cursor)).split())
        except STORE_ERRORS as error:
            self._log.warning("store", action="wecom_webhook.store", error=type(error).__name__)
        self._running = True
        try:
            await asyncio.Event().wait()
        finally:
            self._running = False

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Nothing is heard, so there is nothing to fetch."""
        raise FetchError("a webhook hears nothing")

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Say it, calling those by name it is for; buttons cannot be shown, words say the same."""
        settings = self._settings
        await self._say(outbound.address, says.body(outbound, settings.format, settings.card_url))
        return ""

    async def send_image(self, address: Address, blob: Blob) -> str:
        """Show a picture (JPG or PNG, at most 2 MB). Raises SendError."""
        await self._say(address, says.image(blob))
        return ""

    async def send_news(self, address: Address, articles: Sequence[says.Article]) -> str:
        """Show one to eight articles with a link each. Raises SendError."""
        await self._say(address, says.news(articles))
        return ""

    async def _say(self, address: Address, body: says.Body) -> None:
        robot = self._robots.get(address.chat) if address.group else None
        if robot is None:
            raise SendError("no robot for this chat", unreachable=True)
        if robot.mark in self._dead:
            raise SendError("the robot is gone", unreachable=True, code=_GONE)
        robot.draw()
        try:
            await robot.api.bare("POST", _SEND, body, key=robot.key)
        except SendError as error:
            if error.code == _GONE:
                self._log.error(
                    "a group's robot was removed or its key is wrong",
                    action="wecom_webhook.gone",
                    chat=address.chat,
                )
                await self._remember({*self._dead, robot.mark})
            raise

    @property
    def _cursor(self) -> str:
        return f"gone {self.name}"

    async def _remember(self, dead: set[str]) -> None:
        """Keep which robots are gone; keys that are not used any more are dropped."""
        self._dead = dead & {one.mark for one in self._robots.values()}
        try:
            await self._parts.vault.keep_cursor(self._cursor, " ".join(sorted(self._dead)))
        except STORE_ERRORS as error:
            self._log.warning("store", action="wecom_webhook.store", error=type(error).__name__)

    # Looking after itself

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the platform knows each robot; nobody sees the question. Never raises."""
        found = []
        for chat, robot in self._robots.items():
            found.append(await self._look(chat, robot))
        return tuple(found)

    async def _look(self, chat: str, robot: _Robot) -> Finding:
        try:
            await robot.api.bare("POST", _SEND, _PROBE, key=robot.key)
        except SendError as error:
            if not error.code or error.code == _GONE or error.code in _UNASKED:
                fault = findings.fault(robot.api, error)
                return replace(fault, fill={**fault.fill, "chat": chat})
        if robot.mark in self._dead:
            await self._remember(self._dead - {robot.mark})  # it is there again
        return Finding("webhook_good", good=True, fill={"chat": chat})
