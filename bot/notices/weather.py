"""POST /events/NAME: a weather warning, or another event, fires the notices bound to it.

The body may be JSON: `id` names the event, so that a second delivery fires nothing; `areas` are
area ids, empty for all. A name no rule has is answered with those it has, and an unknown area is
refused whole, so that no warning is taken and told to nobody. A bearer token guards it; without
one in [events] there is no such page.
"""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from domain.notice_rules import UnknownEvent

log = structlog.get_logger(__name__)

Happened = Callable[[str, str, Sequence[str]], Awaitable[int]]


class EventsSettings(BaseModel):
    """Section [events]: the token that whoever reports events has to show."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: SecretStr = SecretStr("")


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: str = Field(default="", max_length=100)
    areas: list[str] = Field(default=[], max_length=1000)


def add_events(app: web.Application, token: str, happened: Happened) -> None:
    """Serve the page, if there is a token; `happened` returns how many notices it fired."""
    if not token:
        return

    async def post(request: web.Request) -> web.Response:
        said = request.headers.get("Authorization", "")
        if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
            return web.json_response({"error": "token"}, status=401)
        try:
            event = _Event.model_validate(await _body(request))
        except (ValidationError, ValueError):
            return web.json_response({"error": "body"}, status=400)
        name = request.match_info["name"]
        try:
            fired = await happened(name, event.id, event.areas)
        except UnknownEvent as why:
            log.warning("unknown", action="notices.event", name=name, kind=why.kind)
            told = {"error": why.kind, "unknown": why.unknown, "known": why.known}
            return web.json_response(told, status=404 if why.kind == "event" else 422)
        log.info("reported", action="notices.event", name=name, fired=fired)
        return web.json_response({"fired": fired})

    app.router.add_post("/events/{name:[a-z0-9_-]{1,40}}", post)


async def _body(request: web.Request) -> Any:  # noqa: ANN401 -- JSON
    return await request.json() if request.can_read_body else {}
