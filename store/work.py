"""One transaction of grid work: the one way to open and move a case, and the one way to speak."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import facts as facts_
from domain.case import Case, Dues, Event, opened, timers
from domain.city import City
from domain.followups import FOLLOWUPS, Audience, Followup, audience, due, once
from domain.intake import Report, draft
from domain.messages import Address
from domain.people import Person
from domain.reporters import Reporter, others
from domain.routes import Why
from domain.steps import Facts, Step, take
from store import cases, corrections, inbox, media, outbox, questions, redact, reporters
from store import tables as t
from store import timers as timers_
from store.directory import Directory
from store.engine import Store
from store.outbox import Instead, Priority, Saying
from store.questions import Question
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
class Work:
    """What one transaction reads and writes. Rows nobody reads back here are written at the end."""

    store: Store
    conn: AsyncConnection
    city: City
    directory: Directory
    now: datetime
    answering: Answering | None = None
    spoken: int = 0
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    alive: dict[str, list[Case]] = field(default_factory=dict)
    joined: dict[tuple[str, int], Reporter] = field(default_factory=dict)  # by person and case
    rebound: bool = False  # somebody or some group was bound
    _events: list[dict[str, Any]] = field(default_factory=list)
    _sayings: list[dict[str, Any]] = field(default_factory=list)
    _wanted: list[Wanted] = field(default_factory=list)
    _done: list[tuple[int, str, int | None]] = field(default_factory=list)
    _touched: int | None = None
    _media: list[dict[str, Any]] = field(default_factory=list)
    _drafted: tuple[Report, Case] | None = None
    _timers: timers_.Changes = field(default_factory=timers_.Changes)
    _bare: set[str] = field(default_factory=set)  # chats in which no picture waits for its case

    # Cases

    async def file(self, report: Report, *, answered: bool = False) -> Case:
        """Open the case of a report, with the pictures its writer sent, and tell everybody.

        Where the reporter is `answered` about several at once, he is not told of each.
        """
        case = self.draft(report)
        letters = await self.letters_of(report)
        if letters:
            case = replace(case, photos=await media.pictures(self.conn, letters))
        stored = await cases.add(self.conn, case)
        if letters:
            await media.attach(self.conn, stored.id, "report", letters)
        event = opened(stored)
        self._timers.follow(stored.id, {}, timers(stored))
        self._events.append(cases.event_row(event))
        self.follow(stored, event, told=(Audience.REPORTER,) if answered else ())
        self._remember(stored)
        return stored

    def draft(self, report: Report) -> Case:
        """The case a report would become, not opened yet; the same report is not drafted twice."""
        if self._drafted is None or self._drafted[0] is not report:
            self._drafted = report, draft(report, self.city, self.now)
        return self._drafted[1]

    async def letters_of(self, report: Report) -> list[int]:
        """The messages whose pictures belong to a report: its own and those sent just before."""
        await self.flush_media()
        since = self._pictures_since()
        where = Address(report.channel, report.chat, report.group).key
        if where in self._bare:
            return sorted(report.letters)
        sender = self.directory.sender_of(report.reporter, report.channel)
        loose = await media.loose(self.conn, where, sender, since)
        return sorted({*loose, *report.letters})

    async def move(self, case: Case, step: Step, by: str, facts: Facts | None = None) -> Case:
        """Take a step and tell everybody concerned. Raises NotAllowed, saying why."""
        moved, event = take(case, step, by, self.now, self._clocked(case, step, facts or Facts()))
        await cases.save(self.conn, moved)
        self._timers.follow(case.id, timers(case), timers(moved))
        self._events.append(cases.event_row(event))
        if step is Step.FINISH and moved.reporters > 1:
            await reporters.ask_anew(self.conn, case.id)
        self.follow(moved, event, await self._neighbours(moved, event))
        self._remember(moved)
        return moved

    async def _neighbours(self, case: Case, event: Event) -> Sequence[Reporter]:
        """The other reporters of a case, where what happened is told to reporters."""
        told = any(one.to is Audience.REPORTER for one in FOLLOWUPS.get(event.kind, ()))
        if not told or case.reporters <= 1:
            return ()
        first = self.directory.ids(case.reporter)
        return others(await reporters.of_case(self.conn, case.id), *first)

    def _pictures_since(self) -> datetime:
        """From when on a picture may belong to a report that comes now."""
        rules = self.city.book.at(self.now)
        return self.now - rules.grouping_window - rules.question_wait

    async def look_for_pictures(self, conversations: Collection[str]) -> None:
        """Read in which of these chats pictures wait for their case: there are few such chats."""
        with_some = await media.loose_in(self.conn, conversations, self._pictures_since())
        self._bare = set(conversations) - with_some

    async def know(self, people: Sequence[str]) -> None:
        """Read which cases of these people have not ended, their own and those they joined."""
        self.alive = await cases.alive_of(self.conn, people)
        for one, case in await reporters.alive_of(self.conn, people):
            self.joined[one.person, case.id] = one
            self.alive.setdefault(one.person, []).insert(0, case)

    def mine(self, ids: Sequence[str]) -> list[Case]:
        """The cases of somebody with these ids that have not ended, newest first."""
        if len(ids) == 1:
            return self.alive.get(ids[0], [])
        found = {case.id: case for one in ids for case in self.alive.get(one, ())}
        return [found[id_] for id_ in sorted(found, reverse=True)]

    def _remember(self, case: Case) -> None:
        """Keep what was read at the start of the transaction true within it."""
        self._touched = case.id
        for person in {case.reporter, *(who for who, id_ in self.joined if id_ == case.id)}:
            rest = [one for one in self.alive.get(person, ()) if one.id != case.id]
            self.alive[person] = rest if case.ended else [case, *rest]

    def forget(self, case: Case, person: str) -> None:
        """Note that somebody reports this case no longer."""
        self.joined.pop((person, case.id), None)
        self.alive[person] = [one for one in self.alive.get(person, ()) if one.id != case.id]

    def _clocked(self, case: Case, step: Step, facts: Facts) -> Facts:
        """Add the clocks that a step starts (taxonomy rules 1-4)."""
        rules = self.city.rules_of(case)
        if step is Step.FINISH:
            clocks = Dues(verify=self.now + timedelta(days=rules.verify_days))
            return replace(facts, clocks=clocks)
        if step is Step.DISSATISFY or (
            step in (Step.REPORT_UP, Step.MISS) and rules.each_level_again
        ):
            return replace(
                facts,
                clocks=self.city.clocks_of(case, rules, self.now),
                supervise_after=rules.supervise_after,
            )
        if step is Step.URGE:
            return replace(facts, clocks=Dues(urge=self.city.urge_of(case, self.now)))
        if step is Step.RECLASSIFY:
            category = str(facts.changes["category"])
            return replace(facts, clocks=self.city.clocks_as(case, category, self.now))
        if step is Step.EXTEND:
            return replace(facts, extend_by=self.city.extension_of(case, facts.extend_by))
        return facts

    # Speaking

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
        for followup in FOLLOWUPS.get(event.kind, ()):
            if followup.to not in told and due(followup, case, event, self.city.world):
                self._follow_one(case, event, followup)
                for one in neighbours if followup.to is Audience.REPORTER else ():
                    self._follow_one(case, event, followup, one)

    def _follow_one(
        self, case: Case, event: Event, followup: Followup, also: Reporter | None = None
    ) -> None:
        key = once(event, followup)
        data = event.data
        context = {
            "words": data.get("words", ""),
            "deadline": data.get("deadline", ""),
            "raised": "level" in data,
        }
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
    ) -> None:
        """Tell a member of staff in private; where he cannot be reached, in his staff group."""
        prefer = case.reported_in.channel if case is not None else ""
        private = self.directory.private(person.id, prefer)
        group = self.directory.staff_group(person, prefer)
        instead = None
        if group is not None:
            sender = self.directory.sender_of(person.id, group.channel)
            instead = Instead(group, (sender,) if sender else (), person.name)
        address = private or (instead.address if instead else Address("", person.id))
        self._say(
            Saying(
                once=key,
                address=address,
                template=template,
                context=self._context(case, by, context, address)
                | {"name": person.name if private is None else ""},
                to=instead.to if private is None and instead else (),
                instead=instead if private is not None else None,
                case_id=case.id if case is not None else None,
                route=Why.ANY_TIME,
                **self._weight(case, Priority.PUSH),
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
        known = self.city.world.person(person)
        sender = self.directory.sender_of(person, address.channel) if person else ""
        group = address.group
        self._say(
            Saying(
                once=key,
                address=address,
                template=template,
                context=self._context(case, by, context, address)
                | {"name": known.name if known is not None and group else ""},
                to=(sender,) if group and sender else (),
                handle=self._handle(address),
                case_id=case.id if case is not None else None,
                route=Why.HERE,
                **self._weight(case, Priority.REPLY),
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
        self._say(
            Saying(
                once=f"i{here.letter}:{self.spoken}",
                address=here.address,
                template=template,
                context=self._context(case, speaker.id, context or {}, here.address)
                | {"name": speaker.name if here.address.group else ""},
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
        actor = self.city.world.person(by)
        public = self.directory.public(to)
        return {
            "now": self.now.isoformat(),
            "case": facts_.of_case(case, self.city, public=public) if case is not None else None,
            "by": actor.name if actor is not None else "",
            "by_role": actor.role.value if actor is not None else "",
            **extra,
        }

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
        if not address.channel or not can.speaks(address):
            return True
        if here is not None and here.address == address:
            return False
        if address.group:
            return not can.proactive
        return not (can.ready and self.directory.up(address.channel))

    # Questions

    async def ask(
        self, conversation: str, person: str, kind: str, data: Mapping[str, Any], wait: timedelta
    ) -> None:
        """Open a question that waits for an answer; when time is up the job "question" decides."""
        question = await questions.ask(self.conn, conversation, person, kind, data, self.now)
        await timers_.set_one(self.conn, "question", question.id, self.now + wait)
        self.questions[conversation, person] = question

    async def settle_question(self, question: Question) -> None:
        """Forget a question: it was answered, or is no longer of interest.

        Raises cases.Conflict when its time ran out meanwhile and its job has dealt with it.
        """
        known = self.questions.pop((question.conversation, question.person), None)
        closed = await questions.close(self.conn, question.conversation, question.person)
        if known is not None and not closed:
            raise cases.Conflict(question.kind)

    # Letters

    def handled(self, letter: int, outcome: str) -> None:
        """Note that a message is done with, and what it was taken for."""
        self._done.append((letter, outcome, self._touched))
        self._touched = None

    @property
    def idle(self) -> bool:
        """Whether nothing has come of the message at hand: nothing said, no case touched."""
        return self.spoken == 0 and self._touched is None

    def heard_media(self, rows: Sequence[dict[str, Any]]) -> None:
        """Note attachments that came with a message."""
        self._bare.difference_update(row["conversation"] for row in rows)
        self._media.extend(rows)

    async def flush_media(self) -> None:
        """Write noted attachments now, because they are about to be read."""
        rows, self._media = self._media, []
        await media.add(self.conn, rows)

    async def hide(self, case: Case, words: str) -> None:
        """Take words that were recalled out of everything kept about a case."""
        await self.flush()
        await redact.hide(self.conn, case.id, words)
        await reporters.hide(self.conn, case.id, words)
        await corrections.forget(self.conn, case.id)

    async def attach(self, case: Case, letters: Sequence[int], stage: str) -> int:
        """Make the attachments of messages part of a case; returns how many pictures."""
        if not letters:
            return 0
        await self.flush_media()
        return await media.attach(self.conn, case.id, stage, letters)

    async def detach(self, case: Case, letters: Sequence[int]) -> int:
        """Take the attachments of messages out of a case; returns how many pictures."""
        self._bare.clear()  # they wait for a case again
        return await media.detach(self.conn, case.id, letters)

    async def flush(self) -> None:
        """Write everything that was gathered; the caller commits."""
        await self.flush_media()
        if self._events:
            await self.conn.execute(insert(t.events), self._events)
        if self._wanted:
            routes = Routes(self.conn, self.directory, self.city.backstop, self.now)
            self._sayings += await routes.rows(self._wanted)
        await self._timers.write(self.conn)
        await outbox.add(self.store, self.conn, self._sayings)
        await inbox.handled(self.conn, self._done, self.now)
        self._events, self._sayings, self._done, self._wanted = [], [], [], []
