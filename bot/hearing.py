"""What a message is taken for: who says it, which area it speaks of, what was asked of him."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import identity
from bot.cases.of_a_case import of_a_case
from bot.handlers import BUTTONS
from bot.turn import EXPLICIT, Turn
from bot.understanding import Heard, Listener, Understanding, errands, impatient
from bot.understanding.complaints import Ground, against
from bot.understanding.warming import begin, warm
from domain.case import Case, Status
from domain.city import City
from domain.complaints import staff_near
from domain.messages import Inbound, Kind
from domain.visits import day_of
from store.directory import Speaker
from store.inbox import Letter
from store.questions import Question
from store.work import Work

_OF_A_CASE = frozenset("progress confirm_ok confirm_bad cancel".split())
# What an estate named in passing does not turn into an answer.
_HAND = "hand"  # the question "can you help?"
_NO_ANSWERS = ("cancel", "help", "progress", "bind_me")
_A_MATTER = 0.6  # less likely than that, a category is a guess
_NO_MATTER = ("other", "chat", "inquiry")  # an estate and nothing else, as an answer
_SHORT = 12  # signs; who says more than an estate's name tells something else
_CHAT = 0.8  # from here on it is known to be talk: 谢谢
_KINDS = {Kind.RECALLED: "recalled", Kind.ENTERED: "entered", Kind.LEFT: "left"}


class Hearing:
    """Tells the listener what it may know of a speaker and his chat, and makes the turn of it."""

    def __init__(self, city: City, listener: Listener) -> None:
        self._city, self._listener = city, listener
        self._names: dict[str, tuple[str, ...]] = {}
        self._staff: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def begin(self) -> None:
        """Work out what the first message would wait for; may run in a thread of its own."""
        begin(self._listener)

    def warm(self) -> None:
        """Get ready for an ordinary day; may run in a thread of its own."""
        warm(self._listener)

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
        if wordless := _wordless(inbound):
            return Understanding(intent=wordless, sure=1.0)
        asked = question.kind if question is not None else ""
        if mine and not asked and any(case.status is Status.FINISHED for case in mine):
            asked = "satisfied"
        heard = self._listen(inbound, speaker, area, asked, inbound.text)
        known = self._known(inbound, speaker, heard, area, asked, mine)
        if known is not None:
            return known
        if not asked:
            heard = of_a_case(inbound, speaker, heard, mine, self._city.world)
        if heard.action == "ask" and heard.intent in _OF_A_CASE and not mine:
            return replace(heard, intent="report")  # of no case of his own: perhaps of a new one
        closed = asked not in ("", _HAND)  # who is asked for help may need some himself
        if closed or heard.urgent:
            return heard
        return _of_an_errand(inbound, heard, resident=not speaker.staff)

    def _known(
        self,
        inbound: Inbound,
        speaker: Speaker,
        heard: Understanding,
        area: str,
        asked: str,
        mine: list[Case],
    ) -> Understanding | None:
        """What it is beyond doubt, by where it comes from, whom it names or what he waits for."""
        if not asked and _a_card(inbound):
            return replace(heard, intent="other", sure=1.0, action="silent", urgent=False)
        if not speaker.staff and self._of_staff(inbound, heard, area, asked, mine):
            return replace(heard, intent="complaint", sure=EXPLICIT, action="command")
        if not asked and _waits(inbound.text, heard, mine):
            return replace(heard, intent="progress")
        return None if heard.urgent else self._estate(asked, heard, inbound)

    def _of_staff(
        self, inbound: Inbound, heard: Understanding, area: str, asked: str, mine: list[Case]
    ) -> bool:
        """Whether a resident complains of who works there himself (domain/complaints.py).

        That nobody ever comes is asked after while a case of his is worked on; what he was asked
        is answered first, unless he complains in so many words.
        """
        if heard.urgent or inbound.kind is not Kind.SAID:
            return False
        if area not in self._staff:
            self._staff[area] = staff_near(self._city.world, area)
        found = against(inbound.text, *self._staff[area])
        if found is None:
            return False
        if asked:
            return found[1] is Ground.ACCUSE
        return found[1] is not Ground.NEGLECT or not any(case.working for case in mine)

    def _estate(self, asked: str, heard: Understanding, inbound: Inbound) -> Understanding | None:
        """The answer to which estate somebody means; None where that was not asked.

        Only the roster knows the names of all estates; the listener is told those nearby.
        """
        if asked == "maybe" and heard.action in ("ask", "silent"):  # 安墩的, and the building next
            named = len(inbound.text) <= _SHORT and self._city.world.grid_of_estate(inbound.text)
            if named:
                return replace(heard, intent="maybe", words=inbound.text.strip())
        if asked == "estate" and heard.intent not in _NO_ANSWERS:
            named = self._city.world.grid_of_estate(inbound.text)
            return heard if named is None else replace(heard, intent="place_answer")
        free = heard.intent in _NO_MATTER
        if asked == "contact" and (free or heard.action == "ask"):  # 柳湖家园 is hardly a report
            named = self._city.world.grid_of_estate(inbound.text)
            if named is not None or (free and inbound.private and heard.sure < _CHAT):
                return replace(heard, intent="contact", sure=EXPLICIT)
        return None

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


def _of_an_errand(inbound: Inbound, heard: Understanding, *, resident: bool) -> Understanding:
    """What was heard, where it may be a call for a helping hand, a no, or nothing but a time."""
    text = inbound.text
    if heard.action == "ask" and not inbound.private and errands.only_declines(text):
        return replace(heard, intent="volunteer")  # 我没空 among neighbours asks for no answer
    if heard.sure < EXPLICIT and errands.seeks(text):
        return replace(heard, intent="volunteer_wanted", sure=EXPLICIT, action="command")
    if resident and heard.sure < EXPLICIT and errands.favour(text):
        return replace(heard, intent="appointment", sure=EXPLICIT, action="command")
    return replace(heard, intent="retime") if errands.only_time(text) else heard


def _a_card(inbound: Inbound) -> bool:
    """Whether this is a location and not a word beside it: where, but not yet what."""
    if not inbound.attachments:
        return False
    names = [one.name for one in inbound.attachments if one.kind == "location"]
    return bool(names) and inbound.text.strip() in (" ".join(names), "")


def _waits(text: str, heard: Understanding, mine: list[Case]) -> bool:
    """Whether somebody with a case that is worked on complains that nobody has come.

    Words about another thing, or another place, are something else.
    """
    case = next((case for case in mine if case.working), None) if mine else None
    if case is None or heard.urgent:
        return False
    if heard.action == "command" and heard.intent != "confirm_bad":
        return False
    about = heard.category in (case.category, None) or heard.category_sure < _A_MATTER
    return about and not heard.location.numbered and not heard.known_place and impatient(text)


def _wordless(inbound: Inbound) -> str:
    """The intent of what is no words at all; "" for words."""
    if inbound.kind is Kind.CLICKED:
        return BUTTONS.get(inbound.button, "other")
    if inbound.kind in _KINDS:
        return _KINDS[inbound.kind]
    return "picture" if inbound.attachments and not inbound.text.strip() else ""
