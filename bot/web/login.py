"""The way into the pages of a real deployment: a link from the chat, one button, a cookie.

Whatever looks at a link before its reader does (WeChat's preview, a scanner) only gets the page
with the button: the code is spent by pressing it. The cookie says nothing; what it means stands,
hashed, in the store.
"""

import re
from typing import Protocol

import structlog
from aiohttp import web

from bot.web.guard import Guard, Refusal, origin_of
from bot.web.page_words import render
from domain.people import Person

log = structlog.get_logger(__name__)

LIFE = 12 * 3600  # seconds the browser keeps the cookie; the store ends the session then too
_CODE = re.compile(r"[a-z]{20,64}", re.ASCII)
_SECRET = re.compile(r"[0-9A-Za-z_\-]{20,100}", re.ASCII)
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# "no-referrer" would make a browser send "Origin: null" with the form; the address goes to nobody
# else this way either.
_HEADERS = {"Content-Security-Policy": _CSP, "Referrer-Policy": "same-origin"}


class Doors(Protocol):
    """What the pages need of the program to know who asks."""

    async def valid(self, code: str) -> bool:
        """Whether a code still opens; looking does not use it up."""

    async def enter(self, code: str) -> str:
        """Use a code up; what the browser keeps from now on, "" where it does not open."""

    async def who(self, secret: str) -> Person | None:
        """Whose session this is now, None where there is none."""

    async def leave(self, secret: str) -> None:
        """End a session."""


class Login:
    """The pages /login/CODE and /logout, and who asks on all the others."""

    def __init__(self, doors: Doors, url: str) -> None:
        self._doors = doors
        self._secure = origin_of(url)[:1] == ("https",)
        # The prefix binds it to this very host, and lets no plain-text page set it.
        self._cookie = "__Host-gridbot" if self._secure else "gridbot"

    def add(self, web_app: web.Application, guard: Guard) -> None:
        """Serve the way in and the way out."""
        web_app.router.add_get("/login/{code}", guard(self.look))
        web_app.router.add_post("/login/{code}", guard(self.enter))
        web_app.router.add_post("/logout", guard(self.leave))

    async def look(self, request: web.Request) -> web.StreamResponse:
        """One button, and nothing else that a machine would follow."""
        code = request.match_info["code"]
        if not _CODE.fullmatch(code) or not await self._doors.valid(code):
            return self._over()
        return web.Response(
            text=render("login.html", how="button"), content_type="text/html", headers=_HEADERS
        )

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Spend the code, and go on to the page."""
        code = request.match_info["code"]
        secret = await self._doors.enter(code) if _CODE.fullmatch(code) else ""
        if not secret:
            log.info("refused", action="login.refused")
            return self._over()
        log.info("entered", action="login.entered")
        response = web.Response(status=303, headers={"Location": "../calendar", **_HEADERS})
        response.set_cookie(
            self._cookie,
            secret,
            max_age=LIFE,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Strict",
        )
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """End the session of this browser."""
        await self._doors.leave(self._secret(request))
        response = web.Response(
            text=render("login.html", how="left"), content_type="text/html", headers=_HEADERS
        )
        response.del_cookie(
            self._cookie, path="/", secure=self._secure, httponly=True, samesite="Strict"
        )
        return response

    async def who(self, request: web.Request, _claimed: str = "") -> str:
        """The person who asks, by the session alone. Raises Refusal."""
        person = await self.known(request)
        if person is None:
            raise Refusal(401, "login_first")
        return person.id

    async def known(self, request: web.Request) -> Person | None:
        """The person who asks; None for a stranger."""
        secret = self._secret(request)
        return await self._doors.who(secret) if secret else None

    def _secret(self, request: web.Request) -> str:
        said = request.cookies.get(self._cookie, "")
        return said if _SECRET.fullmatch(said) else ""

    def _over(self) -> web.StreamResponse:
        return web.Response(
            status=410,
            text=render("login.html", how="over"),
            content_type="text/html",
            headers=_HEADERS,
        )
