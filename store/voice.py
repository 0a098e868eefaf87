"""The one way to speak: answers, what follows from an event, words to a person or a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain import facts as facts_
from domain.case import Case, Event
from domain.city import City
from domain.complaints import about_staff
from domain.followups import FOLLOWUPS, Audience, Followup, audience, due, once
from domain.messages import Address
from domain.people import Person
from domain.reporters import Reporter
from domain.routes import Why
from store import outbox
from store.directory import Directory
from store.engine import Connection, Store
from store.outbox import Instead, Priority, Saying
from store.ways import Routes, Wanted
from store.weights import Weight, weight


@dataclass(frozen=True, slots=True)
class Answering:
    """The message that is being answered: words for its chat may go as its reply."""

    letter: int
    address: Address
    sender: str
    handle: Mapping[str, str]
    text: str = ""


@dataclass
class Voice:
    """What one transaction says, to be written at its end; `answering` is the message at hand.

    `spoken` counts what was said to that message so far. `told` are the channels on which something
    was said, once that is written.
    """

    store: Store
    conn: Connection
    city: City
    directory: Directory
    now: datetime
    answering: Answering | None = None
    spoken: int = 0
    told: set[str] = field(default_factory=set)
    _sayings: list[dict[str, Any]] = field(default_factory=list)
    _wanted: list[Wanted] = field(default_factory=list)
    _shown: tuple[Case, facts_.Values] | None = None  # the case that was last spoken of

    def follow(
        self,
        case: Case,
        event: Event,
        neighbours: Sequence[Reporter] = (),
        told: Sequence[Audience] = (),
    ) -> None:
        """Say what follows from an event to those who must hear it and are not `told` already.

        `neighbours` reported the case too.
        """
        data, world = event.data, self.city.world
        before = world.person(data["from"]) if "from" in data else None
        context = {
            "before": before.name if before is not None else "",
            "words": data.get("words", ""),
            "deadline": data.get("deadline", ""),
            "raised": "level" in data,
        }
        for followup in FOLLOWUPS.get(event.kind, ()):
            if followup.to not in told and due(followup, case, event, world):
                self._follow_one(case, event, followup, context)
                for one in neighbours if followup.to is Audience.REPORTER else ():
                    self._follow_one(case, event, followup, context, one)

    def _follow_one(
        self,
        case: Case,
        event: Event,
        followup: Followup,
        context: Mapping[str, Any],
        also: Reporter | None = None,
    ) -> None:
        key = once(event, followup)
        if followup.to is Audience.REPORTER:
            self.tell_reporter(case, followup.template, context, by=event.by, key=key, also=also)
            return
        person = audience(followup, case, event, self.city.world)
        if person is not None and person.id != event.by:
            self.tell(person, followup.template, context, case=case, by=event.by, key=key)

    def tell(
        self,
        person: Person,
        template: str,
        context: Mapping[str, Any],
        *,
        case: Case | None,
        by: str,
        key: str,
        urgent: bool = False,
    ) -> None:
        """Tell a member of staff in private; where he cannot be reached, in his staff group.

        Of a complaint about staff he is told alone or not at all: whom it is about reads there.
        `urgent` is what an emergency without a case brings with it: no quiet hours hold it.
        """
        prefer = case.reported_in.channel if case is not None else ""
        private = self.directory.private(person.id, prefer)
        aloud = case is None or not about_staff(case)
        group = self.directory.staff_group(person, prefer) if aloud else None
        instead = None
        if group is not None:
            sender = self.directory.sender_of(person.id, group.channel)
            instead = Instead(group, (sender,) if sender else (), person.name)
        address = private or (instead.address if instead else Address("", person.id))
        usual: Weight = {"priority": Priority.PUSH}
        values = self._context(case, by, context, address)
        values["name"] = person.name if private is None else ""
        self._say(
            Saying(
                once=key,
                address=address,
                template=template,
                context=values,
                to=instead.to if private is None and instead else (),
                instead=instead if private is not None else None,
                case_id=case.id if case is not None else None,
                route=Why.ANY_TIME,
                **(usual if urgent else self._weight(case, Priority.PUSH)),
            ),
            person.id,
        )

    def _weight(self, case: Case | None, usual: Priority) -> Weight:
        here = self.answering is not None
        return weight(self.city, case, self.now, usual, answering=here)

    def send(self, saying: Saying, person: str = "") -> None:
        """Say something nobody asked for as it stands: in a group, or to a `person` by any way."""
        if person:
            self._say(saying, person)
            self.spoken -= 1  # it answers nobody
        else:
            self._sayings.append(outbox.row_of(saying, self.now))

    def reach(self, person: Person) -> Address:
        """Where `tell` speaks to a member of staff about no case in particular."""
        private = self.directory.private(person.id, "")
        return private or self.directory.staff_group(person, "") or Address("", person.id)

    def whisper(self, person: str, template: str, context: Mapping[str, Any], *, key: str) -> bool:
        """Say something to somebody alone; False where the chat at hand gives no way to do so."""
        here = self.answering
        address = self.directory.private(person, here.address.channel) if here else None
        if address is None:
            return False
        values = self._context(None, person, context, address) | {"name": ""}
        way = Saying(key, address, template, values, route=Why.ANY_TIME)
        self._say(way, person)
        return True

    def tell_reporter(
        self,
        case: Case,
        template: str,
        context: Mapping[str, Any],
        *,
        by: str,
        key: str,
        also: Reporter | None = None,
    ) -> None:
        """Say something to a reporter of a case, the first or another, where he reported it."""
        person, address = (also.person, also.address) if also else (case.reporter, case.reported_in)
        key = f"{key}:{person}" if also else key
        self.tell_there(person, address, template, context, by=by, key=key, case=case)

    def tell_there(
        self,
        person: str,
        address: Address,
        template: str,
        context: Mapping[str, Any],
        *,
        by: str,
        key: str,
        case: Case | None = None,
    ) -> None:
        """Say something to anybody where he spoke; with no person, to the whole group."""
        values = self._context(case, by, context, address)
        heavy = self._weight(case, Priority.REPLY)
        self._say_to(person, address, template, values, heavy, key=key, case=case)

    def announce(
        self, person: str, address: Address, template: str, context: Mapping[str, Any], *, key: str
    ) -> None:
        """The same where nobody waits for it, whoever had it said: the quiet hours hold it."""
        values = self._context(None, "", context, address)
        here = self.answering is not None and self.answering.address == address
        heavy = weight(self.city, None, self.now, Priority.REPLY, answering=here)
        self._say_to(person, address, template, values, heavy, key=key)

    def _say_to(
        self,
        person: str,
        address: Address,
        template: str,
        values: dict[str, Any],
        heavy: Weight,
        *,
        key: str,
        case: Case | None = None,
    ) -> None:
        """Say something to a person, whom a group has to hear named, or to all of it."""
        named = person if address.group else ""
        known = self.city.world.person(named) if named else None
        sender = self.directory.sender_of(named, address.channel) if named else ""
        values["name"] = known.name if known is not None else ""
        self._say(
            Saying(
                key,
                address,
                template,
                values,
                to=(sender,) if sender else (),
                handle=self._handle(address),
                case_id=case.id if case is not None else None,
                route=Why.HERE,
                **heavy,
            ),
            person,
        )

    def hand_copy(self, worker: Person, template: str, case: Case, *, key: str) -> None:
        """Give a worker the words for somebody whom only he can tell."""
        nowhere = Address("", "", group=True)
        said = Saying(key, nowhere, template, self._context(case, "", {"name": ""}, nowhere))
        routes = Routes(self.conn, self.directory, self.city.backstop, self.now)
        copy = routes.copy(said, Wanted(said, ""), worker)
        if copy is not None:
            self._sayings.append(outbox.row_of(replace(copy, case_id=case.id), self.now))

    def post(
        self,
        group: Address,
        template: str,
        context: Mapping[str, Any],
        *,
        key: str,
        case: int | None,
    ) -> None:
        """Say in a group what the sender of the message at hand will confirm on his own screen."""
        here = self.answering
        by = self.directory.speaker(here.address.channel, here.sender).id if here else ""
        sender = self.directory.sender_of(by, group.channel)
        way = Saying(
            key, group, template, context, handle={"sender": sender}, case_id=case, route=Why.TAP
        )
        self._sayings.append(outbox.row_of(way, self.now))

    def reply(
        self, template: str, context: Mapping[str, Any] | None = None, *, case: Case | None = None
    ) -> None:
        """Answer the message at hand, in its own chat, to its own sender."""
        if self.answering is None:
            raise RuntimeError("there is no message to answer")
        here = self.answering
        speaker = self.directory.speaker(here.address.channel, here.sender)
        values = self._context(case, speaker.id, context or {}, here.address)
        values["name"] = speaker.name if here.address.group else ""
        self._say(
            Saying(
                once=f"i{here.letter}:{self.spoken}",
                address=here.address,
                template=template,
                context=values,
                to=(here.sender,) if here.address.group else (),
                handle=self._handle(here.address),
                priority=Priority.REPLY,
                case_id=case.id if case is not None else None,
                route=Why.HERE,
            ),
            speaker.id,
        )

    def _handle(self, address: Address) -> Mapping[str, str]:
        """What the channel needs to reply to the message at hand; the first answer uses it."""
        here = self.answering
        if here is None or here.address != address or self.spoken:
            return {}
        return here.handle

    def views(self, shown: Sequence[Case]) -> list[facts_.Values]:
        """Cases as the templates see them, for an answer to the message at hand."""
        public = self.answering is not None and self.directory.public(self.answering.address)
        return [facts_.of_case(case, self.city, public=public) for case in shown]

    def _context(
        self, case: Case | None, by: str, extra: Mapping[str, Any], to: Address
    ) -> dict[str, Any]:
        actor = self.city.world.person(by) if by else None
        return {
            "now": self.now.isoformat(),
            "case": self._view(case, to) if case is not None else None,
            "by": actor.name if actor is not None else "",
            "by_role": actor.role.value if actor is not None else "",
            **extra,
        }

    def _view(self, case: Case, to: Address) -> facts_.Values:
        """A case for one of those who are told of it; what is told to all is worked out once."""
        if self._shown is None or self._shown[0] is not case:
            self._shown = case, facts_.of_case(case, self.city)
        values = self._shown[1]
        return facts_.hidden(values) if self.directory.public(to) else values

    def _say(self, saying: Saying, person: str) -> None:
        self.spoken += 1
        if self._needs_a_way(saying):
            here = self.answering
            self._wanted.append(Wanted(saying, person, here.text if here is not None else ""))
        else:
            self._sayings.append(outbox.row_of(saying, self.now))

    def _needs_a_way(self, saying: Saying) -> bool:
        """Whether it cannot simply be said there, now and at any time."""
        address, here = saying.address, self.answering
        can = self.directory.can(address.channel)
        if saying.handle.get("welcome"):  # a code for one greeting opens what is closed else (1d)
            return False
        if not address.channel or not can.speaks(address):
            return True
        if here is not None and here.address == address:
            return False
        if address.group:
            return not can.proactive
        return not (can.ready and self.directory.up(address.channel))

    async def flush_said(self) -> None:
        """Write what was said to the outbox, each on its way."""
        if self._wanted:
            routes = Routes(self.conn, self.directory, self.city.backstop, self.now)
            self._sayings += await routes.rows(self._wanted)
        await outbox.add(self.store, self.conn, self._sayings)
        self.told.update(row["channel"] for row in self._sayings)
        self._sayings, self._wanted = [], []
