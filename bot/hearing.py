"""What a message is taken for: who says it, which area it speaks of, what was asked of him."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import identity
from bot.handlers import BUTTONS
from bot.turn import Turn
from bot.understanding import Heard, Listener, Understanding
from domain.case import Case, Status
from domain.city import City
from domain.messages import Inbound, Kind
from domain.visits import day_of
from store.directory import Speaker
from store.inbox import Letter
from store.questions import Question
from store.work import Work

_OF_A_CASE = frozenset("progress confirm_ok confirm_bad cancel".split())
# What an estate named in passing does not turn into an answer.
_NO_ANSWERS = ("cancel", "help", "progress", "bind_me")
_KINDS = {Kind.RECALLED: "recalled", Kind.ENTERED: "entered"}


class Hearing:
    """Tells the listener what it may know of a speaker and his chat, and makes the turn of it."""

    def __init__(self, city: City, listener: Listener) -> None:
        self._city, self._listener = city, listener
        self._names: dict[str, tuple[str, ...]] = {}

    def turn(self, work: Work, letter: Letter, handle: Callable[[Turn], Awaitable[None]]) -> Turn:
        """A message as it reaches its handler; `handle` passes a turn on to another one."""
        inbound = letter.inbound
        speaker = work.directory.speaker(inbound.address.channel, inbound.sender)
        area = self._place(work, inbound, speaker)
        question = identity.question_of(work, inbound, speaker)
        mine = work.mine(speaker.ids)
        heard = self._hear(inbound, speaker, area, question, mine)
        card = inbound.card.partition("_")[0] if inbound.kind is Kind.CLICKED else ""
        return Turn(
            work,
            letter.id,
            inbound,
            speaker,
            heard,
            area,
            question,
            card or heard.case_number or "",
            handle,
            partial(self._listen, inbound, speaker, area, ""),
        )

    def _names_near(self, area: str) -> tuple[str, ...]:
        """The places people of an area name; worked out once, a world never changes."""
        names = self._names.get(area)
        if names is None:
            world = self._city.world
            names = self._names[area] = world.place_names(area) if area else ()
        return names

    def _place(self, work: Work, inbound: Inbound, speaker: Speaker) -> str:
        """Which area a conversation speaks of: the group's, or the speaker's own in private."""
        if inbound.address.group:
            bound = work.directory.area_of(inbound.address)
            return bound[1] if bound is not None else ""
        return speaker.person.area if speaker.person is not None else ""

    def _hear(
        self,
        inbound: Inbound,
        speaker: Speaker,
        area: str,
        question: Question | None,
        mine: list[Case],
    ) -> Understanding:
        if inbound.kind is Kind.CLICKED:
            return Understanding(intent=BUTTONS.get(inbound.button, "other"), sure=1.0)
        if inbound.kind in _KINDS:
            return Understanding(intent=_KINDS[inbound.kind], sure=1.0)
        if not inbound.text.strip() and inbound.attachments:
            return Understanding(intent="picture", sure=1.0)
        asked = question.kind if question is not None else ""
        if not asked and any(case.status is Status.FINISHED for case in mine):
            asked = "satisfied"
        heard = self._listen(inbound, speaker, area, asked, inbound.text)
        if asked == "estate" and heard.intent not in _NO_ANSWERS and not heard.urgent:
            # Only the roster knows the names of all estates; the listener is told those nearby.
            named = self._city.world.grid_of_estate(inbound.text)
            return heard if named is None else replace(heard, intent="place_answer")
        if heard.action == "ask" and heard.intent in _OF_A_CASE and not mine:
            return replace(heard, intent="report")  # of no case of his own: perhaps of a new one
        return heard

    def _listen(
        self, inbound: Inbound, speaker: Speaker, area: str, asked: str, text: str
    ) -> Understanding:
        """Understand words of this speaker in this chat: a message, or a part of it."""
        return self._listener.understand(
            Heard(
                text=text,
                role=speaker.role.value,
                private=inbound.private,
                question=asked,
                quote=inbound.quote,
                attachments=tuple(attachment.kind for attachment in inbound.attachments),
                places=self._names_near(area),
                parts=self._parts(inbound.received_at) if speaker.staff else (),
            )
        )

    def _parts(self, now: datetime) -> tuple[str, ...]:
        """The components that are being inspected today (F17)."""
        return self._city.book.at(now).visits.parts(day_of(now))
