"""A second opinion on what was said: what leaves the house, what comes back, what it may change.

It may turn "ask" into a case, or in a group into silence. It never moves a case, is never a
command, and never makes less of an emergency (docs/decisions/0011).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from bot.turn import Turn
from bot.understanding import Understanding
from bot.understanding.kinds import RESIDENT_KINDS
from bot.understanding.normalise import CHINESE_DIGIT, clean, fold
from bot.understanding.privacy import personal
from domain.case import OTHER_HAZARD
from domain.messages import Kind
from domain.rules import CODES
from store import advice
from store.engine import Connection
from store.inbox import Letter
from store.work import Work

NOTHING = "{}"  # asked, and no opinion came of it
MARGIN = timedelta(seconds=1)  # over the time limit, for the way there and back
_LONGEST = 500  # characters that leave
_FIRST = 3
_OPENS = frozenset({"report", "inquiry", "suggestion"})
_SILENCES = frozenset({"chat", "ad", "other"})
_GREETED = 0.8  # chatter the listener is this sure of is no abstaining: it knows a greeting
# More than the personal numbers that can be told apart: flats, account names, links, mentions.
_NUMBERS = re.compile(
    rf"@\S{{1,20}}(?=\s|$)|@\S{{1,3}}|[0-9{CHINESE_DIGIT}]{{3,}}|[0-9a-z][0-9a-z._@+/:?=&%-]{{5,}}"
)


def _one_of(allowed: Sequence[str]) -> AfterValidator:
    """A word of a fixed list and no other."""

    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError("not on the list")
        return value

    return AfterValidator(check)


class Advice(BaseModel):
    """What an endpoint may say about a message: a kind and a category of the label guideline."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    intent: Annotated[str, _one_of(RESIDENT_KINDS)]
    category: Annotated[str, _one_of(CODES)]
    urgent: bool


def sent(text: str, names: Iterable[str]) -> str:
    """The words that leave the house: cut, and without what tells who or which flat it is.

    `names` are full names to be hidden besides those that the text itself gives away.
    """
    tidy = clean(text).tidy
    found = {value for _, value in personal(tidy, fold(tidy))} | set(names) - {""}
    for value in sorted(found, key=len, reverse=True):
        tidy = tidy.replace(value, "*" * len(value))
    parts, done = [], 0
    for match in _NUMBERS.finditer(fold(tidy)):
        parts += [tidy[done : match.start()], "*" * len(match[0])]
        done = match.end()
    return ("".join(parts) + tidy[done:])[:_LONGEST].strip()


def applied(heard: Understanding, said: Advice | None, *, private: bool) -> Understanding:
    """What was meant after all; without a usable opinion the local answer stands.

    What is silenced goes into the worker's digest; in private nobody else would read it, so there
    the bot still asks.
    """
    if said is None or heard.action != "ask":
        return heard
    why = (*heard.why, "advice")
    if said.intent in _OPENS and (said.intent == "report" or not said.urgent):
        rest = [code for code in heard.categories if code != said.category]
        urgent = heard.urgent or said.urgent
        return replace(
            heard,
            intent=said.intent,
            category=said.category,
            categories=(said.category, *rest)[:_FIRST],
            urgent=urgent,
            hazard=heard.hazard or (OTHER_HAZARD if urgent else ""),
            action="open",
            why=why,
        )
    if said.intent in _SILENCES and not (said.urgent or heard.urgent or private):
        return replace(heard, intent=said.intent, action="silent", suspect=True, why=why)
    return heard


class Opinions:
    """The dispatcher's side: which messages wait for an opinion, and what it changes.

    One for each process; while it rests nothing waits, and the local answers stand.
    """

    def __init__(self, patience: timedelta) -> None:
        self._wait = patience + MARGIN
        self._given: dict[int, str] = {}
        self._rests_until: datetime | None = None

    def rest(self, until: datetime) -> None:
        """Want no opinions until then."""
        self._rests_until = until

    async def overtake(self, conn: Connection) -> None:
        """Let those go on whose chat did not wait."""
        await advice.overtake(conn)

    async def look(self, conn: Connection, letters: Sequence[Letter]) -> None:
        """Read what came of those that waited."""
        self._given = await advice.given(conn, [letter.id for letter in letters])

    async def consider(self, work: Work, turn: Turn, *, last: bool) -> Turn | None:
        """The turn with its opinion, or as it is; None when it has to wait for one.

        `last` tells that nothing else waits in its conversation.
        """
        if turn.letter in self._given:
            await advice.forget(work.conn, turn.letter)
            said = _read(self._given[turn.letter])
            heard = applied(turn.heard, said, private=turn.inbound.private)
            return replace(turn, heard=heard)
        if not last or self._resting(work.now) or not _abstained(turn):
            return turn
        await advice.want(work.conn, turn.letter, turn.conversation, work.now + self._wait)
        return None

    def _resting(self, now: datetime) -> bool:
        return self._rests_until is not None and now < self._rests_until


def _abstained(turn: Turn) -> bool:
    """Whether free words of a resident were not understood, with no question open to explain them.

    Staff are not asked about: what they say is mostly a command, which an opinion never becomes.
    """
    heard = turn.heard
    known = heard.intent == "chat" and heard.sure >= _GREETED
    said = turn.inbound.kind is Kind.SAID and bool(turn.inbound.text.strip())
    resident = said and not turn.speaker.staff and turn.question is None
    return resident and heard.action == "ask" and not known


def _read(kept: str) -> Advice | None:
    try:
        return Advice.model_validate_json(kept)
    except ValidationError:
        return None
