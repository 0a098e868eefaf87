"""Logging in to the pages: a one-time code asked for in chat, then a session in the browser.

Who somebody is comes from the roster at every request: a session is his chat's identity and
nothing more, so whoever leaves the roster or is split from it is out at once.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from string import ascii_lowercase

from domain.identities import identity, parts
from domain.messages import Inbound
from domain.moving import READERS
from domain.people import Person
from scheduler.clock import Clock
from store import codes, sessions
from store.directory import Directory
from store.engine import Store
from store.work import Work

CODE_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=12)
# 131 bits. Letters alone: no channel widens a sign of them, and no number is taken for a card's.
_LETTERS = 28
# Beside the codes of 绑定, which are eight digits: neither can be used in the other's place.
_KEPT, _WHOSE = 20, "login "


def _kept(code: str) -> str:
    """What is stored of a code: so much of its hash as the column holds (76 bits)."""
    return "l" + hashlib.sha256(code.encode()).hexdigest()[: _KEPT - 1]


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def issue(work: Work, inbound: Inbound) -> str:
    """The address that logs in whoever wrote this, once, within CODE_LIFE."""
    code = "".join(secrets.choice(ascii_lowercase) for _ in range(_LETTERS))
    whose = _WHOSE + identity(inbound.address.channel, inbound.sender)
    await codes.issue(work.conn, _kept(code), whose, work.now, CODE_LIFE)
    return f"{work.city.pages}/login/{code}"


@dataclass(frozen=True, slots=True)
class Logins:
    """What the pages ask (bot.web.login.Doors)."""

    store: Store
    directory: Directory
    clock: Clock

    async def valid(self, code: str) -> bool:
        """Whether a code still opens; looking does not use it up."""
        async with self.store.read() as conn:
            return await codes.valid(conn, _kept(code), self.clock.now())

    async def enter(self, code: str) -> str:
        """Use a code up for a session; returns what the browser keeps, "" for a code that is none.

        Whoever is not on the roster as one who plans gets no session for it either.
        """
        now = self.clock.now()
        async with self.store.write() as conn:
            whose = await codes.burn(conn, _kept(code), now) or ""
            own = whose.removeprefix(_WHOSE)
            if self._reader(own) is None:
                return ""
            secret = secrets.token_urlsafe(32)
            await sessions.begin(conn, _hashed(secret), own, now, SESSION_LIFE)
        return secret

    async def who(self, secret: str) -> Person | None:
        """Whose session this is, as the roster knows him now; None where there is none."""
        if not secret:
            return None
        async with self.store.read() as conn:
            own = await sessions.find(conn, _hashed(secret), self.clock.now())
        person = self._reader(own) if own else None
        if own and person is None:
            await self.leave(secret)
        return person

    async def leave(self, secret: str) -> None:
        """End a session."""
        async with self.store.write() as conn:
            await sessions.end(conn, _hashed(secret))

    def _reader(self, own: str) -> Person | None:
        person = self.directory.speaker(*parts(own)).person if own else None
        return person if person is not None and person.role in READERS else None
