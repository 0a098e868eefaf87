"""One transaction of grid work: the one way to open and move a case; store/voice.py speaks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from domain.case import Case, Dues, Event, opened, timers
from domain.complaints import may_have
from domain.errors import NotAllowed
from domain.followups import FOLLOWUPS, Audience
from domain.intake import PATROL, Report, draft
from domain.messages import Address
from domain.reporters import Reporter, others
from domain.steps import Facts, Step, take
from store import cases, corrections, inbox, media, questions, redact, reporters
from store import timers as timers_
from store.questions import Question
from store.voice import Voice


@dataclass
class Work(Voice):
    """What one transaction reads and writes. Rows nobody reads back here are written at the end."""

    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    alive: dict[str, list[Case]] = field(default_factory=dict)
    joined: dict[tuple[str, int], Reporter] = field(default_factory=dict)  # by person and case
    rebound: bool = False  # somebody or some group was bound
    pictured: bool = False  # there are attachments to be fetched
    _events: list[dict[str, Any]] = field(default_factory=list)
    _done: list[tuple[int, str, int | None]] = field(default_factory=list)
    _touched: int | None = None
    _media: list[dict[str, Any]] = field(default_factory=list)
    _drafted: tuple[Report, Case] | None = None
    _timers: timers_.Changes = field(default_factory=timers_.Changes)
    _asked_in: set[str] = field(default_factory=set)  # chats whose questions are all known here
    _arms: dict[str, tuple[int, datetime]] = field(default_factory=dict)  # by kind of timer
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
        if where in self._bare or report.source == PATROL:
            return sorted(report.letters)
        sender = self.directory.sender_of(report.reporter, report.channel)
        loose = await media.loose(self.conn, where, sender, since)
        return sorted({*loose, *report.letters})

    async def move(self, case: Case, step: Step, by: str, facts: Facts | None = None) -> Case:
        """Take a step and tell everybody concerned. Raises NotAllowed, saying why."""
        world = self.city.world
        if facts and facts.to and not may_have(world, case, world.person(facts.to)):
            raise NotAllowed("complaint_not_his")
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
        if step is Step.DISSATISFY:
            facts = replace(facts, to=self.city.in_charge(case, self.now))
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

    # Questions

    async def ask(
        self, conversation: str, person: str, kind: str, data: Mapping[str, Any], wait: timedelta
    ) -> None:
        """Open a question that waits for an answer; when time is up the job "question" decides."""
        first = conversation in self._asked_in and (conversation, person) not in self.questions
        question = await questions.ask(
            self.conn, conversation, person, kind, data, self.now, first=first
        )
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

    async def look_for_questions(self, conversations: Collection[str]) -> None:
        """Read what is being asked in these chats."""
        self.questions |= await questions.open_in(self.conn, conversations)
        self._asked_in.update(conversations)

    # Letters

    def handled(self, letter: int, outcome: str) -> None:
        """Note that a message is done with, and what it was taken for."""
        self._done.append((letter, outcome, self._touched))
        self._touched = None

    def arm(self, kind: str, subject: int, due: datetime) -> None:
        """Let a timer stand that looks from a subject on, or from an earlier one."""
        self._arms[kind] = min(self._arms.get(kind, (subject, due)), (subject, due))

    @property
    def idle(self) -> bool:
        """Whether nothing has come of the message at hand: nothing said, no case touched."""
        return self.spoken == 0 and self._touched is None

    def heard_media(self, rows: Sequence[dict[str, Any]]) -> None:
        """Note attachments that came with a message."""
        self.pictured = True
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
        await cases.note(self.conn, self._events)
        await self._timers.write(self.conn)
        for kind, (subject, due) in self._arms.items():
            await timers_.arm(self.conn, kind, subject, due)
        await self.flush_said()
        await inbox.handled(self.conn, self._done, self.now)
        self._events, self._done, self._arms = [], [], {}
