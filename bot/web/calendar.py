"""The page 日历: plans and notices by week; a leader moves a visit or a notice to another day.

Who asks is told by `who`: the session of somebody who logged in, in the demo whoever was chosen.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol

from aiohttp import web
from pydantic import Field

from bot.web import bodies
from bot.web.guard import PAGE_CSP, Guard, Refusal
from bot.web.page_words import fill, load_words, render
from domain.errors import NotAllowed
from domain.moving import Refused

Who = Callable[[web.Request, str], Awaitable[str]]


class Planner(Protocol):
    """What the page needs of the program."""

    async def week(self, person: str, day: str) -> dict[str, Any]:
        """A week as somebody of the staff sees it; `day` is ISO or "". Raises NotAllowed."""

    async def move(self, person: str, visit: int, day: str, worker: str = "") -> None:
        """Plan a visit for another day or worker. Raises NotAllowed."""

    async def move_notice(self, person: str, notice: int, day: str, scope: str = "") -> None:
        """Let a notice come on another day; of a recurring one `scope` says what is moved.

        Raises NotAllowed.
        """


class Move(bodies.Body):
    """A visit, the day it is to be on, who makes it; `person` is believed in the demo alone."""

    person: bodies.Id = ""
    visit: bodies.Number
    day: str = Field(max_length=10)
    worker: bodies.Id = ""


class MoveNotice(bodies.Body):
    """A notice and the day it is to come: of a recurring one this `once`, or its `rhythm`."""

    person: bodies.Id = ""
    notice: bodies.Number
    day: str = Field(max_length=10)
    scope: Literal["", "once", "rhythm"] = ""


def add_calendar(
    web_app: web.Application, planner: Planner, who: Who, guard: Guard, *, demo: bool
) -> None:
    """Add the page at /calendar and its API. `who` gets the request and who it claims to be."""
    words = load_words()
    html = render("calendar.html", demo=demo)

    async def page(_request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": PAGE_CSP}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def week(request: web.Request) -> web.StreamResponse:
        person = await who(request, request.query.get("person", "")[: bodies.MAX_NAME])
        try:
            return web.json_response(await planner.week(person, request.query.get("day", "")[:10]))
        except NotAllowed as error:
            raise _refusal(400, error, words) from None

    async def move(request: web.Request) -> web.StreamResponse:
        body = await bodies.read_json(request, Move)
        person = await who(request, body.person)
        return await _done(planner.move(person, body.visit, body.day, body.worker), words)

    async def move_notice(request: web.Request) -> web.StreamResponse:
        body = await bodies.read_json(request, MoveNotice)
        person = await who(request, body.person)
        return await _done(planner.move_notice(person, body.notice, body.day, body.scope), words)

    web_app.router.add_get("/calendar", guard(page))
    web_app.router.add_get("/api/calendar", guard(week))
    web_app.router.add_post("/api/calendar/move", guard(move))
    web_app.router.add_post("/api/calendar/notice", guard(move_notice))


async def _done(moving: Awaitable[None], words: dict[str, str]) -> web.StreamResponse:
    try:
        await moving
    except NotAllowed as error:
        raise _refusal(409, error, words) from None
    return web.json_response({"ok": True})


def _refusal(status: int, error: NotAllowed, words: dict[str, str]) -> Refusal:
    key = error.reason if error.reason in words else "visit_over"
    return Refusal(status, key, **(fill(error) if isinstance(error, Refused) else {}))
