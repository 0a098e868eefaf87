"""Calls as a platform does: connections that stay, on each one request at a time.

Callbacks instead of tasks: the one who measures must not be the slow one.
"""

import asyncio
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from tests.bench.calls import Call
from tests.bench.gateway import clock

PATIENCE = 5.0  # seconds a platform waits
PAUSE, SWEEP = 0.001, 0.2
TROUBLE = 500  # from this status on it is the server's own fault
_HEAD_END = b"\r\n\r\n"


@dataclass
class Answers:
    """What came back, and when: seconds from the moment a call was due."""

    waits: array = field(default_factory=lambda: array("d"))
    statuses: Counter = field(default_factory=Counter)
    cases: dict[str, int] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    broken: int = 0
    late: float = 0.0  # the worst this program itself was late with a call
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds if self.seconds else 0.0

    @property
    def errors(self) -> int:
        """Answers of the server's own trouble, and none at all."""
        return self.broken + sum(n for status, n in self.statuses.items() if status >= TROUBLE)


class Caller:
    """Calls one address over some connections."""

    def __init__(self, url: str, connections: int) -> None:
        parts = urlsplit(url)
        self._address = parts.hostname, parts.port
        self._connections = connections
        self._idle: list[_Line] = []
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[Call] = deque()
        self._answers = Answers()
        self._left = 0
        self._done = asyncio.Event()

    async def __aenter__(self) -> Self:
        for _ in range(self._connections):
            await self._connect()
        self._start(self._sweep())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for line in self._lines:
            line.transport.abort()

    async def closed(self, calls: Iterable[Call]) -> Answers:
        """Each connection calls again as soon as it was answered."""
        calls = list(calls)
        began = self._begin(calls)
        self._waiting.extend(calls)
        while self._idle and self._waiting:
            self._idle.pop().call(self._waiting.popleft(), clock())
        return await self._ended(began)

    async def open(self, calls: Sequence[Call], rate: float) -> Answers:
        """Calls come at their time, whether or not the last were answered; waits count from it."""
        began, number = self._begin(calls), 0
        while number < len(calls):
            due = began + number / rate
            if (now := clock()) >= due and self._idle:
                self._answers.late = max(self._answers.late, now - due)
                self._idle.pop().call(calls[number], due)
                number += 1
            else:
                await asyncio.sleep(PAUSE)
        return await self._ended(began)

    def answered(self, line: "_Line", call: Call, due: float, status: int) -> None:
        """A line was answered; 0: it never was."""
        answers = self._answers
        self._left -= 1
        if not status:
            answers.broken += 1
        else:
            answers.waits.append(clock() - due)
            answers.statuses[status] += 1
        if call.case:
            answers.cases[call.case] = status or TROUBLE
        elif status == 200:
            answers.taken.append(call.id)
        if not self._left:
            self._done.set()
        self._free(line)

    def _free(self, line: "_Line") -> None:
        if line.ending:
            self._lines.discard(line)
            line.transport.abort()
            self._start(self._connect())
        elif self._waiting:
            line.call(self._waiting.popleft(), clock())
        else:
            self._idle.append(line)

    def _begin(self, calls: Sequence[Call]) -> float:
        self._answers, self._left = Answers(), len(calls)
        self._done.clear()
        return clock()

    async def _ended(self, began: float) -> Answers:
        await self._done.wait()
        self._answers.seconds = clock() - began
        return self._answers

    def _start(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: _Line(self), *self._address)
        self._lines.add(line)
        self._free(line)

    async def _sweep(self) -> None:
        """Give up calls nobody answers."""
        while True:
            await asyncio.sleep(SWEEP)
            limit = clock() - PATIENCE
            for line in self._lines:
                if line.busy and line.since < limit:
                    line.transport.abort()


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, caller: Caller) -> None:
        self.transport: asyncio.Transport
        self.ending = False
        self.since = 0.0
        self._caller = caller
        self._call: Call | None = None
        self._due = 0.0
        self._buffer = b""

    @property
    def busy(self) -> bool:
        return self._call is not None

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def call(self, call: Call, due: float) -> None:
        self._buffer, self._call, self._due, self.since = b"", call, due, clock()
        if self.ending:
            self._end(0)
        else:
            self.transport.write(call.raw)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(_HEAD_END)
        if not found or self._call is None:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(x[15:]) for x in lines if x.startswith(b"content-length:")), 0)
        if len(body) >= length:
            self.ending = b"connection: close" in lines
            self._end(int(head[9:12]))

    def connection_lost(self, _error: Exception | None) -> None:
        self.ending = True
        if self._call is not None:
            self._end(0)

    def _end(self, status: int) -> None:
        call, self._call = self._call, None
        assert call is not None
        self._caller.answered(self, call, self._due, status)
