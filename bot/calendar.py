"""日历: the plans and notices of a week, and a leader's hand in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.forms import said
from bot.masking import masked
from domain.city import City
from domain.errors import NotAllowed
from domain.people import Person
from domain.routing import oversees
from domain.visits import Visit, VisitKind, VisitStatus, day_of, moved
from domain.workdays import TZ
from scheduler.clock import Clock
from store import visit_log, visits
from store.cases import Conflict
from store.engine import Store

_WORDS = 60  # characters of a notice on the page


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the page asks for (bot.web.calendar.Planner)."""

    store: Store
    city: City
    clock: Clock

    async def week(self, person: str, day: str) -> dict[str, Any]:
        """The week of a day ("": this week) as a member of staff sees it.

        Raises NotAllowed for somebody who is none, and for a day that is none.
        """
        who = self._staff(person)
        now = self.clock.now()
        first = _monday(_date(day) if day else day_of(now))
        areas = [one.id for one in self.city.world.grids(who.area)] or [who.area]
        async with self.store.read() as conn:
            found = await visit_log.week(conn, areas, first)
            notices = await visit_log.notices_of(conn, first)
        return {
            "first": first.isoformat(),
            "today": day_of(now).isoformat(),
            "area": self._area(who.area),
            "days": [self._day(first + timedelta(days=n)) for n in range(7)],
            "visits": [self._visit(one, who, now) for one in found],
            "notices": [self._notice(*one) for one in notices],
        }

    async def move(self, person: str, visit: int, day: str) -> None:
        """Plan a visit for another day. Raises NotAllowed, saying why."""
        who, to = self._staff(person), _date(day)
        now = self.clock.now()
        async with self.store.write() as conn:
            found = await visits.get(conn, visit)
            if found is None:
                raise NotAllowed("visit_over")
            if not oversees(self.city.world, found.area, who):
                raise NotAllowed("visit_not_yours")
            if not self.city.calendar.is_workday(to):
                raise NotAllowed("visit_on_a_day_off")
            planned = found.due.isoformat()
            try:
                fresh = moved(found, to, now)
                await visits.save(conn, fresh, "moved", who.id, now, day=day, before=planned)
            except Conflict:
                raise NotAllowed("visit_over") from None

    def _staff(self, person: str) -> Person:
        who = self.city.world.person(person)
        if who is None or not who.role.staff:
            raise NotAllowed("visit_not_yours")
        return who

    def _day(self, day: date) -> dict[str, Any]:
        return {"day": day.isoformat(), "work": self.city.calendar.is_workday(day)}

    def _visit(self, one: Visit, who: Person, now: datetime) -> dict[str, Any]:
        worker = self.city.world.person(one.worker)
        free = one.status is VisitStatus.PLANNED and one.kind is not VisitKind.PATROL
        kinds, states = said()["kinds"], said()["states"]
        window = one.reason.get("window", "")
        return {
            "id": one.id,
            "day": one.due.isoformat(),
            "name": f"{self._area(one.area)} {window}" if window else one.name,
            "kind": kinds.get(one.kind.value, one.kind.value),
            "worker": worker.name if worker is not None else one.worker,
            "status": one.status.value,
            "state": states.get(one.status.value, one.status.value),
            "until": one.last.isoformat(),
            "movable": free and oversees(self.city.world, one.area, who),
        }

    def _notice(self, at: datetime, author: str, words: str, status: str) -> dict[str, Any]:
        by = self.city.world.person(author)
        here = at.astimezone(TZ)
        return {
            "day": here.date().isoformat(),
            "time": f"{here:%H:%M}",
            "words": masked(words)[:_WORDS],
            "by": by.name if by is not None else "",
            "status": status,
        }

    def _area(self, one: str) -> str:
        found = self.city.world.area(one)
        return found.name if found is not None else one


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAllowed("bad_day") from None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
