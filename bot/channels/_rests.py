"""When a platform refuses everything, rest: who knocks on stays locked out longer (wechat.md 2.1).

A rest begins with a refusal, grows while the same call is refused again after it, and ends with a
call that goes well.
"""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address

from bot.channels._codes import Code, Reaction

REST = timedelta(minutes=1)  # a change in the console takes about as long to act (wechat.md 2.1)
LONGEST = {Reaction.OPERATOR: timedelta(minutes=15), Reaction.WAIT: timedelta(hours=1)}
# Asked for a token with these again and again, the platform locks the address out for an hour.
LOCKED_OUT = timedelta(hours=1)
_NO_TOKEN = frozenset({40001, 40013, 40125, 45009})
# What holds for every call, so any call that goes well ends it; others end only with their own.
_EVERYWHERE = frozenset({40001, 40013, 40125, 40164, 60020, 61004})
_GROWS_FROM = 60.0  # seconds: shorter waits are hiccups, and the row alone waits
_ADDRESS = re.compile(r"\b(?:request)?ip[:\s]+([0-9a-fA-F.:]{3,45})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a channel rests: the platform's code, the address of ours it named, and until when."""

    code: int
    address: str
    until: datetime


@dataclass(frozen=True, slots=True)
class _Spell:
    trouble: Trouble
    reaction: Reaction
    path: str
    strikes: int
    token: bool = False  # there is no token to be had, so nothing is worth calling


class Rests:
    """What was refused, and how long to leave the platform alone."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._spell: _Spell | None = None
        self._rng = random.Random()  # noqa: S311 - processes should not come back all at once
        self.attended = False
        self.began = asyncio.Event()

    @property
    def trouble(self) -> Trouble | None:
        """What only the operator can mend, while it is believed in."""
        spell = self._spell
        if spell is None or spell.reaction is not Reaction.OPERATOR:
            return None
        lasting = self.attended and spell.trouble.code in _EVERYWHERE
        return spell.trouble if lasting or self.left > 0 else None

    @property
    def left(self) -> float:
        """Seconds until another call is worth its while; 0 when it is now."""
        if self._spell is None:
            return 0.0
        return max((self._spell.trouble.until - self._now()).total_seconds(), 0.0)

    @property
    def locked_out(self) -> int:
        """The code for which no token may be asked for now; 0 while one may."""
        spell = self._spell
        return spell.trouble.code if spell is not None and spell.token and self.left > 0 else 0

    def refused(self, code: int, path: str, words: str, found: Code) -> bool:
        """Note a refusal; True when a rest that only the operator can end begins with it."""
        if found.reaction not in LONGEST or 0 < found.after < _GROWS_FROM:
            return False
        spell = self._spell
        if spell is not None and spell.trouble.code == code and self.left > 0:
            return False  # one of several calls that were under way: the rest has begun already
        strikes = spell.strikes + 1 if spell is not None and spell.path == path else 1
        trouble = Trouble(code, _address(words), self._now() + self._rest(code, found, strikes))
        self._spell = _Spell(trouble, found.reaction, path, strikes)
        self.began.set()
        return found.reaction is Reaction.OPERATOR

    def no_token(self, code: int) -> bool:
        """Note that the refusal was that of a token; True when no other may be asked for now."""
        spell = self._spell
        if spell is None or spell.trouble.code != code or spell.token:
            return False
        until = self._now() + LOCKED_OUT if code in _NO_TOKEN else spell.trouble.until
        self._spell = replace(spell, token=True, trouble=replace(spell.trouble, until=until))
        return True

    def went_well(self, path: str, *, bare: bool) -> None:
        """Note a call that was answered as it should be; `bare`: without a token.

        A token is had from any address: getting one says nothing about what the others may do.
        """
        spell = self._spell
        if spell is None:
            return
        if spell.path == path or (not bare and spell.trouble.code in _EVERYWHERE):
            self._spell = None

    def _rest(self, code: int, found: Code, strikes: int) -> timedelta:
        first = max(REST, timedelta(seconds=found.after))
        if code in _EVERYWHERE:
            return first
        grown: timedelta = min(first * 2 ** min(strikes - 1, 10), LONGEST[found.reaction])
        return grown * self._rng.uniform(1.0, 1.1)


def _address(words: str) -> str:
    """The first address that an error message names as ours; "" where it names none."""
    for found in _ADDRESS.findall(words):
        try:
            return str(ip_address(found.rstrip(".:")))
        except ValueError:
            continue
    return ""
