"""One message being handled: who says what where, and what a handler may do about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.understanding import Understanding
from domain.case import Case
from domain.messages import Address, Inbound, Kind
from domain.numbers import Series
from domain.people import Role
from domain.reporters import Reporter
from store.directory import Speaker
from store.questions import Question
from store.work import Work

# From here on the listener has heard a command word, not free wording.
EXPLICIT = 0.95
STAFF = frozenset(role for role in Role if role.staff)
EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored message on its way through its handler.

    `area` is the area the conversation speaks of, "" while unknown. `number` is the case that was
    meant, if one was named, quoted or clicked. `listen` understands other words as if the same
    person had said them here, with no question open.
    """

    work: Work
    letter: int
    inbound: Inbound
    speaker: Speaker
    heard: Understanding
    area: str
    question: Question | None
    number: str
    handle: "Callable[[Turn], Awaitable[None]]"
    listen: Callable[[str], Understanding]

    @property
    def conversation(self) -> str:
        return self.inbound.address.key

    @property
    def mute(self) -> bool:
        """Whether this was heard where the bot cannot speak: nobody has to be bothered lightly."""
        here = self.inbound.address
        return not self.work.directory.can(here.channel).speaks(here)

    @property
    def addressed(self) -> bool:
        """Whether this is certainly meant for the bot, not overheard among people."""
        return self.inbound.private or self.inbound.named or bool(self.number)

    @property
    def overheard(self) -> bool:
        """Whether it was said among people, and may have been meant for them alone.

        Acting on it is right where it fits a case; refusing it aloud, or asking back, is not.
        """
        free = self.inbound.kind is Kind.SAID and self.heard.sure < EXPLICIT
        return free and self.speaker.staff and self.question is None and not self.addressed

    @property
    def letters(self) -> tuple[int, ...]:
        """This message's id if pictures or the like came with it."""
        return (self.letter,) if self.inbound.attachments else ()

    def named(self, series: Series) -> str:
        """The number of this series that was clicked, said or quoted; "" for none."""
        if self.number[:1] == series.letter:
            return self.number
        found = series.find(self.inbound.text) or series.find(self.inbound.quote)
        return f"{series.letter}{found[1]}" if found else ""

    def mine(self) -> list[Case]:
        """The speaker's own reports that have not ended, newest first; joined ones as well."""
        return self.work.mine(self.speaker.ids)

    def joined(self, case: Case) -> Reporter | None:
        """What the speaker said before he joined a neighbour's case; None where he did not."""
        found = (self.work.joined.get((one, case.id)) for one in self.speaker.ids)
        return next((one for one in found if one is not None), None)

    def reported(self, case: Case) -> tuple[Address, datetime]:
        """Where and when the speaker reported a case of his, which may be a neighbour's too."""
        joined = self.joined(case)
        return (joined.address, joined.since) if joined else (case.reported_in, case.opened_at)


@dataclass(frozen=True, slots=True)
class Handler:
    """One thing people can say. `intents` name it; `roles` are those who may say it."""

    intents: tuple[str, ...]
    run: Callable[[Turn], Awaitable[None]]
    roles: frozenset[Role] = field(default=EVERYBODY)


def again(turn: Turn, intent: str, **changes: object) -> Turn:
    """The same turn with another understanding: how one handler passes a message to another."""
    heard = replace(turn.heard, intent=intent, **changes)  # type: ignore[arg-type]
    return replace(turn, heard=heard, number=heard.case_number or turn.number)
