"""One transaction of grid work: the one way to open and move a case, and the one way to speak."""

from collections.abc import Mapping, Sequence
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
from domain.steps import Facts, Step, take
from store import cases, corrections, inbox, media, outbox, questions, redact, reporters
from store import tables as t
from store import timers as timers_
from store.directory import Directory
from store.engine import Store
from store.outbox import Instead, Priority, Saying
from store.questions import Question


@dataclass(frozen=True, slots=True)
class Answering:
    """The message that is being answered: words for its chat may go as its reply."""

    letter: int
    address: Address
    sender: str
    handle: Mapping[str, str]


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
    _done: list[tuple[int, str, int | None]] = field(default_factory=list)
    _touched: int | None = None
    _media: list[dict[str, Any]] = field(default_factory=list)

    # Cases

    async def file(self, report: Report, *, answered: bool = False) -> Case:
        """Open the case of a report, with the pictures its writer sent, and tell everybody.

        Where the reporter is `answered` about several at once, he is not told of each.
        """
        case = draft(report, self.city, self.now)
        letters = await self.letters_of(report)
        if letters:
            case = replace(case, photos=await media.pictures(self.conn, letters))
        stored = await cases.add(self.conn, case)
        if letters:
            await media.attach(self.conn, stored.id, "report", letters)
        event = opened(stored)
        await cases.set_timers(self.conn, stored.id, {}, timers(stored))
        self._events.append(cases.event_row(event))
        self.follow(stored, event, told=(Audience.REPORTER,) if answered else ())
        self._remember(stored)
        return stored

    async def letters_of(self, report: Report) -> list[int]:
        """The messages whose pictures belong to a report: its own and those sent just before."""
        await self.flush_media()
        rules = self.city.book.at(self.now)
        since = self.now - rules.grouping_window - rules.question_wait
        where = Address(report.channel, report.chat, report.group).key
        sender = self.directory.sender_of(report.reporter, report.channel)
        loose = await media.loose(self.conn, where, sender, since)
        return sorted({*loose, *report.letters})

    async def move(self, case: Case, step: Step, by: str, facts: Facts | None = None) -> Case:
        """Take a step and tell everybody concerned. Raises NotAllowed, saying why."""
        moved, event = take(case, step, by, self.now, self._clocked(case, step, facts or Facts()))
        await cases.save(self.conn, moved)
        await cases.set_timers(self.conn, case.id, timers(case), timers(moved))
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
        return others(await reporters.of_case(self.conn, case.id), case.reporter)

    async def know(self, people: Sequence[str]) -> None:
        """Read which cases of these people have not ended, their own and those they joined."""
        self.alive = await cases.alive_of(self.conn, people)
        for one, case in await reporters.alive_of(self.conn, people):
            self.joined[one.person, case.id] = one
            self.alive.setdefault(one.person, []).insert(0, case)

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
                priority=Priority.EMERGENCY if case and case.urgent else Priority.PUSH,
                case_id=case.id if case is not None else None,
            )
        )

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
        self._say(Saying(once=key, address=address, template=template, context=values))
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
        known = self.city.world.person(person)
        sender = self.directory.sender_of(person, address.channel)
        group = address.group
        self._say(
            Saying(
                once=f"{key}:{person}" if also else key,
                address=address,
                template=template,
                context=self._context(case, by, context, address)
                | {"name": known.name if known is not None and group else ""},
                to=(sender,) if group and sender else (),
                handle=self._handle(address),
                priority=Priority.EMERGENCY if case.urgent else Priority.REPLY,
                case_id=case.id,
            )
        )

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
            )
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

    def _say(self, saying: Saying) -> None:
        row = outbox.row_of(saying, self.now)
        if not saying.address.channel:
            row |= {"state": "dead"}  # nobody can be reached there: a person must look
        self._sayings.append(row)
        self.spoken += 1

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

    async def flush(self) -> None:
        """Write everything that was gathered; the caller commits."""
        await self.flush_media()
        if self._events:
            await self.conn.execute(insert(t.events), self._events)
        await outbox.add(self.store, self.conn, self._sayings)
        await inbox.handled(self.conn, self._done, self.now)
        self._events, self._sayings, self._done = [], [], []
