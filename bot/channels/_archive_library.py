"""Speaks to the vendor's library through its own process, which is restarted when it dies.

The library crashes, hangs and must be initialised anew after two hours (wechat.md 1e); whoever
uses this sees an answer, a refusal with a code, or that it is away for a while.
"""

import asyncio
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog

from bot.channels import _archive_child as child

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

AGAIN = frozenset({10001, 10002, 10003})  # network and the like: worth another try
MAX_ANSWER = 256 * 1024 * 1024  # bytes; a thousand records are a few million
_CHILD = Path(child.__file__)
_GONE = (OSError, EOFError, TimeoutError, ValueError)  # IncompleteReadError is an EOFError


class Away(Exception):
    """The library cannot be used now. `reason`: missing, unfit, crashed, hung or resting.

    `after`: seconds until another try is worth its while.
    """

    def __init__(self, reason: str, after: float) -> None:
        super().__init__(reason)
        self.reason, self.after = reason, after


class Refused(Exception):
    """The library, or the platform through it, answered with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Spans:
    """Seconds. `network` is what the library may take over a call, `grace` comes on top of it.

    `life` is how long an initialised handle is used; `rest` the first and the longest pause
    after the process died. `goodbye` is how long it may take to end by itself.
    """

    network: int = 10
    grace: float = 10.0
    life: float = 7000.0
    rest: tuple[float, float] = (1.0, 60.0)
    goodbye: float = 0.3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file; `index` asks for the next one."""

    data: bytes
    index: str
    last: bool


class Library:
    """One process with the library in it, started when it is first needed."""

    def __init__(self, path: Path, corp_id: str, secret: str, spans: Spans | None = None) -> None:
        self.corp_id = corp_id
        self._path, self._who = path, {"corp_id": corp_id, "secret": secret}
        self._spans = spans or Spans()
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._stale_at = 0.0
        self._deaths = 0
        self._rests_until = 0.0

    async def chat(self, seq: int, limit: int) -> bytes:
        """The records behind `seq` as JSON. Raises Away, Refused."""
        ask = {"do": "chat", "seq": seq, "limit": limit, "seconds": self._spans.network}
        _, data = await self._ask(ask)
        return data

    async def decrypt(self, key: bytes, sealed: str) -> bytes:
        """A record's words. Raises Away, Refused."""
        ask = {"do": "decrypt", "key": key.decode("latin-1"), "sealed": sealed}
        _, data = await self._ask(ask)
        return data

    async def piece(self, file: str, index: str) -> Piece:
        """A part of a file, from an index on ("": its beginning). Raises Away, Refused."""
        ask = {"do": "media", "file": file, "index": index, "seconds": self._spans.network}
        facts, data = await self._ask(ask)
        return Piece(data, str(facts.get("index", "")), bool(facts.get("last")))

    async def ready(self) -> None:
        """See whether it can be loaded and initialised. Raises Away, Refused."""
        async with self._turn:
            await self._opened()

    async def close(self) -> None:
        """End its process."""
        async with self._turn:
            await self._end()

    async def _ask(self, ask: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        async with self._turn:  # calls on one handle must not overlap
            await self._opened()
            answer = await self._checked(ask)
        self._deaths = 0
        return answer

    async def _opened(self) -> None:
        """Start and initialise it where that is due."""
        now = asyncio.get_running_loop().time()
        if now < self._rests_until:
            raise Away("resting", self._rests_until - now)
        if self._link is None:
            await self._start()
        if now >= self._stale_at:
            await self._checked({"do": "init", **self._who})
            self._stale_at = now + self._spans.life

    async def _start(self) -> None:
        self._stale_at = 0.0
        ours, theirs = socket.socketpair()
        with theirs:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
            self._link = (reader, writer)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-IS",
                str(_CHILD),
                str(theirs.fileno()),
                str(self._path),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,  # the library may print, and print words
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C is for us; it ends when we hang up
            )
        facts, _ = await self._answer(None, self._spans.network + self._spans.grace)
        if facts.get("load"):
            raise await self._died(str(facts["load"]))

    async def _checked(self, ask: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        seconds = self._spans.network + self._spans.grace
        facts, data = await self._answer({**ask, "within": seconds}, seconds)
        code = facts.get("code")
        if code:
            raise Refused(int(code))
        return facts, data

    async def _answer(
        self, ask: Mapping[str, Any] | None, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Ask, and wait for the answer. Raises Away when none comes."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(ask)
        except TimeoutError:
            raise await self._died("hung") from None
        except _GONE:
            raise await self._died("crashed") from None
        except BaseException:
            # Stopped in between: the answer must not be taken for that of the next question.
            await self._end()
            raise

    async def _exchange(self, ask: Mapping[str, Any] | None) -> tuple[dict[str, Any], bytes]:
        if self._link is None:
            raise EOFError
        reader, writer = self._link
        if ask is not None:
            body = orjson.dumps(ask)
            writer.write(child.HEADER.pack(len(body), 0) + body)
            await writer.drain()
        head, tail = child.HEADER.unpack(await reader.readexactly(child.HEADER.size))
        if head + tail > MAX_ANSWER:
            raise ValueError("the answer is too long")
        facts: dict[str, Any] = orjson.loads(await reader.readexactly(head))
        return facts, await reader.readexactly(tail)

    async def _died(self, reason: str) -> Away:
        """Note that it is gone, and how long to leave it alone."""
        await self._end()
        first, longest = self._spans.rest
        rest = min(first * 2.0 ** min(self._deaths, 30), longest)
        self._deaths += 1
        self._rests_until = asyncio.get_running_loop().time() + rest
        log.error("the library is away", action="archive.away", reason=reason, rest=rest)
        return Away(reason, rest)

    async def _end(self) -> None:
        link, process = self._link, self._process
        self._link = self._process = None
        if link is not None:
            link[1].close()
            with suppress(OSError):
                await link[1].wait_closed()
        if process is not None:
            await _gone(process, self._spans.goodbye)


async def _gone(process: asyncio.subprocess.Process, patience: float) -> None:
    """See the process end: by itself, since we hung up, or killed where it hangs."""
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await process.wait()
            return
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
