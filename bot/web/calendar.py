"""The page 日历 of the demo: plans and notices by week; a leader moves a visit to another day."""

from collections.abc import Collection
from typing import Any, Protocol

import jinja2
from aiohttp import web
from pydantic import Field

from bot.web import bodies
from bot.web.guard import PAGE_CSP, Guard, Refusal
from bot.web.page_words import WEB_TEMPLATES, load_words
from domain.errors import NotAllowed


class Planner(Protocol):
    """What the page needs of the program."""

    async def week(self, person: str, day: str) -> dict[str, Any]:
        """A week as somebody of the staff sees it; `day` is ISO or "". Raises NotAllowed."""

    async def move(self, person: str, visit: int, day: str) -> None:
        """Plan a visit for another day. Raises NotAllowed."""


class Move(bodies.Body):
    """A visit, the day it is to be on, and who says so."""

    person: bodies.Id
    visit: bodies.Number
    day: str = Field(max_length=10)


def add_calendar(web_app: web.Application, planner: Planner, hosts: Collection[str] = ()) -> None:
    """Add the page at /calendar and its API."""
    words = load_words()
    guard = Guard(words, hosts)
    loader = jinja2.FileSystemLoader(WEB_TEMPLATES)
    jinja = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    html = jinja.get_template("calendar.html").render()

    async def page(_request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": PAGE_CSP}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def week(request: web.Request) -> web.StreamResponse:
        person, day = request.query.get("person", ""), request.query.get("day", "")
        try:
            return web.json_response(await planner.week(person[: bodies.MAX_NAME], day[:10]))
        except NotAllowed as error:
            raise Refusal(400, _known(error, words)) from None

    async def move(request: web.Request) -> web.StreamResponse:
        body = await bodies.read_json(request, Move)
        try:
            await planner.move(body.person, body.visit, body.day)
        except NotAllowed as error:
            raise Refusal(409, _known(error, words)) from None
        return web.json_response({"ok": True})

    web_app.router.add_get("/calendar", guard(page))
    web_app.router.add_get("/api/calendar", guard(week))
    web_app.router.add_post("/api/calendar/move", guard(move))


def _known(error: NotAllowed, words: dict[str, str]) -> str:
    return error.reason if error.reason in words else "visit_over"
