"""An OpenAI-compatible endpoint on this machine: says what a test tells it to, keeps what it got.

`async with AdviceEndpoint() as endpoint:` and ask `endpoint.url`. Nothing here sleeps.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "sk-grid-4711"


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it arrived."""

    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def words(self) -> str:
        """The message that was asked about."""
        return self.body["messages"][-1]["content"]


def completion(content: object, **more: object) -> bytes:
    """An answer of such an endpoint with this content."""
    text = content if isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text}
    return json.dumps({"choices": [{"index": 0, "message": message}], **more}).encode()


@dataclass
class AdviceEndpoint:
    """The server; `says` and `status` are its next answers, `hangs` makes it never answer."""

    says: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    together: int = 0  # answer only once so many are asking at the same time
    got: list[Got] = field(default_factory=list)
    most: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._inside = 0
        self._gate = asyncio.Event()
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        app.router.add_route("*", "/elsewhere", self._answer)
        self._server = TestServer(app)
        await self._server.start_server()
        self.url = str(self._server.make_url("/v1"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._server.close()

    def advise(self, intent: str, category: str = "other", urgent: bool = False, **more) -> None:
        """Answer well from now on; `more` goes beside the choices (usage)."""
        answer = {"intent": intent, "category": category, "urgent": urgent}
        self.says, self.status = completion(answer, **more), 200

    async def _answer(self, request: web.Request) -> web.Response:
        self.got.append(Got(dict(request.headers), await request.text()))
        self._inside += 1
        self.most = max(self.most, self._inside)
        try:
            if self.hangs:
                await self._over.wait()
            if self.together:
                await self._all_here()
            return web.Response(body=self.says, status=self.status, headers=self.headers)
        finally:
            self._inside -= 1

    async def _all_here(self) -> None:
        gate = self._gate
        if self._inside >= self.together:
            gate.set()
            self._gate = asyncio.Event()
        await gate.wait()
