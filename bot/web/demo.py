"""The demo page: the simulated chat in a browser. It exists only under `gridbot demo`."""

import asyncio
import re
from collections.abc import Collection

from aiohttp import web

from bot.channels.base import Received
from bot.channels.simulator import Entry
from bot.web import bodies
from bot.web.chat_view import entry_row, groups_of, known, sees, world_row
from bot.web.demo_types import Demo
from bot.web.guard import MEDIA_CSP, PAGE_CSP, Guard, Refusal
from bot.web.hub import Hub
from bot.web.page_words import load_words, render
from bot.web.static_files import add_static
from domain.messages import Attachment

__all__ = ["Demo", "add_demo"]

MAX_LINES = 3000  # what a page is given on opening; older lines stay in the transcript
MEDIA_KEY = re.compile(r"[0-9A-Za-z_\-]{1,128}", re.ASCII)
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def add_demo(web_app: web.Application, demo: Demo, hosts: Collection[str] = ()) -> None:
    """Add the page at `/` and its API. `hosts`: names it may be opened by besides loopback."""
    pages = DemoPages(demo)
    guard = Guard(load_words(), hosts)
    add_static(web_app, guard)
    router = web_app.router
    for path, get in (
        ("/", pages.page),
        ("/media/{key}", pages.media),
        ("/api/state", pages.state),
        ("/api/events", pages.hub.stream),
        ("/api/cases/{number}/timeline", pages.timeline),
    ):
        router.add_get(path, guard(get))
    for path, post in (
        ("/api/say", pages.say),
        ("/api/picture", pages.picture),
        ("/api/click", pages.click),
        ("/api/recall", pages.recall),
        ("/api/enter", pages.enter),
        ("/api/clock", pages.clock),
    ):
        router.add_post(path, guard(post))
    web_app.cleanup_ctx.append(pages.hub.lifespan)
    web_app.on_shutdown.append(pages.hub.close)


class DemoPages:
    """The handlers: each checks, plays the person through the simulator, and answers shortly."""

    def __init__(self, demo: Demo) -> None:
        self.hub = Hub(demo)
        self._demo = demo
        self._moving = asyncio.Lock()
        self._html = render("demo.html")

    async def page(self, _request: web.Request) -> web.StreamResponse:
        """The page itself, rendered once."""
        return web.Response(
            text=self._html,
            content_type="text/html",
            headers={"Content-Security-Policy": PAGE_CSP},
        )

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture by its key; anything that is no picture is never shown, only handed out."""
        key = request.match_info["key"]
        found = await self._demo.load_media(key) if MEDIA_KEY.fullmatch(key) else None
        if found is None:
            raise Refusal(404, "no_media")
        data, mime = found
        shown = mime in PICTURES
        headers = {
            "Content-Security-Policy": MEDIA_CSP,
            "Content-Disposition": "inline" if shown else "attachment",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        kind = mime if shown else "application/octet-stream"
        return web.Response(body=data, content_type=kind, headers=headers)

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """All a page needs to begin with; `cursor` is where its events go on."""
        _, cases = await self.hub.cases()
        # From here on nothing is awaited: the lines and the cursor belong together.
        pressed = self.hub.pressed
        lines = self._demo.simulator.transcript[-MAX_LINES:]
        state = {
            **world_row(self._demo.world),
            "epoch": self.hub.epoch,
            "cursor": self.hub.cursor(),
            "clock": self.hub.clock_row(),
            "cases": cases,
            "lines": [entry_row(line, pressed.get(line.number, {})) for line in lines],
        }
        return web.json_response(state)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """A person writes."""
        body = await bodies.read_json(request, bodies.Say)
        text = bodies.clean_text(body.text)
        self._check_seat(body.person, body.chat)
        quote = self._line(body.person, body.quote).text if body.quote else ""
        return _done(await self._demo.simulator.say(body.person, body.chat, text, quote=quote))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """A person sends a picture: where to stands in the query, the bytes are the body."""
        where = bodies.read_query(request, bodies.Picture)
        self._check_seat(where.person, where.chat)
        data = await bodies.read_bytes(request, bodies.MAX_PICTURE, "picture_too_large")
        mime, name = bodies.picture_type(data), bodies.clean_name(where.name)
        key = await self._demo.save_media(data, name, mime)
        sent = (Attachment("image", name, key),)
        return _done(await self._demo.simulator.say(where.person, where.chat, "", sent))

    async def click(self, request: web.Request) -> web.StreamResponse:
        """A person presses a button of a card they can see."""
        body = await bodies.read_json(request, bodies.Click)
        line = self._line(body.person, body.number)
        keys = [button.key for button in line.card.buttons] if line.card else []
        if line.card is None or body.key not in keys:
            raise Refusal(409, "no_button")
        try:
            received = await self._demo.simulator.click(body.person, body.key, line.card.task_id)
        except LookupError:
            raise Refusal(409, "no_button") from None
        answer = _done(received)
        self.hub.press(line.number, body.key, body.person)
        return answer

    async def recall(self, request: web.Request) -> web.StreamResponse:
        """A person takes back what they said last in that chat."""
        body = await bodies.read_json(request, bodies.Recall)
        self._check_seat(body.person, body.chat)
        address = self._demo.simulator.address(body.person, body.chat)
        mine = (
            line.number
            for line in reversed(self._demo.simulator.transcript)
            if line.speaker == body.person and line.address == address and not line.recalled
        )
        if next(mine, None) != body.number:
            raise Refusal(409, "not_yours")
        received = await self._demo.simulator.recall(body.person, body.chat)
        self.hub.revise(body.number)
        return _done(received)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """A person opens the private chat: there may be a welcome."""
        body = await bodies.read_json(request, bodies.Enter)
        self._check_seat(body.person, "")
        return _done(await self._demo.simulator.enter(body.person))

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Let time pass; two presses pass one after the other."""
        body = await bodies.read_json(request, bodies.Clock)
        if body.minutes is not None and not 1 <= body.minutes <= bodies.MAX_MINUTES:
            raise Refusal(400, "bad_minutes")
        async with self._moving:
            now = await self._demo.move_clock(body.minutes)
        self.hub.wake()
        return web.json_response({"now": now})

    async def timeline(self, request: web.Request) -> web.StreamResponse:
        """A case's history."""
        number = request.match_info["number"]
        rows = await self._demo.timeline(number) if len(number) <= bodies.MAX_NAME else []
        if not rows:
            raise Refusal(404, "unknown_case")
        return web.json_response({"timeline": rows})

    def _check_seat(self, person: str, chat: str) -> None:
        """Refuse people who do not exist and groups they are not in."""
        if not known(self._demo.world, person):
            raise Refusal(400, "unknown_person")
        if chat and chat not in groups_of(self._demo.world, person):
            raise Refusal(403, "not_a_member")

    def _line(self, person: str, number: int) -> Entry:
        """A line that this person can see and that was not taken back."""
        if not known(self._demo.world, person):
            raise Refusal(400, "unknown_person")
        transcript = self._demo.simulator.transcript
        if number > len(transcript):
            raise Refusal(404, "unknown_message")
        line = transcript[number - 1]
        if line.recalled or not sees(self._demo.world, person, line):
            raise Refusal(404, "unknown_message")
        return line


def _done(received: Received) -> web.Response:
    """The answer to something a person did."""
    if received is Received.REFUSED:
        raise Refusal(503, "refused")
    return web.json_response({"ok": True})
