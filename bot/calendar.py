"""日历: the plans and notices of a week, and a leader's hand in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.ledgers.forms import said
from bot.masking import masked
from bot.notices.moves import tell_author, to_day
from bot.notices.terms import terms
from bot.understanding.notices import ready_name
from domain.city import City
from domain.errors import NotAllowed
from domain.moving import READERS, Crew, Refused, put_off
from domain.notice_moves import comes_again, from_now_on, later_times, this_once
from domain.notices import Notice, grids, may_approve, may_change
from domain.people import Person
from domain.routing import oversees
from domain.visits import Visit, VisitKind, VisitStatus, day_of
from domain.workdays import TZ
from scheduler.caring import tell_alone
from scheduler.clock import Clock
from scheduler.plans import of_week as plans_of_week
from store import notices, visit_log, visits
from store.cases import Conflict
from store.directory import Directory
from store.engine import Connection, Store
from store.work import Work

_WORDS = 60  # characters of a notice on the page
_DAYS = 14  # the week and the one after it: where a card can be moved
_READ = 2_000  # notices of a week that are looked through
_SHOWN = 200  # of each sort on the page: a district's week is no list any more
_LINES = 12  # patrols of a day that are named; above a community they are only counted
_YEARS = range(2000, 2101)  # beyond them a day is a slip of the hand


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the page asks for (bot.web.calendar.Planner)."""

    store: Store
    city: City
    clock: Clock
    directory: Directory

    async def week(self, person: str, day: str) -> dict[str, Any]:
        """The week of a day ("": this week) as a member of staff sees it.

        Raises NotAllowed for somebody who does not read it, and for a day that is none.
        """
        who, now = self._reader(person), self.clock.now()
        first = _monday(_date(day) if day else day_of(now))
        start, end = (_start(first + timedelta(days=n)) for n in (0, 7))
        areas = [one.id for one in self.city.world.grids(who.area)] or [who.area]
        async with self.store.read() as conn:
            found = await visit_log.week(conn, areas, first)
            coming = await notices.due_between(conn, start, end, _READ)
            standing = await notices.recurring(conn, end, _READ)
            plans = await plans_of_week(conn, self.city, who.area, first, day_of(now))
        mine = [one for one in coming if self._hears(who, one)]
        seen = [one for one in standing if self._hears(who, one)]
        again = [
            later for one in seen for later in later_times(one, start, end, self.city.calendar)
        ]
        days = [first + timedelta(days=n) for n in range(_DAYS)]
        single = [one for one in found if one.kind is not VisitKind.PATROL]
        return {
            "first": first.isoformat(),
            "today": day_of(now).isoformat(),
            "me": {"id": who.id, "name": who.name},
            "area": self._area(who.area),
            "days": [self._day(one) for one in days],
            "visits": [self._visit(one, who, days, now) for one in single[:_SHOWN]],
            "more": max(0, len(single) - _SHOWN),
            "patrols": [self._patrols(day, found) for day in days[:7]],
            "plans": plans,
            "notices": [
                *(self._notice(one, who, days, now) for one in mine[:_SHOWN]),
                *(self._notice(one, who, (), now) for one in again[:_SHOWN]),  # to see, not to move
            ],
        }

    async def move(self, person: str, visit: int, day: str, worker: str = "") -> None:
        """Plan a visit for another day or worker, and tell whom it concerns.

        Raises NotAllowed, or its Refused with what fills the sentence.
        """
        who, now = self._reader(person), self.clock.now()
        to = _date(day)
        async with self.store.write() as conn:
            found = await visits.get(conn, visit)
            if found is None:
                raise NotAllowed("visit_over")
            if not oversees(self.city.world, found.area, who):
                raise NotAllowed("visit_not_yours")
            fresh = self._crew.replanned(found, to, worker, now)
            if fresh == found:
                return
            data = {"day": day, "before": found.due.isoformat()}
            if fresh.worker != found.worker:
                data["from"] = found.worker
            try:
                saved = await visits.save(conn, fresh, "moved", who.id, now, **data)
            except Conflict:
                raise NotAllowed("visit_over") from None
            work = self._work(conn, now)
            self._tell_workers(work, found, saved, who)
            await work.flush()

    async def move_notice(self, person: str, notice: int, day: str, scope: str = "") -> None:
        """Let an approved notice come on another day at its hour. Raises NotAllowed, saying why.

        Of a recurring one `scope` says what is moved: its next time, or its rhythm.
        """
        who, now = self._reader(person), self.clock.now()
        to = _date(day)
        async with self.store.write() as conn:
            found = await notices.get(conn, notice, lock=True)
            if found is None or not self._hears(who, found):
                raise NotAllowed("notice_over")
            if not may_approve(self.city.world, who, found):
                raise NotAllowed("notice_not_yours")
            work = self._work(conn, now)
            tell_author(work, await to_day(work, found, to, scope, None), who.id)
            await work.flush()

    # Telling

    def _tell_workers(self, work: Work, was: Visit, now_is: Visit, by: Person) -> None:
        """Tell whoever goes, and whoever need not go any more."""
        given = was.worker != now_is.worker
        hows = {now_is.worker: "given" if given else "moved"}
        if given:
            hows[was.worker] = "taken"
        world = self.city.world
        goes = world.person(now_is.worker)
        for one, how in hows.items():
            worker = world.person(one)
            if worker is None or worker.id == by.id:
                continue
            values = {
                "how": how,
                "place": now_is.name,
                "person": goes.name if goes is not None else "",
                "first": now_is.due_at.isoformat(),
            }
            key = f"v{now_is.id}:{how}:{now_is.version}"
            if now_is.kind is VisitKind.CARE:  # who is on a care list stands in no group (F21)
                tell_alone(work, worker.id, "replies/visit_moved", values, key=key)
                continue
            work.tell(worker, "replies/visit_moved", values, case=None, by=by.id, key=key)

    # Looking

    @property
    def _crew(self) -> Crew:
        return Crew(self.city.world, self.city.calendar, self.city.leaves)

    def _work(self, conn: Connection, now: datetime) -> Work:
        return Work(self.store, conn, self.city, self.directory, now)

    def _reader(self, person: str) -> Person:
        who = self.city.world.person(person)
        if who is None or who.role not in READERS:
            raise NotAllowed("calendar_staff")
        return who

    def _hears(self, who: Person, notice: Notice) -> bool:
        """Whether a notice concerns his areas; one to single people only who may change it sees."""
        world = self.city.world
        if may_change(world, who, notice):
            return True
        if notice.audience.people or notice.audience.list:
            return False
        return bool(grids(world, notice.audience.areas) & grids(world, [who.area]))

    def _day(self, day: date) -> dict[str, Any]:
        return {"day": day.isoformat(), "work": self.city.calendar.is_workday(day)}

    def _visit(
        self, one: Visit, who: Person, days: Sequence[date], now: datetime
    ) -> dict[str, Any]:
        world, crew = self.city.world, self._crew
        movable = one.status is VisitStatus.PLANNED and oversees(world, one.area, who)
        today, hands = day_of(now), crew.hands(one) if movable else []
        return {
            **self._line(one),
            "name": one.name,
            "kind": said()["kinds"].get(one.kind.value, one.kind.value),
            "movable": movable,
            "open": [
                day.isoformat()
                for day in (crew.days(one, max(days[0], today), days[-1]) if movable else ())
            ],
            "hands": [
                {"id": hand.id, "name": hand.name}
                for hand in hands
                if hand.id != one.worker and crew.free(hand.id, one.due) and one.due >= today
            ],
        }

    def _patrols(self, day: date, found: Sequence[Visit]) -> dict[str, Any]:
        """The patrols of a day: how many there are and were made, and each where they are few."""
        mine = [one for one in found if one.kind is VisitKind.PATROL and one.due == day]
        lines = [
            {**self._line(one), "name": f"{self._area(one.area)} {one.reason.get('window', '')}"}
            for one in mine
        ]
        return {
            "day": day.isoformat(),
            "total": len(mine),
            "done": sum(one.status is VisitStatus.DONE for one in mine),
            "missed": sum(one.status is VisitStatus.MISSED for one in mine),
            "lines": lines if len(lines) <= _LINES else [],
        }

    def _line(self, one: Visit) -> dict[str, Any]:
        worker = self.city.world.person(one.worker)
        return {
            "id": one.id,
            "day": one.due.isoformat(),
            "worker": worker.name if worker is not None else one.worker,
            "status": one.status.value,
            "state": said()["states"].get(one.status.value, one.status.value),
        }

    def _notice(
        self, one: Notice, who: Person, days: Sequence[date], now: datetime
    ) -> dict[str, Any]:
        by, here = self.city.world.person(one.author), one.due_at.astimezone(TZ)
        movable = may_approve(self.city.world, who, one)
        return {
            "id": one.id,
            "day": here.date().isoformat(),
            "time": f"{here:%H:%M}",
            "words": ready_name(one.ready) or masked(one.words)[:_WORDS],
            "by": by.name if by is not None else "",
            "status": one.status.value,
            **terms(self.city, one),
            "again": comes_again(one),
            "open": self._open(one, days, now) if movable else [],
            "always": self._always(one, days, now) if movable else [],
        }

    def _open(self, one: Notice, days: Sequence[date], now: datetime) -> list[str]:
        """The days to which a notice, or its next time alone, could be moved."""
        calendar, own = self.city.calendar, day_of(one.due_at)

        def move(day: date) -> object:
            if comes_again(one):
                return this_once(one, day, now, calendar)
            return put_off(one, day, now)

        return [day.isoformat() for day in days if day != own and _could(move, day)]

    def _always(self, one: Notice, days: Sequence[date], now: datetime) -> list[str]:
        """The days to which the rhythm of a notice could be moved."""
        if not comes_again(one):
            return []

        def move(day: date) -> object:
            return from_now_on(one, day, now, self.city.calendar)

        return [day.isoformat() for day in days if day != day_of(one.due_at) and _could(move, day)]

    def _area(self, one: str) -> str:
        found = self.city.world.area(one)
        return found.name if found is not None else one


def _could(move: Callable[[date], object], day: date) -> bool:
    try:
        move(day)
    except Refused:
        return False
    return True


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), TZ)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotAllowed("bad_day") from None
    if day.year not in _YEARS:
        raise NotAllowed("bad_day")
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
