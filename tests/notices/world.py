"""A store with a runner, and notices put into it as if they had been approved in chat."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.city import City
from domain.notices import Audience, Notice, Status
from domain.rules import RuleBook
from domain.workdays import TZ
from scheduler.clock import VirtualClock
from scheduler.runner import Runner
from store import notices, timers
from store import tables as t
from store.directory import Directory
from store.engine import Store
from store.notice_plans import FIRE
from store.notice_sending import launch
from store.work import Work

START = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # a Monday


def notice(**changes) -> Notice:
    """An approved notice to the residents' groups of one grid."""
    plain = Notice(
        id=0,
        key="i1",
        author="l.c1",
        audience=Audience("residents", ("g01",)),
        words="明早停水",
        status=Status.WAITING,
        created_at=START,
        due_at=START,
        valid=timedelta(hours=24),
        approver="l.c1",
        approved_by="l.c1",
        approved_at=START,
    )
    return replace(plain, **changes)


class World:
    """What the tests of sending share."""

    def __init__(self, store: Store, city: City, at: datetime = START) -> None:
        self.store, self.city, self.clock = store, city, VirtualClock(at)
        self.directory = Directory(city.world, {"simulator": "simulator"})
        self.runner = Runner(store, self.clock, self.work, lambda *_: None)

    def work(self, conn, now: datetime) -> Work:
        return Work(self.store, conn, self.city, self.directory, now)

    async def keep(self, one: Notice, due: datetime | None = None) -> int:
        """Store a notice; with `due` its timer as well."""
        async with self.store.write() as conn:
            number = await notices.add(self.store, conn, notices.row_of(one))
            assert number is not None
            if due is not None:
                await timers.set_one(conn, FIRE, number, due)
        return number

    async def launch(self, one: Notice):
        number = await self.keep(one)
        async with self.store.write() as conn:
            work = self.work(conn, self.clock.now())
            done = await launch(work, replace(one, id=number))
            await work.flush()
        return done

    async def pass_to(self, moment: datetime) -> None:
        """Let time pass; each timer fires at its own moment."""
        due = await self.runner.next_due()
        while due is not None and due <= moment:
            self.clock.move_to(max(due, self.clock.now()))
            await self.runner.run_due()
            due = await self.runner.next_due()
        self.clock.move_to(moment)

    async def said(self, template: str = "replies/notice"):
        """The rows of the outbox made with a template."""
        async with self.store.read() as conn:
            rows = select(t.outbox).where(t.outbox.c.template == template).order_by(t.outbox.c.id)
            return list(await conn.execute(rows))


def with_rules(city: City, **changes) -> City:
    """The city with other rules for notices."""
    book = {
        name: replace(rules, notices=replace(rules.notices, **changes))
        for name, rules in city.book.versions.items()
    }
    return replace(city, book=RuleBook(book))


def per_day(rows) -> Counter:
    return Counter(row.due_at.astimezone(TZ).date() for row in rows)
