"""One deployment as a value: its world, its rules by date, its calendar, its backstop desk."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.case import Case, Dues
from domain.deadlines import awake, clocks, reminder
from domain.people import World
from domain.rules import RuleBook, Rules
from domain.workdays import Calendar


@dataclass(frozen=True, slots=True)
class City:
    """Everything the rules of a place depend on; replaced as a whole, never changed."""

    world: World
    book: RuleBook
    calendar: Calendar
    backstop: str
    quiet: tuple[time, time] | None = None

    def rules_of(self, case: Case) -> Rules:
        """The rules a case was opened under; they hold for it to its end."""
        return self.book.version(case.rules)

    def clocks_of(self, case: Case, rules: Rules, start: datetime) -> Dues:
        """The clocks of a level that receives the case at `start`: the category's hours."""
        found = clocks(
            rules,
            self.calendar,
            category=case.category,
            intent=case.intent,
            urgent=case.urgent,
            text=case.words,
            start=start,
        )
        respond_soon = reminder(start, found.respond_due, rules)
        finish_soon = reminder(start, found.finish_due, rules)
        if not case.urgent:
            respond_soon = min(awake(respond_soon, self.quiet), found.respond_due)
            finish_soon = min(awake(finish_soon, self.quiet), found.finish_due)
        return Dues(
            respond_soon=respond_soon,
            respond=found.respond_due,
            arrive=found.arrive_due,
            finish_soon=finish_soon,
            finish=found.finish_due,
        )

    def extension_of(self, case: Case, wished: timedelta | None) -> timedelta:
        """How long an extension is: as wished, else the category's hours, never above the cap."""
        return self.rules_of(case).extension(case.category, case.words, wished)
