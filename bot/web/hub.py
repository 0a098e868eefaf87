"""Pushes what happens to every open page, and lets a page that was cut off go on where it was.

Nothing is queued for a page: its cursor says how many lines and revisions it has, and what it lacks
is read from the transcript. So a slow page costs nothing and no wake-up can be lost.
"""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.web.chat_view import entry_row, iso
from bot.web.demo_types import Demo

HEARTBEAT = 15.0
GATHER = 0.05  # one look at the cases serves a burst of changes
DRIFT = 1.5  # seconds: the clock was moved, it did not just go on
CURSOR = re.compile(r"([0-9a-f]{8})\.([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)


@dataclass(slots=True, eq=False)
class Place:
    """How far one page has come: lines and revisions seen, cases and clock last shown."""

    lines: int
    revisions: int
    version: int = -1
    drift: float | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """The one source of the page's events."""

    def __init__(self, demo: Demo) -> None:
        self.epoch = secrets.token_hex(4)  # another process has another transcript
        self.pressed: dict[int, dict[str, str]] = {}
        self._demo = demo
        self._revised: list[int] = []
        self._version = 0
        self._rows: tuple[int, list[dict[str, str]]] = (-1, [])
        self._reading = asyncio.Lock()
        self._places: set[Place] = set()
        self._closing = False

    async def lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        """Listen to the chat and to the cases while the application runs."""
        lines, changes = self._demo.simulator.listen(), self._demo.subscribe()
        tasks = [
            asyncio.create_task(self._pump(lines, cases=False)),
            asyncio.create_task(self._pump(changes, cases=True)),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._demo.simulator.leave(lines)
        self._demo.unsubscribe(changes)

    async def close(self, _app: web.Application) -> None:
        """End every stream, so that the program can stop at once."""
        self._closing = True
        self.wake()

    async def _pump(self, queue: asyncio.Queue[Any], *, cases: bool) -> None:
        while True:
            await queue.get()
            while not queue.empty():
                queue.get_nowait()
            self._version += cases
            self.wake()

    def wake(self) -> None:
        """Let every open page look whether there is news for it."""
        for place in self._places:
            place.wake.set()

    def revise(self, number: int) -> None:
        """Line `number` changed (recalled, a button used): it is shown again."""
        self._revised.append(number)
        self.wake()

    def press(self, number: int, key: str, person: str) -> None:
        """Remember that this button was used."""
        self.pressed.setdefault(number, {})[key] = person
        self.revise(number)

    def cursor(self, place: Place | None = None) -> str:
        """Where a page stands; without one, where a page stands that has everything."""
        if place is None:
            place = Place(len(self._demo.simulator.transcript), len(self._revised))
        return f"{self.epoch}.{place.lines}.{place.revisions}"

    def clock_row(self) -> dict[str, Any]:
        """The demo's time."""
        return {"now": iso(self._demo.now()), "running": self._demo.running}

    async def cases(self) -> tuple[int, list[dict[str, str]]]:
        """The cases and their version; read once for all pages."""
        async with self._reading:
            if self._rows[0] != self._version:
                version = self._version
                self._rows = (version, await self._demo.cases())
            return self._rows

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """One page's events until it leaves or the program stops."""
        asked = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        async with sse_response(request, sep="\n", ping_interval=HEARTBEAT) as sse:
            place = self._place(asked)
            if place is None:
                await sse.send("{}", event="reset")
                return sse
            self._places.add(place)
            try:
                with suppress(ConnectionResetError):
                    await self._serve(sse, place)
            finally:
                self._places.discard(place)
        return sse

    def _place(self, cursor: str) -> Place | None:
        """The place a cursor names, None when it is not of this transcript."""
        match = CURSOR.fullmatch(cursor)
        if match is None or match[1] != self.epoch:
            return None
        place = Place(int(match[2]), int(match[3]))
        behind = place.lines <= len(self._demo.simulator.transcript)
        return place if behind and place.revisions <= len(self._revised) else None

    async def _serve(self, sse: EventSourceResponse, place: Place) -> None:
        while not self._closing and sse.is_connected():
            place.wake.clear()
            await self._send_lines(sse, place)
            await self._send_clock(sse, place)
            await asyncio.sleep(GATHER)
            version, rows = await self.cases()
            if version != place.version:
                place.version = version
                await self._send(sse, place, "cases", rows)
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await place.wake.wait()

    async def _send_lines(self, sse: EventSourceResponse, place: Place) -> None:
        transcript = self._demo.simulator.transcript
        while place.lines < len(transcript):
            place.lines += 1
            await self._send_line(sse, place, place.lines)
        while place.revisions < len(self._revised):
            place.revisions += 1
            await self._send_line(sse, place, self._revised[place.revisions - 1])

    async def _send_line(self, sse: EventSourceResponse, place: Place, number: int) -> None:
        entry = self._demo.simulator.transcript[number - 1]
        row = entry_row(entry, self.pressed.get(number, {}))
        await self._send(sse, place, "message", row)

    async def _send_clock(self, sse: EventSourceResponse, place: Place) -> None:
        """Tell the time on connecting and whenever it jumped."""
        beat = asyncio.get_running_loop().time() if self._demo.running else 0.0
        drift = self._demo.now().timestamp() - beat
        if place.drift is None or abs(drift - place.drift) > DRIFT:
            place.drift = drift
            await self._send(sse, place, "clock", self.clock_row())

    async def _send(self, sse: EventSourceResponse, place: Place, event: str, data: object) -> None:
        await sse.send(json.dumps(data), id=self.cursor(place), event=event)
