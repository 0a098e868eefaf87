"""What channels share that a platform calls and that call its API with a token.

The WeCom application, customer service, customer groups, and the official account.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Protocol

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.channels import _findings
from bot.channels._api import Api
from bot.channels._callback import Ear
from bot.channels._codes import Code
from bot.channels._envelope import Envelope
from bot.channels._qyapi import qyapi
from bot.channels._section import AesKey, Section, plain
from bot.channels.base import Accept, Finding, Knock, Limits, Parts

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class CorpSection(Section):
    """The part of a section that names an application of a corp, as WeCom's console does."""

    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    api_base: str = ""

    def envelope(self) -> Envelope:
        """Opens and seals its callbacks. Raises ValueError for an aes_key that is none."""
        return Envelope(plain(self.token), plain(self.aes_key), self.corp_id)

    def api(self, parts: Parts, own: dict[int, Code] | None = None) -> Api:
        """Its calls; `own` says what codes mean where they mean something else."""
        return qyapi(parts, self.api_base, self.corp_id, plain(self.secret), own)


class Entrance(Protocol):
    """A callback address: `Door`, or an account's own."""

    async def called(self, request: web.Request) -> web.Response:
        """Answer a call."""

    def knock(self, now: datetime) -> Knock:
        """What the platform asks when the address is saved."""


class Applied(ABC):
    """The channel's outside; who inherits makes `_door`, hears, and sends."""

    _door: Entrance

    def __init__(self, section: Section, parts: Parts, limits: Limits, api: Api) -> None:
        self.name, self.limits = parts.name, limits
        self._section, self._parts, self._api = section, parts, api
        self._ear = Ear()
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return self._ear.accept is not None and not self._api.resting

    @property
    def trouble(self) -> str:
        trouble = self._api.trouble
        return f"code_{trouble.code}" if trouble is not None else ""

    def secrets(self) -> tuple[str, ...]:
        return self._section.secrets()

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer the platform: an empty 200, once what was said is stored."""
        return await self._door.called(request)

    def knock(self) -> Knock:
        """What the platform asks at the address, with this section's keys."""
        return self._door.knock(self._parts.now())

    async def run(self, accept: Accept) -> None:
        """Hear until cancelled; look meanwhile whether a platform that refuses all still does."""
        self._ear.accept = accept
        try:
            async with asyncio.TaskGroup() as group:
                for one in (*self._beside(), self._api.attend(self._look)):
                    group.create_task(one)
        finally:
            self._ear.accept = None

    def _beside(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What runs while it hears."""
        return ()

    @abstractmethod
    async def _look(self) -> object:
        """A harmless call, to see whether a trouble is over. Raises SendError."""

    async def _admitted(self) -> tuple[tuple[Finding, ...], bool]:
        """What each finds first: where it is called, and whether a token can be had."""
        _, faults = await _findings.asked(self._api, self._api.check_token())
        token = faults or (Finding("token_good", good=True),)
        return (_findings.callback(self._parts), *token), not faults
