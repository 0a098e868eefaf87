"""One deployment as a value: its world, its rules by date, its calendar, its backstop desk."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Protocol

from domain.case import Case, Dues
from domain.complaints import desk, may_have
from domain.deadlines import awake, clocks, reminder, urge
from domain.leave import Leaves
from domain.people import World
from domain.rules import RuleBook, Rules
from domain.workdays import TZ, Calendar


class Matter(Protocol):
    """What the clocks depend on: of a case, or of a report before it is one."""

    @property
    def category(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class City:
    """Everything the rules of a place depend on; replaced as a whole, never changed.

    Only who is on leave is learned while the program runs.
    """

    world: World
    book: RuleBook
    calendar: Calendar
    backstop: str
    quiet: tuple[time, time] | None = None
    pages: str = ""  # the address under which people open our pages; "" where there are none
    leaves: Leaves = field(default_factory=Leaves, compare=False)

    def rules_of(self, case: Case) -> Rules:
        """The rules a case was opened under; they hold for it to its end."""
        return self.book.version(case.rules)

    def in_charge(self, case: Case, now: datetime) -> str:
        """Who does the work of a case's assignee at a moment: he himself, or who stands in (A15).

        A complaint about staff stays with the desks above, whoever stands in for one of them.
        """
        present = self.leaves.present(case.assignee, now)
        if may_have(self.world, case, self.world.person(present)):
            return present
        away = self.leaves.away(now.astimezone(TZ).date())
        return desk(self.world, case.area, self.backstop, away)

    def clocks_of(
        self, matter: Matter, rules: Rules, start: datetime, again: datetime | None = None
    ) -> Dues:
        """The clocks of a level that receives a matter at `start`: the category's hours.

        `again` is when everybody is told again of an emergency.
        """
        found = clocks(
            rules,
            self.calendar,
            category=matter.category,
            intent=matter.intent,
            urgent=matter.urgent,
            text=matter.words,
            start=start,
        )
        respond_soon = reminder(start, found.respond_due, rules)
        finish_soon = reminder(start, found.finish_due, rules)
        if not matter.urgent:
            respond_soon = min(awake(respond_soon, self.quiet), found.respond_due)
            finish_soon = min(awake(finish_soon, self.quiet), found.finish_due)
        return Dues(
            respond_soon=respond_soon,
            respond=found.respond_due,
            arrive=found.arrive_due,
            finish_soon=finish_soon,
            finish=found.finish_due,
            urge=again,
        )

    def clocks_as(self, case: Case, category: str, now: datetime) -> Dues:
        """The clocks of a case as if its category had always been this one.

        Where a moment of them is over already the hours begin now: nobody misses a deadline that
        nobody knew.
        """
        changed, rules = replace(case, category=category), self.rules_of(case)
        found = self.clocks_of(changed, rules, case.opened_at)
        waiting = [found.finish] if case.accepted_at else [found.finish, found.respond]
        over = any(due is not None and due <= now for due in waiting)
        return self.clocks_of(changed, rules, now) if over else found

    def urge_of(self, case: Case, now: datetime) -> datetime | None:
        """When everybody is told again of an emergency nobody answered; at any hour."""
        if not case.urgent:
            return None
        return urge(self.rules_of(case), case.opened_at, case.dues.urge, now)

    def extension_of(self, case: Case, wished: timedelta | None) -> timedelta:
        """How long an extension is: as wished, else the category's hours, never above the cap."""
        return self.rules_of(case).extension(case.category, case.words, wished)
